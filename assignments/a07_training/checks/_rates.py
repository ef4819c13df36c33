"""What schedules are asked for: the rates of some epochs."""

import numpy as np


def followed(schedule, case):
    """Return the rates of the epochs of a case, in the order in which it lists them."""
    options = {name: value for name, value in case.items() if name != "epochs"}
    return np.array([schedule(epoch=epoch, **options) for epoch in case.epochs])
