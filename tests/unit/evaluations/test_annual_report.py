"""What a year comes to in its report: compositions, training, the chosen documents."""

from datetime import date

from qcc.evaluations.rules.annual_report import (
    MOST_SLICES,
    OTHERS,
    UNKNOWN,
    CenterYear,
    DocumentYear,
    Duty,
    Host,
    Member,
    PanelYear,
    Profile,
    most_frequent,
)
from qcc.evaluations.rules.documents import DocumentKind

DAY = date(2026, 12, 31)


def member(age: int | None = 45, *, is_host: bool = False, group: str = "") -> Member:
    return Member("某人", "member", group, "某医院", "杭州市", "主任医师", age, is_host)


def panel(*members: Member) -> PanelYear:
    return PanelYear(1, date(2025, 1, 1), date(2028, 12, 31), "filed", members)


def year(**more: object) -> CenterYear:
    profile = Profile("某中心", "quality_control", "麻醉", "某省", "province", "established", DAY)
    return CenterYear(2026, DAY, profile, **more)  # type: ignore[arg-type]


def test_ages_are_grouped_without_gaps() -> None:
    found = panel(member(40), member(44), member(55), member(None)).ages
    assert found == [
        ("40—44岁", 2),
        ("45—49岁", 0),
        ("50—54岁", 0),
        ("55—59岁", 1),
        (UNKNOWN, 1),
    ]
    assert panel().ages == []


def test_what_is_rare_is_counted_together() -> None:
    words = [f"医院{n}" for n in range(MOST_SLICES + 3)]
    found = most_frequent([*words, "医院0"])
    assert found[0] == ("医院0", 2)
    assert found[-1] == (OTHERS, 4)
    assert len(found) == MOST_SLICES
    assert most_frequent(["", "甲"]) == [(UNKNOWN, 1), ("甲", 1)]


def test_the_host_of_a_day() -> None:
    hosts = (
        Host("甲院", "", date(2020, 1, 1), date(2024, 6, 1)),
        Host("乙院", "", date(2024, 9, 1), None),
    )
    profile = Profile("某中心", "quality_control", "", "", "province", "vacant", DAY, hosts)
    on = [date(2019, 12, 31), date(2020, 1, 1), date(2024, 5, 31), date(2024, 6, 1), DAY]
    names = [host.institution if host else None for host in map(profile.host_on, on)]
    assert names == [None, "甲院", "甲院", None, "乙院"]


def test_training_is_found_in_what_was_written() -> None:
    rows = {"rows": [{"name": "培训人次", "value": "900"}, {"name": "督导", "value": "12"}]}
    summary = DocumentYear(DocumentKind.SUMMARY, 2026, None, DAY, {"figures": rows})
    duties = (
        Duty("组织专题培训", "秘书", DAY, DAY, "accepted", None),
        Duty("报送数据", "秘书", DAY, DAY, "accepted", None),
    )
    found = year(documents=(summary,), actions=duties).trainings
    assert [row["name"] for row in found.figures] == ["培训人次"]
    assert [duty.what for duty in found.duties] == ["组织专题培训"]
    assert not year().trainings


def test_documents_are_told_apart_by_the_year_they_speak_of() -> None:
    plans = tuple(
        DocumentYear(DocumentKind.NEXT_PLAN, about, None, DAY, {}) for about in (2026, 2027)
    )
    here = year(documents=plans)
    assert here.document(DocumentKind.NEXT_PLAN, 2026) is plans[0]
    assert here.document(DocumentKind.SUMMARY, 2026) is None
