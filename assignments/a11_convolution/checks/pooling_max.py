"""Max pooling, forward and backward."""

import numpy as np
from checks._images import distinct, in_float32

from autograder.declare import Case, Exercise, exact, raises


def bright(rng, *shape, **options):
    """Images of positive numbers that are all different."""
    return Case(x=distinct(rng, *shape, low=0.5, high=4.0), **options)


def side_by_side(rng):
    """Windows that neither overlap nor leave pixels out."""
    yield bright(rng, 2, 3, 4, 6, kernel=2, stride=2)
    yield bright(rng, 1, 2, 6, 3, kernel=3, stride=3)


def overlapping(rng):
    """A stride below the size of the window."""
    yield bright(rng, 2, 1, 4, 3, kernel=2, stride=1)
    yield bright(rng, 1, 3, 5, 7, kernel=3, stride=2)


def with_remainder(rng):
    """Pixels left over at the end of a row or column, then between the windows."""
    yield bright(rng, 2, 2, 5, 4, kernel=2, stride=2)
    yield bright(rng, 1, 2, 3, 5, kernel=2, stride=2)
    yield bright(rng, 1, 3, 7, 4, kernel=1, stride=3)
    yield bright(rng, 2, 1, 4, 8, kernel=2, stride=3)


def dark(rng):
    """Negative numbers alone, all different; windows side by side, overlapping, with a remainder."""
    for shape, kernel, stride in [((2, 1, 4, 6), 2, 2), ((1, 2, 5, 3), 3, 2), ((1, 1, 4, 5), 2, 1)]:
        yield Case(x=distinct(rng, *shape, low=-4.0, high=-0.5), kernel=kernel, stride=stride)


def small(rng):
    """One pixel, one window, as many examples as channels, rows and columns; both signs."""
    for shape, kernel, stride in [
        ((1, 1, 1, 1), 1, 1),
        ((2, 3, 2, 2), 2, 1),
        ((2, 2, 4, 4), 2, 2),
        ((3, 3, 3, 3), 1, 1),
        ((2, 1, 3, 4), 3, 5),
    ]:
        yield Case(x=distinct(rng, *shape) + 0.1, kernel=kernel, stride=stride)


def too_large(rng):
    """Windows that are too high, too wide, and both."""
    for shape, kernel, stride in [((1, 2, 2, 5), 3, 1), ((2, 1, 5, 2), 3, 2), ((1, 1, 2, 3), 5, 1)]:
        yield Case(x=rng.standard_normal(shape), kernel=kernel, stride=stride)


def bytes_and_integers(rng):
    """Unsigned bytes, then negative integers."""
    yield Case(x=rng.integers(0, 256, (2, 1, 3, 4)).astype(np.uint8), kernel=2, stride=1)
    yield Case(x=rng.integers(-90, 0, (1, 2, 4, 2)), kernel=2, stride=2)


def singles(rng):
    """Images in float32."""
    yield in_float32(bright(rng, 2, 1, 4, 3, kernel=2, stride=1))


pool = Exercise("convolution.maxpool2d")


@pool.check(with_remainder, weight=0.5, public=True)
def one_entry_for_each_window(subject, case):
    """Every channel gets one entry for each whole window."""
    return {"y": 0.0 * subject.maxpool2d(**case)}  # times 0: only the shape is left to compare


@pool.check(side_by_side, weight=3, public=True)
def largest_of_each_window(subject, case):
    """Each of the windows, which lie side by side, keeps its largest pixel."""
    return {"y": subject.maxpool2d(**case)}


@pool.check(overlapping, weight=2, public=True)
def windows_may_overlap(subject, case):
    """From one window to the next it is one stride, whatever the size of the windows."""
    return {"y": subject.maxpool2d(**case)}


@pool.check(with_remainder, weight=1.5)
def left_over_pixels_do_not_count(subject, case):
    """Pixels in no whole window do not count."""
    return {"y": subject.maxpool2d(**case)}


@pool.check(dark, weight=1.5)
def negative_numbers_have_a_largest_one(subject, case):
    """Each window keeps its largest pixel, also in an image of negative numbers alone."""
    return {"y": subject.maxpool2d(**case)}


@pool.check(small)
def sizes_may_be_one(subject, case):
    """There may be just one pixel, channel, image or window, and images may be square."""
    return {"y": subject.maxpool2d(**case)}


@pool.check(too_large, weight=0.5, judge=raises(ValueError))
def window_must_fit(subject, case):
    """A window that is larger than the image raises ValueError."""
    return {"y": subject.maxpool2d(**case)}


@pool.check(bytes_and_integers, weight=0.5)
def integers_are_accepted(subject, case):
    """Integers become float64."""
    return {"y": subject.maxpool2d(**case)}


@pool.check(singles, weight=0.5, judge=exact)
def float32_is_kept(subject, case):
    """Images of float32 are pooled to float32."""
    return {"dtype": str(subject.maxpool2d(**case).dtype)}


@pool.check(dark, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The images that were given are left as they were."""
    subject.maxpool2d(**case)
    return {"x": case.x}


WINDOW = "window = x[:, :, top : top + kernel, left : left + kernel]"
ASSIGNED = "y[:, :, i, j] = window.max(axis=(2, 3))"

pool.mutant(
    "starts_from_zero",
    old=ASSIGNED,
    new="y[:, :, i, j] = np.maximum(0, window.max(axis=(2, 3)))",
    hint="Which is larger: the largest pixel of a dark window, or the number that you start from?",
)
pool.mutant(
    "largest_size",
    old="window.max(",
    new="np.abs(window).max(",
    hint="Which is the larger number, -5 or 1?",
)
pool.mutant(
    "average",
    old="window.max(",
    new="window.mean(",
    hint="Which single pixel of the window does your result show?",
)
pool.mutant(
    "smallest",
    old="window.max(",
    new="window.min(",
    hint="Which pixel of a window is to be kept?",
)
pool.mutant(
    "one_for_all_channels",
    old=ASSIGNED,
    new="y[:, :, i, j] = window.max(axis=(1, 2, 3))[:, np.newaxis]",
    hint="Does each channel keep a pixel of its own?",
)
pool.mutant(
    "one_for_all_images",
    old=ASSIGNED,
    new="y[:, :, i, j] = window.max()",
    hint="Over which axes of a window is the largest sought, and which ones have to remain?",
)
pool.mutant(
    "height_and_width_swapped",
    old="n, channels, height, width",
    new="n, channels, width, height",
    hint="Which axis of an image is its height: the one of rows, or the one of columns?",
)
pool.mutant(
    "height_twice",
    old="range(0, width",
    new="range(0, height",
    hint="How many sizes does an image have, and which one did you use for the columns?",
)
pool.mutant(
    "reshaped_in_the_wrong_order",
    old=WINDOW,
    new="start = (len(lefts) * i + j) * kernel**2\n            "
    "window = x.reshape(n, channels, -1, 1)[:, :, start : start + kernel**2]",
    hint="Which four pixels make up the first window? Check one by hand.",
)
pool.mutant(
    "stride_is_the_kernel",
    old="    x = as_float(x)",
    new="    x, stride = as_float(x), kernel",
    hint="Which argument says how far the next window is away?",
)
pool.mutant(
    "stride_forgotten",
    old="window = x[:, :, top",
    new="top, left = i, j\n            window = x[:, :, top",
    hint="At which pixel does the second window begin when the stride is 2?",
)
pool.mutant(
    "windows_as_large_as_the_stride",
    old=WINDOW,
    new="window = x[:, :, top : top + stride, left : left + stride]",
    hint="Which argument says how large a window is?",
)
pool.mutant(
    "partial_windows",
    old="y = np.zeros(",
    new="tops = range(0, height - kernel + stride, stride)\n"
    "    lefts = range(0, width - kernel + stride, stride)\n    y = np.zeros(",
    hint="Does a window that sticks out of the image count?",
)
pool.mutant(
    "padded_with_zeros",
    old="x = as_float(x)",
    new="x = pad2d(x, kernel // 2)",
    hint="Are there pixels beyond the border of the image?",
)
pool.mutant(
    "winner_in_the_images_place",
    old=ASSIGNED,
    new=f"{ASSIGNED}\n            window[...] = window.max(axis=(2, 3), keepdims=True)",
    hint="What do you write to when you write to a slice of an array?",
)
pool.mutant(
    "float64_always",
    old="len(lefts)), x.dtype)",
    new="len(lefts)))",
    hint="Which dtype does numpy give to an array of zeros if you do not name one?",
)
pool.mutant(
    "integers_stay_integers",
    old="x = as_float(x)",
    new="x = np.asarray(x)",
    hint="Which dtype does an image of integers have when it leaves your function?",
)
pool.alternative(
    "view_of_all_windows",
    """
    def maxpool2d(x, kernel, stride):
        view = np.lib.stride_tricks.sliding_window_view(as_float(x), (kernel, kernel), (2, 3))
        return view[:, :, ::stride, ::stride].max(axis=(-1, -2))
    """,
)
pool.alternative(
    "largest_of_shifted_images",
    """
    def maxpool2d(x, kernel, stride):
        x = as_float(x)
        down, across = x.shape[2] - kernel, x.shape[3] - kernel
        if down < 0 or across < 0:
            raise ValueError("the window does not fit")
        y = -np.inf
        for r in range(kernel):
            for q in range(kernel):
                shifted = x[:, :, r : r + down + 1 : stride, q : q + across + 1 : stride]
                y = np.maximum(y, shifted)
        return y
    """,
)
pool.alternative(
    "loops",
    """
    def maxpool2d(x, kernel, stride):
        n, channels, height, width = x.shape
        if kernel > height or kernel > width:
            raise ValueError("the window does not fit")
        rows = (height - kernel) // stride + 1
        columns = (width - kernel) // stride + 1
        y = np.empty((n, channels, rows, columns), as_float(x).dtype)
        for image in range(n):
            for channel in range(channels):
                for i in range(rows):
                    for j in range(columns):
                        largest = float("-inf")
                        for r in range(kernel):
                            for q in range(kernel):
                                pixel = x[image, channel, i * stride + r, j * stride + q]
                                if pixel > largest:
                                    largest = pixel
                        y[image, channel, i, j] = largest
        return y
    """,
)
pool.alternative(
    "rows_first",
    """
    def maxpool2d(x, kernel, stride):
        x = as_float(x)
        if kernel > min(x.shape[2:]):
            raise ValueError("the window does not fit")
        tops = range(0, x.shape[2] - kernel + 1, stride)
        lefts = range(0, x.shape[3] - kernel + 1, stride)
        tall = np.stack([x[:, :, top : top + kernel].max(axis=2) for top in tops], axis=2)
        return np.stack([tall[..., left : left + kernel].max(axis=3) for left in lefts], axis=3)
    """,
)


def places(case):
    """Return how many rows and columns of windows an image has."""
    return [(size - case.kernel) // case.stride + 1 for size in case.x.shape[2:]]


def arriving(cases):
    """Return a source of the same images, each with the gradient that arrives at its windows."""

    def with_gradients(rng):
        for case in cases(rng):
            shape = (*case.x.shape[:2], *places(case))
            dout = rng.uniform(0.5, 2.0, shape) * rng.choice([-1.0, 1.0], shape)
            yield Case(dout=dout, **case)

    with_gradients.__doc__ = cases.__doc__
    return with_gradients


def tied(rng):
    """Windows side by side, of few grey values, none of them negative or none positive; zeros."""
    for shape, kernel in [((2, 2, 4, 6), 2), ((1, 2, 3, 6), 3)]:
        steps = rng.integers(0, 3, shape).astype(float)
        yield Case(x=steps, kernel=kernel, stride=kernel)
        yield Case(x=-steps, kernel=kernel, stride=kernel)
    yield Case(x=np.zeros((1, 2, 4, 2)), kernel=2, stride=2)


def tied_and_overlapping(rng):
    """Images of few grey values, whose windows overlap."""
    for shape, kernel, stride in [((2, 1, 4, 5), 2, 1), ((1, 2, 5, 5), 3, 2)]:
        yield Case(x=rng.integers(0, 2, shape).astype(float), kernel=kernel, stride=stride)


def other_gradients(rng):
    """A row too many, a column too few, one image or channel for all."""
    case = next(arriving(overlapping)(rng))
    x = np.concatenate([case.x, case.x], axis=1)
    dout = np.concatenate([case.dout, case.dout], axis=1)
    for wrong in (np.zeros((2, 2, 4, 2)), dout[..., :1], dout[:, :1], dout[:1]):
        yield Case(dout=wrong, x=x, kernel=case.kernel, stride=case.stride)


def single_gradients(rng):
    """Images and gradients in float32."""
    for case in arriving(overlapping)(rng):
        yield in_float32(case)


def windows(image, case):
    """Return the windows of a channel, which lie side by side, as the rows of a matrix."""
    k = case.kernel
    height, width = image.shape
    return image.reshape(height // k, k, width // k, k).swapaxes(1, 2).reshape(-1, k * k)


def received(dx, case):
    """Return for each window how much its pixels got, and how many of them got anything."""
    every = np.concatenate(
        [windows(np.asarray(dx)[place], case) for place in np.ndindex(case.x.shape[:2])]
    )
    return {"sums": every.sum(axis=1), "winners": np.count_nonzero(every, axis=1)}


def losers(dx, case):
    """Return how many pixels got a gradient although they are the largest of no window."""
    rows, columns = places(case)
    largest = np.zeros(case.x.shape, bool)
    for i, j in np.ndindex(rows, columns):
        top, left = case.stride * i, case.stride * j
        window = np.s_[:, :, top : top + case.kernel, left : left + case.kernel]
        largest[window] |= case.x[window] == case.x[window].max(axis=(2, 3), keepdims=True)
    return int(np.count_nonzero(np.where(largest, 0.0, dx)))


back = Exercise("convolution.maxpool2d_backward")


@back.check(arriving(with_remainder), weight=0.5, public=True)
def gradient_has_the_shape_of_the_images(subject, case):
    """The gradient has one entry for each pixel."""
    return {"dx": 0.0 * subject.maxpool2d_backward(**case)}  # times 0: only the shape is left


@back.check(arriving(side_by_side), weight=3, public=True)
def winner_gets_all(subject, case):
    """The largest pixel of a window gets all of its gradient, the others get nothing."""
    return {"dx": subject.maxpool2d_backward(**case)}


@back.check(arriving(overlapping), weight=2, public=True)
def several_wins_add_up(subject, case):
    """A pixel that won several windows gets the sum of their gradients."""
    return {"dx": subject.maxpool2d_backward(**case)}


@back.check(arriving(with_remainder), weight=1.5)
def left_over_pixels_get_nothing(subject, case):
    """Pixels in no window have the gradient 0."""
    return {"dx": subject.maxpool2d_backward(**case)}


@back.check(arriving(tied), weight=1.5)
def ties_have_one_winner(subject, case):
    """Where several pixels are the largest, one of them gets everything; any of them may."""
    dx = subject.maxpool2d_backward(case.dout, case.x.copy(), case.kernel, case.stride)
    return {**received(dx, case), "losers_with_a_gradient": losers(dx, case)}


@back.check(arriving(tied_and_overlapping))
def ties_may_overlap(subject, case):
    """With ties in windows that overlap, nothing is lost, and nothing goes to a smaller pixel."""
    dx = subject.maxpool2d_backward(case.dout, case.x.copy(), case.kernel, case.stride)
    return {"sums": np.sum(dx, axis=(2, 3)), "losers_with_a_gradient": losers(dx, case)}


@back.check(arriving(dark))
def negative_numbers_have_a_largest_one(subject, case):
    """Each window has a winner, also in an image of negative numbers alone."""
    return {"dx": subject.maxpool2d_backward(**case)}


@back.check(arriving(small))
def sizes_may_be_one(subject, case):
    """There may be just one pixel, channel, image or window, and images may be square."""
    return {"dx": subject.maxpool2d_backward(**case)}


@back.check(other_gradients, weight=0.5, judge=raises(ValueError))
def other_shapes_are_refused(subject, case):
    """A gradient that does not have the shape of the output raises ValueError."""
    return {"dx": subject.maxpool2d_backward(**case)}


@back.check(arriving(bytes_and_integers), weight=0.5)
def integers_are_accepted(subject, case):
    """Images of integers have a gradient in float64."""
    return {"sums": subject.maxpool2d_backward(**case).sum(axis=(2, 3))}


@back.check(single_gradients, weight=0.5, judge=exact)
def float32_is_kept(subject, case):
    """Images and gradients of float32 have a gradient of float32."""
    return {"dtype": str(subject.maxpool2d_backward(**case).dtype)}


@back.check(arriving(overlapping), weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The arguments are left as they were."""
    subject.maxpool2d_backward(**case)
    return {"dout": case.dout, "x": case.x}


WINNER = "row, column = np.unravel_index(window.argmax(), window.shape)"
HANDED_ON = "dx[image, channel, top + row, left + column] += dout[image, channel, i, j]"
PATCH = "dx[image, channel, top : top + kernel, left : left + kernel]"

back.mutant(
    "later_window_overwrites",
    old=HANDED_ON,
    new=HANDED_ON.replace("+=", "="),
    hint="A pixel won two windows. What happens to the gradient of the first one?",
)
back.mutant(
    "every_tied_pixel_wins",
    old=HANDED_ON,
    new=f"{PATCH} += (window == window.max()) * dout[image, channel, i, j]",
    hint="Two pixels of a window are equally large. How much gradient do they get together?",
)
back.mutant(
    "tied_pixels_share",
    old=HANDED_ON,
    new="best = window == window.max()\n"
    f"        {PATCH} += best * dout[image, channel, i, j] / best.sum()",
    hint="Two pixels of a window are equally large. How many winners does a window have in this course?",
)
back.mutant(
    "equal_pixels_elsewhere",
    old=HANDED_ON,
    new="dx[image, channel] += (x[image, channel] == window.max()) * dout[image, channel, i, j]",
    hint="Can a pixel win a window that it does not lie in?",
)
back.mutant(
    "return_in_the_loop",
    old=HANDED_ON,
    new=f"{HANDED_ON}\n        return dx",
    hint="How many windows have been looked at when your function returns?",
)
back.mutant(
    "all_pixels_get_it",
    old=HANDED_ON,
    new=f"{PATCH} += dout[image, channel, i, j]",
    hint="Which pixels of a window does its result depend on?",
)
back.mutant(
    "gradient_ignored",
    old=HANDED_ON,
    new=HANDED_ON.replace("dout[image, channel, i, j]", "1"),
    hint="What does your function do with the gradient that arrives?",
)
back.mutant(
    "times_the_pixel",
    old=HANDED_ON,
    new=f"{HANDED_ON} * window.max()",
    hint="What is the derivative of the largest pixel with respect to itself?",
)
back.mutant(
    "divided_among_the_window",
    old=HANDED_ON,
    new=f"{HANDED_ON} / kernel**2",
    hint="How much does the result change when the winner grows by one?",
)
back.mutant(
    "smallest_wins",
    old="window.argmax()",
    new="window.argmin()",
    hint="Which pixel of a window did the forward pass keep?",
)
back.mutant(
    "largest_size_wins",
    old="window.argmax()",
    new="np.abs(window).argmax()",
    hint="Which is the larger number, -5 or 1?",
)
back.mutant(
    "no_winner_below_zero",
    old=f"        {HANDED_ON}",
    new=f"        if window.max() > 0:\n            {HANDED_ON}",
    hint="Does a window of negative numbers have a largest one?",
)
back.mutant(
    "place_in_the_window",
    old="top + row, left + column] +=",
    new="row, column] +=",
    hint="Relative to what does argmax count: to the window, or to the image?",
)
back.mutant(
    "row_and_column_swapped",
    old="row, column = np",
    new="column, row = np",
    hint="Which of the two coordinates counts the rows?",
)
back.mutant(
    "flat_place",
    old=WINNER,
    new="row, column = 0, window.argmax() % kernel",
    hint="argmax of a table returns a single number. Which row does it stand for?",
)
back.mutant(
    "stride_is_the_kernel",
    old="top, left = stride * i, stride * j",
    new="top, left = kernel * i, kernel * j",
    hint="Which argument says how far the next window is away?",
)
back.mutant(
    "stride_forgotten",
    old="top, left = stride * i, stride * j",
    new="top, left = i, j",
    hint="At which pixel did the second window begin in the forward pass?",
)
back.mutant(
    "winners_crossed_out",
    old=HANDED_ON,
    new=f"{HANDED_ON}\n        window[row, column] = -1e9",
    hint="What do you write to when you write to a slice of an array?",
)
back.mutant(
    "float64_always",
    old="np.zeros_like(as_float(x))",
    new="np.zeros(x.shape)",
    hint="Which dtype does numpy give to an array of zeros if you do not name one?",
)
back.mutant(
    "integers_stay_integers",
    old="np.zeros_like(as_float(x))",
    new="np.zeros_like(x)",
    hint="What becomes of a gradient of one half in an array of integers?",
)
back.mutant(
    "any_gradient_will_do",
    old="require_shape(dout, (n, channels, rows, columns))",
    new="pass",
    hint="What does your function make of a gradient with more rows than the output has?",
)
back.mutant(
    "shape_of_the_output",
    old="np.zeros_like(as_float(x))",
    new="np.zeros_like(dout)",
    hint="With respect to what is the gradient taken, and which shape does that have?",
)
back.mutant(
    "left_over_pixels_cut_off",
    old="dx = np.zeros_like(as_float(x))",
    new="x = x[:, :, : stride * (rows - 1) + kernel, : stride * (columns - 1) + kernel]\n"
    "    dx = np.zeros_like(as_float(x))",
    hint="Some pixels lie in no window. Where are they in your gradient?",
)
back.alternative(
    "last_winner",
    """
    def maxpool2d_backward(dout, x, kernel, stride):
        dx = np.zeros_like(as_float(x))
        rows = (x.shape[2] - kernel) // stride + 1
        columns = (x.shape[3] - kernel) // stride + 1
        if dout.shape != (*x.shape[:2], rows, columns):
            raise ValueError("shapes differ")
        for i in range(rows):
            for j in range(columns):
                for image in range(len(x)):
                    for channel in range(x.shape[1]):
                        best, place = None, None
                        for r in range(i * stride, i * stride + kernel):
                            for q in range(j * stride, j * stride + kernel):
                                if best is None or x[image, channel, r, q] >= best:
                                    best, place = x[image, channel, r, q], (r, q)
                        dx[(image, channel, *place)] += dout[image, channel, i, j]
        return dx
    """,
)
back.alternative(
    "all_channels_at_once",
    """
    def maxpool2d_backward(dout, x, kernel, stride):
        n, channels, height, width = x.shape
        rows, columns = (height - kernel) // stride + 1, (width - kernel) // stride + 1
        if dout.shape != (n, channels, rows, columns):
            raise ValueError("shapes differ")
        dx = np.zeros((n, channels, height, width), as_float(x).dtype)
        for i in range(rows):
            for j in range(columns):
                place = np.s_[:, :, i * stride : i * stride + kernel, j * stride : j * stride + kernel]
                flat = x[place].reshape(n, channels, -1)
                winner = np.arange(kernel * kernel) == flat.argmax(axis=2)[:, :, None]
                part = winner * dout[:, :, i, j, None]
                dx[place] += part.reshape(n, channels, kernel, kernel)
        return dx
    """,
)
back.alternative(
    "scattered_at_flat_indices",
    """
    def maxpool2d_backward(dout, x, kernel, stride):
        x = as_float(x)
        n, channels, height, width = x.shape
        view = np.lib.stride_tricks.sliding_window_view(x, (kernel, kernel), (2, 3))
        view = view[:, :, ::stride, ::stride]
        if dout.shape != view.shape[:4]:
            raise ValueError("shapes differ")
        best = view.reshape(*view.shape[:4], -1).argmax(axis=-1)
        image, channel, i, j = np.indices(best.shape)
        dx = np.zeros_like(x, order="C")
        np.add.at(dx, (image, channel, i * stride + best // kernel, j * stride + best % kernel), dout)
        return dx
    """,
)
back.alternative(
    "one_offset_after_the_other",
    """
    def maxpool2d_backward(dout, x, kernel, stride):
        x, dout = as_float(x), as_float(dout)
        down, across = x.shape[2] - kernel, x.shape[3] - kernel
        if dout.shape != (*x.shape[:2], down // stride + 1, across // stride + 1):
            raise ValueError("shapes differ")
        best, left, dx = maxpool2d(x, kernel, stride), dout.copy(), np.zeros_like(x)
        for r in range(kernel):
            for q in range(kernel):
                place = np.s_[:, :, r : r + down + 1 : stride, q : q + across + 1 : stride]
                won = x[place] == best
                dx[place] += np.where(won, left, 0)
                left = np.where(won, 0, left)
        return dx
    """,
)
