"""Convolution backward: to the images, to the filters and to the bias."""

import numpy as np
from checks._images import in_float32, layer, upstream

from autograder.declare import Case, Exercise, exact, raises


def drawn(rng, images, filters, out, **options):
    """Draw a layer and the gradient that arrives at its output, of `out` rows and columns."""
    return upstream(layer(rng, images, filters, **options), *out, rng)


def side_by_side(rng):
    """Windows that overlap, no padding."""
    yield drawn(rng, (2, 3, 4, 3), (4, 2, 2), (3, 2))
    yield drawn(rng, (1, 2, 3, 5), (3, 2, 3), (2, 3))


def strided(rng):
    """Strides that divide along one axis and leave pixels over along the other."""
    yield drawn(rng, (1, 2, 7, 5), (3, 3, 2), (3, 2), stride=2)
    yield drawn(rng, (2, 1, 4, 9), (3, 1, 3), (2, 3), stride=3)


def framed(rng):
    """Frames of one and two pixels, with strides of one and two."""
    yield drawn(rng, (2, 1, 3, 2), (3, 2, 3), (4, 2), padding=1)
    yield drawn(rng, (1, 3, 2, 3), (2, 3, 2), (2, 3), stride=2, padding=2)


def square(rng):
    """Square images and kernels, as many examples as filters and channels; one of everything."""
    yield drawn(rng, (2, 2, 4, 4), (2, 3, 3), (2, 2))
    yield drawn(rng, (3, 3, 3, 3), (3, 3, 3), (3, 3), padding=1)
    yield drawn(rng, (1, 1, 3, 2), (1, 1, 1), (3, 2))
    yield drawn(rng, (2, 1, 3, 4), (1, 3, 4), (1, 1))


def other_gradients(rng):
    """A row too many, a column too few, one filter for all, one image for all."""
    case = drawn(rng, (2, 1, 4, 3), (3, 2, 2), (3, 2))
    wrong = [np.zeros((2, 3, 4, 2)), case.dout[..., :1], case.dout[:, :1], case.dout[:1]]
    for dout in wrong:
        yield Case(**{**case, "dout": dout})


def bytes_and_integers(rng):
    """Images and filters of unsigned bytes, then everything in signed integers."""
    case = drawn(rng, (2, 1, 3, 2), (3, 2, 2), (2, 1))
    x, weights = rng.integers(20, 256, case.x.shape), rng.integers(20, 256, case.weights.shape)
    yield Case(dout=case.dout, x=x.astype(np.uint8), weights=weights.astype(np.uint8))
    yield Case(dout=-rng.integers(1, 10, case.dout.shape), x=x, weights=weights)


def singles(rng):
    """Everything in float32."""
    for case in framed(rng):
        yield in_float32(case)


def gradients(subject, case):
    """Return the three gradients by name."""
    dx, dweights, dbias = subject.conv2d_backward(**case)
    return {"dx": dx, "dweights": dweights, "dbias": dbias}


exercise = Exercise("convolution.conv2d_backward")


@exercise.check(side_by_side, weight=0.5, public=True)
def each_gradient_has_its_shape(subject, case):
    """The gradients have the shapes of the images, of the filters and of the bias, in this order."""
    return {name: 0.0 * each for name, each in gradients(subject, case).items()}


@exercise.check(side_by_side, weight=2, public=True)
def gradient_of_the_images(subject, case):
    """A pixel gets its part from every window that it was in."""
    return {"dx": gradients(subject, case)["dx"]}


@exercise.check(side_by_side, weight=2, public=True)
def gradient_of_the_filters(subject, case):
    """A weight gets its part from every window of every image."""
    return {"dweights": gradients(subject, case)["dweights"]}


@exercise.check(side_by_side)
def gradient_of_the_bias(subject, case):
    """A bias gets its part from every entry of its feature map."""
    return {"dbias": gradients(subject, case)["dbias"]}


@exercise.check(strided, weight=2)
def stride_is_that_of_the_forward_pass(subject, case):
    """With a stride, the windows are those of the forward pass."""
    return gradients(subject, case)


@exercise.check(framed, weight=2)
def frame_gets_nothing(subject, case):
    """With padding, the images alone have a gradient, not their frame."""
    return gradients(subject, case)


@exercise.check(square, weight=1.5)
def rows_meet_rows(subject, case):
    """Images and kernels may be square, and there may be just one of everything."""
    return gradients(subject, case)


@exercise.check(other_gradients, weight=0.5, judge=raises(ValueError))
def other_shapes_are_refused(subject, case):
    """A gradient that does not have the shape of the output raises ValueError."""
    return gradients(subject, case)


@exercise.check(bytes_and_integers, weight=0.5)
def integers_are_accepted(subject, case):
    """Integers become float64 before they are multiplied."""
    return gradients(subject, case)


@exercise.check(singles, weight=0.5, judge=exact)
def float32_is_kept(subject, case):
    """When everything is float32, so are the gradients."""
    return {name: str(each.dtype) for name, each in gradients(subject, case).items()}


@exercise.check(framed, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The arguments are left as they were."""
    gradients(subject, case)
    return {"dout": case.dout, "x": case.x, "weights": case.weights}


WEIGHTS_TERM = 'dweights += np.einsum("nf,nchw->fchw", dout[:, :, i, j], window)'
IMAGES_TERM = "dpadded[:, :, down, across] += dwindow"
CROP = "dpadded[:, :, padding : padding + height, padding : padding + width]"
BIAS = "dout.sum(axis=(0, 2, 3))"

exercise.mutant(
    "overlap_lost",
    old=IMAGES_TERM,
    new=IMAGES_TERM.replace("+=", "="),
    hint="A pixel lies in several windows. What happens to the part that it got from the first?",
)
exercise.mutant(
    "last_window_only",
    old=WEIGHTS_TERM,
    new=WEIGHTS_TERM.replace("+=", "="),
    hint="In how many windows does a weight take part, and how many of them does your gradient count?",
)
exercise.mutant(
    "crop_to_minus_zero",
    old=CROP,
    new="dpadded[:, :, padding:-padding, padding:-padding]",
    hint="What is -0 as the end of a slice?",
)
exercise.mutant(
    "frame_not_cropped",
    old=CROP,
    new="dpadded",
    hint="Whose gradient is asked for: that of the images, or that of the padded images?",
)
exercise.mutant(
    "wrong_corner",
    old=CROP,
    new="dpadded[:, :, :height, :width]",
    hint="Where in the padded image is the first pixel of the image itself?",
)
exercise.mutant(
    "kernel_flipped",
    old='"nf,fchw->nchw", dout[:, :, i, j], weights)',
    new='"nf,fchw->nchw", dout[:, :, i, j], weights[:, :, ::-1, ::-1])',
    hint="Which weight did the first pixel of a window meet in the forward pass?",
)
exercise.mutant(
    "kernel_transposed",
    old='"nf,fchw->nchw", dout[:, :, i, j], weights)',
    new='"nf,fchw->nchw", dout[:, :, i, j], weights.swapaxes(2, 3))',
    hint="Which row of the kernel lies on the first row of a window?",
)
exercise.mutant(
    "bias_of_the_batch",
    old=BIAS,
    new="dout.sum(axis=0)",
    hint="How many numbers is the bias of a filter, and how many entries of the output does it reach?",
)
exercise.mutant(
    "bias_of_the_image",
    old=BIAS,
    new="dout.sum(axis=(2, 3))",
    hint="Does every image have a bias of its own?",
)
exercise.mutant(
    "bias_of_the_pixels",
    old=BIAS,
    new="dout.sum(axis=(0, 1, 2))",
    hint="Along which axes do you add up, and which one has to remain?",
)
exercise.mutant(
    "bias_is_one_number",
    old=BIAS,
    new="dout.sum()",
    hint="How many biases are there?",
)
exercise.mutant(
    "bias_averaged",
    old=BIAS,
    new="dout.mean(axis=(0, 2, 3))",
    hint="Where does a mean come from, if the bias was added to every entry?",
)
exercise.mutant(
    "divided_by_the_batch",
    old="return dx, dweights,",
    new="return dx, dweights / n,",
    hint="The loss is a mean over the examples. Is that 1/N in the gradient that arrives, or is it missing?",
)
exercise.mutant(
    "filters_see_no_frame",
    old="window = padded[",
    new="window = x[",
    hint="Which pixels met the filter: those of the image, or those of the padded image?",
)
exercise.mutant(
    "stride_forgotten",
    old="down, across = slice",
    new="top, left = i, j\n            down, across = slice",
    hint="At which pixel did the second window begin in the forward pass?",
)
exercise.mutant(
    "filters_averaged_over_windows",
    old="return dx, dweights,",
    new="return dx, dweights / (len(tops) * len(lefts)),",
    hint="A weight is shared by all windows. Do its gradients add up, or are they averaged?",
)
exercise.mutant(
    "first_filter_only",
    old='"nf,fchw->nchw", dout[:, :, i, j], weights)',
    new='"nf,fchw->nchw", dout[:, :1, i, j], weights[:1])',
    hint="How many feature maps did a pixel contribute to?",
)
exercise.mutant(
    "gradient_divided_in_place",
    old="dpadded, dweights =",
    new="dout /= n\n    dpadded, dweights =",
    hint="The gradient that arrives: who owns that array, and is its 1/N still missing?",
)
exercise.mutant(
    "float64_always",
    old="np.zeros_like(padded), np.zeros_like(weights)",
    new="np.zeros(padded.shape), np.zeros(weights.shape)",
    hint="Which dtype does numpy give to an array of zeros if you do not name one?",
)
exercise.mutant(
    "integers_stay_integers",
    old="np.zeros_like(padded), np.zeros_like(weights)",
    new="np.zeros(padded.shape, x.dtype), np.zeros_like(weights)",
    hint="What becomes of a gradient of one half in an array of integers?",
)
exercise.mutant(
    "any_gradient_will_do",
    old="require_shape(dout, (n, filters, len(tops), len(lefts)))",
    new="pass",
    hint="What does your function make of a gradient with more rows than the output has?",
)
exercise.alternative(
    "by_matrix_products",
    """
    def conv2d_backward(dout, x, weights, stride=1, padding=0):
        dout, x, weights = as_float(dout), as_float(x), as_float(weights)
        filters, _, kh, kw = weights.shape
        cols = im2col(x, kh, kw, stride, padding)
        rows = conv_output_size(x.shape[2], kh, padding, stride)
        columns = conv_output_size(x.shape[3], kw, padding, stride)
        if dout.shape != (len(x), filters, rows, columns):
            raise ValueError("shapes differ")
        flat = dout.transpose(0, 2, 3, 1).reshape(-1, filters)
        dx = col2im(flat @ weights.reshape(filters, -1), x.shape, kh, kw, stride, padding)
        return dx, (flat.T @ cols).reshape(weights.shape), flat.sum(axis=0)
    """,
)
exercise.alternative(
    "sum_over_the_kernel",
    """
    def conv2d_backward(dout, x, weights, stride=1, padding=0):
        dout, x, weights = as_float(dout), as_float(x), as_float(weights)
        (_, _, height, width), (filters, _, kh, kw) = x.shape, weights.shape
        down, across = height + 2 * padding - kh, width + 2 * padding - kw
        if down < 0 or across < 0:
            raise ValueError("the kernel does not fit")
        if dout.shape != (len(x), filters, down // stride + 1, across // stride + 1):
            raise ValueError("shapes differ")
        frame = (padding, padding)
        padded = np.pad(x, ((0, 0), (0, 0), frame, frame))
        dpadded, dweights = np.zeros_like(padded), np.zeros_like(weights)
        for r in range(kh):
            for q in range(kw):
                place = np.s_[:, :, r : r + down + 1 : stride, q : q + across + 1 : stride]
                dweights[:, :, r, q] = np.einsum("nfij,ncij->fc", dout, padded[place])
                dpadded[place] += np.einsum("nfij,fc->ncij", dout, weights[:, :, r, q])
        inside = dpadded[:, :, padding : height + padding, padding : width + padding]
        return inside.copy(), dweights, np.einsum("nfij->f", dout)
    """,
)
exercise.alternative(
    "entry_by_entry",
    """
    def conv2d_backward(dout, x, weights, stride=1, padding=0):
        n, filters, rows, columns = dout.shape
        (_, channels, height, width), (_, _, kh, kw) = x.shape, weights.shape
        if kh > height + 2 * padding or kw > width + 2 * padding:
            raise ValueError("the kernel does not fit")
        expected = [(s + 2 * padding - k) // stride + 1 for s, k in ((height, kh), (width, kw))]
        if (n, filters, [rows, columns]) != (len(x), len(weights), expected):
            raise ValueError("shapes differ")
        dx, dweights = np.zeros_like(as_float(x)), np.zeros_like(as_float(weights))
        dbias = np.zeros(filters, dweights.dtype)
        for image, number, i, j in np.ndindex(n, filters, rows, columns):
            slope = float(dout[image, number, i, j])
            dbias[number] += slope
            for r, q in np.ndindex(kh, kw):
                row, column = stride * i + r - padding, stride * j + q - padding
                if 0 <= row < height and 0 <= column < width:
                    for channel in range(channels):
                        dx[image, channel, row, column] += (
                            slope * weights[number, channel, r, q]
                        )
                        dweights[number, channel, r, q] += (
                            slope * x[image, channel, row, column]
                        )
        return dx, dweights, dbias
    """,
)
exercise.alternative(
    "full_convolution_of_a_spread_gradient",
    """
    def conv2d_backward(dout, x, weights, stride=1, padding=0):
        dout, x, weights = as_float(dout), as_float(x), as_float(weights)
        (n, _, height, width), (filters, _, kh, kw) = x.shape, weights.shape
        rows = conv_output_size(height, kh, padding, stride)
        columns = conv_output_size(width, kw, padding, stride)
        if dout.shape != (n, filters, rows, columns):
            raise ValueError("shapes differ")
        tall, wide = height + 2 * padding, width + 2 * padding
        spread = np.zeros((n, filters, tall - kh + 1, wide - kw + 1), dout.dtype)
        spread[:, :, ::stride, ::stride] = dout
        view = np.lib.stride_tricks.sliding_window_view
        every = view(pad2d(x, padding), spread.shape[2:], axis=(2, 3))
        dweights = np.einsum("nchwij,nfij->fchw", every, spread)
        framed = np.pad(spread, ((0, 0), (0, 0), (kh - 1, kh - 1), (kw - 1, kw - 1)))
        turned = weights[:, :, ::-1, ::-1]
        dpadded = np.einsum("nfijrq,fcrq->ncij", view(framed, (kh, kw), axis=(2, 3)), turned)
        dx = dpadded[:, :, padding : padding + height, padding : padding + width]
        return dx, dweights, dout.sum(axis=3).sum(axis=2).sum(axis=0)
    """,
)
