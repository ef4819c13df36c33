import pytest

from autograder.sandbox.codec import CodecError, decode, encode
from autograder.sandbox.groups import join_replies, split_replies

REPLIES = [encode(1.5), {"outcome": "raised", "message": "no"}, b"", encode([1, 2])]


def test_replies_come_apart_as_they_were():
    parts = split_replies(join_replies(REPLIES), 4)
    assert [is_message for is_message, _ in parts] == [False, True, False, False]
    assert [frame for _, frame in parts][::2] == REPLIES[::2]
    assert decode(parts[1][1]) == REPLIES[1]


@pytest.mark.parametrize("count", [0, 1, 3, 5, 1000])
def test_another_number_of_replies_is_refused(count):
    with pytest.raises(CodecError):
        split_replies(join_replies(REPLIES), count)


def test_no_piece_that_is_cut_off_is_read():
    joined = join_replies(REPLIES)
    for length in range(len(joined)):
        with pytest.raises(CodecError):
            split_replies(joined[:length], 4)
    with pytest.raises(CodecError):
        split_replies(joined + b"\0", 4)


def test_a_reply_that_claims_to_be_huge_is_refused():
    with pytest.raises(CodecError):
        split_replies(b"\0\xff\xff\xff\xff", 1)
