"""What axe finds in a page."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_AXE = Axe()
_OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
}
# Rows of a list are drawn by one template: the first dozen stands for all, in a tenth of the time.
_ROWS = [[".list tbody tr:nth-child(n+13)"], [".matrix tbody:nth-of-type(n+3)"]]
# So is the frame around the content: it is judged once for each role, language and width.
_FRAME = [["body > .skip"], ["body > header"], ["#navigation"]]
_LOOKS = """() => [
  document.documentElement.lang,
  document.querySelector(".desk-role")?.textContent.split("·").at(-1).trim(),
  document.querySelector(".top-end .count") !== null,
  window.innerWidth,
].join(" ")"""


def serious_violations(page: Page, frames: set[str]) -> list[str]:
    """A line for each serious or critical violation, with the elements that it concerns; *frames*
    remembers how the frames look that were judged."""
    looks = page.evaluate(_LOOKS)
    known = _FRAME if looks in frames else []
    where = {"include": [["html"]], "exclude": _ROWS + known}
    found: list[dict[str, Any]] = _AXE.run(page, where, _OPTIONS).response["violations"]
    frames.add(looks)
    return [
        f"{page.url}: {v['id']} ({v['impact']}): {v['help']}: "
        + "; ".join(node["html"][:160] for node in v["nodes"][:3])
        for v in found
        if v["impact"] in {"serious", "critical"}
    ]
