import warnings

import numpy as np

from autograder.sandbox.quiet import Quiet


def warn(text):
    warnings.warn(text, UserWarning, stacklevel=2)


def test_no_call_reports_anything_whatever_an_earlier_call_has_set(recwarn):
    def strict():
        warnings.simplefilter("error")
        warnings.filters.append(("error", None, Warning, None, 0))
        np.seterr(all="raise")

    def replaced():
        warnings.filters = [("error", None, Warning, None, 0)]

    with Quiet() as quiet:
        for action in (strict, replaced, warnings.resetwarnings):
            quiet.call(action)
            quiet.call(lambda: warn("hush"))
            assert quiet.call(lambda: np.float64(1) / np.float64(0)) == np.inf
    assert not recwarn


def test_afterwards_all_is_as_before():
    before, errors = list(warnings.filters), np.geterr()
    with Quiet() as quiet:
        quiet.call(lambda: warnings.simplefilter("error"))
        quiet.call(lambda: np.seterr(all="raise"))
    assert (warnings.filters, np.geterr()) == (before, errors)
