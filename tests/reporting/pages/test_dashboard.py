"""The page for instructors, read as a program would; tests/browser reads it as people do."""

import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from autograder.grading.records import Entry
from autograder.grading.store import Store
from autograder.model import ExerciseResult, Verdict
from autograder.reporting.exports.compare import compare
from autograder.reporting.finals import Final
from autograder.reporting.pages.dashboard import write_dashboard
from autograder.roster import Roster, Student
from autograder.terms import Policy
from autograder.texts import clean, line
from tests.browser.classes import HOSTILE_NAMES, made_class
from tests.reporting.results import HOSTILE, check, graded, not_graded, scored

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
MOST_BYTES = 2_000_000


class Elements(HTMLParser):
    """The elements of a page with their attributes, and its visible text."""

    def __init__(self, page):
        super().__init__()
        self.found, self.texts, self.inside = [], [], None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))
        self.inside = tag

    def handle_data(self, data):
        if self.inside not in {"script", "style"}:
            self.texts.append(data)

    @property
    def text(self):
        return re.sub(r"\s+", " ", " ".join(self.texts))


def page(folder, *records, roster=None, finals=None, fingerprints=None, **options):
    with Store(folder) as store:
        for each in records:
            store.put("key", Entry.of(each, fingerprints))
        policy = Policy({}, 0, UTC, roster and Roster(roster))
        titles = {"a03_losses": "Losses"}
        write_dashboard(folder, store, policy, finals or {}, titles=titles, now=NOW, **options)
    return (folder / "report.html").read_text(encoding="utf-8")


def embedded(text):
    return json.loads(re.search(r'id="data">(.*?)</script>', text, re.DOTALL)[1])


def test_a_page_needs_nothing_else_and_allows_nothing_else(tmp_path):
    found = Elements(page(tmp_path, graded(), not_graded())).found
    policy = next(each["content"] for tag, each in found if each.get("http-equiv"))
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-")
    assert not [each for tag, each in found if {"src", "action", "srcset", "data"} & each.keys()]
    addresses = [each["href"] for tag, each in found if "href" in each]
    assert all(each.startswith("#") for each in addresses)
    assert not {"link", "iframe", "object", "img", "form", "base"} & {tag for tag, _ in found}


def test_every_link_leads_to_a_place_on_the_page_and_no_id_is_there_twice(tmp_path):
    found = Elements(page(tmp_path, graded(), scored("bo", 1.0, assignment="a06_optimizers"))).found
    ids = [each["id"] for _, each in found if "id" in each]
    assert len(ids) == len(set(ids))
    assert {each["href"][1:] for _, each in found if "href" in each} <= set(ids)


def wrong(message):
    return ExerciseResult("losses.mse", 1.0, (check("values", Verdict.ERROR, message=message),))


def submissions_of(name):
    return (
        graded(name, exercises=(wrong(name),)),
        not_graded(student=name, assignment="b", message=name),
    )


@pytest.mark.parametrize("text", [*HOSTILE_NAMES, HOSTILE])
def test_no_name_and_no_output_becomes_markup(tmp_path, text):
    plain = Elements(page(tmp_path / "plain", *submissions_of("ann")))
    hostile = page(tmp_path / "hostile", *submissions_of(text))
    assert [tag for tag, _ in Elements(hostile).found] == [tag for tag, _ in plain.found]
    data = embedded(hostile)
    assert data["students"] == [[line(text), ""]]
    assert data["texts"] == [clean(text)]
    assert line(text) in Elements(hostile).text


def test_what_needs_review_says_why_and_what_to_do(tmp_path):
    text = Elements(
        page(tmp_path, scored("ann", 1.0), not_graded("fault", message="it broke"))
    ).text
    for each in ("bob", "✗ fault", "it broke", "Run gradus grade again"):
        assert each in text
    assert "✓ Everything was graded." in Elements(page(tmp_path / "good", scored("ann", 1.0))).text


def test_misconceptions_come_with_hint_example_and_students(tmp_path):
    text = Elements(page(tmp_path, graded("ann"), graded("bo"))).text
    for each in ("mse: planted", "A mean?", "y[0] is 1, expected 2.", "ann", "100 %"):
        assert each in text


def test_the_example_of_a_misconception_has_a_picture_where_one_can_be_drawn(tmp_path):
    asked = []

    def draw(*what):
        asked.append(what)
        return "<svg class='drawn'></svg>" if len(asked) == 1 else ""

    wanted = Elements(page(tmp_path / "one", graded("ann"), graded("bo"), draw=draw)).found
    assert asked == [("a03_losses", "ann", "losses.mse", "signs")]
    assert next(each for tag, each in wanted if tag == "svg") == {"class": "drawn"}
    hidden = check("shapes", Verdict.FAILED, public=False, message="y is wrong.", hint="Why?")
    page(tmp_path / "two", graded(exercises=(ExerciseResult("m.f", 1.0, (hidden,)),)), draw=draw)
    assert len(asked) == 1


def test_unknown_mistakes_are_clusters(tmp_path):
    records = [graded("ann"), graded("bo")]
    text = Elements(page(tmp_path, *records, fingerprints={"losses.mse": "0123456789ab"})).text
    assert re.search(r"losses\.mse a03_losses 0123456789ab 2 ann , bo", text)


@pytest.mark.parametrize(
    ("records", "sentence"),
    [
        ([scored("ann", 1.0)], "Too few results:"),
        ([scored("ann", 1.0), scored("bo", 2.0)], "Alpha is not defined:"),
        ([graded("ann"), graded("bo")], "Alpha is not defined:"),
        ([not_graded()], "Nothing was graded."),
        ([], "Class report"),
    ],
)
def test_what_cannot_be_said_of_so_few_is_said(tmp_path, records, sentence):
    assert sentence in Elements(page(tmp_path, *records)).text


def test_changes_are_shown_when_there_is_an_earlier_run(tmp_path):
    now = [scored("ann", 7.0), scored("bo", 10.0)]
    changes = compare([scored("ann", 9.0), scored("bo", 5.0)], now)
    text = page(tmp_path, *now, changes=changes)
    assert "1 scores rose, 1 fell" in Elements(text).text
    assert embedded(text)["changes"] == [
        ["ann", "a03_losses", 9.0, 7.0, -2.0, 0, ""],
        ["bo", "a03_losses", 5.0, 10.0, 5.0, 1, ""],
    ]
    assert "Nothing changed." in Elements(page(tmp_path, changes=[])).text
    assert "Changes since" not in Elements(page(tmp_path)).text


def test_hidden_names_are_hidden_wherever_they_could_stand(tmp_path):
    person = Student("s1", "Ann Lee", "a.lee@uni.edu", "4711", "alee")
    records = [
        not_graded(student="ann-1", message="Ann Lee's ann-1.ipynb cannot be read"),
        scored("ann-2", 3.0),
        not_graded(student="4711", assignment="a06_optimizers", message="a.lee@uni.edu"),
    ]
    finals = {("a03_losses", "ann-2"): Final(None, reason="does not count: best is ann-1")}
    changes = compare([scored("zoe", 1.0)], records)
    (tmp_path / "feedback").mkdir()
    (tmp_path / "feedback/ann-2.html").touch()
    text = page(tmp_path, *records, roster=[person], finals=finals, changes=changes, anonymous=True)
    for name in ("ann", "lee", "4711", "zoe", "alee", "uni.edu"):
        assert not re.search(rf"\b{name}\b", text, re.IGNORECASE), name
    told = " ".join(embedded(text)["texts"])
    assert re.search(r"Student \d{3}'s Student \d{3}\.ipynb cannot be read", told)
    assert re.search(r"does not count: best is Student \d{3}", told)
    assert {page for _, page in embedded(text)["students"]} == {""}


def test_a_page_of_a_thousand_students_is_small(tmp_path):
    made_class(tmp_path, ["a06_optimizers"], 1000, hostile=True)
    assert len(page(tmp_path).encode()) < MOST_BYTES
