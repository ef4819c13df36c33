"""Labels and probabilities of classes, which several losses draw."""


def class_labels(rng, n, k):
    """Labels among which the last class occurs, and for two rows or more the first."""
    labels = rng.integers(k, size=n)
    labels[-1] = 0
    labels[0] = k - 1
    return rng.permutation(labels)
