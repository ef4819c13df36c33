"""Comparing numbers and naming mistakes: the trusted mathematics of the grader."""
