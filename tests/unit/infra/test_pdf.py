"""The renderer as a process: limits, death, renewal, forks, shutdown."""

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pypdf
import pytest

from qcc.infra import pdf
from qcc.infra.pdf import PdfFailed, PdfLimits, PdfTimeout, PdfTooLarge, render_pdf
from tests.papers import font_names, has_tofu, text_of

SMALL = "<html lang=zh-CN><p style='font-family: FandolFang, Noto Serif CJK SC'>质控中心 ABC 123"
HEAVY = "<p>一二三 four five</p>" * 30_000


def _pid() -> int:
    assert pdf._warm.child is not None
    return pdf._warm.child.pid


def _is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def _gone(pid: int) -> bool:
    for _ in range(600):
        if not _is_running(pid):
            return True
        time.sleep(0.05)
    return False


def _run(script: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", script],
        capture_output=True,
        text=True,
        timeout=120,
        env=os.environ | {"PYTHONPATH": os.getcwd()},
        check=False,
    )


def test_parent_never_loads_weasyprint() -> None:
    script = "import sys, qcc.infra.pdf as p; p.render_pdf('<p>x'); assert 'weasyprint' not in"
    assert _run(f"{script} sys.modules").returncode == 0


def test_child_is_kept_warm_and_sees_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    pdf._warm.stop()
    monkeypatch.setenv("SECRET_KEY", "not-for-the-renderer")
    render_pdf(SMALL)
    first = _pid()
    render_pdf(SMALL)
    assert _pid() == first
    assert b"SECRET_KEY" not in Path(f"/proc/{first}/environ").read_bytes()


def test_same_input_gives_same_bytes() -> None:
    picture = {"a.svg": b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"}
    html = SMALL + "<img src='asset:a.svg'><p style='font-family: FandolKai'>楷体 ☑"
    first = render_pdf(html, assets=picture)
    render_pdf("<p style='font-family: Noto Sans CJK SC'>另一份")
    second = render_pdf(html, assets=picture)
    pdf._warm.stop()
    assert first == second == render_pdf(html, assets=picture)


def test_dates_stand_in_the_file_only_if_the_document_says_them() -> None:
    plain = pypdf.PdfReader(io.BytesIO(render_pdf(SMALL))).metadata
    assert plain is not None
    assert plain.creation_date_raw is None
    dated = f"<meta name='dcterms.created' content='2026-03-01'>{SMALL}"
    metadata = pypdf.PdfReader(io.BytesIO(render_pdf(dated))).metadata
    assert metadata is not None
    assert str(metadata.creation_date_raw).startswith("D:20260301")


def test_fonts_of_the_project_and_fallback() -> None:
    html = (
        "<html lang=zh-CN><p style='font-family: FandolFang, Noto Serif CJK SC, DejaVu Sans'>"
        "仿宋 镕腘噁㎡☑☐ 2026〔〕"
    )
    made = render_pdf(html)
    assert not has_tofu(made)
    assert text_of(made) == "仿宋镕腘噁㎡☑☐2026〔〕"
    assert font_names(made) == {"FandolFang", "Noto-Serif-CJK-SC", "DejaVu-Sans"}


def test_a_letter_that_no_font_has_is_reported(caplog: pytest.LogCaptureFixture) -> None:
    assert has_tofu(render_pdf("<p>\U000f1234"))
    assert "U+F1234" in caplog.text


def test_stylesheets_and_assets_are_used() -> None:
    made = render_pdf(
        "<link rel=stylesheet href=asset:b.css><p>x",
        stylesheets=["@page { size: 50mm 60mm }"],
        assets={"b.css": b"p::after { content: 'styled' }"},
    )
    assert text_of(made) == "xstyled"
    assert pypdf.PdfReader(io.BytesIO(made)).pages[0].mediabox.width == pytest.approx(141.7, abs=1)


def test_a_forgotten_asset_is_an_error_not_a_gap() -> None:
    with pytest.raises(PdfFailed, match=r"seal\.svg"):
        render_pdf("<img src='asset:seal.svg'>")
    with pytest.raises(PdfFailed):  # even where the library swallows what the fetcher says
        render_pdf(
            "<img src=asset:a.svg>", assets={"a.svg": _svg("<image href='asset:seal.svg'/>")}
        )


def _svg(body: str) -> bytes:
    return f"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>{body}</svg>".encode()


def test_a_document_that_takes_too_long_is_stopped_and_the_next_one_works() -> None:
    render_pdf(SMALL)
    doomed, start = _pid(), time.monotonic()
    with pytest.raises(PdfTimeout) as caught:
        render_pdf(HEAVY, limits=PdfLimits(seconds=1))
    assert time.monotonic() - start < 3
    assert (caught.value.code, caught.value.params) == ("pdf.timeout", {"seconds": 1})
    assert _gone(doomed)
    assert text_of(render_pdf(SMALL)) == "质控中心ABC123"


def test_nested_flex_boxes_are_stopped() -> None:
    with pytest.raises(PdfTimeout):
        render_pdf("<div style='display:flex'>" * 40 + "x", limits=PdfLimits(seconds=2))


@pytest.mark.parametrize("megabytes", [60, pytest.param(200, marks=pytest.mark.soak), 300])
def test_a_document_that_needs_too_much_memory_is_stopped(megabytes: int) -> None:
    with pytest.raises(PdfTooLarge) as caught:
        render_pdf(HEAVY, limits=PdfLimits(seconds=60, megabytes=megabytes))
    assert caught.value.params == {"megabytes": megabytes}
    assert text_of(render_pdf(SMALL)) == "质控中心ABC123"


def test_processor_time_ends_a_child_whose_parent_is_not_looking() -> None:
    render_pdf(SMALL)
    child = pdf._warm.child
    assert child is not None
    job = pdf.Job(HEAVY, (), {}, PdfLimits(seconds=1))
    pdf.child.wire.send(child._channel, *job.message())
    assert child._process.wait(timeout=30) == -signal.SIGXCPU


def test_a_child_that_was_killed_while_idle_is_replaced() -> None:
    render_pdf(SMALL)
    os.kill(_pid(), signal.SIGKILL)
    assert render_pdf(SMALL)


def test_children_are_renewed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "RECYCLE_AFTER", 3)
    pdf._warm.stop()
    seen = set()
    for _ in range(7):
        render_pdf("<p>x")
        seen.add(_pid())
    assert len(seen) == 3


def test_who_waits_too_long_for_the_child_is_told() -> None:
    with pdf._warm.lock, pytest.raises(PdfTimeout):
        render_pdf(SMALL, limits=PdfLimits(seconds=0.1))


FORK = """
import os
from qcc.infra.pdf import render_pdf, _warm
render_pdf("<p>x")
mine = _warm.child.pid
if (forked := os.fork()) == 0:
    assert _warm.child is None
    render_pdf("<p>y")
    assert _warm.child.pid != mine
    raise SystemExit(7)
render_pdf("<p>z")
assert _warm.child.pid == mine
assert os.waitstatus_to_exitcode(os.waitpid(forked, 0)[1]) == 7
render_pdf("<p>z")
assert _warm.child.pid == mine, "the forked process ended its parent's child"
"""


def test_a_forked_worker_has_its_own_child() -> None:
    done = _run(FORK)
    assert (done.returncode, done.stderr) == (0, "")


BUSY = """
import threading, time
from qcc.infra.pdf import render_pdf, _warm, PdfError
def heavy():
    try: render_pdf("<p>a b c</p>" * 60_000)
    except (PdfError, ValueError): pass
render_pdf("<p>x")
print(_warm.child.pid, flush=True)
threading.Thread(target=heavy, daemon=True).start()
time.sleep(0.5)
{end}
"""


@pytest.mark.parametrize(
    ("end", "code"), [("", 0), ("import os, signal; os.kill(os.getpid(), 9)", -9)]
)
def test_shutdown_waits_for_nothing_and_leaves_nothing(end: str, code: int) -> None:
    start = time.monotonic()
    done = _run(BUSY.format(end=end).replace("60_000", "4_000" if end else "60_000"))
    assert done.returncode == code
    assert time.monotonic() - start < 15
    assert _gone(int(done.stdout))
