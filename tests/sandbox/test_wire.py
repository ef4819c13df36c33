"""Frames over real sockets."""

import socket
import threading
import time

import pytest

from autograder.sandbox.wire import Channel, Closed, DeadlineExceeded, ProtocolError, WireError

LIMIT = 1 << 24


@pytest.fixture
def pair():
    channels = [Channel(end) for end in socket.socketpair()]
    yield channels
    for channel in channels:
        channel.close()


@pytest.mark.parametrize("deadline", [None, 60.0])
@pytest.mark.parametrize("size", [0, 1, 1 << 16, (1 << 22) + 3])
def test_a_frame_arrives_as_it_was_sent(pair, deadline, size):
    until = None if deadline is None else time.monotonic() + deadline
    sender = threading.Thread(target=pair[0].send, args=(7, b"x" * size, until))
    sender.start()
    nonce, payload = pair[1].receive(until, LIMIT)
    sender.join()
    assert nonce == 7
    assert payload == b"x" * size


def test_frames_keep_their_order(pair):
    for nonce in range(3):
        pair[0].send(nonce, b"%d" % nonce)
    assert [pair[1].receive(None, LIMIT) for _ in range(3)] == [(n, b"%d" % n) for n in range(3)]


def test_a_silent_peer_exceeds_the_deadline(pair):
    with pytest.raises(DeadlineExceeded):
        pair[0].receive(time.monotonic(), LIMIT)


def test_half_a_frame_exceeds_the_deadline():
    left, right = socket.socketpair()
    with left, right:
        left.send(b"GRW1" + b"\0" * 3)
        with pytest.raises(DeadlineExceeded):
            Channel(right).receive(time.monotonic() + 0.01, LIMIT)


def test_a_peer_that_does_not_read_exceeds_the_deadline(pair):
    with pytest.raises(DeadlineExceeded):
        pair[0].send(1, b"x" * (1 << 23), time.monotonic() + 0.01)


def test_a_closed_peer_is_noticed(pair):
    pair[0].close()
    with pytest.raises(Closed):
        pair[1].receive(None, LIMIT)
    with pytest.raises(Closed):
        pair[1].send(1, b"x")


def test_what_is_no_frame_is_refused():
    left, right = socket.socketpair()
    with left, right:
        left.send(b"x" * 100)
        with pytest.raises(ProtocolError):
            Channel(right).receive(None, LIMIT)


def test_a_frame_beyond_the_limit_is_refused(pair):
    pair[0].send(1, b"x" * 100)
    with pytest.raises(ProtocolError):
        pair[1].receive(None, 99)


def test_all_reasons_have_one_base():
    assert all(issubclass(kind, WireError) for kind in (Closed, DeadlineExceeded, ProtocolError))
