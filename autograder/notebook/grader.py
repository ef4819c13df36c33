"""otter's notebook, with answers that a student can learn from."""

import difflib
import inspect
import io
import json
import warnings
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from IPython.core.getipython import get_ipython
from IPython.display import display
from otter.check.notebook import Notebook
from otter.check.utils import grade_zip_file

from autograder.notebook.evidence import Environment, Notes
from autograder.notebook.feedback import Feedback, verdict
from autograder.notebook.handing_in import Submission, notebook_path, submission
from autograder.notebook.hinting import hint_for
from autograder.notebook.progress import Progress, Row
from autograder.notebook.showing import Words

ON_COLAB = "On Colab, choose File, Download, Download .ipynb, and hand in that file."
WHICH = 'There is no telling which notebook this is: run grader.export("NAME.ipynb", pdf=False).'
NOT_RUN = "The notebook could not be run from the top; restart the kernel and run all its cells."
SO_FAR = "How far you are"
ALONE = "Your submission, run from the top on its own"
FAILED = "AssertionError: "


class Grader(Notebook):  # type: ignore[misc]  # otter has no types
    """Runs otter's tests, and says what they found.

    Where otter itself grades, this is otter's notebook and nothing else.

    Parameters
    ----------
    folder : Path
        With the tests, and what is known of the exercises.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(tests_dir=str(folder / "tests"))
        about = json.loads((folder / "exercises.json").read_text(encoding="utf-8"))
        self._exercises: Mapping[str, Any] = about["exercises"]
        self._written: Sequence[float] = about["written"]

    def check(self, question: str = "", global_env: dict[str, Any] | None = None) -> Any:
        """Return what the public checks of an exercise say."""
        names = _callers_names() if global_env is None else global_env
        if self._grading_mode:
            return super().check(question, names)
        if question not in self._exercises:
            close = difflib.get_close_matches(question, self._exercises, 1) or [*self._exercises]
            return Words(f"There is no exercise {question!r} here. Did you mean {close[0]!r}?")
        environment = Environment(names)
        result = super().check(question, environment)
        return _feedback(self._exercises[question], result, environment.notes)

    def check_all(self) -> Any:
        """Return how far the whole notebook is."""
        if self._grading_mode:
            return None
        names = _callers_names()
        check = super().check
        return self._progress(SO_FAR, {name: check(name, names) for name in self._exercises})

    def export(self, nb_path: str | None = None, **options: Any) -> Any:
        """Say what is about to be handed in, then write it."""
        if self._grading_mode:
            return None
        if self.interpreter is not None and self.interpreter.name == "COLAB":
            return Words(ON_COLAB)
        path = Path(nb_path) if nb_path else notebook_path(_callers_names())
        if path is None or not path.is_file():
            return Words(WHICH)
        planned = submission(path, self._functions, _executed())
        display(planned)
        is_tried = options.pop("run_tests", False)
        super().export(str(path), export_path=planned.archive, **options)
        return self._as_handed_in(planned) if is_tried else None

    @property
    def _functions(self) -> dict[str, Sequence[str]]:
        return {each["title"]: each["functions"] for each in self._exercises.values()}

    def _as_handed_in(self, planned: Submission) -> Any:
        """Return what the public checks say of the archive, run from the top on its own."""
        with redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the other process has to say
            results = grade_zip_file(planned.archive, str(planned.path), self._tests_dir)
        if not set(self._exercises) <= set(results.results):
            return Words(NOT_RUN)
        return self._progress(ALONE, {name: results.get_result(name) for name in self._exercises})

    def _progress(self, caption: str, results: Mapping[str, Any]) -> Progress:
        rows = []
        for question, result in results.items():
            about = self._exercises[question]
            public = sum(check["points"] for check in about["checks"])
            rows.append(Row(_feedback(about, result, {}), public, about["points"]))
        return Progress(caption, rows, self._written)


def _feedback(about: Mapping[str, Any], result: Any, notes: Mapping[str, Notes]) -> Feedback:
    """Return what otter's result of an exercise says to a student."""
    pairs = list(zip(about["checks"], map(_failure, result.test_case_results), strict=True))
    verdicts = [verdict(check, failure, notes) for check, failure in pairs]
    return Feedback(
        title=about["title"],
        verdicts=verdicts,
        hint=hint_for(about["mistakes"], notes),
        hidden=about["hidden"],
        points=sum(check["points"] for check, failure in pairs if not failure),
    )


def _callers_names() -> dict[str, Any]:
    """Return the globals of whoever called our caller: the notebook."""
    frame = inspect.currentframe()
    for _ in range(2):
        frame = frame.f_back if frame else None
    return frame.f_globals if frame else {}


def _executed() -> Sequence[str]:
    """Return the cells of this session as they were run, in order."""
    shell: Any = get_ipython()
    return () if shell is None else tuple(shell.history_manager.input_hist_raw)


def _failure(result: Any) -> str:
    """Return what otter says of a failed test, without the line of the test."""
    if result.passed:
        return ""
    before, found, message = str(result.message).partition(FAILED)
    return message if found else before.strip().splitlines()[-1]
