"""The load: a number of clients that ask one address after another, in a process of its own.

One thread over plain sockets, so that it takes little from the servers it measures. Only to the
loopback; ends by count and by time.
"""

import json
import os
import selectors
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from itertools import cycle

HOST = "127.0.0.1"
MOST_REQUESTS = 50_000
PATIENCE = 20.0
CHUNK = 1 << 18


@dataclass(frozen=True, slots=True)
class Order:
    """What to ask: from which port, which addresses in turn, with which cookie, how long."""

    port: int
    paths: Sequence[str]
    cookie: str = ""
    clients: int = 1
    seconds: float = 1.0


@dataclass(slots=True)
class Result:
    """What came of it: how long each answer took (in seconds), and how many were not 200."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    failures: int = 0

    @property
    def rate(self) -> float:
        """Answers each second."""
        return len(self.times) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """The time within which a share of the answers came."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


class Client:
    """One browser: it opens a connection, asks, reads to the end, and asks anew. A connection that
    the server leaves open is used again."""

    __slots__ = ("began", "port", "received", "request", "socket", "wanted")

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket: socket.socket | None = None
        self.received = bytearray()

    def ask(self, request: bytes, selector: selectors.BaseSelector) -> None:
        """Send the next request."""
        self.received.clear()
        self.wanted = -1
        self.began = time.perf_counter()
        if self.socket is None:
            self.socket = socket.create_connection((HOST, self.port), PATIENCE)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(self.socket, selectors.EVENT_READ, self)
        self.socket.sendall(request)

    def read(self, selector: selectors.BaseSelector) -> bool:
        """Take what came; whether the answer is whole."""
        data = self.socket.recv(CHUNK) if self.socket else b""
        self.received += data
        if self.wanted < 0:
            self.wanted = _length(self.received)
        done = not data or 0 <= self.wanted <= len(self.received)
        if done and (not data or _closes(self.received)):
            self.leave(selector)
        return done

    def is_good(self) -> bool:
        """Whether a whole page came."""
        return self.received.startswith(b"HTTP/1.1 200 ") and len(self.received) == self.wanted

    def leave(self, selector: selectors.BaseSelector) -> None:
        """Close the connection."""
        if self.socket is not None:
            selector.unregister(self.socket)
            self.socket.close()
            self.socket = None


def _head(received: bytearray) -> bytes:
    return bytes(received[: received.find(b"\r\n\r\n") + 4]).lower()


def _length(received: bytearray) -> int:
    """How many bytes head and body will have together; -1 while that is not known."""
    head = _head(received)
    at = head.find(b"content-length:")
    if at < 0:
        return -1
    return len(head) + int(head[at + 15 : head.index(b"\r\n", at)])


def _closes(received: bytearray) -> bool:
    return b"\r\nconnection: close" in _head(received)


def requests_of(order: Order) -> list[bytes]:
    """The requests as they go over the wire."""
    cookie = f"Cookie: {order.cookie}\r\n" if order.cookie else ""
    return [
        f"GET {path} HTTP/1.1\r\nHost: {HOST}:{order.port}\r\n{cookie}"
        f"Accept: text/html\r\nUser-Agent: bench\r\n\r\n".encode()
        for path in order.paths
    ]


def run(order: Order) -> Result:
    """Ask until the time is over, then wait for the answers that are under way."""
    result, requests = Result(), cycle(requests_of(order))
    with selectors.DefaultSelector() as selector:
        idle = deque(Client(order.port) for _ in range(order.clients))
        began = time.perf_counter()
        end, asked, waiting = began + order.seconds, 0, 0
        while True:
            while idle and time.perf_counter() < end and asked < MOST_REQUESTS:
                idle.popleft().ask(next(requests), selector)
                asked, waiting = asked + 1, waiting + 1
            if not waiting:
                break
            events = selector.select(PATIENCE)
            if not events:
                result.failures += waiting
                break
            for key, _mask in events:
                client: Client = key.data
                if client.read(selector):
                    waiting -= 1
                    _note(result, client)
                    idle.append(client)
        result.seconds = time.perf_counter() - began
        for key in list(selector.get_map().values()):
            key.data.leave(selector)
    return result


def _note(result: Result, client: Client) -> None:
    result.times.append(time.perf_counter() - client.began)
    if not client.is_good():
        result.failures += 1


def measure(order: Order, core: int | None = None) -> Result:
    """Run the load in another process, on a core of its own where there is one to spare."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.load"],
        input=json.dumps([asdict(order), core]),
        capture_output=True,
        text=True,
        check=True,
        timeout=order.seconds + 3 * PATIENCE,
    )
    return Result(**json.loads(done.stdout))


def main() -> None:
    """What the other process does: an order comes in, its result goes out."""
    order, core = json.load(sys.stdin)
    if core is not None:
        os.sched_setaffinity(0, {core})
    print(json.dumps(asdict(run(Order(**order)))))


if __name__ == "__main__":
    main()
