"""Screenshots for the guides, small enough to be kept with the code."""

from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

TALLEST = 2000
COLORS = 128


def keep_picture(page: Page, path: Path) -> None:
    """The whole page, cut where nobody looks any more, in few colors."""
    size = page.viewport_size or {"width": 1280, "height": 800}
    page.evaluate("window.scrollTo(0, 0)")
    height = page.evaluate("document.documentElement.scrollHeight")
    raw = page.screenshot(
        full_page=True,
        clip={"x": 0, "y": 0, "width": size["width"], "height": min(height, TALLEST)},
        animations="allow",
        caret="initial",
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    few = Image.open(BytesIO(raw)).convert("RGB").quantize(COLORS, dither=Image.Dither.NONE)
    few.save(path, optimize=True)
