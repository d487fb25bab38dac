"""What an application consists of, as data: the annex's form, the report, the conditions.

Labels and titles are the regulation's own Chinese words (Measures, art. 7, 9 and the annex) and
are not translated; prompts are ours and are passed to gettext at the edge.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from qcc.kernel.places import level_of
from qcc.kernel.rules import Limit, Rulebook
from qcc.kernel.wording import N_

STAMPED = "stamped"
"""The part of an application that holds the scan of the signed and sealed form."""


@dataclass(frozen=True, slots=True)
class FormField:
    """A cell of the annex's form: its label, and the label of the box that it stands in.

    *by_hand*: left empty for ink, so nobody types it.
    """

    key: str
    label: str
    box: str = ""
    by_hand: bool = False

    @property
    def full_label(self) -> str:
        return f"{self.box}：{self.label}" if self.box else self.label


_DIRECTOR = "拟任“中心”主任基本情况"
_EXECUTIVE = "拟任“中心”常务副主任基本情况"

FORM_FIELDS = (
    FormField("institution_name", "医疗机构名称"),
    FormField("legal_representative", "法定代表人"),
    FormField("national_qc_host", "是否国家质控中心挂靠单位"),
    FormField("national_center_lead", "是否国家医学中心或国家区域医疗中心牵头建设单位"),
    FormField("center_name", "拟申请“中心”名称"),
    FormField("director_name", "姓名", _DIRECTOR),
    FormField("director_post", "职务", _DIRECTOR),
    FormField("director_title", "职称", _DIRECTOR),
    FormField("director_area", "分管工作", _DIRECTOR),
    FormField("executive_name", "姓名", _EXECUTIVE),
    FormField("executive_post", "职务", _EXECUTIVE),
    FormField("executive_title", "职称", _EXECUTIVE),
    FormField("executive_specialty", "从事专业", _EXECUTIVE),
    FormField("executive_ability", "专业水平能力", _EXECUTIVE),
    FormField("reason", "申请理由"),
    FormField("opinion", "单位意见", by_hand=True),
)
"""The annex's cells, in its order."""

FORM_BY_KEY = {field.key: field for field in FORM_FIELDS}


def missing_fields(values: Mapping[str, object]) -> tuple[str, ...]:
    """Keys of the cells that are to be typed and are not; a No is an answer."""
    return tuple(
        field.key
        for field in FORM_FIELDS
        if not field.by_hand and str(values.get(field.key) or "").strip() == ""
        if values.get(field.key) is not False
    )


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the feasibility report: the statutory title and what to write there."""

    key: str
    title: str
    prompt: str


SECTIONS = (
    Section(
        "hospital_profile",
        "医院基本情况",
        N_(
            "Grade and category, beds and staff, yearly outpatients and discharges,"
            " and the institution's part in quality control so far."
        ),
    ),
    Section(
        "academic_standing",
        "相关学科的学术地位",
        N_(
            "Rank and standing of the discipline in the nation and the province,"
            " key disciplines, posts in learned societies, standards it took part in."
        ),
    ),
    Section(
        "staff_structure",
        "学科人员结构",
        N_("Number of staff by title, degree and age; the discipline leader and the backbone."),
    ),
    Section(
        "construction_equipment",
        "学科基本建设及设备设施情况",
        N_("Wards, laboratories and premises of the discipline, and its main equipment."),
    ),
    Section(
        "service_capability",
        "医疗服务能力与水平情况",
        N_(
            "Volume and difficulty of what is treated, techniques that are leading,"
            " quality indicators of the last years."
        ),
    ),
    Section(
        "quality_control",
        "相应专业的质控要求、工作程序及相关规章制度、工作计划和预期目标",
        N_(
            "Requirements of quality control in the specialty, procedures, rules,"
            " the work plan, and the goals that are expected, with dates."
        ),
    ),
    Section(
        "head_qualification",
        "拟设“中心”负责人资质条件",
        N_("Training, titles, posts, experience and achievements of the proposed heads."),
    ),
    Section(
        "support_funding",
        "承担“中心”挂靠的扶植措施和经费支持",
        N_("Premises, equipment, staff and time for the center, and the yearly funds in yuan."),
    ),
)
"""The report's sections, in the order of Measures, art. 9."""

SECTION_BY_KEY = {section.key: section for section in SECTIONS}


def required_sections(book: Rulebook) -> tuple[Section, ...]:
    """The sections that the rulebook asks for, in its order."""
    if "report.sections" not in book:
        return ()
    return tuple(SECTION_BY_KEY[key] for key in book["report.sections"].choices)


def missing_sections(texts: Mapping[str, str], book: Rulebook) -> tuple[str, ...]:
    """Keys of the required sections that say nothing."""
    return tuple(
        section.key for section in required_sections(book) if not texts.get(section.key, "").strip()
    )


class EligibilityItem(StrEnum):
    """The conditions of Measures, art. 7; the third is two, of which one is known from data."""

    GRADE = "grade"
    SPECIALTY_STRENGTH = "specialty_strength"
    QUALITY_SYSTEM = "quality_system"
    NO_MAJOR_INCIDENT = "no_major_incident"
    RESOURCES = "resources"
    OTHER = "other"

    @property
    def rule_id(self) -> str:
        """The rule that asks for it, and the limit that holds its words and article."""
        return f"hosting.{self.value}"

    @property
    def heading(self) -> str:
        """A short Chinese name; the statutory words stand in the rulebook."""
        return _HEADINGS[self]

    @property
    def needs_evidence(self) -> bool:
        """Whether the declaration counts only with evidence; that nothing happened has none."""
        return self not in (EligibilityItem.NO_MAJOR_INCIDENT, EligibilityItem.OTHER)


_HEADINGS = {
    EligibilityItem.GRADE: "机构等级或相应能力",
    EligibilityItem.SPECIALTY_STRENGTH: "专业综合实力",
    EligibilityItem.QUALITY_SYSTEM: "质量管理体系和成效",
    EligibilityItem.NO_MAJOR_INCIDENT: "未发生重大医疗质量安全事件",
    EligibilityItem.RESOURCES: "场所、设备、经费和人员",
    EligibilityItem.OTHER: "其他条件",
}


def is_asked(limit: Limit, jurisdiction: str) -> bool:
    """Whether the condition is asked for a center of that place: art. 7 is about the province's."""
    return limit.value is not False and limit.applies_at(level_of(jurisdiction))


@lru_cache(maxsize=1024)
def asked_items(book: Rulebook, jurisdiction: str) -> tuple[EligibilityItem, ...]:
    """The conditions that a host of a center in the jurisdiction must meet."""
    return tuple(
        item
        for item in EligibilityItem
        if item.rule_id in book and is_asked(book[item.rule_id], jurisdiction)
    )


def remarkable_parts(book: Rulebook, jurisdiction: str) -> frozenset[str]:
    """The parts of an application at which the check can write a remark."""
    asked = (item.value for item in asked_items(book, jurisdiction))
    return frozenset({"form", "officers", *SECTION_BY_KEY, *asked})
