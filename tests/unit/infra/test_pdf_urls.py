"""Nothing is fetched: every door through which a document could reach the network or the disk.

Each way in is tried twice: with WeasyPrint's own fetcher, to prove that the trial would notice, and
with ours, which must let nothing through.
"""

import base64
import io
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from weasyprint import HTML

from qcc.infra.pdf import PdfFailed, render_pdf
from qcc.infra.pdf.worker import AssetFetcher
from tests.papers import streams, text_of

SECRET = "TOPSECRET"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

# Ways of an HTML document; {url} is what it should not get.
HTML_WAYS = {
    "img": "<img src='{url}'>",
    "img srcset": "<img src='asset:none.png' srcset='{url}'><img src='{url}'>",
    "link stylesheet": "<link rel=stylesheet href='{url}'><p>x",
    "css import": "<style>@import '{url}';</style><p>x",
    "css import url": "<style>@import url({url});</style><p>x",
    "css background": "<p style=\"background: url('{url}')\">x",
    "css content": "<style>p::before {{ content: url({url}) }}</style><p>x",
    "css list style": "<ul style='list-style: url({url})'><li>x</ul>",
    "css border image": "<p style='border: 5px solid; border-image: url({url}) 1'>x",
    "css page background": "<style>@page {{ background: url({url}) }}</style><p>x",
    "css margin box": "<style>@page {{ @top-left {{ content: url({url}) }} }}</style><p>x",
    "css font": "<style>@font-face {{ font-family: f; src: url({url}) }}"
    "p {{ font-family: f }}</style><p>x",
    "object": "<object data='{url}'></object>",
    "embed": "<embed src='{url}'>",
    "link attachment": "<link rel=attachment href='{url}'><p>x",
    "a attachment": "<p><a rel=attachment href='{url}'>x</a>",
    "base": "<base href='{folder}'><img src='{name}'><link rel=stylesheet href='{name}'>",
    "svg inline image": "<svg width=9 height=9><image href='{url}' width=9 height=9 /></svg>",
    "svg inline use": "<svg width=9 height=9><use href='{url}#x' /></svg>",
}
# Ways of a picture that is itself an allowed asset.
SVG_WAYS = {
    "image": "<image href='{url}' width='9' height='9'/>",
    "image xlink": "<image xlink:href='{url}' width='9' height='9'/>",
    "use": "<use href='{url}#x'/>",
    "style import": "<style>@import '{url}';</style><rect width='9' height='9'/>",
    "style font": "<style>@font-face {{ font-family: f; src: url({url}) }}</style>"
    "<text font-family='f' y='9'>x</text>",
    "fill": "<rect width='9' height='9' fill='url({url}#x)'/>",
    "foreign object": "<foreignObject><img src='{url}'/></foreignObject>",
}
# Where WeasyPrint itself reaches nothing today; tried with our fetcher all the same.
CLOSED_BY_THEMSELVES = {"svg inline use"}
SVG_CLOSED = {"use", "style import", "fill", "foreign object"}


class Listener:
    """Counts who knocks at a port of this machine and answers nobody."""

    def __init__(self) -> None:
        self.knocks = 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}/x.png"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                caller, _ = self.socket.accept()
            except OSError:
                return
            self.knocks += 1
            caller.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.socket.shutdown(socket.SHUT_RDWR)
    made.socket.close()


def _svg(body: str) -> bytes:
    spaces = "xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'"
    return f"<svg {spaces} width='9' height='9'>{body}</svg>".encode()


def _filled(way: str, url: str) -> str:
    folder, _, name = url.rpartition("/")
    return way.format(url=url, folder=f"{folder}/", name=name)


@pytest.mark.parametrize("way", sorted(HTML_WAYS))
def test_html_reaches_no_host(way: str, listener: Listener) -> None:
    html = _filled(HTML_WAYS[way], listener.url)
    render_pdf(html, assets={"none.png": PIXEL})
    assert listener.knocks == 0
    HTML(string=html).write_pdf()
    assert bool(listener.knocks) == (way not in CLOSED_BY_THEMSELVES)


def test_a_color_profile_from_elsewhere_ends_the_rendering(listener: Listener) -> None:
    with pytest.raises(PdfFailed, match="own assets"):
        render_pdf(f"<style>@color-profile --c {{ src: url({listener.url}) }}</style><p>x")
    assert listener.knocks == 0


@pytest.mark.parametrize("way", sorted(SVG_WAYS))
def test_pictures_reach_no_host(way: str, listener: Listener) -> None:
    picture = _svg(_filled(SVG_WAYS[way], listener.url))
    render_pdf("<img src=asset:a.svg>", assets={"a.svg": picture})
    assert listener.knocks == 0
    packed = base64.b64encode(picture).decode()
    HTML(string=f"<img src='data:image/svg+xml;base64,{packed}'>").write_pdf()
    assert bool(listener.knocks) == (way not in SVG_CLOSED)


def test_stylesheets_handed_over_reach_no_host(listener: Listener) -> None:
    sheet = f"@import url({listener.url}); @page {{ background: url({listener.url}) }}"
    render_pdf("<p>x", stylesheets=[sheet])
    assert listener.knocks == 0


SECRETS = {
    "secret.txt": SECRET.encode(),
    "secret.css": f"body::after {{ content: '{SECRET}' }}".encode(),
    "secret.svg": _svg(f"<text y='9'>{SECRET}</text>"),
    "secret.png": PIXEL,
}


def _leaks(pdf: bytes) -> bool:
    """Whether any text, picture or attached file of the secrets is in the PDF."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    pictures = sum(len(page.images) for page in reader.pages)
    packed = any(SECRET.encode() in stream for stream in streams(pdf))
    return bool(pictures) or packed or SECRET in text_of(pdf)


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    for name, content in SECRETS.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def _all_ways(folder: Path, form: str) -> str:
    urls = [form.format(path=folder / name) for name in SECRETS]
    return "".join(_filled(way, url) for way in HTML_WAYS.values() for url in urls)


@pytest.mark.parametrize(
    "form",
    [
        "file://{path}",
        "FILE://{path}",
        "file:{path}",
        "file://localhost{path}",
        "{path}",
        "//{path}",
        "../../../../../../..{path}",
    ],
)
def test_no_file_of_the_machine_gets_in(form: str, secrets: Path) -> None:
    broken = PIXEL[:1]  # served where a way needs an asset, and no picture that could be counted
    assert not _leaks(render_pdf(_all_ways(secrets, form), assets={"none.png": broken}))


@pytest.mark.parametrize("form", ["asset:{path}", "asset:../../..{path}", "asset://{path}"])
def test_assets_are_names_not_paths(form: str, secrets: Path) -> None:
    with pytest.raises(PdfFailed, match=r"missing assets: .*secret"):
        render_pdf(_all_ways(secrets, form), assets={"none.png": PIXEL})


@pytest.mark.parametrize("name", SECRETS)
def test_the_secrets_would_be_found(name: str, secrets: Path) -> None:
    ways = "".join(_filled(way, f"file://{secrets / name}") for way in HTML_WAYS.values())
    assert _leaks(HTML(string=ways).write_pdf())


def test_other_schemes_are_refused(caplog: pytest.LogCaptureFixture) -> None:
    packed = base64.b64encode(PIXEL).decode()
    urls = [f"data:image/png;base64,{packed}", "ftp://127.0.0.1/x", "gopher://127.0.0.1/", "x.png"]
    made = render_pdf("".join(f"<img src='{url}'>" for url in urls))
    assert not _leaks(made)
    assert caplog.text.count("was refused") == 3  # the last is no URL at all without a base


BOLTED = """
import os, socket, subprocess, sys
from qcc.infra.pdf import worker
sys.addaudithook(worker._bolt)
for way in (
    lambda: socket.create_connection(("127.0.0.1", {port})),
    lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", {port})),
    lambda: subprocess.run(["true"]),
    lambda: os.system("true"),
    lambda: os.fork(),
):
    try:
        way()
    except PermissionError:
        continue
    sys.exit(1)
"""


def test_the_renderer_is_bolted_behind_its_fetcher(listener: Listener) -> None:
    script = BOLTED.format(port=listener.socket.getsockname()[1])
    done = subprocess.run([sys.executable, "-c", script], check=False, cwd=Path.cwd())
    assert done.returncode == 0
    assert listener.knocks == 0


def test_the_fetcher_has_no_other_door() -> None:
    fetcher = AssetFetcher({"a": b"1"})
    assert fetcher("asset:a").read() == fetcher.open("asset:a").read() == b"1"
    for ask in (fetcher, fetcher.fetch, fetcher.open):
        with pytest.raises(ValueError, match="own assets"):
            ask("file:///etc/hostname")
    assert len(fetcher.refused) == 3
