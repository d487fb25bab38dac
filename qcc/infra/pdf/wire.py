"""Messages between a process and its renderer: a JSON head, then the bytes it announces.

Not pickle: what comes back from a process that read a stranger's text is only ever data.
"""

import json
import socket
import struct
import time
from collections.abc import Sequence
from typing import Any

Message = tuple[dict[str, Any], list[bytes]]
_LENGTH = struct.Struct(">I")
_CHUNK = 1 << 20


def send(
    channel: socket.socket,
    head: dict[str, Any],
    blobs: Sequence[bytes] = (),
    *,
    deadline: float | None = None,
) -> None:
    """Write one message. Raises TimeoutError when *deadline* (monotonic) passes."""
    text = json.dumps({**head, "sizes": [len(blob) for blob in blobs]}).encode()
    for part in (_LENGTH.pack(len(text)), text, *blobs):
        channel.settimeout(_remaining(deadline))
        channel.sendall(part)


def receive(channel: socket.socket, *, deadline: float | None = None) -> Message:
    """Read one message. Raises EOFError when the other side is gone, TimeoutError as above."""
    (length,) = _LENGTH.unpack(_exactly(channel, _LENGTH.size, deadline))
    head = json.loads(_exactly(channel, length, deadline))
    return head, [_exactly(channel, size, deadline) for size in head["sizes"]]


def _exactly(channel: socket.socket, size: int, deadline: float | None) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        channel.settimeout(_remaining(deadline))
        part = channel.recv(min(_CHUNK, size - len(parts)))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)


def _remaining(deadline: float | None) -> float | None:
    if deadline is None:
        return None
    remaining = deadline - time.monotonic()
    if remaining <= 0:
        raise TimeoutError
    return remaining
