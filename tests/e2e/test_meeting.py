"""The story of a dispatch meeting: from the notice to locked minutes, with two writers at once, and
what is open comes back on the next agenda."""

import re
from datetime import datetime, timedelta
from io import BytesIO
from urllib.parse import urlsplit

import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from qcc.infra import clock
from qcc.kernel.dates import SHANGHAI
from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor

CENTER = "浙江省麻醉医疗质量控制中心"
TASK = "报送全麻低体温防治方案"
THEIRS = "主任：低体温防治列为本季度重点。"
OURS = "秘书：各中心通报了麻醉期间低体温发生率。"
SOON = timedelta(seconds=20)
"""How far ahead the meeting begins: long enough for the notice to be sent."""


def test_a_meeting_is_held(visit: Visit) -> None:
    """The demo's announced meeting is called off; another one is held instead."""
    secretary, director = visit("secretary"), visit("director")
    _call_off(secretary)
    address, begins_at = _prepare(secretary)
    _await_begin(secretary, begins_at)
    _sign_in_by_code(secretary, director)
    _note_who_is_there(secretary)
    _write_at_once(secretary, director, address)
    _give_task(secretary, address)
    _sign(director, secretary, address)
    _amend(director, secretary, address)
    _comes_back(secretary)
    _look_at_months(secretary)


def _call_off(v: Visitor) -> None:
    v.go("Dispatch meetings")
    v.judge()
    row = v.page.get_by_role("row").filter(has_text=v.word("Notice sent"))
    v.leave_by(row.get_by_role("link").first)
    v.judge()
    v.page.get_by_text(v.word("Call the meeting off"), exact=True).first.click()
    v.page.locator("#cancel-reason").fill("与全省质控工作会议冲突，另行安排。")
    v.press("Call the meeting off")
    v.sees("The meeting is called off.")
    v.judge()


def _prepare(v: Visitor) -> tuple[str, datetime]:
    """A topic more, the order changed by dragging and by keyboard; then time, place, notice."""
    v.go("Dispatch meetings")
    v.press("Propose the next meeting")
    v.sees("The meeting was proposed after the last one. Now set its time.")
    v.page.get_by_text(v.word("Add a topic"), exact=True).click()
    v.type("Topic", "围术期低体温防治")
    v.type("Presenter", "麻醉质控组")
    v.press("Add")
    topics = v.page.locator(".agenda li strong")
    before = topics.all_inner_texts()
    topics.nth(len(before) - 1).drag_to(topics.nth(0))
    expect(topics.nth(0)).to_have_text(before[-1])
    down = v.page.get_by_role("button", name=f"{v.word('Down')}: {before[-1]}")
    down.focus()
    down.press("Enter")
    expect(topics.nth(1)).to_have_text(before[-1])
    v.judge()
    v.picture("meeting-prepared")
    v.page.get_by_text(v.word("Change time and place"), exact=True).click()
    begins_at = clock.now() + SOON
    v.type("Begins at", f"{begins_at.astimezone(SHANGHAI):%Y-%m-%dT%H:%M:%S}")
    v.type("Room", "行政楼三楼会议室")
    v.press("Save")
    v.press("Send the notice")
    v.sees("The notice was sent.")
    v.judge()
    return v.page.url, begins_at


def _await_begin(v: Visitor, begins_at: datetime) -> None:
    """Meanwhile somebody answers, and looks at the calendar."""
    v.press("Answer")
    v.sees("Your answer is noted.")
    address = v.page.url
    v.go("Dispatch meetings")
    v.follow("Calendar")
    v.judge()
    v.press("Make an address")
    v.judge()
    v.follow("Whole year")
    v.judge()
    left = (begins_at - clock.now()).total_seconds()
    v.page.wait_for_timeout(max(0.0, left) * 1000)  # the hour of the meeting, which is real
    v.open(address)


def _sign_in_by_code(secretary: Visitor, director: Visitor) -> None:
    """The director's telephone reads the code off the wall."""
    secretary.follow("Code in the room")
    secretary.judge()
    secretary.picture("meeting-room")
    shown = secretary.page.locator(".room-code").screenshot()
    (code,) = zxingcpp.read_barcodes(Image.open(BytesIO(shown)))
    director.open(urlsplit(code.text).path)
    director.judge()
    director.press("I am here")
    director.sees("You are noted as present.")
    secretary.page.go_back()
    secretary.page.reload()


def _note_who_is_there(v: Visitor) -> None:
    """Whoever has no account here is noted by the secretary."""
    expect(v.page.get_by_role("button", name=f"{v.word('Take back')}: {CENTER}")).to_be_visible()
    lower = f"{v.word('Is there')}: 杭州市麻醉医疗质量控制中心"
    v.leave_by(v.page.get_by_role("button", name=lower))
    v.judge()
    v.picture("meeting-begun")
    v.press("The meeting was held")
    v.press("Write the minutes")
    v.sees("The minutes can be written now.")


def _write_at_once(secretary: Visitor, director: Visitor, address: str) -> None:
    """Both open the same topic; who saves second sees both texts, and decides."""
    for v in (secretary, director):
        v.open(address)
        v.leave_by(v.page.get_by_role("link", name=re.compile(v.word("Write"))).first)
    director.type("Discussion", THEIRS)
    director.press("Save and go back")
    with secretary.watch.allowing("status of 409"):
        secretary.type("Discussion", OURS)
        secretary.field(secretary.word("Discussion")).blur()
        secretary.sees("Somebody else changed this. Press Save to see both versions.")
        secretary.press("Save and go back")
    alert = secretary.page.get_by_role("alert")
    expect(alert.get_by_role("cell", name=THEIRS)).to_be_visible()
    expect(alert.get_by_role("cell", name=OURS)).to_be_visible()
    secretary.judge()
    secretary.picture("minutes-conflict")
    secretary.type("Discussion", f"{THEIRS}\n{OURS}")
    secretary.press("Save and go back")
    expect(secretary.page.get_by_role("main")).to_contain_text(THEIRS)
    _write_the_rest(secretary, address)


def _write_the_rest(v: Visitor, address: str) -> None:
    count = v.page.get_by_role("link", name=re.compile(v.word("Write"))).count()
    for number in range(1, count):
        v.open(address)
        v.leave_by(v.page.get_by_role("link", name=re.compile(v.word("Write"))).nth(number))
        v.type("Decision", "同意，按计划推进。")
        v.press("Save and go back")
    v.judge()


def _give_task(v: Visitor, address: str) -> None:
    v.open(address)
    first = v.page.locator(".section-of-minutes").first
    first.get_by_text(v.word("Give a task")).click()
    first.get_by_label(v.word("Task"), exact=True).fill(TASK)
    first.get_by_label(v.word("Who does it")).select_option(label="杭州市麻醉医疗质量控制中心")
    due = clock.today() + timedelta(days=20)
    first.get_by_label(v.word("Until")).fill(due.isoformat())
    v.leave_by(first.get_by_role("button", name=v.word("Add"), exact=True))
    v.sees("The task is in the minutes.")
    v.judge()
    v.press("Send for correction")
    v.sees("The minutes were sent for correction.")


def _sign(director: Visitor, secretary: Visitor, address: str) -> None:
    """The director finds them on the workbench, and signs; then they are locked."""
    director.go("Workbench")
    director.leave_by(director.page.get_by_role("link", name=director.word("Sign the minutes")))
    director.judge()
    director.press("Sign the minutes")
    director.sees("The minutes are final and the tasks given out.")
    secretary.open(address)
    assert not secretary.page.get_by_role("link", name=re.compile(secretary.word("Write"))).count()
    secretary.judge()
    secretary.picture("meeting-final")


def _amend(director: Visitor, secretary: Visitor, address: str) -> None:
    """One proposes, the other approves."""
    secretary.page.get_by_text(secretary.word("Propose an amendment"), exact=True).click()
    secretary.type("What is added", "列席人员增加：省麻醉学会秘书处。")
    secretary.type("Reason", "原纪要遗漏。")
    secretary.press("Propose")
    director.open(address)
    director.judge()
    director.press("Approve")
    director.sees("Amendment in force")


def _comes_back(v: Visitor) -> None:
    """The next meeting's agenda begins with what is open."""
    v.go("Dispatch meetings")
    v.press("Propose the next meeting")
    carried = v.page.locator(".agenda li").filter(has_text=TASK)
    expect(carried).to_have_count(1)
    v.judge()
    v.picture("meeting-carried")
    v.leave_by(carried.get_by_role("link"))
    v.page.get_by_role("heading", name=TASK).wait_for()
    v.judge()


def _look_at_months(v: Visitor) -> None:
    v.go("Dispatch meetings")
    v.follow("Tasks")
    v.judge()
    v.go("Dispatch meetings")
    v.follow("Months of the year")
    v.judge()
