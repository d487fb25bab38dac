"""What an institution does on its way: each part of the application, as a person fills it in.

Labels of the statutory form are Chinese in every language; all others are found by their English.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator

from tests.e2e.visitor import Visitor

REASON = "我院重症医学专业综合实力较强，质量管理体系完善，愿意承担“中心”挂靠工作。"
STATEMENT = "本院具备该项条件，证明材料见附件。"
CHOICES = (
    "是否国家质控中心挂靠单位",
    "是否国家医学中心或国家区域医疗中心牵头建设单位",
)
CONDITIONS = {
    "专业综合实力": True,
    "质量管理体系和成效": True,
    "未发生重大医疗质量安全事件": False,
    "场所、设备、经费和人员": True,
    "其他条件": False,
}
"""Condition → whether it needs evidence. The register knows the grade."""

SECTIONS = (
    "医院基本情况",
    "相关学科的学术地位",
    "学科人员结构",
    "学科基本建设及设备设施情况",
    "医疗服务能力与水平情况",
    "相应专业的质控要求、工作程序及相关规章制度、工作计划和预期目标",
    "拟设“中心”负责人资质条件",
    "承担“中心”挂靠的扶植措施和经费支持",
)


@dataclass(frozen=True)
class Proposed:
    """Somebody proposed for a post: the post's English name, the person, and what is said."""

    post: str
    name: str
    job: str
    area: str = ""
    specialty: str = ""
    ability: str = ""
    position: str = "Other post"
    ticks: tuple[str, ...] = ()


LEADER = "Leader of the host's discipline (学科带头人)"
MEMBER = "Member of the host's discipline"
SPECIALIST = "Specialist of the discipline in the province"

OFFICERS = (
    Proposed(
        "Director",
        "程远山",
        "副院长",
        area="分管医疗质量与安全",
        position="Vice-president in charge",
    ),
    Proposed(
        "Executive deputy director",
        "罗静川",
        "科主任",
        specialty="临床医疗与质量管理",
        ability="长期从事本专业临床与质量管理。",
        ticks=(LEADER, MEMBER, SPECIALIST),
    ),
    Proposed("Deputy director", "贺兰亭", "科副主任", ticks=(SPECIALIST,)),
    Proposed("Deputy director", "温知秋", "科副主任", ticks=(SPECIALIST,)),
    Proposed("Liaison secretary", "叶小禾", "主治医师", ticks=(MEMBER,)),
)


def begin(visitor: Visitor, specialty: str) -> None:
    """From the open call into an application for the center of the specialty."""
    visitor.go("Calls")
    call = re.compile("年省级医疗质量控制中心挂靠单位申报")
    visitor.leave_by(visitor.page.get_by_role("link", name=call))
    offer = visitor.page.get_by_role("listitem").filter(
        has_text=f"浙江省{specialty}医疗质量控制中心"
    )
    apply = visitor.word("Apply for this center")
    visitor.leave_by(offer.get_by_role("button", name=apply, exact=True))
    visitor.page.get_by_role("heading", name=f"浙江省{specialty}医疗质量控制中心").wait_for()


def fill_form(visitor: Visitor) -> None:
    """The cells of the form that come from nowhere else."""
    visitor.follow("Institution and reason")
    visitor.field("法定代表人").fill("林见清")
    for question in CHOICES:
        visitor.page.get_by_role("group", name=question).get_by_label("否").check()
    visitor.field("申请理由").fill(REASON)
    visitor.press("Save and go back")
    visitor.sees("Not filled in")


def propose_officers(visitor: Visitor, people: Sequence[Proposed] = OFFICERS) -> None:
    """The officers, one after the other, until the rules are content with them."""
    visitor.follow("Proposed officers of the center")
    for person in people:
        visitor.follow("Propose a person")
        propose(visitor, person)
    visitor.sees("The officers agree with the rules.")


def propose(visitor: Visitor, person: Proposed) -> None:
    """One person, on the form that stands open."""
    word = visitor.word
    visitor.field(word("Post in the center")).select_option(word(person.post))
    for label, text in {
        "姓名": person.name,
        "职务": person.job,
        "职称": "主任医师",
        "分管工作": person.area,
        "从事专业": person.specialty,
        "专业水平能力": person.ability,
    }.items():
        visitor.field(label).fill(text)
    visitor.field(word("Position in the host's leadership")).select_option(word(person.position))
    for tick in person.ticks:
        visitor.field(word(tick)).check()
    visitor.press("Save")
    part(visitor, person.name).wait_for()


def declare(visitor: Visitor, evidence: Path) -> None:
    """Every condition, with its evidence where it needs one."""
    for condition, needs_evidence in CONDITIONS.items():
        visitor.leave_by(part(visitor, condition))
        visitor.field(visitor.word("We declare that this condition is met.")).check()
        visitor.type("Statement", STATEMENT)
        if needs_evidence:
            attach(visitor, evidence)
        visitor.press("Save and go back")


def attach(visitor: Visitor, file: Path) -> None:
    """A file to the part that stands open."""
    label = visitor.word("File (PDF, JPG, PNG or XLSX, at most 10 MB)")
    visitor.field(label).set_input_files(file)
    visitor.press("Attach")
    visitor.sees("%(name)s was attached.", name=file.name)


def part(visitor: Visitor, name: str) -> Locator:
    """A link in the page's content by its Chinese name: a part in the list, a person."""
    return visitor.page.get_by_role("main").get_by_role("link", name=name, exact=True)
