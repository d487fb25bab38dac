"""Officers and uniqueness: each rule passing, failing and exactly at its boundary."""

from dataclasses import replace

import pytest

from qcc.centers.rules import (
    OFFICER_RULES,
    HostPosition,
    OfficerFacts,
    OfficerPost,
    OfficersFacts,
    UniquenessFacts,
)
from qcc.kernel.rules import Force, check
from qcc.regulations.catalogs import CenterKind
from tests.unit.judging import BOOK, OLD_BOOK, judge, variants

HOST, OTHER = 1, 2

DIRECTOR = OfficerFacts("p1", "甲虚构", OfficerPost.DIRECTOR, HOST, HostPosition.PRESIDENT)
EXECUTIVE = OfficerFacts(
    "p2", "乙虚构", OfficerPost.EXECUTIVE_DEPUTY, HOST, is_discipline_leader=True
)
SECRETARY = OfficerFacts("p3", "丙虚构", OfficerPost.SECRETARY, HOST, in_host_discipline=True)


def deputy(number: int) -> OfficerFacts:
    """A deputy director of another institution in the province."""
    return OfficerFacts(
        f"d{number}",
        f"副{number}虚构",
        OfficerPost.DEPUTY,
        OTHER,
        is_specialist=True,
        place="330200",
    )


def staff(*officers: OfficerFacts, kind: CenterKind = CenterKind.QUALITY_CONTROL) -> OfficersFacts:
    return OfficersFacts(kind, HOST, "330000", officers)


FULL = staff(DIRECTOR, EXECUTIVE, deputy(1), deputy(2), SECRETARY)


def test_a_full_staff_breaks_no_rule() -> None:
    assert check(OFFICER_RULES, FULL, BOOK) == []


def test_no_officers_lack_one_of_each_and_two_deputies() -> None:
    findings = check(OFFICER_RULES, staff(), BOOK)
    assert [(found.rule, found.variant) for found in findings] == [
        ("officers.director_count", "too_few"),
        ("officers.executive_deputy_count", "too_few"),
        ("officers.deputy_count", "too_few"),
        ("officers.secretary_count", "too_few"),
    ]


@pytest.mark.parametrize(
    ("post", "allowed"),
    [
        (OfficerPost.DIRECTOR, range(1, 2)),
        (OfficerPost.EXECUTIVE_DEPUTY, range(1, 2)),
        (OfficerPost.DEPUTY, range(2, 6)),
        (OfficerPost.SECRETARY, range(1, 3)),
    ],
)
@pytest.mark.parametrize("count", range(8))
def test_every_post_is_held_by_as_many_as_set(
    post: OfficerPost, allowed: range, count: int
) -> None:
    officers = (replace(deputy(number), post=post) for number in range(count))
    findings = judge(f"officers.{post.value}_count", staff(*officers))
    assert bool(findings) is (count not in allowed)
    for found in findings:
        assert found.variant == ("too_few" if count < allowed.start else "too_many")
        assert found.observed == {"count": count}
        assert found.allowed == {"least": allowed.start, "most": allowed.stop - 1}


def test_the_executive_deputy_is_not_one_of_the_deputies() -> None:
    one = staff(DIRECTOR, EXECUTIVE, deputy(1), SECRETARY)
    assert variants("officers.deputy_count", one) == [("", "too_few")]
    six = staff(EXECUTIVE, *(deputy(number) for number in range(5)))
    assert variants("officers.deputy_count", six) == []


def test_another_edition_sets_other_numbers_and_force() -> None:
    one = staff(deputy(1))
    assert variants("officers.deputy_count", one, OLD_BOOK) == []
    found = judge("officers.deputy_count", staff(), OLD_BOOK)
    assert [each.limit.force for each in found] == [Force.PRINCIPLE]


def test_a_person_holds_one_post() -> None:
    assert variants("officers.one_post_each", FULL) == []
    doubled = staff(DIRECTOR, replace(EXECUTIVE, person_key="p1"), SECRETARY)
    found = judge("officers.one_post_each", doubled)
    assert [(each.subject, each.observed["posts"]) for each in found] == [
        ("甲虚构", ["director", "executive_deputy"])
    ]


def test_a_person_named_twice_for_one_post_counts_once() -> None:
    assert len(judge("officers.one_post_each", staff(deputy(1), deputy(1), deputy(1)))) == 1


def test_namesakes_are_two_persons() -> None:
    assert not judge("officers.one_post_each", staff(deputy(1), replace(deputy(2), name="副1虚构")))


@pytest.mark.parametrize(
    ("position", "employer", "expected"),
    [
        (HostPosition.PRESIDENT, HOST, []),
        (HostPosition.VICE_PRESIDENT_IN_CHARGE, HOST, []),
        (HostPosition.OTHER, HOST, ["position"]),
        (HostPosition.PRESIDENT, OTHER, ["elsewhere"]),
        (HostPosition.PRESIDENT, None, ["elsewhere"]),
    ],
)
def test_the_director_of_a_qc_center_leads_the_host(
    position: HostPosition, employer: int | None, expected: list[str]
) -> None:
    director = replace(DIRECTOR, host_position=position, employer_id=employer)
    found = variants("officers.director_post", staff(director))
    assert found == [("甲虚构", variant) for variant in expected]


def test_the_director_of_a_guidance_center_is_whom_the_host_names() -> None:
    director = replace(DIRECTOR, host_position=HostPosition.OTHER, employer_id=OTHER)
    guidance = staff(director, kind=CenterKind.TECHNICAL_GUIDANCE)
    assert variants("officers.director_post", guidance) == []


@pytest.mark.parametrize(
    ("leads", "employer", "expected"),
    [
        (True, HOST, []),
        (False, HOST, ["not_leader"]),
        (True, OTHER, ["elsewhere"]),
        (True, None, ["elsewhere"]),
    ],
)
def test_the_executive_deputy_leads_the_hosts_discipline(
    leads: bool, employer: int | None, expected: list[str]
) -> None:
    executive = replace(EXECUTIVE, is_discipline_leader=leads, employer_id=employer)
    found = variants("officers.executive_deputy_leader", staff(executive))
    assert found == [("乙虚构", variant) for variant in expected]


@pytest.mark.parametrize(
    ("specialist", "place", "expected"),
    [
        (True, "330000", []),
        (True, "330102", []),
        (True, "310000", ["elsewhere"]),
        (True, "000000", ["elsewhere"]),
        (True, "", ["elsewhere"]),
        (False, "330200", ["not_specialist"]),
        (False, "310000", ["not_specialist", "elsewhere"]),
    ],
)
def test_deputies_are_experts_of_the_province(
    specialist: bool, place: str, expected: list[str]
) -> None:
    facts = staff(replace(deputy(1), is_specialist=specialist, place=place))
    found = variants("officers.deputy_specialist", facts)
    assert found == [("副1虚构", variant) for variant in expected]


def test_deputies_of_a_county_center_may_come_from_anywhere_in_the_province() -> None:
    county = replace(staff(deputy(1)), jurisdiction="330102")
    assert variants("officers.deputy_specialist", county) == []


@pytest.mark.parametrize(
    ("member", "employer", "expected"),
    [
        (True, HOST, []),
        (False, HOST, ["not_in_discipline"]),
        (True, OTHER, ["elsewhere"]),
        (True, None, ["elsewhere"]),
    ],
)
def test_secretaries_are_of_the_hosts_discipline(
    member: bool, employer: int | None, expected: list[str]
) -> None:
    secretary = replace(SECRETARY, in_host_discipline=member, employer_id=employer)
    found = variants("officers.secretary_discipline", staff(secretary))
    assert found == [("丙虚构", variant) for variant in expected]


def test_without_a_host_nobody_is_of_the_host() -> None:
    vacant = OfficersFacts(
        CenterKind.QUALITY_CONTROL, None, "330000", (replace(DIRECTOR, employer_id=None),)
    )
    assert variants("officers.director_post", vacant) == [("甲虚构", "elsewhere")]


@pytest.mark.parametrize(("rivals", "broken"), [(0, False), (1, True), (2, True)])
def test_a_specialty_has_one_active_center(rivals: int, broken: bool) -> None:
    findings = judge("center.unique", UniquenessFacts(rivals))
    assert bool(findings) is broken
    assert [found.observed for found in findings] == [{"active": rivals}] * broken
