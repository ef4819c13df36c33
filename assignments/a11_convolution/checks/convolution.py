"""Convolution forward: the layer of a network, which correlates, and the operation of that name."""

import numpy as np
from checks._images import in_float32, layer

from autograder.declare import Case, Exercise, exact, raises


def without_bias(rng):
    """Windows side by side, no stride, no padding, a bias of zeros."""
    yield layer(rng, (2, 3, 4, 3), (4, 2, 3), bias=False)
    yield layer(rng, (1, 2, 3, 5), (3, 3, 2), bias=False)


def with_bias(rng):
    """The same with a bias."""
    yield layer(rng, (2, 3, 3, 4), (4, 2, 3))
    yield layer(rng, (3, 1, 4, 3), (2, 3, 2))


def strided(rng):
    """Strides that divide along one axis and leave pixels over along the other."""
    yield layer(rng, (1, 2, 7, 5), (3, 3, 2), stride=2)
    yield layer(rng, (2, 1, 5, 9), (3, 2, 3), stride=3)


def framed(rng):
    """Frames of one and two pixels."""
    yield layer(rng, (2, 1, 3, 2), (3, 2, 3), padding=1)
    yield layer(rng, (1, 3, 2, 3), (2, 3, 2), padding=2)


def strided_and_framed(rng):
    """Stride and padding at once, in all combinations of more and less."""
    yield layer(rng, (1, 2, 4, 5), (3, 3, 2), stride=2, padding=1)
    yield layer(rng, (2, 1, 3, 4), (2, 2, 4), stride=3, padding=2)


def square(rng):
    """Square images and kernels, as many examples as filters and channels."""
    yield layer(rng, (2, 2, 4, 4), (2, 3, 3))
    yield layer(rng, (2, 2, 3, 3), (2, 2, 2), padding=1)


def small(rng):
    """One of everything, a kernel of one pixel, a kernel as large as the image with its frame."""
    yield layer(rng, (1, 1, 3, 4), (1, 2, 2))
    yield layer(rng, (2, 3, 2, 3), (4, 1, 1))
    yield layer(rng, (2, 2, 3, 4), (3, 3, 4))
    yield layer(rng, (1, 2, 2, 1), (3, 4, 3), stride=2, padding=1)


def too_large(rng):
    """Kernels that do not fit along one axis."""
    yield layer(rng, (1, 2, 2, 5), (3, 3, 2))
    yield layer(rng, (1, 2, 5, 2), (3, 2, 6), padding=1)
    yield layer(rng, (2, 1, 3, 5), (2, 4, 1), stride=3)


def bytes_and_integers(rng):
    """Unsigned bytes, whose products would wrap around, then integers, some of them negative."""
    x, weights = rng.integers(20, 256, (2, 1, 3, 2)), rng.integers(20, 256, (3, 1, 2, 2))
    bias = rng.integers(20, 256, 3)
    yield Case(x=x.astype(np.uint8), weights=weights.astype(np.uint8), bias=bias.astype(np.uint8))
    yield Case(x=x, weights=-weights, bias=-bias)


def singles(rng):
    """Images, filters and bias in float32."""
    for padding in (0, 1):
        yield in_float32(layer(rng, (2, 1, 3, 4), (3, 2, 2), padding=padding))


correlation = Exercise("convolution.conv2d")


@correlation.check(with_bias, weight=0.5, public=True)
def one_map_for_each_filter(subject, case):
    """Every image gets one feature map for each filter, with one entry for each window."""
    return {"z": 0.0 * subject.conv2d(**case)}  # times 0: only the shape is left to compare


@correlation.check(without_bias, weight=3, public=True)
def kernels_meet_every_window(subject, case):
    """Without bias, an entry is the sum of the products of a window and a filter."""
    return {"z": subject.conv2d(**case)}


@correlation.check(with_bias, weight=1.5)
def each_filter_adds_its_bias(subject, case):
    """Each filter has a bias of its own."""
    return {"z": subject.conv2d(**case)}


@correlation.check(strided, weight=2, public=True)
def stride_leads_to_the_next_window(subject, case):
    """From one window to the next it is one stride, down as well as to the right."""
    return {"z": subject.conv2d(**case)}


@correlation.check(framed, weight=1.5)
def windows_reach_into_the_frame(subject, case):
    """With padding, windows reach into a frame of zeros."""
    return {"z": subject.conv2d(**case)}


@correlation.check(strided_and_framed, weight=1.5)
def stride_and_padding_together(subject, case):
    """Stride and padding work together."""
    return {"z": subject.conv2d(**case)}


@correlation.check(square, weight=1.5)
def rows_meet_rows(subject, case):
    """A square kernel lies on a window as it is."""
    return {"z": subject.conv2d(**case)}


@correlation.check(small)
def sizes_may_be_one(subject, case):
    """There may be just one image, channel, filter, pixel or window."""
    return {"z": subject.conv2d(**case)}


@correlation.check(too_large, weight=0.5, judge=raises(ValueError))
def kernel_must_fit(subject, case):
    """A kernel that is larger than the padded image raises ValueError."""
    return {"z": subject.conv2d(**case)}


@correlation.check(bytes_and_integers, weight=0.5)
def integers_are_accepted(subject, case):
    """Integers become float64 before they are multiplied."""
    return {"z": subject.conv2d(**case)}


@correlation.check(singles, weight=0.5, judge=exact)
def float32_is_kept(subject, case):
    """Images, filters and bias of float32 have maps of float32."""
    return {"dtype": str(subject.conv2d(**case).dtype)}


@correlation.check(framed, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The arguments are left as they were."""
    subject.conv2d(**case)
    return {"x": case.x, "weights": case.weights, "bias": case.bias}


TOPS = "tops = range(0, padded.shape[2] - kh + 1, stride)"
LEFTS = "lefts = range(0, padded.shape[3] - kw + 1, stride)"
PRODUCT = 'np.einsum("nchw,fchw->nf", window, weights)'

correlation.mutant(
    "kernel_flipped",
    old="window, weights)",
    new="window, weights[:, :, ::-1, ::-1])",
    hint="Do the layers of a network turn the kernel around before they lay it on a window?",
)
correlation.mutant(
    "kernel_transposed",
    old="window, weights)",
    new="window, weights.swapaxes(2, 3))",
    hint="Which row of the kernel lies on the first row of the window?",
)
correlation.mutant(
    "stride_forgotten",
    old="window = padded[:, :,",
    new="top, left = i, j\n            window = padded[:, :,",
    hint="At which pixel does the second window begin when the stride is 2?",
)
correlation.mutant(
    "stride_down_only",
    old="window = padded[:, :,",
    new="left = j\n            window = padded[:, :,",
    hint="In which directions does the stride lead?",
)
correlation.mutant(
    "stride_hard_coded",
    old="filters, _, kh, kw",
    new="stride = 1\n    filters, _, kh, kw",
    hint="What does your code do with the argument stride?",
)
correlation.mutant(
    "padding_hard_coded",
    old="filters, _, kh, kw",
    new="padding = 0\n    filters, _, kh, kw",
    hint="What does your code do with the argument padding?",
)
correlation.mutant(
    "first_channel_only",
    old="window, weights)",
    new="window[:, :1], weights[:, :1])",
    hint="How many channels does a window have, and how many does a filter have?",
)
correlation.mutant(
    "every_kernel_on_every_channel",
    old='"nchw,fchw->nf"',
    new='"nchw,fdhw->nf"',
    hint="On which channel of the image does the second kernel of a filter lie?",
)
correlation.mutant(
    "height_and_width_swapped",
    old=f"{TOPS}\n    {LEFTS}",
    new=f"{TOPS.replace('[2]', '[3]')}\n    {LEFTS.replace('[3]', '[2]')}",
    hint="Which axis of an image is its height: the one of rows, or the one of columns?",
)
correlation.mutant(
    "kernel_height_and_width_swapped",
    old="filters, _, kh, kw",
    new="filters, _, kw, kh",
    hint="What is the third number of the shape of the filters, and what is the fourth?",
)
correlation.mutant(
    "bias_forgotten",
    old=f"{PRODUCT} + bias",
    new=PRODUCT,
    hint="What does your layer return for a black image?",
)
correlation.mutant(
    "bias_for_every_product",
    old=f"{PRODUCT} + bias",
    new=f"{PRODUCT} + bias * weights[0].size",
    hint="How often is the bias added to one entry: once, or once for each product?",
)
correlation.mutant(
    "bias_for_every_channel",
    old=f"{PRODUCT} + bias",
    new=f"{PRODUCT} + bias * weights.shape[1]",
    hint="How often is the bias added to one entry: once, or once for each channel?",
)
correlation.mutant(
    "bias_summed",
    old=f"{PRODUCT} + bias",
    new=f"{PRODUCT} + bias.sum()",
    hint="How many numbers of the bias belong to one filter?",
)
correlation.mutant(
    "mean_of_products",
    old=f"{PRODUCT} + bias",
    new=f"{PRODUCT} / weights[0].size + bias",
    hint="Are the products of a window added, or averaged?",
)
correlation.mutant(
    "mean_over_channels",
    old=f"{PRODUCT} + bias",
    new=f"{PRODUCT} / weights.shape[1] + bias",
    hint="What happens to the results of the channels: are they added, or averaged?",
)
correlation.mutant(
    "cut_to_nothing_below_zero",
    old="return z",
    new="return np.maximum(z, 0)",
    hint="Does the layer itself contain an activation function?",
)
correlation.mutant(
    "filters_last",
    old="return z",
    new="return z.transpose(0, 2, 3, 1)",
    hint="Where does the axis of the filters stand in this course?",
)
correlation.mutant(
    "maps_transposed",
    old="return z",
    new="return z.swapaxes(2, 3)",
    hint="Which axis of a feature map is that of its rows?",
)
correlation.mutant(
    "last_window_missed",
    old=f"{TOPS}\n    {LEFTS}",
    new=f"{TOPS}\n    {LEFTS}".replace(" + 1", ""),
    hint="Which is the last window, and does your loop get there?",
)
correlation.mutant(
    "float64_always",
    old="len(lefts)), padded.dtype)",
    new="len(lefts)))",
    hint="Which dtype does numpy give to an array of zeros if you do not name one?",
)
correlation.mutant(
    "integers_stay_integers",
    old="len(lefts)), padded.dtype)",
    new="len(lefts)), x.dtype)",
    hint="Which dtype do your feature maps have for an image of bytes?",
)
correlation.alternative(
    "seven_loops",
    """
    def conv2d(x, weights, bias, stride=1, padding=0):
        n, channels, height, width = x.shape
        filters, _, kh, kw = weights.shape
        if kh > height + 2 * padding or kw > width + 2 * padding:
            raise ValueError("the kernel does not fit")
        rows = (height + 2 * padding - kh) // stride + 1
        columns = (width + 2 * padding - kw) // stride + 1
        z = np.zeros((n, filters, rows, columns), as_float(x).dtype)
        for image in range(n):
            for number in range(filters):
                for i in range(rows):
                    for j in range(columns):
                        total = float(bias[number])
                        for channel in range(channels):
                            for r in range(kh):
                                for q in range(kw):
                                    row = i * stride + r - padding
                                    column = j * stride + q - padding
                                    if 0 <= row < height and 0 <= column < width:
                                        pixel = float(x[image, channel, row, column])
                                        total += pixel * float(weights[number, channel, r, q])
                        z[image, number, i, j] = total
        return z
    """,
)
correlation.alternative(
    "sum_over_the_kernel",
    """
    def conv2d(x, weights, bias, stride=1, padding=0):
        x, weights = as_float(x), as_float(weights)
        frame = (padding, padding)
        padded = np.pad(x, ((0, 0), (0, 0), frame, frame))
        down = padded.shape[2] - weights.shape[2]
        across = padded.shape[3] - weights.shape[3]
        if down < 0 or across < 0:
            raise ValueError("the kernel does not fit")
        z = as_float(bias).astype(x.dtype)[:, None, None]
        for r in range(weights.shape[2]):
            for q in range(weights.shape[3]):
                shifted = padded[:, :, r : r + down + 1 : stride, q : q + across + 1 : stride]
                z = z + np.einsum("fc,ncij->nfij", weights[:, :, r, q], shifted)
        return z
    """,
)
correlation.alternative(
    "one_matrix_product",
    """
    def conv2d(x, weights, bias, stride=1, padding=0):
        (n, _, height, width), (filters, _, kh, kw) = x.shape, weights.shape
        rows = conv_output_size(height, kh, padding, stride)
        columns = conv_output_size(width, kw, padding, stride)
        cols = im2col(as_float(x), kh, kw, stride, padding)
        z = cols @ as_float(weights).reshape(filters, -1).T + bias
        return z.reshape(n, rows, columns, filters).transpose(0, 3, 1, 2).astype(cols.dtype)
    """,
)
correlation.alternative(
    "view_of_all_windows",
    """
    def conv2d(x, weights, bias, stride=1, padding=0):
        x, weights, bias = as_float(x), as_float(weights), as_float(bias)
        padded = pad2d(x, padding)
        view = np.lib.stride_tricks.sliding_window_view(padded, weights.shape[2:], axis=(2, 3))
        view = view[:, :, ::stride, ::stride]
        return np.tensordot(view, weights, ((1, 4, 5), (1, 2, 3))).transpose(
            0, 3, 1, 2
        ) + bias.reshape(1, -1, 1, 1)
    """,
)
correlation.alternative(
    "fourier",
    """
    def conv2d(x, weights, bias, stride=1, padding=0):
        padded = pad2d(as_float(x), padding)
        height, width = padded.shape[2:]
        kh, kw = weights.shape[2:]
        if kh > height or kw > width:
            raise ValueError("the kernel does not fit")
        spectrum = np.fft.fft2(padded)[:, None]
        answer = np.conj(np.fft.fft2(as_float(weights), (height, width)))[None]
        every = np.fft.ifft2((spectrum * answer).sum(axis=2)).real
        every = every[:, :, : height - kh + 1 : stride, : width - kw + 1 : stride]
        return (every + as_float(bias)[:, None, None]).astype(padded.dtype)
    """,
)


def bright_pixels(rng):
    """A single bright pixel, just so far from the border that the whole kernel can be seen."""
    for kh, kw in [(2, 3), (3, 2), (3, 3)]:
        image = np.zeros((2 * kh - 1, 2 * kw - 1))
        image[kh - 1, kw - 1] = rng.uniform(1.0, 2.0)
        yield Case(image=image, kernel=rng.standard_normal((kh, kw)))


def images(rng):
    """Images and kernels that are not square."""
    for image, kernel in [((4, 3), (2, 3)), ((3, 6), (3, 2)), ((4, 5), (1, 3))]:
        yield Case(image=rng.standard_normal(image), kernel=rng.standard_normal(kernel))


def squares(rng):
    """Square images and square kernels; one pixel; a kernel as large as the image."""
    for n, k in [(5, 3), (4, 2), (3, 1), (3, 3), (1, 1)]:
        yield Case(image=rng.standard_normal((n, n)), kernel=rng.standard_normal((k, k)))


def too_large_for_the_image(rng):
    """Kernels that are too high, too wide, and both."""
    for image, kernel in [((2, 5), (3, 2)), ((5, 2), (2, 3)), ((3, 2), (5, 4))]:
        yield Case(image=rng.standard_normal(image), kernel=rng.standard_normal(kernel))


def grey_values(rng):
    """Unsigned bytes, whose products would wrap around, then integers, some of them negative."""
    image, kernel = rng.integers(20, 256, (3, 4)), rng.integers(20, 256, (2, 2))
    yield Case(image=image.astype(np.uint8), kernel=kernel.astype(np.uint8))
    yield Case(image=image, kernel=-kernel)


def single_images(rng):
    """An image and a kernel in float32."""
    yield in_float32(Case(image=rng.standard_normal((3, 4)), kernel=rng.standard_normal((2, 2))))


convolution = Exercise("convolution.true_convolution2d")


@convolution.check(images, weight=0.5, public=True)
def only_whole_overlaps_count(subject, case):
    """The result has one entry for each place at which the whole kernel lies on the image."""
    return {"convolved": 0.0 * subject.true_convolution2d(**case)}  # times 0: the shape is left


@convolution.check(bright_pixels, weight=2, public=True)
def bright_pixel_shows_the_kernel(subject, case):
    """A single bright pixel becomes a picture of the kernel, the right way round."""
    return {"convolved": subject.true_convolution2d(**case)}


@convolution.check(images, weight=3, public=True)
def sums_of_products(subject, case):
    """Every entry is the sum of the products that the formula names."""
    return {"convolved": subject.true_convolution2d(**case)}


@convolution.check(squares, weight=1.5)
def square_kernels_too(subject, case):
    """Kernels may be square, a single pixel, or as large as the image."""
    return {"convolved": subject.true_convolution2d(**case)}


@convolution.check(too_large_for_the_image, weight=0.5, judge=raises(ValueError))
def kernel_must_fit(subject, case):
    """A kernel that is larger than the image raises ValueError."""
    return {"convolved": subject.true_convolution2d(**case)}


@convolution.check(grey_values, weight=0.5)
def integers_are_accepted(subject, case):
    """Integers become float64 before they are multiplied."""
    return {"convolved": subject.true_convolution2d(**case)}


@convolution.check(single_images, weight=0.5, judge=exact)
def float32_is_kept(subject, case):
    """An image and a kernel of float32 have a convolution of float32."""
    return {"dtype": str(subject.true_convolution2d(**case).dtype)}


@convolution.check(images, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The image and the kernel are left as they were."""
    subject.true_convolution2d(**case)
    return {"image": case.image, "kernel": case.kernel}


convolution.mutant(
    "not_flipped",
    old="kernel[::-1, ::-1]",
    new="kernel",
    hint="A single bright pixel: do you see the kernel, or the kernel upside down?",
)
convolution.mutant(
    "rows_flipped_only",
    old="kernel[::-1, ::-1]",
    new="kernel[::-1]",
    hint="Along how many axes do the indices of the kernel run backwards in the formula?",
)
convolution.mutant(
    "columns_flipped_only",
    old="kernel[::-1, ::-1]",
    new="kernel[:, ::-1]",
    hint="Along how many axes do the indices of the kernel run backwards in the formula?",
)
convolution.mutant(
    "transposed",
    old="kernel[::-1, ::-1]\n    kh, kw = kernel.shape",
    new="kernel.T\n    kh, kw = turned.shape",
    hint="Is a transposed matrix the same as one that was turned by 180 degrees?",
)
convolution.mutant(
    "flipped_and_transposed",
    old="kernel[::-1, ::-1]\n    kh, kw = kernel.shape",
    new="kernel[::-1, ::-1].T\n    kh, kw = turned.shape",
    hint="Which entry of the kernel do you expect in the upper right corner after the turn?",
)
convolution.mutant(
    "quarter_turn",
    old="kernel[::-1, ::-1]\n    kh, kw = kernel.shape",
    new="np.rot90(kernel)\n    kh, kw = turned.shape",
    hint="By how many degrees do you turn the kernel?",
)
convolution.mutant(
    "image_flipped",
    old="kh, kw = kernel.shape",
    new="turned, image = kernel, image[::-1, ::-1]\n    kh, kw = kernel.shape",
    hint="If you turn the image and not the kernel, which way round is the result?",
)
convolution.mutant(
    "both_flipped",
    old="kh, kw = kernel.shape",
    new="image = image[::-1, ::-1]\n    kh, kw = kernel.shape",
    hint="What is left of a flip that both factors undergo?",
)
convolution.mutant(
    "same_size",
    old="rows, columns = image",
    new="image = np.pad(image, [((kh - 1) // 2, kh // 2), ((kw - 1) // 2, kw // 2)])\n"
    "    rows, columns = image",
    hint="May the kernel stick out of the image?",
)
convolution.mutant(
    "full",
    old="rows, columns = image",
    new="image = np.pad(image, [(kh - 1, kh - 1), (kw - 1, kw - 1)])\n    rows, columns = image",
    hint="At which places does your kernel only overlap the image in part?",
)
convolution.mutant(
    "normalised",
    old="return convolved",
    new="return convolved / np.sum(kernel)",
    hint="Does the formula divide by anything?",
)
convolution.mutant(
    "kernel_flipped_in_place",
    old="image, turned = as_float(image), kernel[::-1, ::-1]",
    new="kernel[...] = kernel[::-1, ::-1].copy()\n    image, turned = as_float(image), kernel",
    hint="Whose kernel do you turn around?",
)
convolution.mutant(
    "last_place_missed",
    old="kh + 1, image.shape[1] - kw + 1",
    new="kh, image.shape[1] - kw",
    hint="At how many places does a kernel of 2 pixels lie on an image of 3?",
)
convolution.mutant(
    "mean_of_products",
    old="(image[i : i + kh, j : j + kw] * turned).sum()",
    new="(image[i : i + kh, j : j + kw] * turned).mean()",
    hint="Does the formula add up, or does it average?",
)
convolution.mutant(
    "matrix_product",
    old="(image[i : i + kh, j : j + kw] * turned).sum()",
    new="(image[i : i + kh, j : j + kw] @ turned.T).sum()",
    hint="Which entries does @ multiply with each other, and which ones does the formula?",
)
convolution.mutant(
    "float64_always",
    old="np.zeros((rows, columns), image.dtype)",
    new="np.zeros((rows, columns))",
    hint="Which dtype does numpy give to an array of zeros if you do not name one?",
)
convolution.mutant(
    "integers_stay_integers",
    old="as_float(image)",
    new="np.asarray(image)",
    hint="What becomes of 200 times 2 in an array of bytes?",
)
convolution.alternative(
    "the_formula_itself",
    """
    def true_convolution2d(image, kernel):
        (height, width), (kh, kw) = image.shape, kernel.shape
        if kh > height or kw > width:
            raise ValueError("the kernel does not fit")
        convolved = np.zeros((height - kh + 1, width - kw + 1), as_float(image).dtype)
        for m in range(kh - 1, height):
            for n in range(kw - 1, width):
                for i in range(m - kh + 1, m + 1):
                    for j in range(n - kw + 1, n + 1):
                        convolved[m - kh + 1, n - kw + 1] += float(image[i, j]) * kernel[
                            m - i, n - j
                        ]
        return convolved
    """,
)
convolution.alternative(
    "fourier",
    """
    def true_convolution2d(image, kernel):
        (height, width), (kh, kw) = image.shape, kernel.shape
        if kh > height or kw > width:
            raise ValueError("the kernel does not fit")
        product = np.fft.fft2(as_float(image)) * np.fft.fft2(as_float(kernel), image.shape)
        return np.fft.ifft2(product).real[kh - 1 :, kw - 1 :].astype(as_float(image).dtype)
    """,
)
convolution.alternative(
    "windows_turned",
    """
    def true_convolution2d(image, kernel):
        view = np.lib.stride_tricks.sliding_window_view(as_float(image), kernel.shape)
        return np.einsum("ijrq,rq->ij", view[:, :, ::-1, ::-1], as_float(kernel))
    """,
)
convolution.alternative(
    "polynomials",
    """
    def true_convolution2d(image, kernel):
        (height, width), (kh, kw) = image.shape, kernel.shape
        if kh > height or kw > width:
            raise ValueError("the kernel does not fit")
        image, kernel = as_float(image), as_float(kernel)
        rows = [
            sum(np.convolve(image[m - r], kernel[r], "full")[kw - 1 : width] for r in range(kh))
            for m in range(kh - 1, height)
        ]
        return np.array(rows)
    """,
)
