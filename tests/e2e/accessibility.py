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
_WHERE = {
    "include": [["html"]],
    "exclude": [[".list tbody tr:nth-child(n+13)"], [".matrix tbody:nth-of-type(n+3)"]],
}


def serious_violations(page: Page) -> list[str]:
    """A line for each serious or critical violation, with the elements that it concerns."""
    found: list[dict[str, Any]] = _AXE.run(page, _WHERE, _OPTIONS).response["violations"]
    return [
        f"{page.url}: {v['id']} ({v['impact']}): {v['help']}: "
        + "; ".join(node["html"][:160] for node in v["nodes"][:3])
        for v in found
        if v["impact"] in {"serious", "critical"}
    ]
