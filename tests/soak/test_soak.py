"""The long runs themselves: that they see what is wrong."""

import pytest

from tests.soak.batches import Original
from tests.soak.faults import contents, differences

RIGHT = {"status": "graded", "score": 4.0, "points": 4.0, "message": "", "exercises": []}
NAMED = {"exercises": [{"checks": [{"diagnosis": {"mutant": "sum or half + sign"}}]}]}


@pytest.mark.parametrize(
    ("original", "record", "problem"),
    [
        ({"full": True}, {}, ""),
        ({"full": True}, {"score": 3.9}, "has 3.9 of 4.0 points"),
        ({"full": False}, {}, "has 4.0 of 4.0 points"),
        ({}, {"status": "fault", "message": "why"}, "is fault, not graded: why"),
        ({"mutant": "half"}, NAMED, ""),
        ({"mutant": "other"}, NAMED, "is not diagnosed as other"),
    ],
)
def test_a_result_that_is_not_as_it_must_be_is_a_problem(original, record, problem):
    assert Original("a", "name", b"", **original).problem(RIGHT | record) == problem


def test_results_differ_in_anything_but_times(tmp_path):
    calm, disturbed = tmp_path / "calm", tmp_path / "disturbed"
    for folder, seconds in ((calm, "0.1"), (disturbed, "2.5")):
        folder.mkdir()
        (folder / "results.jsonl").write_text(f'{{"seconds": {seconds}, "score": 1}}\n')
    assert list(differences(contents(calm), contents(disturbed))) == []
    (disturbed / "results.jsonl").write_text('{"seconds": 2.5, "score": 2}\n')
    (disturbed / ".scores.csv.7.part").touch()
    one, other = differences(contents(calm), contents(disturbed))
    assert one == ".scores.csv.7.part is too much"
    assert other.startswith("results.jsonl:1 is b'")
