import stat

from autograder.cases import course_secret, draw_cases


def drawn(course, secret, seed=None, check=0):
    exercise = course.assignments["a01_tiny"].exercises[0]
    cases = draw_cases(seed or course.seed, secret, exercise, exercise.checks[check])
    return [case.x.tolist() for case in cases]


def test_public_cases_do_not_depend_on_the_secret(tiny):
    course = tiny.load()
    assert drawn(course, "one") == drawn(course, "other")
    assert drawn(course, "one", seed=8) != drawn(course, "one")


def test_hidden_cases_depend_on_the_secret(tiny):
    course = tiny.load()
    assert drawn(course, "one", check=1) == drawn(course, "one", check=1)
    assert drawn(course, "one", check=1) != drawn(course, "other", check=1)


def test_the_environment_gives_the_secret(tmp_path, monkeypatch):
    monkeypatch.setenv("GRADUS_SECRET", "mine")
    assert course_secret(tmp_path) == "mine"
    assert list(tmp_path.iterdir()) == []


def test_without_one_a_secret_is_made_once_and_kept_private(tmp_path, monkeypatch):
    monkeypatch.delenv("GRADUS_SECRET")
    first = course_secret(tmp_path)
    assert len(first) == 32
    assert course_secret(tmp_path) == first
    (path,) = tmp_path.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
