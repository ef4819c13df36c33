import csv
import io
import json
import re
import unicodedata
from xml.etree import ElementTree

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.texts import cell, clean, file_names, html_cell, json_text, line

ANY = st.text(st.characters())  # surrogates too, as names of files may hold them
WRITABLE = st.text(st.characters(exclude_categories=["Cs"]))
RISKY = st.text(alphabet="=+-@,;|'\" \t\r\n\x0b\xa0a1.\uff1d\uff20")
RESERVED = ["CON", "nul", "Aux.txt", "com1", "LPT9.json", "COM¹"]


@settings(deadline=None)
@given(ANY)
def test_clean_text_steers_nothing_and_fits_xml(text):
    result = clean(text)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", result)
    document = f"<a>{result.replace('&', '').replace('<', '').replace('>', '')}</a>"
    ElementTree.fromstring(document.encode("utf-8"))


@settings(deadline=None)
@given(ANY)
def test_cleaning_twice_changes_nothing_more(text):
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize("text", ["Zoë Ärmel", "李小龙", "می‌خواهم", "👩‍🔬", "l'œuvre", "x ≤ 1"])
def test_honest_text_stays_as_it_is(text):
    assert (clean(text), cell(text), file_names([text]).keys()) == (text, text, {text})


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x9b2Jgone", "gone"),
        ("\x1b]0;title\x07seen", "seen"),
        ("\x1b]8;;http://x\x1b\\link", "link"),
    ],
)
def test_escape_sequences_vanish(text, shown):
    assert clean(text) == shown


def cells(text):
    """Every cell that a spreadsheet may find in a line of CSV, whatever its separator is."""
    for delimiter in ",;\t|":
        for row in csv.reader(io.StringIO(text), delimiter=delimiter):
            yield from row


@settings(deadline=None)
@given(RISKY)
@example("-1+1|cmd")
@example("ann;=1+1")
@example("a,\t@sum")
@example("|-1;")
def test_no_cell_is_a_formula_under_any_separator(text):
    buffer = io.StringIO()
    csv.writer(buffer).writerow(["first", cell(text)])
    for each in cells(buffer.getvalue()):
        inside = each.strip(' \xa0"')
        number = re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)[\])]?", inside.strip())
        assert number or not inside.startswith(tuple("=+-@\uff1d\uff20")), each


@settings(deadline=None)
@given(st.floats(allow_nan=False) | st.integers())
def test_numbers_stay_numbers(number):
    assert cell(number) is number


@settings(deadline=None)
@given(
    st.recursive(
        ANY | st.integers() | st.none(), lambda each: st.lists(each) | st.dictionaries(ANY, each)
    )
)
def test_json_loses_nothing_and_hides_nothing(data):
    text = json_text(data)
    assert json.loads(text) == data
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", text)


@settings(deadline=None)
@given(st.lists(ANY | st.sampled_from([*RESERVED, "ann", "Ann", "..", "a/b", "a\\b", "x" * 300])))
@example(["Zoë", unicodedata.normalize("NFD", "Zoë"), "ZOË"])
@example(["a/b", "a\\b", "a_b", "a_b-0123456789ab"])
def test_file_names_are_safe_and_tell_students_apart(names):
    found = file_names(names)
    assert found.keys() == set(names)
    folded = {unicodedata.normalize("NFKC", each).casefold() for each in found.values()}
    assert len(folded) == len(found)
    for each in found.values():
        assert not re.search(r"[/\\:*?\"<>|\x00-\x1f\x7f]", each)
        assert not each.startswith((".", "-", " "))
        assert not each.endswith((".", " "))
        assert 0 < len(each.encode()) < 200
        stem = unicodedata.normalize("NFKC", each).partition(".")[0].strip()
        assert not re.fullmatch(r"(?i)con|prn|aux|nul|(com|lpt)\d", stem)


@settings(deadline=None)
@given(st.lists(ANY, unique=True), st.randoms())
def test_file_names_do_not_depend_on_the_order(names, random):
    shuffled = random.sample(names, len(names))
    assert file_names(names) == file_names(shuffled)


@pytest.mark.parametrize("name", RESERVED)
def test_reserved_names_are_not_used(name):
    assert file_names([name])[name].startswith("_")


def test_a_name_that_looks_like_another_ones_file_does_not_share_it():
    taken = file_names(["a/b"])["a/b"]
    assert file_names(["a/b", taken])[taken] != taken


def test_a_line_has_no_line_ends():
    assert line("a\r\nb\u2028c\nd") == "a b c d"


@pytest.mark.parametrize("text", ["," + "1" * 200_000 + "x", "," + " " * 200_000, "\x9d" * 200_000])
def test_long_text_is_read_in_one_pass(text):
    """A pattern that backtracks needs quadratic time for one of these, and would not come back."""
    assert len(cell(text)) == len(html_cell(text)) == len(text)
