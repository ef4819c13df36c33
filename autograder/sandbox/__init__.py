"""Run untrusted numerical code in confined processes; only plain data comes back.

The trusted side uses `autograder.sandbox.server`. This package is also imported by the process
that runs the untrusted code, so it must stay empty.
"""
