"""Frames over a connected Unix stream socket, with a nonce, a deadline and a size limit.

Only poll, send and recv are used, so that a filter of system calls stays short.
"""

import contextlib
import select
import socket
import struct
import time
from typing import Final

_MAGIC: Final = b"GRW1"
_HEADER: Final = struct.Struct("<4sQQ")  # magic, nonce, bytes of the payload
_CHUNK: Final = 1 << 20


class WireError(Exception):
    """Tell that a frame was not exchanged; the base of the three reasons."""


class Closed(WireError):  # noqa: N818 - reads as the state of the peer
    """Tell that the peer is gone."""


class DeadlineExceeded(WireError):  # noqa: N818 - reads as the event
    """Tell that the peer was too slow; the channel may hold half a frame."""


class ProtocolError(WireError):
    """Tell that the peer sent what is no frame."""


class Channel:
    """Exchange frames with one peer.

    Parameters
    ----------
    connection : socket
        Connected and blocking; the channel owns it from now on.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._poll = select.poll()
        self._poll.register(connection, select.POLLIN)

    def send(self, nonce: int, payload: bytes, deadline: float | None = None) -> None:
        """Send one frame.

        Parameters
        ----------
        nonce : int
            Names the exchange; the peer repeats it.
        payload : bytes
            The content.
        deadline : float, optional
            On the clock of `time.monotonic`; None waits forever.

        Raises
        ------
        Closed, DeadlineExceeded
            If the peer is gone, or does not read.
        """
        header = _HEADER.pack(_MAGIC, nonce, len(payload))
        try:
            if len(payload) <= _CHUNK:
                self._send(memoryview(header + payload), deadline)
            else:
                self._send(memoryview(header), deadline)
                self._send(memoryview(payload), deadline)
        except ConnectionError as error:
            raise Closed("the peer is gone") from error

    def _send(self, data: memoryview, deadline: float | None) -> None:
        while data:
            if deadline is None:
                data = data[self._connection.send(data) :]
                continue
            self._wait(select.POLLOUT, deadline)
            with contextlib.suppress(BlockingIOError):
                data = data[self._connection.send(data, socket.MSG_DONTWAIT) :]

    def receive(self, deadline: float | None, limit: int) -> tuple[int, bytearray]:
        """Receive one frame.

        Parameters
        ----------
        deadline : float or None
            On the clock of `time.monotonic`; None waits forever.
        limit : int
            Largest payload, in bytes.

        Returns
        -------
        tuple of (int, bytearray)
            The nonce and the payload.

        Raises
        ------
        Closed, DeadlineExceeded, ProtocolError
            If the peer is gone, too slow, or sent no frame.
        """
        header = self._receive(_HEADER.size, deadline)
        magic, nonce, length = _HEADER.unpack(header)
        if magic != _MAGIC or length > limit:
            raise ProtocolError("the peer sent no frame, or one that is too large")
        return nonce, self._receive(length, deadline)

    def _receive(self, size: int, deadline: float | None) -> bytearray:
        data, received = bytearray(size), 0
        with memoryview(data) as view:
            while received < size:
                if deadline is not None:
                    self._wait(select.POLLIN, deadline)
                received += self._read(view[received : received + _CHUNK])
        return data

    def _read(self, space: memoryview) -> int:
        try:
            count = self._connection.recv_into(space)
        except ConnectionError as error:
            raise Closed("the peer is gone") from error
        if not count:
            raise Closed("the peer is gone")
        return count

    def _wait(self, event: int, deadline: float) -> None:
        self._poll.modify(self._connection, event)
        left = deadline - time.monotonic()
        if left <= 0 or not self._poll.poll(left * 1000):
            raise DeadlineExceeded("the peer was too slow")

    def close(self) -> None:
        """Close the connection; the peer sees that we are gone."""
        self._connection.close()
