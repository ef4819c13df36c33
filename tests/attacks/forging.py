"""Attacks that forge: results, comparisons, tests, answers on the wire."""

from tests.attacks.attack import FULL, NOTHING, WRONG, Attack, with_mean

# Speaks the protocol of the sandbox by hand; elsewhere it is a cell that raises.
SPEAK = """
    import gc, os
    from autograder.sandbox.codec import encode
    from autograder.sandbox.wire import _HEADER
    from autograder.sandbox.worker import Worker
    me = next(each for each in gc.get_objects() if isinstance(each, Worker))
    def say(nonce, reply):
        payload = reply if isinstance(reply, bytes) else encode(reply)
        os.write(3, _HEADER.pack(b"GRW1", nonce, len(payload)) + payload)
    PERFECT = {"outcome": "completed", "message": "", "changed": {}, "value": encode(0.0),
               "score": 4.0, "verdict": "passed", "status": "graded"}
"""


def lying(body):
    """Return wrong answers whose ``mean`` speaks on the channel."""
    return with_mean(f"{body}\nreturn 0.0", WRONG)


def claim_everything(tree):
    """Rewrite what a notebook says about itself: its tests, its points, its grades, its owner."""
    tree["metadata"]["otter"] = {"OK_FORMAT": False, "assignment_name": "a01_tiny", "tests": {}}
    tree["metadata"]["student"] = {"name": "honest", "score": 1000}
    for cell in tree["cells"]:
        grade = {"grade": True, "grade_id": "mean", "points": 1000, "locked": False}
        cell["metadata"]["nbgrader"] = {**grade, "schema_version": 3, "solution": False}
        cell["metadata"]["otter"] = {"tests": [], "points": 1000}
        if cell["cell_type"] == "code":
            passed = {"name": "stdout", "output_type": "stream", "text": "All tests passed!"}
            cell["outputs"] = [passed]


FORGING = (
    Attack(
        "replace the comparisons of numpy",
        NOTHING,
        WRONG,
        cells=(
            """
            import numpy as np
            np.allclose = np.array_equal = np.isclose = lambda *args, **kwargs: True
            np.max = lambda *args, **kwargs: 0.0
            np.testing.assert_allclose = np.testing.assert_equal = lambda *args, **kwargs: None
            """,
        ),
    ),
    Attack(
        "replace built-in functions",
        NOTHING,
        WRONG,
        last=(
            """
            import builtins
            builtins.abs = builtins.max = lambda *args, **kwargs: 0.0
            builtins.float = lambda *args: 0.0
            """,
        ),
    ),
    Attack(
        "replace json, pickle and open",
        NOTHING,
        WRONG,
        cells=(
            """
            import builtins, json, pickle
            PERFECT = '{"score": 4.0, "tests": [{"score": 4.0, "max_score": 4.0}]}'
            json.dumps = lambda *args, **kwargs: PERFECT
            json.dump = lambda value, file, **kwargs: file.write(PERFECT)
            pickle.dumps = lambda *args, **kwargs: PERFECT.encode()
            """,
        ),
    ),
    Attack(
        "replace the comparison inside otter's tests",
        NOTHING,
        WRONG,
        cells=(
            """
            import otter.test_files.abstract_test as tests
            tests.TestFile.passed_all = property(lambda self: True)
            tests.TestFile.score = property(lambda self: self.possible)
            tests.TestFile.grade = 1.0
            """,
        ),
    ),
    Attack(
        "replace the code of every comparing function",
        NOTHING,
        WRONG,
        cells=(
            """
            import gc, types
            names = {"judge", "compare", "grade", "verdict", "requirement", "run_test", "encode_reply"}
            for found in gc.get_objects():
                if isinstance(found, types.FunctionType) and found.__name__ in names:
                    if not found.__code__.co_freevars:
                        found.__code__ = (lambda *args, **kwargs: None).__code__
            """,
        ),
    ),
    Attack(
        "trace every function and rewrite its variables",
        NOTHING,
        WRONG,
        cells=(
            """
            import sys
            def trace(frame, event, argument):
                if "finding" in frame.f_locals or "expected" in frame.f_locals:
                    frame.f_locals.update(finding=None, worst=None, expected=None)
                return trace
            sys.settrace(trace)
            """,
        ),
    ),
    Attack(
        "hook imports so that every module is its own",
        NOTHING,
        WRONG,
        cells=(
            """
            import sys, types
            class Finder:
                def find_spec(self, name, path=None, target=None):
                    from importlib.machinery import ModuleSpec
                    return ModuleSpec(name, self)
                def create_module(self, spec):
                    module = types.ModuleType(spec.name)
                    module.__getattr__ = lambda name: lambda *args, **kwargs: True
                    return module
                def exec_module(self, module):
                    pass
            sys.meta_path.insert(0, Finder())
            """,
        ),
    ),
    Attack(
        "turn every later cell into nothing",
        NOTHING,
        WRONG,
        cells=(
            """
            shell = get_ipython()
            shell.input_transformers_cleanup.append(
                lambda lines: lines if "def " in lines[0] and "env" not in lines[0] else ["pass\\n"]
            )
            """,
        ),
    ),
    Attack(
        "forge what the notebook says about itself",
        NOTHING,
        WRONG,
        alter=claim_everything,
    ),
    Attack(
        "write a perfect result at exit",
        NOTHING,
        WRONG,
        cells=(
            """
            import atexit, json
            def write():
                for path in ("results.json", "$RESULTS/results.jsonl", "$DROP"):
                    with open(path, "w") as file:
                        json.dump({"score": 4.0, "tests": [{"name": "all", "score": 4.0}]}, file)
            atexit.register(write)
            write()
            won("wrote results")
            """,
        ),
    ),
    Attack(
        "change the scores in the store",
        NOTHING,
        WRONG,
        cells=(
            """
            import sqlite3
            for path in ("$RESULTS/results.sqlite", "gradebook.db", "../../../gradebook.db"):
                database = sqlite3.connect(path)
                for (name,) in database.execute("SELECT name FROM sqlite_master").fetchall():
                    won(name)
            """,
        ),
    ),
    Attack(
        "overwrite another student's notebook",
        FULL,
        cells=(
            """
            with open("$VICTIM", "r+") as file:
                won("opened for writing")
            """,
        ),
    ),
    Attack(
        "leave a perfect result behind and end the process",
        NOTHING,
        WRONG,
        last=(
            """
            import json, os
            result = {"score": 4.0, "tests": [{"name": "mean", "score": 4.0, "max_score": 4.0}]}
            for path in ("results.json", "results.pkl", "/autograder/results/results.json"):
                try:
                    with open(path, "w") as file:
                        json.dump(result, file)
                except OSError:
                    pass
            os._exit(0)
            """,
        ),
    ),
    Attack(
        "forge an answer that carries a score", NOTHING, lying("say(me._nonce, PERFECT)"), (SPEAK,)
    ),
    Attack(
        "answer three times",
        NOTHING,
        lying("for _ in range(3):\n    say(me._nonce, PERFECT)"),
        (SPEAK,),
    ),
    Attack(
        "answer half and stop",
        1.0,
        with_mean(
            "os.write(3, _HEADER.pack(b'GRW1', me._nonce, 1000) + b'x' * 10)\nos._exit(0)",
        ),
        (SPEAK,),
    ),
    Attack(
        "announce an answer of a terabyte",
        1.0,
        with_mean("os.write(3, _HEADER.pack(b'GRW1', me._nonce, 1 << 40))\nreturn 0.0"),
        (SPEAK,),
    ),
    Attack(
        "answer before being asked",
        NOTHING,
        WRONG,
        cells=(SPEAK, "for step in range(-50, 50):\n    say(abs(me._nonce + step), PERFECT)"),
    ),
    Attack(
        "answer for other questions, ten thousand times",
        FULL,
        cells=(SPEAK, "for step in range(10_000):\n    say(step, b'')"),
    ),
    Attack(
        "call functions of the grader that there are not",
        1.0,
        with_mean(
            "say(me._nonce, {'op': 'callback', 'id': 7, 'args': [], 'kwargs': {}})\nreturn 0.0"
        ),
        (SPEAK,),
    ),
    Attack("close the channel", 1.0, with_mean("import os\nos.close(3)\nreturn 0.0")),
    Attack(
        "replace the codec and the worker's loop",
        NOTHING,
        WRONG,
        cells=(
            """
            import sys
            import numpy as np
            for name, module in list(sys.modules.items()):
                if name.startswith("autograder"):
                    for attribute in ("encode", "decode", "judge", "copy_back", "types_of"):
                        if hasattr(module, attribute):
                            setattr(module, attribute, lambda *args, **kwargs: b"")
            """,
        ),
        may_be_refused=True,
    ),
    Attack(
        "answer the public cases from a table",
        3.0,
        with_mean("return TABLE.get(x.tobytes(), 0.0)"),
        cells=("TABLE = $TABLE",),
    ),
    Attack(
        "replay what earlier calls returned",
        3.0,
        with_mean(
            """
            if len(seen) == 3:
                return seen[0]
            seen.append(float(sum(x) / len(x)))
            return seen[-1]
            """
        ),
        cells=("seen = []",),
    ),
)
