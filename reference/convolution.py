"""Convolution and pooling of images, each with its gradient.

Images are ordered example, channel, row, column: shape (N, C, H, W). A layer cross-correlates: its
kernels are not flipped. Floating arrays keep their dtype, integers become float64 first, and no
argument is modified.
"""

import numpy as np

from reference.arrays import FloatArray, as_float


def require_shape(array: FloatArray, shape: tuple[int, ...]) -> None:
    """Refuse an array of any other shape.

    Parameters
    ----------
    array : ndarray
        What is to be looked at.
    shape : tuple of int
        The only shape that fits.

    Raises
    ------
    ValueError
        If `array` has another shape, also where numpy would broadcast it.

    Examples
    --------
    >>> require_shape(np.zeros((2, 3)), (2, 3))
    >>> require_shape(np.zeros((2, 1)), (2, 3))
    Traceback (most recent call last):
    ValueError: expected an array of shape (2, 3), not (2, 1)
    """
    if np.shape(array) != tuple(shape):
        raise ValueError(f"expected an array of shape {tuple(shape)}, not {np.shape(array)}")


def require_images(x: FloatArray) -> None:
    """Refuse what is not a batch of images of shape (N, C, H, W).

    Raises
    ------
    ValueError
        If `x` has not four axes.

    Examples
    --------
    >>> require_images(np.zeros((8, 8)))
    Traceback (most recent call last):
    ValueError: expected images of shape (N, C, H, W), not (8, 8)
    """
    if np.ndim(x) != 4:
        raise ValueError(f"expected images of shape (N, C, H, W), not {np.shape(x)}")


def require_filters(x: FloatArray, weights: FloatArray) -> None:
    """Refuse images, or filters that do not have one kernel for each channel of the images.

    Raises
    ------
    ValueError
        If `x` is not of shape (N, C, H, W), or `weights` not of shape (F, C, KH, KW).

    Examples
    --------
    >>> require_filters(np.zeros((2, 3, 8, 8)), np.zeros((4, 1, 5, 5)))
    Traceback (most recent call last):
    ValueError: expected filters of shape (F, 3, KH, KW), not (4, 1, 5, 5)
    """
    require_images(x)
    channels = np.shape(x)[1]
    if np.ndim(weights) != 4 or np.shape(weights)[1] != channels:
        raise ValueError(
            f"expected filters of shape (F, {channels}, KH, KW), not {np.shape(weights)}"
        )


def conv_output_size(n: int, kernel: int, padding: int, stride: int) -> int:
    r"""Count the places of a kernel along one axis of an image.

    .. math:: \left\lfloor \frac{n + 2 p - k}{s} \right\rfloor + 1

    Parameters
    ----------
    n : int
        Pixels :math:`n` of the image along this axis, without padding.
    kernel : int
        Pixels :math:`k` of the kernel along this axis.
    padding : int
        Pixels :math:`p \ge 0` that are added on *each* side of the image.
    stride : int
        Pixels :math:`s \ge 1` from one place of the kernel to the next.

    Returns
    -------
    int
        Number of places at which the whole kernel lies on the padded image. Pixels that are left
        over at the end, because the stride does not divide, are not used.

    Raises
    ------
    ValueError
        If the kernel is larger than the padded image.

    Examples
    --------
    >>> conv_output_size(7, kernel=3, padding=0, stride=2)
    3
    >>> conv_output_size(8, kernel=3, padding=0, stride=2)  # the last pixel is left over
    3
    >>> conv_output_size(7, kernel=3, padding=1, stride=1)
    7
    """
    if kernel > n + 2 * padding:
        raise ValueError(f"a kernel of {kernel} does not fit into {n} + 2 * {padding} pixels")
    return (n + 2 * padding - kernel) // stride + 1


def pad2d(x: FloatArray, padding: int) -> FloatArray:
    """Surround every image with a frame of zeros.

    Parameters
    ----------
    x : ndarray of shape (N, C, H, W), float64 or float32
        Images. Integers become float64.
    padding : int
        Width of the frame in pixels, 0 or more, the same on all four sides.

    Returns
    -------
    ndarray of shape (N, C, H + 2 padding, W + 2 padding)
        The framed images; float32 in, float32 out.

    Raises
    ------
    ValueError
        If `x` has not four axes.

    Examples
    --------
    >>> pad2d(np.array([[[[1.0, 2.0]]]]), 1)[0, 0]
    array([[0., 0., 0., 0.],
           [0., 1., 2., 0.],
           [0., 0., 0., 0.]])
    """
    require_images(x)
    # SOLUTION
    return np.pad(as_float(x), [(0, 0), (0, 0), (padding, padding), (padding, padding)])


def conv2d(
    x: FloatArray, weights: FloatArray, bias: FloatArray, stride: int = 1, padding: int = 0
) -> FloatArray:
    r"""Cross-correlate images with filters, as the layers of a convolutional network do [1]_.

    .. math:: z_{nfij} = b_f + \sum_{c} \sum_{r} \sum_{q}
        w_{fcrq} \, \tilde x_{n,\, c,\, s i + r,\, s j + q}

    Parameters
    ----------
    x : ndarray of shape (N, C, H, W), float64 or float32
        Images; :math:`\tilde x` are the same with their frame of zeros. Integers become float64.
    weights : ndarray of shape (F, C, KH, KW), float64 or float32
        Filters :math:`w`: one kernel for each channel. Integers become float64.
    bias : ndarray of shape (F,), float64 or float32
        One number :math:`b` for each filter. Integers become float64.
    stride : int
        Pixels :math:`s` from one window to the next, down and to the right.
    padding : int
        Width of the frame of zeros in pixels.

    Returns
    -------
    ndarray of shape (N, F, OH, OW)
        One feature map for each filter, OH and OW as in `conv_output_size`; float32 in, float32
        out.

    Raises
    ------
    ValueError
        If the shapes do not fit, or the kernel is larger than the padded image.

    Notes
    -----
    The kernel is not flipped. See `true_convolution2d` for the operation that is called
    convolution elsewhere.

    References
    ----------
    .. [1] Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, "Gradient-based learning applied to
       document recognition", Proceedings of the IEEE 86 (1998) 2278-2324.

    Examples
    --------
    >>> image = np.array([[1.0, 2.0, 0.0], [0.0, 1.0, 3.0]]).reshape(1, 1, 2, 3)
    >>> kernel = np.array([[1.0, 2.0], [0.0, -1.0]]).reshape(1, 1, 2, 2)
    >>> conv2d(image, kernel, np.array([10.0]))  # 1 + 4 - 1 and 2 + 0 - 3, plus 10
    array([[[[14.,  9.]]]])
    """
    require_filters(x, weights)
    require_shape(bias, np.shape(weights)[:1])
    # SOLUTION
    filters, _, kh, kw = weights.shape
    padded = np.pad(as_float(x), [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    tops = range(0, padded.shape[2] - kh + 1, stride)
    lefts = range(0, padded.shape[3] - kw + 1, stride)
    if not tops or not lefts:
        raise ValueError(f"kernels of {kh} x {kw} pixels do not fit into {padded.shape[2:]}")
    z = np.zeros((len(x), filters, len(tops), len(lefts)), padded.dtype)
    for i, top in enumerate(tops):
        for j, left in enumerate(lefts):
            window = padded[:, :, top : top + kh, left : left + kw]
            z[:, :, i, j] = np.einsum("nchw,fchw->nf", window, weights) + bias
    return z


def conv2d_backward(
    dout: FloatArray, x: FloatArray, weights: FloatArray, stride: int = 1, padding: int = 0
) -> tuple[FloatArray, FloatArray, FloatArray]:
    r"""Compute the gradients of a loss through `conv2d`.

    .. math::
        \frac{\partial L}{\partial w_{fcrq}} =
            \sum_{n,i,j} g_{nfij} \, \tilde x_{n,\, c,\, s i + r,\, s j + q}, \qquad
        \frac{\partial L}{\partial b_f} = \sum_{n,i,j} g_{nfij}, \qquad
        \frac{\partial L}{\partial \tilde x_{ncab}} =
            \sum_{s i + r = a} \; \sum_{s j + q = b} \; \sum_f g_{nfij} \, w_{fcrq}

    Parameters
    ----------
    dout : ndarray of shape (N, F, OH, OW), float64 or float32
        Gradient :math:`g` of the loss with respect to the output of `conv2d`.
    x : ndarray of shape (N, C, H, W), float64 or float32
        The images that `conv2d` was given, without padding. Integers become float64.
    weights : ndarray of shape (F, C, KH, KW), float64 or float32
        The filters that `conv2d` was given. Integers become float64.
    stride, padding : int
        As `conv2d` was given them.

    Returns
    -------
    dx : ndarray of shape (N, C, H, W)
        Gradient with respect to the images. A pixel in no window has the gradient 0, and what
        falls on the frame of zeros is dropped.
    dweights : ndarray of shape (F, C, KH, KW)
        Gradient with respect to the filters, summed over the batch: `dout` holds the 1/N.
    dbias : ndarray of shape (F,)
        Gradient with respect to the bias.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Notes
    -----
    The bias has no part in its own gradient, nor in the others, and is not asked for.

    Examples
    --------
    >>> image = np.array([1.0, 2.0, 3.0]).reshape(1, 1, 1, 3)
    >>> kernel = np.array([10.0, 1.0]).reshape(1, 1, 1, 2)
    >>> dx, dweights, dbias = conv2d_backward(np.array([[[[1.0, 5.0]]]]), image, kernel)
    >>> dx.ravel(), dweights.ravel(), dbias  # the middle pixel was in both windows: 1 + 50
    (array([10., 51.,  5.]), array([11., 17.]), array([6.]))
    """
    require_filters(x, weights)
    # SOLUTION
    dout, weights = as_float(dout), as_float(weights)
    (n, _, height, width), (filters, _, kh, kw) = x.shape, weights.shape
    padded = np.pad(as_float(x), [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    tops = range(0, padded.shape[2] - kh + 1, stride)
    lefts = range(0, padded.shape[3] - kw + 1, stride)
    require_shape(dout, (n, filters, len(tops), len(lefts)))
    dpadded, dweights = np.zeros_like(padded), np.zeros_like(weights)
    for i, top in enumerate(tops):
        for j, left in enumerate(lefts):
            down, across = slice(top, top + kh), slice(left, left + kw)
            dwindow = np.einsum("nf,fchw->nchw", dout[:, :, i, j], weights)
            dpadded[:, :, down, across] += dwindow
            window = padded[:, :, down, across]
            dweights += np.einsum("nf,nchw->fchw", dout[:, :, i, j], window)
    dx = dpadded[:, :, padding : padding + height, padding : padding + width]
    return dx, dweights, dout.sum(axis=(0, 2, 3))


def true_convolution2d(image: FloatArray, kernel: FloatArray) -> FloatArray:
    r"""Convolve one image with one kernel, in the sense of mathematics and signal processing.

    .. math:: (f * g)_{mn} = \sum_i \sum_j f_{ij} \, g_{m-i,\, n-j}

    at the places :math:`(m, n)` where the whole kernel lies on the image.

    Parameters
    ----------
    image : ndarray of shape (H, W), float64 or float32
        One channel :math:`f`. Integers become float64.
    kernel : ndarray of shape (KH, KW), float64 or float32
        The kernel :math:`g`. Integers become float64.

    Returns
    -------
    ndarray of shape (H - KH + 1, W - KW + 1)
        The convolution without padding ("valid"); float32 in, float32 out.

    Raises
    ------
    ValueError
        If an argument has not two axes, or the kernel is larger than the image.

    Notes
    -----
    It is the cross-correlation with a kernel that was turned by 180 degrees.

    Examples
    --------
    >>> true_convolution2d(np.array([[0.0, 0.0, 1.0, 0.0, 0.0]]), np.array([[1.0, 2.0, 3.0]]))
    array([[1., 2., 3.]])
    """
    if np.ndim(image) != 2 or np.ndim(kernel) != 2:
        raise ValueError(f"expected two axes each, not {np.shape(image)} and {np.shape(kernel)}")
    # SOLUTION
    image, turned = as_float(image), kernel[::-1, ::-1]
    kh, kw = kernel.shape
    rows, columns = image.shape[0] - kh + 1, image.shape[1] - kw + 1
    if rows < 1 or columns < 1:
        raise ValueError(f"a kernel of {kh} x {kw} pixels does not fit into {image.shape}")
    convolved = np.zeros((rows, columns), image.dtype)
    for i in range(rows):
        for j in range(columns):
            convolved[i, j] = (image[i : i + kh, j : j + kw] * turned).sum()
    return convolved


def maxpool2d(x: FloatArray, kernel: int, stride: int) -> FloatArray:
    r"""Keep the largest pixel of every window.

    .. math:: y_{ncij} = \max_{0 \le r, q < k} x_{n,\, c,\, s i + r,\, s j + q}

    Parameters
    ----------
    x : ndarray of shape (N, C, H, W), float64 or float32
        Images; every channel is pooled by itself, without padding. Integers become float64.
    kernel : int
        Height and width :math:`k` of a window in pixels.
    stride : int
        Pixels :math:`s` from one window to the next; windows overlap if it is less than `kernel`.

    Returns
    -------
    ndarray of shape (N, C, OH, OW)
        OH and OW as in `conv_output_size`; float32 in, float32 out.

    Raises
    ------
    ValueError
        If `x` has not four axes, or the window is larger than the image.

    Examples
    --------
    >>> image = np.array([[1.0, 5.0, -7.0, -4.0], [2.0, 3.0, -6.0, -9.0]])
    >>> maxpool2d(image.reshape(1, 1, 2, 4), kernel=2, stride=2)
    array([[[[ 5., -4.]]]])
    """
    require_images(x)
    # SOLUTION
    x = as_float(x)
    n, channels, height, width = x.shape
    tops = range(0, height - kernel + 1, stride)
    lefts = range(0, width - kernel + 1, stride)
    if not tops or not lefts:
        raise ValueError(f"a window of {kernel} pixels does not fit into {height} x {width}")
    y = np.zeros((n, channels, len(tops), len(lefts)), x.dtype)
    for i, top in enumerate(tops):
        for j, left in enumerate(lefts):
            window = x[:, :, top : top + kernel, left : left + kernel]
            y[:, :, i, j] = window.max(axis=(2, 3))
    return y


def maxpool2d_backward(dout: FloatArray, x: FloatArray, kernel: int, stride: int) -> FloatArray:
    r"""Compute the gradient of a loss through `maxpool2d`.

    Every window hands its gradient to the pixel that won it; a pixel that won several windows
    gets the sum.

    Parameters
    ----------
    dout : ndarray of shape (N, C, OH, OW), float64 or float32
        Gradient of the loss with respect to the output of `maxpool2d`.
    x : ndarray of shape (N, C, H, W), float64 or float32
        The images that `maxpool2d` was given. Integers become float64.
    kernel, stride : int
        As `maxpool2d` was given them.

    Returns
    -------
    ndarray of shape (N, C, H, W)
        Gradient with respect to `x`. Where several pixels of a window are the largest, one of
        them gets all of its gradient and the others nothing; which one is free.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> image = np.array([[1.0, 5.0, 4.0], [2.0, 3.0, 0.0]]).reshape(1, 1, 2, 3)
    >>> maxpool2d_backward(np.array([[[[0.5, 2.0]]]]), image, kernel=2, stride=1)[0, 0]
    array([[0. , 2.5, 0. ],
           [0. , 0. , 0. ]])
    """
    require_images(x)
    # SOLUTION
    n, channels, height, width = x.shape
    rows, columns = (height - kernel) // stride + 1, (width - kernel) // stride + 1
    require_shape(dout, (n, channels, rows, columns))
    dx = np.zeros_like(as_float(x))
    for image, channel, i, j in np.ndindex(dout.shape):
        top, left = stride * i, stride * j
        window = x[image, channel, top : top + kernel, left : left + kernel]
        row, column = np.unravel_index(window.argmax(), window.shape)
        dx[image, channel, top + row, left + column] += dout[image, channel, i, j]
    return dx


def avgpool2d(x: FloatArray, kernel: int, stride: int) -> FloatArray:
    r"""Average the pixels of every window.

    .. math:: y_{ncij} = \frac{1}{k^2} \sum_{r=0}^{k-1} \sum_{q=0}^{k-1}
        x_{n,\, c,\, s i + r,\, s j + q}

    Parameters
    ----------
    x : ndarray of shape (N, C, H, W), float64 or float32
        Images; every channel is pooled by itself, without padding. Integers become float64.
    kernel : int
        Height and width :math:`k` of a window in pixels.
    stride : int
        Pixels :math:`s` from one window to the next.

    Returns
    -------
    ndarray of shape (N, C, OH, OW)
        OH and OW as in `conv_output_size`; float32 in, float32 out.

    Raises
    ------
    ValueError
        If `x` has not four axes, or the window is larger than the image.

    Examples
    --------
    >>> image = np.array([[1.0, 5.0, -7.0, -4.0], [2.0, 4.0, -6.0, -9.0]])
    >>> avgpool2d(image.reshape(1, 1, 2, 4), kernel=2, stride=2)
    array([[[[ 3. , -6.5]]]])
    """
    require_images(x)
    # SOLUTION
    x = as_float(x)
    n, channels, height, width = x.shape
    tops = range(0, height - kernel + 1, stride)
    lefts = range(0, width - kernel + 1, stride)
    if not tops or not lefts:
        raise ValueError(f"a window of {kernel} pixels does not fit into {height} x {width}")
    y = np.zeros((n, channels, len(tops), len(lefts)), x.dtype)
    for i, top in enumerate(tops):
        for j, left in enumerate(lefts):
            window = x[:, :, top : top + kernel, left : left + kernel]
            y[:, :, i, j] = window.mean(axis=(2, 3))
    return y


def avgpool2d_backward(dout: FloatArray, x: FloatArray, kernel: int, stride: int) -> FloatArray:
    r"""Compute the gradient of a loss through `avgpool2d`.

    Every window divides its gradient evenly among its pixels; a pixel in several windows gets the
    sum.

    Parameters
    ----------
    dout : ndarray of shape (N, C, OH, OW), float64 or float32
        Gradient of the loss with respect to the output of `avgpool2d`.
    x : ndarray of shape (N, C, H, W), float64 or float32
        The images that `avgpool2d` was given. Only their shape and dtype matter.
    kernel, stride : int
        As `avgpool2d` was given them.

    Returns
    -------
    ndarray of shape (N, C, H, W)
        Gradient with respect to `x`; float32 in, float32 out.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> image = np.zeros((1, 1, 2, 3))
    >>> avgpool2d_backward(np.array([[[[4.0, 8.0]]]]), image, kernel=2, stride=1)[0, 0]
    array([[1., 3., 2.],
           [1., 3., 2.]])
    """
    require_images(x)
    # SOLUTION
    n, channels, height, width = x.shape
    rows, columns = (height - kernel) // stride + 1, (width - kernel) // stride + 1
    require_shape(dout, (n, channels, rows, columns))
    dx = np.zeros_like(as_float(x))
    for image, channel, i, j in np.ndindex(dout.shape):
        top, left = stride * i, stride * j
        share = dout[image, channel, i, j] / kernel**2
        dx[image, channel, top : top + kernel, left : left + kernel] += share
    return dx


def im2col(x: FloatArray, kh: int, kw: int, stride: int, padding: int) -> FloatArray:
    """Write every window of every image as one row of a matrix.

    Parameters
    ----------
    x : ndarray of shape (N, C, H, W), float64 or float32
        Images. Integers become float64.
    kh, kw : int
        Height KH and width KW of a window in pixels.
    stride : int
        Pixels from one window to the next.
    padding : int
        Width of the frame of zeros in pixels.

    Returns
    -------
    ndarray of shape (N * OH * OW, C * KH * KW)
        A row for each window: all windows of the first image, then those of the second; within an
        image row by row of the output, and from left to right. A column for each entry of a
        window: its first channel, then its second; within a channel row by row, and from left to
        right. float32 in, float32 out.

    Raises
    ------
    ValueError
        If `x` has not four axes, or the window is larger than the padded image.

    Notes
    -----
    The columns are in the order of ``weights.reshape(F, -1)``, so that a convolution becomes one
    product of matrices: ``im2col(...) @ weights.reshape(F, -1).T + bias``.

    Examples
    --------
    >>> image = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]).reshape(1, 1, 2, 3)
    >>> im2col(image, kh=2, kw=2, stride=1, padding=0)
    array([[1., 2., 4., 5.],
           [2., 3., 5., 6.]])
    """
    require_images(x)
    # SOLUTION
    padded = np.pad(as_float(x), [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    n, channels, height, width = padded.shape
    tops, lefts = range(0, height - kh + 1, stride), range(0, width - kw + 1, stride)
    if not tops or not lefts:
        raise ValueError(f"a window of {kh} x {kw} pixels does not fit into {height} x {width}")
    windows = np.zeros((n, len(tops), len(lefts), channels, kh, kw), padded.dtype)
    for i, top in enumerate(tops):
        for j, left in enumerate(lefts):
            windows[:, i, j] = padded[:, :, top : top + kh, left : left + kw]
    return windows.reshape(n * len(tops) * len(lefts), channels * kh * kw)


def col2im(
    cols: FloatArray, shape: tuple[int, int, int, int], kh: int, kw: int, stride: int, padding: int
) -> FloatArray:
    r"""Add every row of a matrix to the window of the images that it belongs to.

    It is the adjoint of `im2col`, and so its backward pass:
    :math:`\langle \mathrm{im2col}(x), c \rangle = \langle x, \mathrm{col2im}(c) \rangle` for all
    images :math:`x` and matrices :math:`c`.

    Parameters
    ----------
    cols : ndarray of shape (N * OH * OW, C * KH * KW), float64 or float32
        A row for each window, in the order of `im2col`. Integers become float64.
    shape : tuple of int
        Shape (N, C, H, W) of the images, without padding.
    kh, kw : int
        Height KH and width KW of a window in pixels.
    stride : int
        Pixels from one window to the next.
    padding : int
        Width in pixels of the frame that `im2col` puts around an image. What falls on it is
        dropped.

    Returns
    -------
    ndarray of shape (N, C, H, W)
        For each pixel the sum over all windows that it is in; float32 in, float32 out.

    Raises
    ------
    ValueError
        If `cols` is of another shape.

    Examples
    --------
    >>> cols = np.array([[1.0, 2.0, 4.0, 5.0], [20.0, 30.0, 50.0, 60.0]])
    >>> col2im(cols, (1, 1, 2, 3), kh=2, kw=2, stride=1, padding=0)[0, 0]
    array([[ 1., 22., 30.],
           [ 4., 55., 60.]])
    """
    n, channels, height, width = shape
    # SOLUTION
    tall, wide = height + 2 * padding, width + 2 * padding
    tops, lefts = range(0, tall - kh + 1, stride), range(0, wide - kw + 1, stride)
    require_shape(cols, (n * len(tops) * len(lefts), channels * kh * kw))
    windows = as_float(cols).reshape(n, len(tops), len(lefts), channels, kh, kw)
    padded = np.zeros((n, channels, tall, wide), windows.dtype)
    for i, top in enumerate(tops):
        for j, left in enumerate(lefts):
            padded[:, :, top : top + kh, left : left + kw] += windows[:, i, j]
    return padded[:, :, padding : padding + height, padding : padding + width]
