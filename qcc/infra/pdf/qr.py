"""QR codes as pictures of a paper: one path, drawn in millimetres by whoever places it."""

import qrcode
from markupsafe import Markup
from qrcode.constants import ERROR_CORRECT_M

QUIET = 4  # modules of white at each side, as ISO/IEC 18004 asks


def qr_modules(text: str) -> list[list[bool]]:
    """The modules of the code with its quiet zone, row by row; True is dark."""
    code = qrcode.QRCode(border=QUIET, error_correction=ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.get_matrix()]


def qr_svg(text: str) -> Markup:
    """The code as SVG markup; neighbours in a row are one bar, so that no hair stands between."""
    rows = qr_modules(text)
    bars = "".join(_bars(row, at) for at, row in enumerate(rows))
    size = len(rows)
    return Markup(  # noqa: S704
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}"'
        f' shape-rendering="crispEdges"><path d="{bars}"/></svg>'
    )


def _bars(row: list[bool], at: int) -> str:
    bars, start = [], 0
    for end in range(1, len(row) + 1):
        if end == len(row) or row[end] != row[start]:
            if row[start]:
                bars.append(f"M{start} {at}h{end - start}v1H{start}z")
            start = end
    return "".join(bars)
