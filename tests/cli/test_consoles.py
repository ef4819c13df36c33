"""Plain lines: one for each text, whatever is in it."""

import pytest

from autograder.cli.consoles import PLAIN, Signs, is_watched, places, say, signs, warn
from tests.reporting.results import HOSTILE


def test_a_text_with_line_ends_is_one_line(capsys):
    say(f"ann\nbob: 10 / 10\r\n{HOSTILE}")
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("ann bob: 10 / 10 ")
    assert "\x1b" not in line


def test_a_warning_may_have_several_lines_but_steers_nothing(capsys):
    warn("grading.yml:1: one\ngrading.yml:2: \x1b[2Jtwo")
    assert capsys.readouterr() == ("", "grading.yml:1: one\ngrading.yml:2: two\n")


def test_a_pipe_is_not_watched():
    assert not is_watched()


@pytest.mark.parametrize(
    ("encoding", "locale", "expected"),
    [
        ("utf-8", {"LANG": "en_US.UTF-8"}, Signs()),
        ("utf-8", {}, Signs()),
        ("utf-8", {"LANG": "C"}, PLAIN),
        ("utf-8", {"LANG": "de_DE.UTF-8", "LC_ALL": "POSIX"}, PLAIN),
        ("ascii", {"LANG": "en_US.UTF-8"}, PLAIN),
        ("iso8859-1", {}, PLAIN),
        (None, {}, PLAIN),
    ],
)
def test_signs_are_those_that_can_be_shown(monkeypatch, encoding, locale, expected):
    for name in ("LANG", "LC_ALL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in locale.items():
        monkeypatch.setenv(name, value)

    class Out:
        pass

    Out.encoding = encoding
    monkeypatch.setattr("sys.stdout", Out)
    assert signs() == expected


def test_plain_signs_are_ascii_and_tell_right_from_wrong():
    assert all(sign.isascii() for sign in vars(PLAIN).values())
    assert PLAIN.right != PLAIN.wrong


def test_the_page_to_open_is_named_where_there_is_one(tmp_path):
    assert places(tmp_path) == f"{tmp_path}/"
    page = tmp_path / "report.html"
    page.touch()
    assert places(tmp_path) == f"{tmp_path}/, {page} shows them"
