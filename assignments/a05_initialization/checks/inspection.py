"""Looking at weights: histograms, and filters and feature maps as one image."""

import numpy as np

from autograder.declare import Case, Exercise, exact, raises


def weights_of_layers(rng):
    """Weights of a dense layer and of a vector, few bins and many."""
    yield Case(weights=rng.standard_normal((6, 5)), bins=4)
    yield Case(weights=0.1 * rng.standard_normal(40) + 0.3, bins=7)


def more_weights(rng):
    """Filters, a square table, a single bin, more bins than weights."""
    yield Case(weights=rng.uniform(-2.0, 0.5, (3, 2, 4, 3)), bins=5)
    yield Case(weights=rng.standard_normal((5, 5)) - 4.0, bins=5)
    yield Case(weights=rng.standard_normal((4, 3)), bins=1)
    yield Case(weights=rng.standard_normal(6), bins=20)


def on_the_edges(rng):
    """Weights that lie on the borders of the bins."""
    yield Case(weights=np.array([[0.0, 0.25, 0.5], [0.75, 1.0, 0.25]]), bins=4)
    yield Case(weights=rng.permutation(np.repeat([-2.0, -1.0, 0.0, 1.0, 2.0], 3)), bins=4)


def all_equal(rng):
    """Weights that are all the same."""
    yield Case(shape=(2, 3), weight=0.5, bins=4)
    yield Case(shape=(int(rng.integers(3, 9)),), weight=0.0, bins=3)


def whole_weights(rng):
    """Integers, and unsigned bytes."""
    yield Case(weights=rng.permutation(np.arange(-7, 8)), bins=4)
    yield Case(weights=rng.permutation(np.arange(5, 250, 7)).astype(np.uint8), bins=6)


def no_bins(rng):
    """No bin, and fewer than none."""
    for bins in (0, -2):
        yield Case(weights=rng.standard_normal(5), bins=bins)


def counted(pair):
    """Return counts and edges of a histogram by name."""
    counts, edges = pair
    return {"counts": np.asarray(counts), "edges": np.asarray(edges)}


histogram = Exercise("diagnostics.weight_histogram")


@histogram.check(weights_of_layers, weight=3, public=True)
def counts_and_edges(subject, case):
    """Bins of equal width go from the smallest weight to the largest, and every weight counts."""
    return counted(subject.weight_histogram(case.weights, case.bins))


@histogram.check(more_weights, weight=2)
def weights_of_any_shape(subject, case):
    """Filters and square tables are counted entry by entry, into any number of bins."""
    return counted(subject.weight_histogram(case.weights, case.bins))


@histogram.check(on_the_edges)
def borders_belong_to_the_upper_bin(subject, case):
    """A weight on a border belongs to the upper bin, the largest weight to the last bin."""
    return counted(subject.weight_histogram(case.weights, case.bins))


@histogram.check(all_equal, weight=0.5)
def equal_weights_get_a_unit(subject, case):
    """If all weights are equal, the bins reach half a unit below and above."""
    return counted(subject.weight_histogram(np.full(case.shape, case.weight), case.bins))


@histogram.check(whole_weights, weight=0.5)
def integers_are_accepted(subject, case):
    """Integers become float64 before they are counted."""
    return counted(subject.weight_histogram(case.weights, case.bins))


@histogram.check(no_bins, weight=0.5, judge=raises(ValueError))
def needs_a_bin(subject, case):
    """Less than one bin raises ValueError."""
    return counted(subject.weight_histogram(case.weights, case.bins))


@histogram.check(weights_of_layers, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The weights are left as they were."""
    subject.weight_histogram(case.weights, case.bins)
    return {"weights": case.weights}


COUNT = "return np.histogram(weights, bins)"
COUNTED = "counts, edges = np.histogram(weights, bins)\n    return "

histogram.mutant(
    "edges_first",
    old=COUNT,
    new="return np.histogram(weights, bins)[::-1]",
    hint="Which of the two comes first?",
)
histogram.mutant(
    "one_bin_less",
    old="(weights, bins)",
    new="(weights, np.linspace(np.min(weights), np.max(weights), max(bins, 2)))",
    hint="How many borders do four bins have?",
)
histogram.mutant(
    "density",
    old="(weights, bins)",
    new="(weights, bins, density=True)",
    hint="What do your counts add up to?",
)
histogram.mutant(
    "shares",
    old=COUNT,
    new=COUNTED + "counts / counts.sum(), edges",
    hint="Do you return counts, or shares of the whole?",
)
histogram.mutant(
    "sizes",
    old="(weights, bins)",
    new="(np.abs(weights), bins)",
    hint="Into which bin does a negative weight go?",
)
histogram.mutant(
    "fixed_range",
    old="(weights, bins)",
    new="(weights, bins, range=(-1, 1))",
    hint="What becomes of a weight of 1.5?",
)
histogram.mutant(
    "centres",
    old=COUNT,
    new=COUNTED + "counts, (edges[:-1] + edges[1:]) / 2",
    hint="Is it the borders of the bins that you return, or their middles?",
)
histogram.mutant(
    "lower_edges",
    old=COUNT,
    new=COUNTED + "counts, edges[:-1]",
    hint="Where does the last bin end?",
)
histogram.mutant(
    "largest_lost",
    old=COUNT,
    new="counts, edges = np.histogram(weights, bins)\n"
    "    counts[-1] -= np.sum(weights == np.max(weights))\n    return counts, edges",
    hint="What do your counts add up to, and which weight is missing?",
)
histogram.mutant(
    "first_row",
    old="(weights, bins)",
    new="(weights[0], bins)",
    hint="What do your counts add up to for a table of 30 weights?",
)
histogram.mutant(
    "cumulative",
    old=COUNT,
    new=COUNTED + "np.cumsum(counts), edges",
    hint="Does a bin count the weights of the bins before it?",
)
histogram.mutant(
    "sorted_in_place",
    old=COUNT,
    new="weights.sort()\n    return np.histogram(weights, bins)",
    hint="Whose array does the method sort change?",
)

histogram.alternative(
    "loop",
    """
    def weight_histogram(weights, bins):
        if bins < 1:
            raise ValueError("at least one bin")
        flat = sorted(as_float(weights).ravel().tolist())
        low, high = flat[0], flat[-1]
        if low == high:
            low, high = low - 0.5, high + 0.5
        edges = np.linspace(low, high, bins + 1)
        counts = np.zeros(bins, dtype=int)
        for weight in flat:
            place = 0
            while place < bins - 1 and weight >= edges[place + 1]:
                place += 1
            counts[place] += 1
        return counts, edges
    """,
)
histogram.alternative(
    "search",
    """
    def weight_histogram(weights, bins):
        if bins <= 0:
            raise ValueError("no bins")
        ordered = np.sort(as_float(weights), axis=None)
        low, high = ordered[0], ordered[-1]
        half = 0.5 if low == high else 0.0
        edges = np.linspace(low - half, high + half, bins + 1)
        below = np.append(np.searchsorted(ordered, edges[:-1], side="left"), ordered.size)
        return [np.diff(below), edges]
    """,
)
histogram.alternative(
    "comparisons",
    """
    def weight_histogram(weights, bins):
        flat = np.array(weights, dtype=np.float64).ravel()
        if bins < 1:
            raise ValueError("bins")
        spread = flat.max() - flat.min()
        start, spread = (flat.min(), spread) if spread else (flat[0] - 0.5, 1.0)
        edges = start + spread * np.arange(bins + 1) / bins
        beyond = (flat[:, np.newaxis] >= edges[:-1]).sum(axis=0)
        return beyond - np.append(beyond[1:], 0), edges
    """,
)


def lists_of_maps(rng):
    """Maps that fill their grid, and maps that leave places empty; none of them square."""
    for count, height, width in [(6, 2, 3), (4, 3, 2), (7, 1, 2)]:
        yield Case(weights=rng.standard_normal((count, height, width)))


def tables_of_filters(rng):
    """Filters of several channels."""
    for shape in [(3, 2, 2, 4), (2, 5, 3, 2)]:
        yield Case(weights=rng.standard_normal(shape))


def scales(rng):
    """Maps of very different size, negative maps, and maps far from 0."""
    yield Case(weights=rng.standard_normal((5, 2, 3)) * np.geomspace(1e-3, 1e3, 5)[:, None, None])
    yield Case(weights=-rng.uniform(0.2, 3.0, (3, 2, 2)))
    yield Case(weights=rng.uniform(4.0, 5.0, (2, 2, 3, 2)))


def more_maps(rng):
    """One map, maps of one pixel, square maps, a single filter, a single channel, many maps."""
    for shape in [
        (1, 2, 4),
        (5, 1, 1),
        (9, 3, 3),
        (1, 4, 2, 3),
        (3, 1, 2, 3),
        (2, 2, 2, 2),
        (17, 2, 1),
    ]:
        yield Case(weights=rng.standard_normal(shape))


def blank_maps(rng):
    """Maps of zeros beside others."""
    maps = rng.standard_normal((3, 2, 3))
    maps[1] = 0.0
    yield Case(weights=maps)
    yield Case(weights=np.zeros((2, 1, 2, 2)))


def whole_maps(rng):
    """Images of unsigned bytes, and filters of integers."""
    yield Case(weights=rng.integers(1, 17, (3, 2, 4)).astype(np.uint8))
    yield Case(weights=rng.integers(-9, 9, (2, 3, 2, 2)))


def single_precision(rng):
    """Filters of float32, a map of zeros among them."""
    maps = rng.standard_normal((3, 2, 2))
    maps[0] = 0.0
    yield Case(weights=maps.astype(np.float32))


grid = Exercise("diagnostics.feature_map_grid")


@grid.check(lists_of_maps, weight=0.5, public=True, judge=exact)
def size_of_the_image(subject, case):
    """The image has room for all maps, with one pixel between neighbours and none around them."""
    image = subject.feature_map_grid(case.weights)
    return {"shape": list(image.shape)}


@grid.check(lists_of_maps, weight=3, public=True)
def maps_row_by_row(subject, case):
    """A list of maps fills the image row by row; between maps and on empty places it is NaN."""
    return {"image": subject.feature_map_grid(case.weights)}


@grid.check(tables_of_filters, weight=2, public=True)
def filters_by_channels(subject, case):
    """Filters with channels have a row for each filter and a column for each channel."""
    return {"image": subject.feature_map_grid(case.weights)}


@grid.check(scales, weight=1.5)
def each_map_has_its_own_scale(subject, case):
    """Each map is divided by its own largest absolute value."""
    return {"image": subject.feature_map_grid(case.weights)}


@grid.check(more_maps, weight=1.5)
def grids_of_any_size(subject, case):
    """Single maps, single pixels, square maps and many maps are tiled too."""
    return {"image": subject.feature_map_grid(case.weights)}


@grid.check(blank_maps)
def zeros_stay_zeros(subject, case):
    """A map of zeros stays a map of zeros."""
    return {"image": subject.feature_map_grid(case.weights)}


@grid.check(whole_maps, weight=0.5)
def integers_are_accepted(subject, case):
    """Maps may be integers."""
    return {"image": subject.feature_map_grid(case.weights)}


@grid.check(single_precision, weight=0.5, judge=exact)
def float32_is_kept(subject, case):
    """Maps of float32 make an image of float32."""
    return {"dtype": str(subject.feature_map_grid(case.weights).dtype)}


@grid.check(lists_of_maps, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The maps are left as they were."""
    subject.feature_map_grid(case.weights)
    return {"weights": case.weights}


COLUMNS = "math.ceil(math.sqrt(count))"
SCALED = "tile / (largest or 1.0)"

grid.mutant(
    "column_by_column",
    old="divmod(number, columns)",
    new="(number % rows, number // rows)",
    hint="Where does the second map go: to the right of the first one, or below it?",
)
grid.mutant(
    "channels_down",
    old="columns = tiles[1] if len(tiles) == 2",
    new="columns = tiles[0] if len(tiles) == 2",
    hint="Along which side of the image do you find the channels of one filter?",
)
grid.mutant(
    "all_in_one_row",
    old=COLUMNS,
    new="tiles[0]",
    hint="How many columns does a grid of nine maps have?",
)
grid.mutant(
    "rounded_down",
    old=f"{COLUMNS}",
    new="math.isqrt(count)",
    hint="Seven maps: how many columns are there, and how many places?",
)
grid.mutant(
    "sides_swapped",
    old="*tiles, height, width = weights.shape",
    new="*tiles, width, height = weights.shape",
    hint="Which of the last two axes counts the rows of a map?",
)
grid.mutant(
    "no_gap",
    old="down, across = height + 1, width + 1\n    grid = np.full((rows * down - 1, columns * across - 1)",
    new="down, across = height, width\n    grid = np.full((rows * down, columns * across)",
    hint="How many pixels lie between two maps?",
)
grid.mutant(
    "gap_after_the_last",
    old="rows * down - 1, columns * across - 1",
    new="rows * down, columns * across",
    hint="Is there anything around the outermost maps?",
)
grid.mutant(
    "zeros_between",
    old="columns * across - 1), np.nan,",
    new="columns * across - 1), 0,",
    hint="How does a reader of your image tell a weight of 0 from a gap?",
)
grid.mutant(
    "not_scaled",
    old=SCALED,
    new="tile",
    hint="Can you see a filter whose weights are a thousand times smaller than those beside it?",
)
grid.mutant(
    "one_scale_for_all",
    old="np.abs(tile).max()",
    new="np.abs(weights).max()",
    hint="Does a map change its look when another one is made brighter?",
)
grid.mutant(
    "largest_without_sign",
    old="np.abs(tile).max()",
    new="tile.max()",
    hint="What is the largest entry of a map in which all weights are negative?",
)
grid.mutant(
    "from_zero_to_one",
    old=SCALED,
    new="(tile - tile.min()) / (np.ptp(tile) or 1.0)",
    hint="Which value does a weight of 0 have in your image?",
)
grid.mutant(
    "absolute_values",
    old=SCALED,
    new="np.abs(tile) / (largest or 1.0)",
    hint="Can you tell positive weights from negative ones in your image?",
)
grid.mutant(
    "zero_over_zero",
    old=SCALED,
    new="tile / largest",
    hint="What do you divide by when a map is all zeros?",
)
grid.mutant(
    "half_of_a_zero_map",
    old=SCALED,
    new="(tile / largest if largest else tile + 0.5)",
    hint="Which value does a weight of 0 have in your image?",
)
grid.mutant(
    "in_place",
    old=f"= {SCALED}",
    new="= np.divide(tile, largest or 1.0, out=tile)",
    hint="Whose array do you divide?",
)
grid.mutant(
    "double_precision",
    old="np.nan, weights.dtype",
    new="np.nan",
    hint="float32 goes in: which dtype has the array that you fill?",
)

grid.alternative(
    "padded_and_joined",
    """
    def feature_map_grid(weights):
        maps = as_float(weights)
        if maps.ndim == 3:
            columns = int(np.ceil(np.sqrt(len(maps))))
            missing = -len(maps) % columns
            blank = np.full((missing, *maps.shape[1:]), np.nan, maps.dtype)
            maps = np.concatenate([maps, blank])
            maps = maps.reshape(-1, columns, *maps.shape[1:])
        elif maps.ndim != 4:
            raise ValueError("three axes or four")
        largest = np.abs(maps).max(axis=(2, 3), keepdims=True)
        maps = maps / np.where(largest == 0, 1, largest).astype(maps.dtype)
        padded = np.pad(maps, ((0, 0), (0, 0), (0, 1), (0, 1)), constant_values=np.nan)
        rows = [np.concatenate(list(row), axis=1) for row in padded]
        return np.concatenate(rows, axis=0)[:-1, :-1]
    """,
)
grid.alternative(
    "transposed_axes",
    """
    def feature_map_grid(weights):
        if np.ndim(weights) not in (3, 4):
            raise ValueError("neither maps nor filters")
        weights = as_float(weights)
        *front, h, w = weights.shape
        if len(front) == 1:
            s = next(side for side in range(1, front[0] + 1) if side * side >= front[0])
            r = (front[0] + s - 1) // s
        else:
            r, s = front
        room = np.full((r * s, h + 1, w + 1), np.nan, dtype=weights.dtype)
        flat = weights.reshape(-1, h * w)
        sizes = np.maximum(flat.max(axis=1), -flat.min(axis=1))
        sizes[sizes == 0] = 1
        room[: len(flat), :h, :w] = (flat / sizes[:, None]).reshape(-1, h, w)
        image = room.reshape(r, s, h + 1, w + 1).transpose(0, 2, 1, 3)
        return image.reshape(r * (h + 1), s * (w + 1))[:-1, :-1].copy()
    """,
)
grid.alternative(
    "pixel_by_pixel",
    """
    def feature_map_grid(weights):
        weights = as_float(weights)
        if len(weights.shape) == 3:
            across = math.ceil(len(weights) ** 0.5)
            down = math.ceil(len(weights) / across)
            place = {(k,): (k // across, k % across) for k in range(len(weights))}
        elif len(weights.shape) == 4:
            down, across = weights.shape[0], weights.shape[1]
            place = {(f, c): (f, c) for f in range(down) for c in range(across)}
        else:
            raise ValueError(weights.shape)
        h, w = weights.shape[-2:]
        image = np.empty((down * (h + 1) - 1, across * (w + 1) - 1), weights.dtype)
        image.fill(np.nan)
        for index, (row, column) in place.items():
            size = max(abs(float(value)) for value in weights[index].ravel())
            for i in range(h):
                for j in range(w):
                    value = weights[index][i, j] / size if size else 0.0
                    image[row * (h + 1) + i, column * (w + 1) + j] = value
        return image
    """,
)
