"""Windows as the rows of a matrix, and the way back."""

import numpy as np
from checks._images import in_float32

from autograder.declare import Case, Exercise, exact, raises


def drawn(rng, shape, kh, kw, *, stride=1, padding=0):
    """Draw images, and say how they are cut into windows."""
    return Case(x=rng.standard_normal(shape), kh=kh, kw=kw, stride=stride, padding=padding)


def one_image(rng):
    """A single image with a single channel, windows one pixel apart."""
    yield drawn(rng, (1, 1, 3, 4), 2, 2)
    yield drawn(rng, (1, 1, 4, 3), 2, 3)


def several(rng):
    """Several images with several channels."""
    yield drawn(rng, (2, 3, 3, 4), 2, 3)
    yield drawn(rng, (3, 2, 4, 3), 3, 2)


def strided(rng):
    """Strides that divide along one axis and leave pixels over along the other."""
    yield drawn(rng, (1, 2, 7, 5), 3, 2, stride=2)
    yield drawn(rng, (2, 1, 4, 9), 1, 3, stride=3)


def framed(rng):
    """Frames of one and two pixels, with strides of one, two and three."""
    yield drawn(rng, (2, 1, 3, 2), 2, 3, padding=1)
    yield drawn(rng, (1, 2, 4, 5), 3, 2, stride=2, padding=1)
    yield drawn(rng, (2, 1, 2, 3), 3, 4, stride=3, padding=2)


def square(rng):
    """As many images as channels, rows and columns; one window, one pixel."""
    yield drawn(rng, (2, 2, 3, 3), 2, 2)
    yield drawn(rng, (2, 2, 2, 2), 1, 1)
    yield drawn(rng, (1, 1, 1, 1), 1, 1)
    yield drawn(rng, (2, 1, 3, 2), 3, 2)


def too_large(rng):
    """Windows that do not fit along one axis."""
    yield drawn(rng, (1, 2, 2, 5), 3, 2)
    yield drawn(rng, (1, 1, 5, 2), 2, 6, padding=1)
    yield drawn(rng, (2, 1, 3, 5), 4, 1, stride=3)


def bytes_and_integers(rng):
    """Unsigned bytes, then signed integers."""
    yield Case(
        x=rng.integers(0, 256, (2, 1, 2, 3)).astype(np.uint8), kh=2, kw=2, stride=1, padding=0
    )
    yield Case(x=rng.integers(-9, 9, (1, 2, 2, 2)), kh=2, kw=1, stride=1, padding=1)


def singles(rng):
    """Images in float32, with a frame and without."""
    yield in_float32(drawn(rng, (2, 1, 3, 2), 2, 1))
    yield in_float32(drawn(rng, (1, 1, 3, 2), 2, 1, padding=1))


to_rows = Exercise("convolution.im2col")


@to_rows.check(several, weight=0.5, public=True)
def one_row_for_each_window(subject, case):
    """There is a row for each window of each image, and a column for each entry of a window."""
    return {"cols": 0.0 * subject.im2col(**case)}  # times 0: only the shape is left to compare


@to_rows.check(one_image, weight=2, public=True)
def windows_in_reading_order(subject, case):
    """The windows of an image come in reading order, and so do the pixels of a window."""
    return {"cols": subject.im2col(**case)}


@to_rows.check(several, weight=3, public=True)
def images_then_windows(subject, case):
    """One image comes after the other, and within a row one channel after the other."""
    return {"cols": subject.im2col(**case)}


@to_rows.check(strided, weight=1.5)
def stride_leads_to_the_next_window(subject, case):
    """From one window to the next it is one stride, down as well as to the right."""
    return {"cols": subject.im2col(**case)}


@to_rows.check(framed, weight=1.5)
def windows_reach_into_the_frame(subject, case):
    """With padding, windows reach into a frame of zeros."""
    return {"cols": subject.im2col(**case)}


@to_rows.check(square)
def sizes_may_be_equal(subject, case):
    """Images may be square, and there may be just one window or pixel."""
    return {"cols": subject.im2col(**case)}


@to_rows.check(too_large, weight=0.5, judge=raises(ValueError))
def window_must_fit(subject, case):
    """A window that is larger than the padded image raises ValueError."""
    return {"cols": subject.im2col(**case)}


@to_rows.check(bytes_and_integers, weight=0.5)
def integers_are_accepted(subject, case):
    """Integers become float64."""
    return {"cols": subject.im2col(**case)}


@to_rows.check(singles, weight=0.5, judge=exact)
def float32_is_kept(subject, case):
    """Images of float32 make a matrix of float32."""
    return {"dtype": str(subject.im2col(**case).dtype)}


@to_rows.check(framed, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The images that were given are left as they were."""
    subject.im2col(**case)
    return {"x": case.x}


SHAPE = "(n * len(tops) * len(lefts), channels * kh * kw)"
ROWS = f"return windows.reshape{SHAPE}"

to_rows.mutant(
    "windows_in_columns",
    old=ROWS,
    new=f"return windows.reshape{SHAPE}.T",
    hint="Is a window a row of your matrix, or a column?",
)
to_rows.mutant(
    "images_last",
    old=ROWS,
    new=f"return windows.transpose(1, 2, 0, 3, 4, 5).reshape{SHAPE}",
    hint="Which row comes after the first one: the next window, or the next image?",
)
to_rows.mutant(
    "down_before_right",
    old=ROWS,
    new=f"return windows.swapaxes(1, 2).reshape{SHAPE}",
    hint="Where is the second window: to the right of the first, or below it?",
)
to_rows.mutant(
    "channels_last",
    old=ROWS,
    new=f"return windows.transpose(0, 1, 2, 4, 5, 3).reshape{SHAPE}",
    hint="Which entry comes after the first one: the next pixel, or the next channel?",
)
to_rows.mutant(
    "kernel_columns_first",
    old=ROWS,
    new=f"return windows.swapaxes(4, 5).reshape{SHAPE}",
    hint="Which pixel of a window comes second: the one to the right of the first, or the one below it?",
)
to_rows.mutant(
    "window_flipped",
    old=ROWS,
    new=f"return windows[..., ::-1, ::-1].reshape{SHAPE}",
    hint="Which pixel of a window comes first?",
)
to_rows.mutant(
    "reshaped_without_order",
    old=ROWS,
    new=f"return windows.transpose(0, 3, 4, 5, 1, 2).reshape{SHAPE}",
    hint="In which order do the axes stand before you reshape? Print one row and look for a window in it.",
)
to_rows.mutant(
    "windows_not_flat",
    old=ROWS,
    new="return windows.reshape(n * len(tops) * len(lefts), channels, kh, kw)",
    hint="How many axes does a matrix have?",
)
to_rows.mutant(
    "images_not_joined",
    old=ROWS,
    new="return windows.reshape(n, len(tops) * len(lefts), channels * kh * kw)",
    hint="How many axes does a matrix have?",
)
to_rows.mutant(
    "stride_forgotten",
    old="windows[:, i, j] = padded",
    new="top, left = i, j\n            windows[:, i, j] = padded",
    hint="At which pixel does the second window begin when the stride is 2?",
)
to_rows.mutant(
    "stride_hard_coded",
    old="padded = np.pad",
    new="stride = 1\n    padded = np.pad",
    hint="What does your code do with the argument stride?",
)
to_rows.mutant(
    "padding_hard_coded",
    old="padded = np.pad",
    new="padding = 0\n    padded = np.pad",
    hint="What does your code do with the argument padding?",
)
to_rows.mutant(
    "first_channel_only",
    old="windows[:, i, j] = padded[:, :,",
    new="windows[:, i, j] = padded[:, :1,",
    hint="How many channels does a window have?",
)
to_rows.mutant(
    "height_and_width_swapped",
    old="range(0, height - kh + 1, stride), range(0, width - kw + 1, stride)",
    new="range(0, width - kh + 1, stride), range(0, height - kw + 1, stride)",
    hint="Which axis of an image is its height: the one of rows, or the one of columns?",
)
to_rows.mutant(
    "float64_always",
    old="kh, kw), padded.dtype)",
    new="kh, kw))",
    hint="Which dtype does numpy give to an array of zeros if you do not name one?",
)
to_rows.mutant(
    "integers_stay_integers",
    old="kh, kw), padded.dtype)",
    new="kh, kw), x.dtype)",
    hint="Which dtype does your matrix have for an image of integers?",
)
to_rows.mutant(
    "no_rows",
    old="if not tops or not lefts:",
    new="if False:",
    hint="A window is larger than the image. How many rows does your matrix have then?",
)
to_rows.mutant(
    "fit_without_the_frame",
    old="if not tops or not lefts:",
    new="if kh > x.shape[2] or kw > x.shape[3]:",
    hint="A window larger than the image: can it fit onto the image with its frame?",
)
to_rows.alternative(
    "view_of_all_windows",
    """
    def im2col(x, kh, kw, stride, padding):
        padded = pad2d(as_float(x), padding)
        view = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(2, 3))
        view = view[:, :, ::stride, ::stride].transpose(0, 2, 3, 1, 4, 5)
        return view.reshape(-1, x.shape[1] * kh * kw)
    """,
)
to_rows.alternative(
    "row_by_row",
    """
    def im2col(x, kh, kw, stride, padding):
        frame = (padding, padding)
        padded = np.pad(as_float(x), ((0, 0), (0, 0), frame, frame))
        found = []
        for image in padded:
            for top in range(0, padded.shape[2] - kh + 1, stride):
                for left in range(0, padded.shape[3] - kw + 1, stride):
                    found.append(image[:, top : top + kh, left : left + kw].ravel())
        if not found:
            raise ValueError("the window does not fit")
        return np.array(found)
    """,
)
to_rows.alternative(
    "indices_of_all_entries",
    """
    def im2col(x, kh, kw, stride, padding):
        n, channels, height, width = x.shape
        rows = conv_output_size(height, kh, padding, stride)
        columns = conv_output_size(width, kw, padding, stride)
        padded = pad2d(x, padding)
        image, i, j, channel, r, q = np.indices((n, rows, columns, channels, kh, kw))
        every = padded[image, channel, stride * i + r, stride * j + q]
        return every.reshape(n * rows * columns, -1)
    """,
)
to_rows.alternative(
    "column_by_column",
    """
    def im2col(x, kh, kw, stride, padding):
        padded = pad2d(x, padding)
        down, across = padded.shape[2] - kh, padded.shape[3] - kw
        if min(down, across) < 0:
            raise ValueError("the window does not fit")
        found = []
        for channel in range(x.shape[1]):
            for r in range(kh):
                for q in range(kw):
                    shifted = padded[
                        :, channel, r : r + down + 1 : stride, q : q + across + 1 : stride
                    ]
                    found.append(shifted.ravel())
        return np.stack(found, axis=1)
    """,
)


def given_back(cases):
    """Return a source of matrices for the windows of the same images."""

    def matrices(rng):
        for case in cases(rng):
            (n, channels, height, width), options = case.x.shape, dict(case)
            del options["x"]
            rows, columns = (
                (size + 2 * case.padding - kernel) // case.stride + 1
                for size, kernel in ((height, case.kh), (width, case.kw))
            )
            cols = rng.standard_normal((n * rows * columns, channels * case.kh * case.kw))
            yield Case(cols=cols, shape=(n, channels, height, width), **options)

    matrices.__doc__ = cases.__doc__
    return matrices


def other_matrices(rng):
    """A row too many, a column too few, the transpose."""
    case = next(given_back(several)(rng))
    for cols in (np.zeros((9, 18)), case.cols[:, 1:], case.cols.T):
        yield Case(**{**case, "cols": cols})


def integers(rng):
    """Signed integers."""
    cols = rng.integers(-9, 9, (4, 4))
    yield Case(cols=cols, shape=(2, 1, 2, 3), kh=2, kw=2, stride=1, padding=0)


def single_matrices(rng):
    """Matrices in float32, with a frame and without."""
    for case in given_back(framed)(rng):
        yield in_float32(case)


to_images = Exercise("convolution.col2im")


@to_images.check(given_back(several), weight=0.5, public=True)
def images_have_their_shape(subject, case):
    """The result has the shape that is asked for."""
    return {"x": 0.0 * subject.col2im(**case)}  # times 0: only the shape is left to compare


@to_images.check(given_back(one_image), weight=2, public=True)
def windows_add_up(subject, case):
    """A pixel gets the sum of all entries that stand for it."""
    return {"x": subject.col2im(**case)}


@to_images.check(given_back(several), weight=3, public=True)
def order_is_that_of_im2col(subject, case):
    """Rows and columns of the matrix are in the order of im2col."""
    return {"x": subject.col2im(**case)}


@to_images.check(given_back(strided), weight=1.5)
def stride_leads_to_the_next_window(subject, case):
    """With a stride, pixels in no window are 0."""
    return {"x": subject.col2im(**case)}


@to_images.check(given_back(framed), weight=2)
def frame_is_dropped(subject, case):
    """With padding, what falls on the frame is dropped."""
    return {"x": subject.col2im(**case)}


@to_images.check(given_back(square))
def sizes_may_be_equal(subject, case):
    """Images may be square, and there may be just one window or pixel."""
    return {"x": subject.col2im(**case)}


@to_images.check(other_matrices, weight=0.5, judge=raises(ValueError))
def other_shapes_are_refused(subject, case):
    """A matrix of another shape raises ValueError."""
    return {"x": subject.col2im(**case)}


@to_images.check(integers, weight=0.5)
def integers_are_accepted(subject, case):
    """Integers become float64."""
    return {"x": subject.col2im(**case)}


@to_images.check(single_matrices, weight=0.5, judge=exact)
def float32_is_kept(subject, case):
    """A matrix of float32 makes images of float32."""
    return {"dtype": str(subject.col2im(**case).dtype)}


@to_images.check(given_back(framed), weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The matrix that was given is left as it was."""
    subject.col2im(**case)
    return {"cols": case.cols}


ADDED = "padded[:, :, top : top + kh, left : left + kw] += windows[:, i, j]"
CROP = "padded[:, :, padding : padding + height, padding : padding + width]"
WINDOWS = ".reshape(n, len(tops), len(lefts), channels, kh, kw)"

to_images.mutant(
    "later_window_overwrites",
    old=ADDED,
    new=ADDED.replace("+=", "="),
    hint="A pixel lies in several windows. Which of their entries does it get?",
)
to_images.mutant(
    "averaged_over_the_windows",
    old=f"return {CROP}",
    new="count = np.zeros_like(padded)\n"
    "    for top in tops:\n"
    "        for left in lefts:\n"
    "            count[:, :, top : top + kh, left : left + kw] += 1\n"
    "    padded = padded / np.maximum(count, 1)\n"
    f"    return {CROP}",
    hint="Are the entries that stand for one pixel added, or averaged?",
)
to_images.mutant(
    "crop_to_minus_zero",
    old=CROP,
    new="padded[:, :, padding:-padding, padding:-padding]",
    hint="What is -0 as the end of a slice?",
)
to_images.mutant(
    "frame_not_cropped",
    old=f"return {CROP}",
    new="return padded",
    hint="Does the image still have its frame when it comes back?",
)
to_images.mutant(
    "wrong_corner",
    old=CROP,
    new="padded[:, :, :height, :width]",
    hint="Where in the padded image is the first pixel of the image itself?",
)
to_images.mutant(
    "images_last",
    old=WINDOWS,
    new=".reshape(len(tops), len(lefts), n, channels, kh, kw).transpose(2, 0, 1, 3, 4, 5)",
    hint="Which row comes after the first one: the next window, or the next image?",
)
to_images.mutant(
    "down_before_right",
    old=WINDOWS,
    new=".reshape(n, len(lefts), len(tops), channels, kh, kw).swapaxes(1, 2)",
    hint="Where is the second window: to the right of the first, or below it?",
)
to_images.mutant(
    "channels_last",
    old=WINDOWS,
    new=".reshape(n, len(tops), len(lefts), kh, kw, channels).transpose(0, 1, 2, 5, 3, 4)",
    hint="Which entry comes after the first one: the next pixel, or the next channel?",
)
to_images.mutant(
    "kernel_columns_first",
    old=WINDOWS,
    new=".reshape(n, len(tops), len(lefts), channels, kw, kh).swapaxes(4, 5)",
    hint="Which pixel of a window comes second: the one to the right of the first, or the one below it?",
)
to_images.mutant(
    "window_flipped",
    old=WINDOWS,
    new=f"{WINDOWS}[..., ::-1, ::-1]",
    hint="Which pixel of a window comes first?",
)
to_images.mutant(
    "stride_forgotten",
    old="padded[:, :, top",
    new="top, left = i, j\n            padded[:, :, top",
    hint="At which pixel does the second window begin when the stride is 2?",
)
to_images.mutant(
    "height_and_width_swapped",
    old="tall, wide = height",
    new="height, width = width, height\n    tall, wide = height",
    hint="Which number of the shape is the height of an image?",
)
to_images.mutant(
    "float64_always",
    old=", windows.dtype)",
    new=")",
    hint="Which dtype does numpy give to an array of zeros if you do not name one?",
)
to_images.mutant(
    "integers_stay_integers",
    old="as_float(cols)",
    new="np.asarray(cols)",
    hint="Which dtype do your images have for a matrix of integers?",
)
to_images.mutant(
    "any_matrix_will_do",
    old=f"require_shape(cols, {SHAPE})",
    new="pass",
    hint="What does your function make of a matrix of another shape that has as many entries?",
)
to_images.alternative(
    "scattered_at_the_indices_of_im2col",
    """
    def col2im(cols, shape, kh, kw, stride, padding):
        cols = as_float(cols)
        numbers = np.arange(1, np.prod(shape) + 1).reshape(shape)
        places = im2col(numbers, kh, kw, stride, padding).astype(int)
        if cols.shape != places.shape:
            raise ValueError("shapes differ")
        flat = np.zeros(numbers.size + 1, cols.dtype)  # the frame is number 0
        np.add.at(flat, places, cols)
        return flat[1:].reshape(shape)
    """,
)
to_images.alternative(
    "window_by_window",
    """
    def col2im(cols, shape, kh, kw, stride, padding):
        n, channels, height, width = shape
        rows = conv_output_size(height, kh, padding, stride)
        columns = conv_output_size(width, kw, padding, stride)
        if cols.shape != (n * rows * columns, channels * kh * kw):
            raise ValueError("shapes differ")
        images = pad2d(np.zeros(shape, as_float(cols).dtype), padding)
        for number, entries in enumerate(cols):
            image, place = divmod(number, rows * columns)
            i, j = divmod(place, columns)
            window = images[image, :, stride * i : stride * i + kh, stride * j : stride * j + kw]
            window += entries.reshape(channels, kh, kw)
        if padding:
            images = images[:, :, padding:-padding, padding:-padding]
        return images
    """,
)
to_images.alternative(
    "shifted_images",
    """
    def col2im(cols, shape, kh, kw, stride, padding):
        n, channels, height, width = shape
        tall, wide = height + 2 * padding, width + 2 * padding
        if kh > tall or kw > wide:
            raise ValueError("the window does not fit")
        rows, columns = (tall - kh) // stride + 1, (wide - kw) // stride + 1
        if cols.shape != (n * rows * columns, channels * kh * kw):
            raise ValueError("shapes differ")
        parts = as_float(cols).reshape(n, rows, columns, channels, kh, kw)
        parts = parts.transpose(0, 3, 4, 5, 1, 2)
        x = np.zeros((n, channels, tall + stride - 1, wide + stride - 1), parts.dtype)
        for r in range(kh):
            for q in range(kw):
                bottom, right = r + stride * rows, q + stride * columns
                x[:, :, r:bottom:stride, q:right:stride] += parts[:, :, r, q]
        return x[:, :, padding : padding + height, padding : padding + width].copy()
    """,
)
to_images.alternative(
    "entry_by_entry",
    """
    def col2im(cols, shape, kh, kw, stride, padding):
        n, channels, height, width = shape
        x = np.zeros(shape, as_float(cols).dtype)
        tops = range(-padding, height + padding - kh + 1, stride)
        lefts = range(-padding, width + padding - kw + 1, stride)
        if not tops or not lefts:
            raise ValueError("the window does not fit")
        if cols.shape != (n * len(tops) * len(lefts), channels * kh * kw):
            raise ValueError("shapes differ")
        window = 0
        for image in range(n):
            for top in tops:
                for left in lefts:
                    entries = iter(cols[window])
                    for channel in range(channels):
                        for row in range(top, top + kh):
                            for column in range(left, left + kw):
                                entry = next(entries)
                                if 0 <= row < height and 0 <= column < width:
                                    x[image, channel, row, column] += entry
                    window += 1
        return x
    """,
)
