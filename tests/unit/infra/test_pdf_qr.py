"""QR codes: the picture is the matrix, and what is drawn on a paper is read back from it."""

import re

from qcc.infra.pdf.qr import QUIET, qr_modules, qr_svg

URL = "https://qc.example.org/verify/ABCDEFGHJK"
_BAR = re.compile(r"M(\d+) (\d+)h(\d+)v1H(\d+)z")


def test_the_picture_has_exactly_the_dark_modules() -> None:
    rows = qr_modules(URL)
    drawn = set()
    for left, top, width, back in _BAR.findall(qr_svg(URL)):
        assert left == back
        bar = {(int(left) + step, int(top)) for step in range(int(width))}
        assert not bar & drawn
        drawn |= bar
    dark = {(x, y) for y, row in enumerate(rows) for x, module in enumerate(row) if module}
    assert drawn == dark


def test_there_is_white_around_it() -> None:
    rows = qr_modules(URL)
    size = len(rows)
    for y, row in enumerate(rows):
        assert len(row) == size
        for x, module in enumerate(row):
            inside = QUIET <= x < size - QUIET and QUIET <= y < size - QUIET
            assert inside or not module
