"""Gradus: an auto-grader for numerical code.

This module imports nothing: the sandbox, which runs untrusted code, imports it too.
"""
