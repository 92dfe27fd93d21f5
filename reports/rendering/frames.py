"""What goes between a process that wants a PDF and the one that draws it: frames of a kind, a length and bytes.

A request is pickled: it comes from us. What comes back never is: whoever reads it does not trust a process that had a
stranger's pictures in it.
"""

import json
import socket
import struct
from enum import IntEnum
from typing import Any

_HEAD = struct.Struct(">BQ")
MOST = 2_000_000_000


class Frame(IntEnum):
    """What the bytes are."""

    REQUEST = 1  # pickled
    PROGRESS = 2  # JSON
    PDF = 3  # the bytes of the file
    FAULT = 4  # JSON: fault, detail
    DONE = 5  # JSON: pages, peak, spent


def put(to: socket.socket, kind: Frame, content: bytes) -> None:
    """Sends one frame whole."""
    to.sendall(_HEAD.pack(kind, len(content)))
    to.sendall(content)


def put_told(to: socket.socket, kind: Frame, **told: Any) -> None:
    """Sends a few values."""
    put(to, kind, json.dumps(told).encode())


class Reader:
    """Frames from a socket whose waits are short, so that whoever reads can look up in between."""

    def __init__(self, source: socket.socket) -> None:
        self._source, self._read = source, bytearray()

    def next(self) -> tuple[Frame, bytes] | None:
        """The next frame; None at the end. Raises TimeoutError where the socket's own patience ends: ask again."""
        while True:
            if len(self._read) >= _HEAD.size:
                kind, length = _HEAD.unpack_from(self._read)
                if length > MOST:
                    raise ValueError("too long")
                if len(self._read) >= _HEAD.size + length:
                    content = bytes(self._read[_HEAD.size : _HEAD.size + length])
                    del self._read[: _HEAD.size + length]
                    return Frame(kind), content
            part = self._source.recv(1 << 18)
            if not part:
                return None
            self._read += part
