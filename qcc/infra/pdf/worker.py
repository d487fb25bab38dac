"""The renderer's own process: ``python -m qcc.infra.pdf.worker FD``.

It reads documents from the socket it was born with, one after the other, until that closes. The
only module that imports WeasyPrint, and only here, where memory and time are limited and where no
secret of the application is in the environment.
"""

import gc
import logging
import math
import resource
import socket
import sys
from pathlib import Path
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from qcc.infra.pdf import wire
from qcc.infra.priority import give_way

SCHEME = "asset:"
_TYPES = {
    "css": "text/css",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "otf": "font/otf",
    "ttf": "font/ttf",
}
_FORBIDDEN = {
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.system",
    "socket.connect",
    "socket.getaddrinfo",
    "socket.sendto",
    "subprocess.Popen",
}


class AssetFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint is not typed
    """Serves ``asset:name`` from memory and refuses every other URL, whatever asks for it.

    WeasyPrint carries on without what it could not fetch, in places even without saying so;
    therefore the fetcher keeps account itself.
    """

    def __init__(self, assets: dict[str, bytes]) -> None:
        super().__init__(allowed_protocols=())
        self.assets = assets
        self.refused: list[str] = []
        self.missing: list[str] = []

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """The asset, or ValueError."""
        if not url.startswith(SCHEME):
            self.refused.append(url[:200])
            raise ValueError("only the project's own assets are served")
        name = url.removeprefix(SCHEME)
        if name not in self.assets:
            self.missing.append(name)
            raise ValueError(f"no asset {name}")
        kind = _TYPES.get(name.rpartition(".")[2], "application/octet-stream")
        return URLFetcherResponse(url, self.assets[name], {"Content-Type": kind})

    def open(self, url: Any, data: object = None, timeout: object = None) -> URLFetcherResponse:
        """The opener's other door leads to the same place."""
        return self.fetch(getattr(url, "full_url", url))


class TofuListener(logging.Handler):
    """Hears the library say, in its log only, that no font has a letter (生僻字 of a name)."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.letters: list[str] = []
        logging.getLogger("weasyprint").addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Note the letter; other remarks of the library are of no use to anybody."""
        if (text := record.getMessage()).startswith(".notdef"):
            self.letters.append(text.rpartition(": ")[2])


def render(head: dict[str, Any], blobs: list[bytes], tofu: TofuListener) -> wire.Message:
    """Answer one request: the PDF, or why there is none."""
    html, *rest = blobs
    styles, assets = rest[: head["styles"]], rest[head["styles"] :]
    fetcher = AssetFetcher(dict(zip(head["assets"], assets, strict=True)))
    tofu.letters.clear()
    gc.collect()  # what is left of the documents before would count against this one
    peak = _peak()
    _limit(head["seconds"], head["megabytes"])
    try:
        pdf = _pdf(html.decode(), [style.decode() for style in styles], fetcher)
        error = f"missing assets: {', '.join(fetcher.missing)}" if fetcher.missing else ""
    except Exception as failure:
        pdf, error = b"", f"{type(failure).__name__}: {failure}"[:500]
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    if error.startswith("MemoryError") or peak < _peak() > head["megabytes"] * 0.95:
        return {"error": "memory"}, []
    if error:
        return {"error": error}, []
    return {"refused": fetcher.refused, "tofu": tofu.letters}, [pdf]


def _peak() -> float:
    """The most memory this process ever mapped, in megabytes.

    Native code turns a failed allocation into any error at all, or swallows it and leaves something
    out; that the peak rose to the limit is what tells.
    """
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmPeak:")[2].split()[0]) / 1024


def _pdf(html: str, styles: list[str], fetcher: AssetFetcher) -> bytes:
    """Fonts and styles are made anew for each document: one leaves nothing for the next."""
    fonts = FontConfiguration()
    sheets = [CSS(string=text, url_fetcher=fetcher, font_config=fonts) for text in styles]
    document = HTML(string=html, url_fetcher=fetcher)
    return bytes(document.write_pdf(stylesheets=sheets, font_config=fonts))


def _limit(seconds: float, megabytes: int) -> None:
    """Bound memory, and processor time from now on: should the parent die, so will this process."""
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    unlimited = resource.RLIM_INFINITY
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used + seconds) + 1, unlimited))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, unlimited))


def _bolt(event: str, _args: tuple[object, ...]) -> None:
    """A second lock behind the fetcher: nothing in this process connects or starts anything."""
    if event in _FORBIDDEN:
        raise PermissionError(f"{event} in the renderer")


def main() -> None:
    """Render until the parent closes the socket."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    give_way()
    channel = socket.socket(fileno=int(sys.argv[1]))
    sys.addaudithook(_bolt)
    tofu = TofuListener()
    try:
        wire.send(channel, {"ready": True})
        while True:
            head, blobs = wire.receive(channel)
            wire.send(channel, {"taken": True})
            wire.send(channel, *render(head, blobs, tofu))
    except (EOFError, ConnectionError):
        return


if __name__ == "__main__":
    main()
