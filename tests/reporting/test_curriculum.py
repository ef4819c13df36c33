"""Which topics are taught where, and that none is forgotten."""

import pytest

from autograder.errors import CourseError
from autograder.reporting.curriculum import curriculum_page, read_topics
from tests.conftest import ROOT

TOPICS = """
- outline: Sums
  topics:
    - topic: Means
      where: [maths.mean, "a01_tiny#Tiny"]
    - topic: Scales
      where: [maths.scale]
"""


def test_the_page_counts_and_tells_where_a_topic_is_taught(tiny):
    tiny.write("assignments/topics.yml", TOPICS)
    course = tiny.load()
    page = curriculum_page(course, read_topics(course))
    assert "| a01_tiny: Tiny | 2 | 4 | 0 | 3 | 2 | 2 |" in page
    assert "| **all** | 2 | 4 | 0 | 3 | 2 | 2 |" in page
    assert "| `maths.mean` | 3 | 2 | 1 | 1 | 1 | Means |" in page
    assert "| Means | `maths.mean`, `a01_tiny#Tiny` |" in page


WRONG = {
    "an unknown exercise": ("maths.scale]", "maths.skale]", ":7: 'maths.skale' is no exercise"),
    "an unknown section": ("#Tiny", "#Tony", "Did you mean 'a01_tiny#Tiny'?"),
    "a topic that nothing teaches": ("[maths.scale]", "[]", ":7: 0.topics.1.where: List should"),
    "an unknown key": ("topic: Scales", "topik: Scales", ":6: 0.topics.1.topic"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_place_that_does_not_exist_is_refused(tiny, name):
    old, new, message = WRONG[name]
    path = tiny.write("assignments/topics.yml", TOPICS.replace(old, new))
    with pytest.raises(CourseError) as caught:
        read_topics(tiny.load())
    assert str(path) in str(caught.value)
    assert message in str(caught.value)


def test_a_course_without_topics_is_told_so(tiny):
    with pytest.raises(CourseError, match=r"topics\.yml: no such file; list there what"):
        read_topics(tiny.load())


def test_the_committed_page_is_up_to_date(course):
    path = ROOT / "docs" / "curriculum.md"
    page = curriculum_page(course, read_topics(course))
    same = path.is_file() and path.read_text(encoding="utf-8") == page
    if not same:
        path.write_text(page, encoding="utf-8")
    assert same, f"{path.name} was out of date; it is written anew, commit it"
