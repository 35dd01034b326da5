"""Messages between two processes that do not trust each other: JSON behind its length, and nothing else."""

import json
import socket
import struct
import time
from typing import Any

#: No message is longer than this, in bytes.
LONGEST = 16 << 20
_LENGTH = struct.Struct(">I")


class Silent(Exception):  # noqa: N818 (what the other side is)
    """The other side did not answer in time."""


class Gone(Exception):  # noqa: N818
    """The other side has closed the connection, or never was there."""


class Garbled(Exception):  # noqa: N818
    """What came is no message."""


class Channel:
    """One end of a connection."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def send(self, message: Any, seconds: float | None = None) -> None:
        """Send a message.

        Raises
        ------
        Silent, Gone
        ValueError
            If it cannot be written as JSON, or is too long.
        """
        data = json.dumps(message).encode()
        if len(data) > LONGEST:
            raise ValueError(f"a message of {len(data):,} bytes; at most {LONGEST:,} can be sent")
        self._connection.settimeout(seconds)
        try:
            self._connection.sendall(_LENGTH.pack(len(data)) + data)
        except TimeoutError:
            raise Silent from None
        except OSError as problem:
            raise Gone(str(problem)) from None

    def receive(self, seconds: float | None = None) -> Any:
        """Wait for a message.

        Raises
        ------
        Silent, Gone, Garbled
        """
        deadline = None if seconds is None else time.monotonic() + seconds
        (length,) = _LENGTH.unpack(self._read(_LENGTH.size, deadline))
        if length > LONGEST:
            raise Garbled(f"a message of {length:,} bytes")
        data = self._read(length, deadline)
        try:
            return json.loads(data)
        except (ValueError, RecursionError) as problem:
            raise Garbled(type(problem).__name__) from None

    def close(self) -> None:
        self._connection.close()

    def _read(self, count: int, deadline: float | None) -> bytes:
        parts = bytearray()
        while len(parts) < count:
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left <= 0:
                raise Silent
            self._connection.settimeout(left)
            try:
                part = self._connection.recv(min(count - len(parts), 1 << 20))
            except TimeoutError:
                raise Silent from None
            except OSError as problem:
                raise Gone(str(problem)) from None
            if not part:
                raise Gone("the connection is closed")
            parts += part
        return bytes(parts)
