"""Does a message arrive whole, late or not at all, and is it always said which?"""

from __future__ import annotations

import math
import socket
import struct
import threading
import time
from collections.abc import Iterator

import pytest

from course.grading.inside.wire import LONGEST, Channel, Garbled, Gone, Silent


@pytest.fixture
def ends() -> Iterator[tuple[Channel, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Channel(ours), theirs


def test_there_and_back(ends: tuple[Channel, socket.socket]) -> None:
    """Do numbers of every kind, and long messages, arrive as they were?"""
    channel, theirs = ends
    message = {"x": [1, 2.5, None, True, "ü", math.inf, -math.inf], "long": "y" * 3_000_000}
    sender = threading.Thread(target=Channel(theirs).send, args=(message,))
    sender.start()
    assert channel.receive(5) == message
    sender.join()


@pytest.mark.parametrize(
    "sent",
    [
        b"\xff" * 8,
        struct.pack(">I", LONGEST + 1),
        struct.pack(">I", 3) + b"{{{",
        struct.pack(">I", 200_000) + b"[" * 200_000,
    ],
    ids=["length", "too long", "no JSON", "brackets"],
)
def test_garbage(ends: tuple[Channel, socket.socket], sent: bytes) -> None:
    """Is garbage called garbage?"""
    channel, theirs = ends
    sender = threading.Thread(target=theirs.sendall, args=(sent,))
    sender.start()
    with pytest.raises(Garbled):
        channel.receive(5)
    sender.join()


def test_one_byte_at_a_time(ends: tuple[Channel, socket.socket]) -> None:
    """Is the time for a message a time for the whole of it?"""
    channel, theirs = ends
    stop = threading.Event()

    def drip() -> None:
        theirs.sendall(struct.pack(">I", 1000))
        while not stop.wait(0.02):
            theirs.sendall(b" ")

    sender = threading.Thread(target=drip)
    sender.start()
    started = time.monotonic()
    with pytest.raises(Silent):
        channel.receive(0.3)
    assert time.monotonic() - started < 2
    stop.set()
    sender.join()


def test_nobody_reads(ends: tuple[Channel, socket.socket]) -> None:
    """Does sending end too when the other side does not listen?"""
    with pytest.raises(Silent):
        ends[0].send("x" * 10_000_000, 0.3)


def test_nobody_is_there(ends: tuple[Channel, socket.socket]) -> None:
    """Is a closed connection told from a slow one?"""
    channel, theirs = ends
    theirs.close()
    with pytest.raises(Gone):
        channel.receive(1)
    with pytest.raises(Gone):
        channel.send("x" * 10_000_000, 1)


def test_too_long_to_send(ends: tuple[Channel, socket.socket]) -> None:
    """Is it said before anything is sent?"""
    with pytest.raises(ValueError, match="at most"):
        ends[0].send("x" * (LONGEST + 1))
