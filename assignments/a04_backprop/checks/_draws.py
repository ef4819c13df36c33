"""Layers, networks and the caches of their forward passes: how cases are drawn."""

from itertools import pairwise

import numpy as np

KINK = 0.02  # how far from 0 pre-activations stay: there the slope of relu jumps


def away_from_zero(rng, *shape):
    """Draw numbers of both signs, none of them near 0."""
    return rng.uniform(0.4, 1.6, shape) * rng.choice([-1.0, 1.0], shape)


def layers(rng, sizes):
    """Draw weights and biases, none of which is near 0."""
    return [
        (away_from_zero(rng, n_in, n_out), away_from_zero(rng, n_out))
        for n_in, n_out in pairwise(sizes)
    ]


def activated(z, activation):
    """Return what an activation makes of pre-activations of moderate size."""
    table = {"relu": np.maximum(z, 0.0), "tanh": np.tanh(z), "sigmoid": 1 / (1 + np.exp(-z))}
    return table[activation]


def cached(x, params, activation):
    """Return the input and the pre-activation of every layer."""
    cache = []
    for weights, bias in params:
        z = x @ weights + bias
        cache.append((x, z))
        x = activated(z, activation)
    return cache


def network(rng, n, sizes, activation):
    """Draw a batch and a network in which no pre-activation is near 0."""
    while True:
        x, params = rng.standard_normal((n, sizes[0])), layers(rng, sizes)
        if min(np.abs(z).min() for _, z in cached(x, params, activation)) > KINK:
            return {"x": x, "params": params, "activation": activation}


def single(params):
    """Return the same layers in float32."""
    return [tuple(each.astype(np.float32) for each in pair) for pair in params]


def dtypes(grads):
    """Return the dtypes of a list of pairs."""
    return [(str(dweights.dtype), str(dbias.dtype)) for dweights, dbias in grads]
