"""Functions of a submission are called with plain data, and what they return is plain data."""

import numpy as np
import pytest

from autograder.sandbox.codec import DerivedDict, DerivedTuple, Opaque
from autograder.sandbox.server import CodecError, WorkerDied, copy_back

SOURCE = """
import collections
import numpy as np

def double(x): return 2 * x
def argument_kinds(*args, **kwargs): return [type(a).__name__ for a in [*args, *kwargs.values()]]
def layout(x): return x.flags.c_contiguous, x.flags.f_contiguous, x.flags.writeable
def spoil(x, options): x += 1; options["seen"] = True
def draw(rng): return rng.standard_normal(3)
def nesterov(theta, grad_fn, state, *, lr): return theta - lr * grad_fn(theta - 0.1), state
def apply(f, *args, **kwargs): return f(*args, **kwargs)
def caught(f, x):
    try: return f(x)
    except Exception as error: return f"{type(error).__name__}: {error}"
def make_counter():
    count = 0
    def counter():
        nonlocal count
        count += 1
        return count
    return counter
def later(f): return lambda x: f(x)

class Adam:
    def __init__(self, beta=0.9): self.beta, self.t = beta, 0
    def step(self): self.t += 1; return self.t
    @property
    def broken(self): raise ValueError("no")

Moments = collections.namedtuple("Moments", "m v")
class State(dict):
    extra = None
def start(): state = State(t=1, m=np.zeros(2)); state.extra = 7; return state
def go_on(state): state["t"] += 1; return state.extra, state
def count(state):
    state["n"] += 1
    return state
def fresh(): return collections.defaultdict(int)
def moments(): return {"s": Moments(1, 2)}
def use(state): return state["s"].m + state["s"].v
"""


@pytest.fixture(scope="module")
def loaded(server):
    with server.spawn(seed=1) as worker:
        assert worker.run_cell(0, SOURCE).outcome == "completed"
        yield worker


def test_arrays_go_in_and_come_out(loaded):
    x = np.arange(6.0, dtype=np.float32).reshape(2, 3)
    reply = loaded.call("double", [x])
    assert (reply.outcome, reply.changed, reply.message) == ("completed", {}, "")
    assert reply.value.dtype == np.float32
    assert np.array_equal(reply.value, 2 * x)


def test_large_arrays_cross_out_of_band(loaded):
    x = np.arange(600_000.0)
    assert np.array_equal(loaded.call("double", kwargs={"x": x}).value, 2 * x)


def test_types_are_kept(loaded):
    values = [1, 1.0, True, None, "x", (1,), [1], {"a": 1}, np.float32(1), np.array(1.0), {1}, 1j]
    names = [type(value).__name__ for value in values]
    assert (
        loaded.call(
            "argument_kinds", values[:6], dict(zip("abcdef", values[6:], strict=True))
        ).value
        == names
    )


@pytest.mark.parametrize(
    ("view", "flags"),
    [
        (np.ones((2, 3)), (True, False, True)),
        (np.ones((2, 3)).T, (False, True, True)),
        (np.ones((4, 6))[::2, ::3], (False, False, True)),
    ],
)
def test_memory_layout_is_kept(loaded, view, flags):
    assert loaded.call("layout", [view]).value == flags


def test_changed_arguments_are_reported_and_can_be_copied_back(loaded):
    x, options = np.zeros(2), {}
    reply = loaded.call("spoil", [x], {"options": options})
    assert reply.changed.keys() == {0, "options"}
    assert x.tolist() == [0, 0]
    copy_back(reply.changed, [x], {"options": options})
    assert (x.tolist(), options) == ([1, 1], {"seen": True})


def test_a_generator_advances_there_and_here(loaded):
    rng, twin = np.random.default_rng(5), np.random.default_rng(5)
    reply = loaded.call("draw", [rng])
    assert np.array_equal(reply.value, twin.standard_normal(3))
    copy_back(reply.changed, [rng], {})
    assert rng.random() == twin.random()


def test_a_callback_is_called_with_plain_data(loaded):
    seen = []

    def gradient(theta):
        seen.append(theta)
        return 2 * theta

    reply = loaded.call("nesterov", [np.ones(2), gradient, {}], {"lr": 0.5})
    assert np.allclose(reply.value[0], 0.1)
    assert np.allclose(seen, 0.9)
    assert reply.changed == {}


def test_what_a_callback_does_to_its_arguments_is_seen(loaded):
    loaded.run_cell(98, "def twice(f, rng):\n    return f(rng), f(rng), rng.random()")
    rng = np.random.default_rng(3)
    twin = np.random.default_rng(3)
    drawn = loaded.call("twice", [lambda rng: rng.random(), rng]).value
    assert drawn == (twin.random(), twin.random(), twin.random())


def test_a_callback_that_fails_raises_in_the_submission(loaded):
    assert loaded.call("caught", [lambda x: x.missing, 3]).value.startswith("AttributeError: 'int'")
    assert loaded.call("apply", [len, 3]).types[0] == "TypeError"
    assert loaded.call("apply", [object]).types[0] == "RuntimeError"
    counter = loaded.call("make_counter").value
    assert loaded.call("apply", [len, counter]).types[0] == "CodecError"


def test_a_name_can_be_made_to_stand_for_a_function_of_ours(loaded):
    asked = []

    def doubled(x):
        asked.append(x)
        return 4 * x

    loaded.run_cell(99, "def increased(x): return x + 1\ndef used(x): return increased(x)")
    assert loaded.call("used", [1]).value == 2
    loaded.bind("increased", doubled)
    assert loaded.call("used", [1]).value == 4
    assert asked == [1]


def test_a_callback_may_be_kept_and_returned(loaded):
    assert loaded.call("double", [1]).value == 2
    assert loaded.call("later", [np.sqrt]).changed == {}
    closure = loaded.call("later", [np.sqrt]).value
    assert loaded.call(closure, [4.0]).value == 2.0
    assert loaded.call("apply", [np.sqrt, 9.0]).value == 3.0
    assert loaded.call("apply", [lambda: np.sqrt]).outcome == "completed"


def test_a_worker_can_not_be_called_from_its_own_callback(loaded):
    assert loaded.call("caught", [lambda x: loaded.call("double", [x]), 1]).value.startswith(
        "RuntimeError"
    )


def test_instances_stay_there_and_are_called_by_handle(loaded):
    adam = loaded.call("Adam", kwargs={"beta": 0.5}).value
    assert isinstance(adam, Opaque)
    assert adam.type_name == "Adam"
    assert loaded.get(adam, "beta").value == 0.5
    step = loaded.get(adam, "step").value
    assert [loaded.call(step).value for _ in range(2)] == [1, 2]
    assert loaded.call("Adam.step", [adam]).value == 3
    assert loaded.get(adam, "missing").types[0] == "AttributeError"
    assert loaded.get(adam, "broken").message == "no"


def test_closures_keep_their_state(loaded):
    counter = loaded.call("make_counter").value
    assert [loaded.call(counter).value for _ in range(3)] == [1, 2, 3]


def test_a_state_with_a_class_of_its_own_is_given_back_as_it_was(loaded):
    state = loaded.call("start").value
    assert isinstance(state, DerivedDict)
    assert state.keys() == {"t", "m"}
    extra, after = loaded.call("go_on", [state]).value
    assert (extra, after["t"], after.type_name) == (7, 2, "State")


def test_a_default_dict_still_has_its_default(loaded):
    state = loaded.call("fresh").value
    for n in (1, 2, 3):
        reply = loaded.call("count", [state])
        state = reply.value
        assert state == {"n": n}
        assert reply.changed.keys() == {0}


def test_a_named_tuple_inside_a_state_keeps_its_names(loaded):
    state = loaded.call("moments").value
    assert type(state["s"]) is DerivedTuple
    assert loaded.call("use", [state]).value == 3


def test_a_state_that_was_edited_here_arrives_as_edited(loaded):
    state = loaded.call("start").value
    state["t"] = 10
    reply = loaded.call("go_on", [state])
    assert reply.types[0] == "AttributeError"  # it is a plain dict now
    assert loaded.call("argument_kinds", [state]).changed == {}


def test_what_is_missing_is_missing_by_name(loaded):
    reply = loaded.call("adamw", [1])
    assert (reply.outcome, reply.types[0]) == ("raised", "NameError")
    assert reply.message == "name 'adamw' is not defined"


def test_a_handle_of_another_worker_is_refused(loaded):
    assert loaded.call("double", [Opaque(10**6, "x")]).types[0] == "CodecError"


def test_an_argument_that_is_no_data_is_our_own_mistake(loaded):
    with pytest.raises(CodecError):
        loaded.call("double", [object()])
    assert loaded.call("double", [1]).value == 2


@pytest.mark.parametrize(
    ("source", "outcome", "types"),
    [
        ("raise ValueError('bad')", "raised", ("ValueError", "Exception", "BaseException")),
        ("raise SystemExit", "raised", ("SystemExit", "BaseException")),
        ("import sys; sys.exit()", "raised", ("SystemExit", "BaseException")),
        ("while True: x = 1", "timed out", ("TimedOut", "BaseException")),
        ("return bytes(10**12)", "out of memory", ("MemoryError", "Exception", "BaseException")),
        (
            "raise NotImplementedError",
            "raised",
            ("NotImplementedError", "RuntimeError", "Exception", "BaseException"),
        ),
    ],
)
def test_a_call_that_does_not_complete(worker, source, outcome, types):
    worker.run_cell(0, f"def f():\n    {source}")
    reply = worker.call("f", seconds=0.5)
    assert (reply.outcome, reply.types, reply.value) == (outcome, types, None)


def test_warnings_are_ignored_even_if_the_submission_raises_them(worker):
    worker.run_cell(
        0, "import numpy as np, warnings\nnp.seterr(all='raise'); warnings.simplefilter('error')"
    )
    worker.run_cell(1, "def f(x): warnings.warn('w'); return np.log(x) / x")
    assert np.isneginf(worker.call("f", [np.zeros(1)]).value).all()


@pytest.mark.parametrize(
    "source",
    [
        "x = []\n    x.append(x)\n    return x",
        "return np.ones(2_000_000)",
        "return 'x' * 3_000_000",
    ],
)
def test_a_result_that_can_not_cross_is_a_handle_with_a_reason(worker, source):
    worker.run_cell(0, f"import numpy as np\ndef f():\n    {source}")
    reply = worker.call("f")
    assert isinstance(reply.value, Opaque)
    assert reply.message
    assert worker.call("len", [reply.value]).outcome == "raised"  # not a name of the notebook


def test_hostile_classes_cross_by_their_base(worker):
    worker.run_cell(
        0,
        "import numpy as np\n"
        "class A(np.ndarray):\n"
        "    def __array__(self, *a, **k): raise SystemExit\n"
        "    def __eq__(self, other): return True\n"
        "class F(float):\n"
        "    def __float__(self): raise SystemExit\n"
        "    def __eq__(self, other): return True\n"
        "def f(): return np.arange(3.0).view(A), F(2.5)",
    )
    array, number = worker.call("f").value
    assert (type(array), array.tolist()) == (np.ndarray, [0, 1, 2])
    assert (type(number), number) == (float, 2.5)


def test_random_state_is_seeded(server):
    source = "import random, numpy as np\ndef f(): return random.random(), np.random.rand(), list({'a', 'b', 'c'})"
    draws = []
    for seed in (1, 1, 2):
        with server.spawn(seed) as worker:
            worker.run_cell(0, source)
            draws.append(worker.call("f").value)
    assert draws[0] == draws[1]
    assert draws[0][:2] != draws[2][:2]


def test_workers_share_nothing(server):
    with server.spawn(1) as one, server.spawn(1) as other:
        one.run_cell(0, "x = 1\nimport numpy as np\nnp.secret = 1")
        assert other.run_cell(0, "x").types[0] == "NameError"
        assert other.run_cell(1, "import numpy as np\nnp.secret").types[0] == "AttributeError"
        assert one.run_cell(1, "x").outcome == "completed"


def test_a_closed_worker_answers_nothing(server):
    worker = server.spawn(1)
    assert worker.close() == "signal 9 (SIGKILL)"
    assert worker.close() == "signal 9 (SIGKILL)"
    with pytest.raises(WorkerDied):
        worker.call("f")
