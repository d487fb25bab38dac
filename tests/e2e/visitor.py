"""A person at a browser, and everything that must not happen to them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Dialog, Locator, Page, Request, Response

from tests.e2e.accessibility import serious_violations
from tests.e2e.pictures import keep_picture
from tests.e2e.product import PASSWORD, Product
from tests.e2e.words import Words

DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}

# What the policy refuses is an error, wherever the page would have hidden it.
_TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} refused ${event.blockedURI}`));
"""


class Watch:
    """Collects what must not happen: requests to other hosts, script errors, violations of the
    policy, answers of 500 and more, boxes that stand in the way."""

    def __init__(self, product: Product) -> None:
        self._host = urlsplit(product.url).netloc
        self._allowed: list[str] = []
        self.troubles: list[str] = []

    def attach(self, context: BrowserContext) -> None:
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("console", lambda message: self._console(message.type, message.text))
        context.on("weberror", lambda error: self._say(f"script error: {error.error}"))
        context.on("dialog", self._dialog)

    @contextmanager
    def allowing(self, *patterns: str) -> Iterator[None]:
        """What the test provokes on purpose is no trouble."""
        self._allowed.extend(patterns)
        try:
            yield
        finally:
            for pattern in patterns:
                self._allowed.remove(pattern)

    def _say(self, trouble: str) -> None:
        if not any(re.search(pattern, trouble) for pattern in self._allowed):
            self.troubles.append(trouble)

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob"} and address.netloc != self._host:
            self._say(f"request to another host: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self._say(f"answer {response.status}: {response.request.method} {response.url}")

    def _console(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self._say(f"console {kind}: {text}")

    def _dialog(self, dialog: Dialog) -> None:
        self._say(f"box: {dialog.type} {dialog.message}")
        dialog.accept()


class Visitor:
    """One browser with its own cookies, in one language, usually signed in to one desk."""

    def __init__(
        self,
        browser: Browser,
        product: Product,
        pictures: Path | None,
        language: Literal["zh_CN", "en"],
    ) -> None:
        self.product, self.word, self._pictures = product, Words(language), pictures
        self.watch = Watch(product)
        self.context = browser.new_context(
            base_url=product.url, viewport=DESK, locale=language.replace("_", "-")
        )
        self.context.set_default_timeout(15_000)
        self.context.add_init_script(_TELL_VIOLATIONS)
        self.watch.attach(self.context)
        self.page = self.context.new_page()

    # --- moving about ---

    def open(self, path: str) -> int:
        """Go to an address of the product; returns the status of the answer."""
        response = self.page.goto(path)
        return response.status if response else 0

    def sign_in(self, account: str) -> list[Any]:
        """Through the door, as everybody; returns the cookies of the session."""
        self.open("/sign-in")
        self.choose_language()
        self.type("User name", account)
        self.type("Password", PASSWORD)
        self.press("Sign in")
        self.heading("Workbench").wait_for()
        return [cookie for cookie in self.context.cookies() if cookie["name"] == "qcc"]

    def come_back(self, cookies: list[Any]) -> None:
        """To a session that has begun elsewhere."""
        self.context.add_cookies(cookies)
        self.open("/")
        self.choose_language()
        self.heading("Workbench").wait_for()

    def speak(self, language: Literal["zh_CN", "en"]) -> None:
        """Go on in another language."""
        self.word = Words(language)
        self.choose_language()

    def choose_language(self) -> None:
        """By the switch at the top, if the page is not in the visitor's language yet."""
        name = {"en": "English", "zh_CN": "中文"}[self.word.language]
        switch = self.page.get_by_role("button", name=name, exact=True)
        if switch.count():
            self.leave_by(switch)

    def go(self, item: str) -> None:
        """Choose an entry of the main navigation."""
        main = self.page.get_by_role("navigation", name=self.word("Main"), exact=True)
        self.leave_by(main.get_by_role("link", name=self.word(item), exact=True))

    # --- what stands on the page: named in English, found in the visitor's language ---

    def heading(self, text: str, **slots: object) -> Locator:
        return self.page.get_by_role("heading", name=self.word(text, **slots), exact=True)

    def link(self, text: str, **slots: object) -> Locator:
        return self.page.get_by_role("link", name=self.word(text, **slots), exact=True)

    def button(self, text: str, **slots: object) -> Locator:
        return self.page.get_by_role("button", name=self.word(text, **slots), exact=True)

    def follow(self, text: str, **slots: object) -> None:
        self.leave_by(self.link(text, **slots).first)

    def press(self, text: str, **slots: object) -> None:
        self.leave_by(self.button(text, **slots))

    def leave_by(self, way: Locator) -> None:
        """Click what leads to another page, and wait for that page."""
        with self.page.expect_navigation():
            way.click()

    def sees(self, text: str, **slots: object) -> Locator:
        """Wait until the text stands on the page."""
        found = self.page.get_by_text(self.word(text, **slots)).first
        found.wait_for()
        return found

    # --- fields ---

    def field(self, label: str) -> Locator:
        """A field by its label; a mark of obligation behind the label does not count."""
        return self.page.get_by_label(re.compile(rf"^{re.escape(label)}\*?$"))

    def type(self, label: str, text: str) -> None:
        self.field(self.word(label)).fill(text)

    # --- judging the page ---

    def judge(self) -> None:
        """No serious violation of accessibility, and no scrolling sideways on a phone."""
        self.watch.troubles += serious_violations(self.page, self.product.frames)
        size = self.page.viewport_size
        self.page.set_viewport_size(PHONE)
        self.watch.troubles += sideways(self.page)
        self.page.set_viewport_size(size or DESK)

    def picture(self, name: str, *, phone: bool = False) -> None:
        """Keep what the visitor sees, for the guides."""
        if self._pictures is None:
            return
        if phone:
            self.page.set_viewport_size(PHONE)
        language = "-en" if self.word.language == "en" else ""
        keep_picture(self.page, self._pictures / f"{name}{language}.png")
        if phone:
            self.page.set_viewport_size(DESK)


def sideways(page: Page) -> list[str]:
    """Whether the page is wider than the phone; what sticks out is named."""
    found: dict[str, Any] = page.evaluate(
        """() => {
          const wide = document.scrollingElement.scrollWidth, room = window.innerWidth;
          const out = [...document.body.querySelectorAll("*")]
            .filter((e) => e.getBoundingClientRect().right > room && !e.closest(".table-wrap"))
            .slice(0, 3).map((e) => e.outerHTML.slice(0, 120));
          return {wide, room, out};
        }"""
    )
    if found["wide"] <= found["room"]:
        return []
    return [f"{page.url} is {found['wide']} px wide on {found['room']}: {found['out']}"]
