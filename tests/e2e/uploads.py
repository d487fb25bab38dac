"""Files that visitors upload: evidence as a PDF, and the form signed, sealed and scanned."""

from io import BytesIO
from pathlib import Path

import pypdfium2
from PIL import ImageDraw
from pypdf import PdfWriter

RED = "#c8102e"


def evidence(path: Path) -> Path:
    """A PDF of one empty page."""
    writer = PdfWriter()
    writer.add_blank_page(width=595, height=842)
    writer.write(path)
    return path


def scan_of(form: Path, path: Path) -> Path:
    """The first page of a form as a picture, with a round red seal where the annex wants one."""
    document = pypdfium2.PdfDocument(form.read_bytes())
    picture = document[0].render(scale=1.4).to_pil().convert("RGB")
    document.close()
    draw = ImageDraw.Draw(picture)
    x, y = picture.width * 0.62, picture.height * 0.8
    draw.ellipse((x, y, x + 130, y + 130), outline=RED, width=5)
    buffer = BytesIO()
    picture.save(buffer, "PNG")
    path.write_bytes(buffer.getvalue())
    return path
