"""The command line: reads arguments, prints, and exits; decides nothing.

::

    commands    the group, and the table of commands: each is imported when it is named
    endings     exit codes, and the sentence for each way in which a run ends
    consoles    where text goes: plain lines, tables, colours only where somebody looks
    options     what several commands take: the course, assignments, submissions
    bundles     dist, gradescope, new
    grades      grade; progress.py shows how far it is, summaries.py what came of it
    reports     report; answers.py shows what one student may read
    laws        validate, parity
    facts       curriculum, doctor, schema
"""

from autograder.cli.commands import cli, main

__all__ = ["cli", "main"]
