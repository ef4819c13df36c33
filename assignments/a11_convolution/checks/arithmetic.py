"""The size of a feature map, and the frame of zeros that can change it."""

import numpy as np

from autograder.declare import Case, Exercise, exact, raises


def sized(rng, *, stride, padding=0, left_over=0):
    """Draw a kernel and an image with a frame, on which so many pixels are left over at the end."""
    kernel = 2 * padding + int(rng.integers(2, 5))
    places = int(rng.integers(3, 6))
    n = kernel + (places - 1) * stride + left_over - 2 * padding
    return Case(n=n, kernel=kernel, padding=padding, stride=stride)


def without_padding(rng):
    """The stride divides what is left beside the kernel."""
    for stride in (1, 2, 3):
        yield sized(rng, stride=stride)


def with_padding(rng):
    """Frames of different widths; the stride divides."""
    for padding, stride in [(1, 1), (2, 1), (1, 2), (3, 2)]:
        yield sized(rng, stride=stride, padding=padding)


def with_remainder(rng):
    """Some pixels at the end are left over: one, two, three."""
    for left_over, stride, padding in [(1, 2, 0), (2, 3, 0), (1, 3, 1), (3, 4, 1), (1, 4, 2)]:
        yield sized(rng, stride=stride, padding=padding, left_over=left_over)


def extremes(rng):
    """A kernel as large as the padded image, a kernel of one pixel, a stride beyond the image."""
    n = int(rng.integers(4, 9))
    for kernel, padding, stride in [(n, 0, 1), (n + 4, 2, 3), (1, 0, 1), (1, 0, 3), (n - 1, 0, 9)]:
        yield Case(n=n, kernel=kernel, padding=padding, stride=stride)
    yield Case(n=1, kernel=1, padding=0, stride=1)


def too_large(rng):
    """One pixel too large, far too large, with and without a frame."""
    n = int(rng.integers(2, 6))
    for kernel, padding, stride in [(n + 1, 0, 1), (n + 3, 1, 2), (n + 7, 1, 1), (n + 1, 0, 3)]:
        yield Case(n=n, kernel=kernel, padding=padding, stride=stride)


size = Exercise("convolution.conv_output_size")


@size.check(without_padding, weight=2, public=True, judge=exact)
def counts_the_places_of_the_kernel(subject, case):
    """Without padding, the size is the number of places at which the kernel fits."""
    return {"size": float(subject.conv_output_size(**case))}


@size.check(with_padding, weight=2, public=True, judge=exact)
def frame_makes_more_places(subject, case):
    """A frame around the image makes room for more places."""
    return {"size": float(subject.conv_output_size(**case))}


@size.check(with_remainder, weight=2, public=True, judge=exact)
def left_over_pixels_do_not_count(subject, case):
    """Pixels that are left over at the end do not make another place."""
    return {"size": float(subject.conv_output_size(**case))}


@size.check(extremes, judge=exact)
def one_place_is_a_size(subject, case):
    """The count is right for the largest kernel that fits, for the smallest, and for long strides."""
    return {"size": float(subject.conv_output_size(**case))}


@size.check(too_large, judge=raises(ValueError))
def kernel_must_fit(subject, case):
    """A kernel that is larger than the padded image raises ValueError."""
    return {"size": subject.conv_output_size(**case)}


@size.check(without_padding, weight=0.5, judge=exact)
def size_is_a_whole_number(subject, case):
    """The size is an integer, so that it can stand in a shape."""
    return {"size": subject.conv_output_size(**case)}


SIZE = "(n + 2 * padding - kernel) // stride + 1"

size.mutant(
    "no_floor",
    old="// stride",
    new="/ stride",
    hint="Can a kernel stand at two and a half places?",
)
size.mutant(
    "size_is_a_float",
    old=SIZE,
    new=f"float({SIZE})",
    hint="What is the type of your result, and can numpy make a shape of it?",
)
size.mutant(
    "ceil",
    old=SIZE,
    new="-((kernel - n - 2 * padding) // stride) + 1",
    hint="Does a window that sticks out of the image count?",
)
size.mutant(
    "rounds",
    old=SIZE,
    new="round((n + 2 * padding - kernel) / stride) + 1",
    hint="If two thirds of another place would fit, how many places do you count?",
)
size.mutant(
    "pads_once",
    old="(n + 2 * padding - kernel)",
    new="(n + padding - kernel)",
    hint="Along this axis, on how many sides of the image is the frame?",
)
size.mutant(
    "padding_forgotten",
    old="(n + 2 * padding - kernel)",
    new="(n - kernel)",
    hint="Does your size depend on every argument?",
)
size.mutant(
    "one_place_short",
    old=" // stride + 1",
    new=" // stride",
    hint="A kernel is as large as the image: at how many places does it fit?",
)
size.mutant(
    "kernel_forgotten",
    old="(n + 2 * padding - kernel) // stride + 1",
    new="(n + 2 * padding) // stride",
    hint="Can a kernel start at the last pixel of the image?",
)
size.mutant(
    "one_is_divided_too",
    old=SIZE,
    new="(n + 2 * padding - kernel + 1) // stride",
    hint="What exactly is divided by the stride? Count the places of a kernel of 2 on 4 pixels, with a stride of 2.",
)
size.mutant(
    "precedence",
    old="(n + 2 * padding - kernel) // stride",
    new="n + 2 * padding - kernel // stride",
    hint="Which of your operators does Python carry out first?",
)
size.mutant(
    "stride_forgotten",
    old=" // stride + 1",
    new=" + 1",
    hint="Does your size depend on every argument?",
)
size.mutant(
    "kernel_may_be_too_large",
    old="if kernel > n + 2 * padding:",
    new="if False:",
    hint="What does your formula say when the kernel does not fit at all?",
)
size.mutant(
    "fit_without_the_frame",
    old="if kernel > n + 2 * padding:",
    new="if kernel > n:",
    hint="A kernel larger than the image: can it fit onto the image with its frame?",
)
size.alternative(
    "number_of_starts",
    """
    def conv_output_size(n, kernel, padding, stride):
        starts = range(0, n + 2 * padding - kernel + 1, stride)
        if not starts:
            raise ValueError("the kernel does not fit")
        return len(starts)
    """,
)
size.alternative(
    "walk",
    """
    def conv_output_size(n, kernel, padding, stride):
        start, places = -padding, 0
        while start + kernel <= n + padding:
            places += 1
            start += stride
        if places == 0:
            raise ValueError("the kernel does not fit")
        return places
    """,
)
size.alternative(
    "floor_of_a_quotient",
    """
    def conv_output_size(n, kernel, padding, stride):
        left_over = n - kernel + padding + padding
        if left_over < 0:
            raise ValueError("the kernel does not fit")
        return int(np.floor(left_over / stride)) + 1
    """,
)
size.alternative(
    "division_with_remainder",
    """
    def conv_output_size(n, kernel, padding, stride):
        wide = n + 2 * padding
        if wide < kernel:
            raise ValueError("the kernel does not fit")
        whole, _ = divmod(wide - kernel + stride, stride)
        return np.int64(whole)
    """,
)


def framed(rng):
    """Frames of one, two and three pixels."""
    for shape, padding in [((2, 3, 2, 4), 1), ((1, 2, 3, 1), 2), ((2, 1, 1, 2), 3)]:
        yield Case(x=rng.standard_normal(shape), padding=padding)


def frameless(rng):
    """No frame at all."""
    for shape in [(2, 3, 2, 4), (1, 1, 3, 2)]:
        yield Case(x=rng.standard_normal(shape), padding=0)


def square(rng):
    """As many examples as channels, rows and columns; a single pixel."""
    for shape, padding in [((3, 3, 3, 3), 1), ((2, 2, 2, 2), 2), ((1, 1, 1, 1), 1)]:
        yield Case(x=rng.standard_normal(shape), padding=padding)


def bytes_and_integers(rng):
    """Unsigned bytes, then signed integers."""
    yield Case(x=rng.integers(0, 256, (2, 1, 2, 3)).astype(np.uint8), padding=1)
    yield Case(x=rng.integers(-9, 9, (1, 2, 2, 3)), padding=2)


def singles(rng):
    """Images in float32, with a frame and without."""
    for padding in (1, 0):
        yield Case(x=rng.standard_normal((2, 1, 2, 3)).astype(np.float32), padding=padding)


pad = Exercise("convolution.pad2d")


@pad.check(framed, weight=0.5, public=True)
def images_grow(subject, case):
    """Every image grows by the frame on all four sides."""
    return {"padded": 0.0 * subject.pad2d(**case)}  # times 0: only the shape is left to compare


@pad.check(framed, weight=3, public=True)
def frame_is_of_zeros(subject, case):
    """The image is in the middle, and zeros are around it."""
    return {"padded": subject.pad2d(**case)}


@pad.check(square, weight=1.5)
def only_rows_and_columns_are_padded(subject, case):
    """There are no more examples and no more channels than before."""
    return {"padded": subject.pad2d(**case)}


@pad.check(frameless)
def no_frame_is_no_change(subject, case):
    """A padding of 0 changes nothing."""
    return {"padded": subject.pad2d(**case)}


@pad.check(bytes_and_integers, weight=0.5)
def integers_are_accepted(subject, case):
    """Integers become float64."""
    return {"padded": subject.pad2d(**case)}


@pad.check(singles, weight=0.5, judge=exact)
def float32_is_kept(subject, case):
    """Images of float32 stay float32."""
    return {"dtype": str(subject.pad2d(**case).dtype)}


@pad.check(framed, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The images that were given are left as they were."""
    subject.pad2d(**case)
    return {"x": case.x}


PAD = "[(0, 0), (0, 0), (padding, padding), (padding, padding)]"

pad.mutant(
    "after_only",
    old=PAD,
    new="[(0, 0), (0, 0), (0, padding), (0, padding)]",
    hint="On how many sides of the image are there zeros?",
)
pad.mutant(
    "before_only",
    old=PAD,
    new="[(0, 0), (0, 0), (padding, 0), (padding, 0)]",
    hint="What is to the right of the image and below it?",
)
pad.mutant(
    "all_axes",
    old=PAD,
    new="padding",
    hint="How many examples does your result have, and how many channels?",
)
pad.mutant(
    "rows_only",
    old=PAD,
    new="[(0, 0), (0, 0), (padding, padding), (0, 0)]",
    hint="Along which axes does your result grow?",
)
pad.mutant(
    "columns_only",
    old=PAD,
    new="[(0, 0), (0, 0), (0, 0), (padding, padding)]",
    hint="Along which axes does your result grow?",
)
pad.mutant(
    "channels_last",
    old=PAD,
    new="[(0, 0), (padding, padding), (padding, padding), (0, 0)]",
    hint="In which order do the axes of an image stand in this course?",
)
pad.mutant(
    "border_repeated",
    old=f"{PAD})",
    new=f'{PAD}, mode="edge")',
    hint="Which numbers stand in the frame?",
)
pad.mutant(
    "frame_of_ones",
    old=f"{PAD})",
    new=f"{PAD}, constant_values=1)",
    hint="Which numbers stand in the frame?",
)
pad.mutant(
    "half_on_each_side",
    old=PAD,
    new="[(0, 0), (0, 0), *[(padding // 2, padding - padding // 2)] * 2]",
    hint="Is padding the width of the frame on one side, or on both sides together?",
)
pad.mutant(
    "integers_stay_integers",
    old="as_float(x)",
    new="np.asarray(x)",
    hint="Which dtype does an image of integers have when it leaves your function?",
)
pad.mutant(
    "float64_always",
    old="as_float(x)",
    new="np.asarray(x, float)",
    hint="float32 goes in: which dtype comes out, and where does it change?",
)
pad.mutant(
    "slice_to_minus_zero",
    old=f"return np.pad(as_float(x), {PAD})",
    new="n, c, h, w = x.shape\n"
    "    framed = np.zeros((n, c, h + 2 * padding, w + 2 * padding), as_float(x).dtype)\n"
    "    framed[:, :, padding:-padding, padding:-padding] = x\n"
    "    return framed",
    hint="What is -0 as the end of a slice?",
)
pad.mutant(
    "frame_on_the_image",
    old=f"return np.pad(as_float(x), {PAD})",
    new="framed = as_float(x)\n"
    "    framed[:, :, :padding] = framed[:, :, -padding:] = 0\n"
    "    framed[..., :padding] = framed[..., -padding:] = 0\n"
    "    return framed",
    hint="How much larger is your result than the image, and what became of the pixels at its border?",
)
pad.alternative(
    "written_into_zeros",
    """
    def pad2d(x, padding):
        x = as_float(x)
        n, c, h, w = x.shape
        padded = np.zeros((n, c, h + 2 * padding, w + 2 * padding), x.dtype)
        padded[:, :, padding : padding + h, padding : padding + w] = x
        return padded
    """,
)
pad.alternative(
    "strips_joined",
    """
    def pad2d(x, padding):
        x = as_float(x)
        side = np.zeros((*x.shape[:3], padding), x.dtype)
        wide = np.concatenate([side, x, side], axis=3)
        lid = np.zeros((*x.shape[:2], padding, wide.shape[3]), x.dtype)
        return np.concatenate([lid, wide, lid], axis=2)
    """,
)
pad.alternative(
    "pixel_by_pixel",
    """
    def pad2d(x, padding):
        n, c, h, w = x.shape
        dtype = x.dtype if x.dtype.kind == "f" else np.float64
        padded = np.zeros((n, c, padding + h + padding, padding + w + padding), dtype)
        for i in range(h):
            for j in range(w):
                padded[:, :, padding + i, padding + j] = x[:, :, i, j]
        return padded
    """,
)
pad.alternative(
    "matrices_that_shift",
    """
    def pad2d(x, padding):
        x = as_float(x)
        down = np.eye(x.shape[2] + 2 * padding, x.shape[2], -padding, dtype=x.dtype)
        across = np.eye(x.shape[3] + 2 * padding, x.shape[3], -padding, dtype=x.dtype)
        return np.einsum("ah,bw,nchw->ncab", down, across, x)
    """,
)
