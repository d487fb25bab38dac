"""One product, one browser, and visitors: shared by all stories of this folder."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.product import ROOT, Product
from tests.e2e.visitor import Visitor

Language = Literal["zh_CN", "en"]
Visit = Callable[..., Visitor]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every story is marked."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="package")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The running product; what it wrote into its logs is looked at when all is over."""
    running = Product(tmp_path_factory.mktemp("product"))
    try:
        running.start()
        yield running
    finally:
        running.stop()
    assert not running.complaints()


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """A browser that talks to nobody by itself; a missing one is a failure."""
    given = os.environ.get("QCC_CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=given if Path(given).exists() else None,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--lang=zh-CN",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def pictures() -> Path | None:
    """Where screenshots go: into the guides if they are asked for, else none are taken."""
    return ROOT / "docs/images" if os.environ.get("QCC_SCREENSHOTS") == "1" else None


@pytest.fixture(scope="package")
def keys() -> dict[str, Any]:
    """Account → cookies of its session: everybody comes through the door once."""
    return {}


@pytest.fixture
def visit(
    chromium: Browser, product: Product, pictures: Path | None, keys: dict[str, Any]
) -> Iterator[Visit]:
    """Visitors, signed in to a desk; whatever must not happen to them fails the test."""
    visitors: list[Visitor] = []

    def come(account: str | None, language: Language = "zh_CN") -> Visitor:
        visitor = Visitor(chromium, product, pictures, language)
        visitors.append(visitor)
        if account and account in keys:
            visitor.come_back(keys[account])
        elif account:
            keys[account] = visitor.sign_in(account)
        return visitor

    yield come
    troubles = [trouble for visitor in visitors for trouble in visitor.watch.troubles]
    for visitor in visitors:
        visitor.context.close()
    assert not troubles, "\n".join(troubles)
