"""What a student sees in the notebook: checks with hints and pictures, progress, the submission.

Packaging writes these modules, and those of `autograder.numerics` that they import, into every
student's notebook. There they stand alone, beside numpy, matplotlib and otter-grader:

    grader         otter's notebook, whose answers are those below
    evidence       what a test notes while it runs, and how its types become ours
    hinting        which misconception explains all public checks of an exercise
    feedback       what `check` returns
    progress       what `check_all` returns
    handing_in     what `export` says before it exports
    showing        text and HTML of all of them

Nothing here decides a score: the batch grader and otter's own grading leave it alone.
"""
