"""Nothing that was typed is lost: not to a dead line, an ended session, or somebody else's save."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Error, Locator, Page, expect

from tests.e2e.applying import SECTIONS, part
from tests.e2e.conftest import Visit
from tests.e2e.product import PASSWORD
from tests.e2e.visitor import Visitor

TITLE = SECTIONS[7]
CLOSED_LINE = "ERR_FAILED"


@pytest.fixture
def writer(visit: Visit) -> Visitor:
    """Hospital C at a section of the application that was returned to it."""
    visitor = visit("hospital-c")
    visitor.follow("Correct and submit again")
    visitor.leave_by(part(visitor, TITLE))
    return visitor


def _cut_line(page: Page) -> None:
    """Nothing more reaches the server; pages are still read."""
    page.route(
        "**/report/**",
        lambda route: route.abort() if route.request.method == "POST" else route.continue_(),
    )


def _text(visitor: Visitor, page: Page | None = None) -> Locator:
    return (page or visitor.page).get_by_label(visitor.word("Text of this section"))


@contextmanager
def _saved(visitor: Visitor, page: Page | None = None) -> Iterator[None]:
    """What is done inside ends with the server's answer, and the page saying so."""
    page = page or visitor.page
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.ok):
        yield
    says = visitor.word("Saved at %(time)s", time=r"20\d\d-\d\d-\d\d \d\d:\d\d")
    page.get_by_text(re.compile(f"^{says}$")).wait_for()


def test_what_is_typed_survives_a_reload(writer: Visitor) -> None:
    with _saved(writer):
        _text(writer).fill("独立办公室三间。")
    writer.page.reload()
    expect(_text(writer)).to_have_value("独立办公室三间。")


def test_a_quick_click_away_saves_before(writer: Visitor) -> None:
    """Who types and clicks a link at once need not wait for the autosave, and is not asked."""
    _text(writer).fill("刚刚写下的一句。")
    writer.follow("Applications")
    writer.page.go_back()
    writer.page.reload()
    expect(_text(writer)).to_have_value("刚刚写下的一句。")


def test_a_quick_press_of_save_is_no_conflict_with_oneself(writer: Visitor) -> None:
    for words in ("一。", "一。二。", "一。二。三。"):
        _text(writer).fill(words)
        writer.press("Save and go back")
        writer.leave_by(part(writer, TITLE))
        expect(_text(writer)).to_have_value(words)


def test_two_tabs_edit_one_section(writer: Visitor) -> None:
    """The second is told, sees both versions, and decides what stands."""
    second = writer.context.new_page()
    second.goto(writer.page.url)
    with _saved(writer):
        _text(writer).fill("第一个窗口写的：办公室三间。")

    mine = "第二个窗口写的：经费五十万元。"
    with writer.watch.allowing("status of 409"):
        _text(writer, second).fill(mine)
        second.get_by_text(
            writer.word("Somebody else changed this. Press Save to see both versions.")
        ).wait_for()
        second.get_by_role("button", name=writer.word("Save and go back"), exact=True).click()
        second.get_by_role(
            "heading", name=writer.word("Somebody else saved this while you were editing")
        ).wait_for()
    expect(second.get_by_role("main")).to_contain_text("第一个窗口写的：办公室三间。")
    expect(_text(writer, second)).to_have_value(mine)

    writer.page.bring_to_front()
    second.bring_to_front()
    _keep_picture_of(writer, second)
    second.get_by_role("button", name=writer.word("Save and go back"), exact=True).click()
    second.get_by_role("heading", name="浙江省急诊医疗质量控制中心").wait_for()
    writer.page.reload()
    expect(_text(writer)).to_have_value(mine)


def _keep_picture_of(writer: Visitor, page: Page) -> None:
    first, writer.page = writer.page, page
    writer.judge()
    writer.picture("two-versions")
    writer.page = first


def test_the_server_is_gone_while_one_types(writer: Visitor) -> None:
    """The page says so, keeps the text in the tab, and offers it after a reload."""
    before = _text(writer).input_value()
    with writer.watch.allowing(CLOSED_LINE, "box: beforeunload"):
        _cut_line(writer.page)
        _text(writer).fill("断网时写的一段。")
        writer.sees("Not saved. Your text stays in this tab; we keep trying.")
        writer.picture("not-saved")
        writer.page.reload()
    writer.page.unroute("**/report/**")
    expect(_text(writer)).to_have_value(before)
    writer.sees("This tab holds text that was not saved.")
    writer.judge()
    with _saved(writer):
        writer.button("Restore it").click()
    expect(_text(writer)).to_have_value("断网时写的一段。")
    writer.page.reload()
    expect(_text(writer)).to_have_value("断网时写的一段。")


def test_save_is_pressed_while_the_server_is_gone(writer: Visitor) -> None:
    """Even behind the browser's own error page the tab keeps the text until the server has it."""
    address = writer.page.url
    with writer.watch.allowing("ERR_INTERNET_DISCONNECTED"):
        writer.context.set_offline(True)
        _text(writer).fill("按下保存时线路已断。")
        writer.sees("Not saved. Your text stays in this tab; we keep trying.")
        with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
            writer.press("Save and go back")
        writer.context.set_offline(False)
    writer.open("/")
    writer.open(address)
    # The browser may have got the last autosave through when it left the page.
    if writer.button("Restore it").is_visible():
        with _saved(writer):
            writer.button("Restore it").click()
    expect(_text(writer)).to_have_value("按下保存时线路已断。")


def test_restored_text_does_not_silently_replace_a_colleagues(writer: Visitor) -> None:
    """What the tab kept was typed on an older version: the server shows both."""
    second = writer.context.new_page()
    with writer.watch.allowing(CLOSED_LINE, "box: beforeunload", "status of 409"):
        _cut_line(writer.page)
        _text(writer).fill("我断网时写的。")
        writer.sees("Not saved. Your text stays in this tab; we keep trying.")
        second.goto(writer.page.url)
        with _saved(writer, second):
            _text(writer, second).fill("同事这时保存的。")
        writer.page.reload()
        writer.page.unroute("**/report/**")
        writer.button("Restore it").click()
        writer.sees("Somebody else changed this. Press Save to see both versions.")
        writer.press("Save and go back")
    expect(writer.page.get_by_role("main")).to_contain_text("同事这时保存的。")
    expect(_text(writer)).to_have_value("我断网时写的。")


def test_the_session_ends_while_one_types(writer: Visitor) -> None:
    """The page says so and leads to the door; behind it the text is offered again."""
    typed = "会话结束后写的一段。"
    writer.context.clear_cookies(name="qcc")
    with writer.watch.allowing("status of 401"):
        _text(writer).fill(typed)
        writer.sees("Not saved: you were signed out. Your text stays in this tab.")
        writer.judge()
        way = writer.link("Sign in again").element_handle()
        with writer.page.expect_response(lambda answer: answer.status == 401):
            _text(writer).blur()
        writer.page.wait_for_timeout(100)
        assert way.evaluate("link => link.isConnected"), "the link stays while one goes for it"
        writer.follow("Sign in again")
    writer.type("User name", "hospital-c")
    writer.type("Password", PASSWORD)
    writer.press("Sign in")
    with _saved(writer):
        writer.button("Restore it").click()
    expect(_text(writer)).to_have_value(typed)
