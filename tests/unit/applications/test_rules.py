"""Establishment: each rule passing, failing and exactly at its boundary."""

from dataclasses import replace
from datetime import date

import pytest

from qcc.applications.rules import (
    DESIGNATION_RULES,
    ESTABLISHMENT_RULES,
    SUBMISSION_RULES,
    ApplicationFacts,
    DesignationFacts,
    EligibilityAnswer,
    Standing,
)
from qcc.applications.sections import EligibilityItem
from qcc.kernel.rules import Force, check, may_pass
from tests.unit.centers.test_rules import FULL, staff
from tests.unit.judging import BOOK, OLD_BOOK, judge, variants

DECLARED = EligibilityAnswer(declared=True, has_evidence=True)
CONFIRMED = EligibilityAnswer(declared=True, has_evidence=True, confirmed=True)
REFUSED = EligibilityAnswer(declared=True, has_evidence=True, confirmed=False)

SUBMITTED = ApplicationFacts(
    on=date(2026, 3, 1),
    institution_id=1,
    grade="三级甲等",
    officers=FULL,
    eligibility=dict.fromkeys(EligibilityItem, DECLARED),
)
CHECKED = replace(SUBMITTED, eligibility=dict.fromkeys(EligibilityItem, CONFIRMED))


def answering(
    item: EligibilityItem, answer: EligibilityAnswer, facts: ApplicationFacts = SUBMITTED
) -> ApplicationFacts:
    """The application with another answer to one condition."""
    return replace(facts, eligibility={**facts.eligibility, item: answer})


def at(jurisdiction: str, facts: ApplicationFacts = SUBMITTED) -> ApplicationFacts:
    """The application for a center in another place."""
    return replace(facts, officers=replace(facts.officers, jurisdiction=jurisdiction))


def test_a_complete_application_may_be_submitted_and_after_the_check_approved() -> None:
    assert check(SUBMISSION_RULES, SUBMITTED, BOOK) == []
    assert check(ESTABLISHMENT_RULES, CHECKED, BOOK) == []


def test_an_empty_application_breaks_every_rule_that_it_could() -> None:
    empty = ApplicationFacts(
        date(2026, 3, 1), 1, "未定级", staff(), ("reason",), ("hospital_profile",), rivals=1
    )
    last = Standing(is_closed=True, rank=2, total="59.99", is_below_minimum=True, minimum="60")
    broken = {
        finding.rule
        for standing in (Standing(is_closed=False), last)
        for finding in check(ESTABLISHMENT_RULES, replace(empty, standing=standing), BOOK)
    }
    persons = {"one_post_each", "director_post", "executive_deputy_leader"} | {
        "deputy_specialist",
        "secretary_discipline",
    }
    assert broken == set(ESTABLISHMENT_RULES) - {f"officers.{name}" for name in persons}


def test_approval_asks_all_that_submission_asked_and_the_confirmation() -> None:
    assert set(ESTABLISHMENT_RULES) - set(SUBMISSION_RULES) == {
        "hosting.confirmed",
        "competition.closed",
        "competition.minimum",
        "competition.best",
    }


# --- competition ---


def standing(**more: object) -> ApplicationFacts:
    """The checked application as it stands in its competition."""
    return replace(CHECKED, standing=Standing(**{"is_closed": True, **more}))  # type: ignore[arg-type]


def test_nothing_is_decided_before_the_review_is_closed() -> None:
    assert variants("competition.closed", CHECKED) == []
    assert variants("competition.closed", standing(is_first=True)) == []
    assert variants("competition.closed", standing(is_closed=False)) == [("", "")]
    assert check(ESTABLISHMENT_RULES, standing(is_closed=False), BOOK)[0].blocks


def test_who_stays_below_the_minimum_is_not_chosen() -> None:
    below = standing(is_first=True, is_below_minimum=True, total="59.99", minimum="60")
    assert variants("competition.minimum", CHECKED) == []
    assert variants("competition.minimum", standing(is_first=True, total="60.00")) == []
    assert variants("competition.minimum", below) == [("", "")]
    assert variants("competition.minimum", replace(below, standing=None)) == []


def test_the_first_is_chosen_and_another_only_with_a_justification() -> None:
    assert variants("competition.best", CHECKED) == []
    assert variants("competition.best", standing(rank=1, is_first=True)) == []
    assert variants("competition.best", standing(rank=2)) == [("", "not_first")]
    assert variants("competition.best", standing(rank=1, is_tied=True)) == [("", "tied")]
    findings = check(ESTABLISHMENT_RULES, standing(rank=2), BOOK)
    assert not may_pass(findings, "")
    assert may_pass(findings, "第一名已书面放弃。")


# --- form and report ---


def test_every_empty_cell_is_named() -> None:
    assert variants("form.complete", SUBMITTED) == []
    lacking = replace(SUBMITTED, form_missing=("legal_representative", "director_title"))
    assert variants("form.complete", lacking) == [
        ("法定代表人", ""),
        ("拟任“中心”主任基本情况：职称", ""),
    ]


def test_every_empty_section_is_named_in_the_regulations_words() -> None:
    assert variants("report.sections", SUBMITTED) == []
    lacking = replace(SUBMITTED, sections_missing=("support_funding", "academic_standing"))
    assert variants("report.sections", lacking) == [
        ("相关学科的学术地位", ""),
        ("承担“中心”挂靠的扶植措施和经费支持", ""),
    ]


def test_a_section_that_the_regulation_does_not_ask_may_be_empty() -> None:
    assert variants("report.sections", replace(SUBMITTED, sections_missing=("annex",))) == []


# --- conditions of article 7 ---


@pytest.mark.parametrize(
    "item",
    [
        EligibilityItem.SPECIALTY_STRENGTH,
        EligibilityItem.QUALITY_SYSTEM,
        EligibilityItem.RESOURCES,
    ],
)
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (DECLARED, []),
        (EligibilityAnswer(declared=True), ["no_evidence"]),
        (EligibilityAnswer(has_evidence=True), ["undeclared"]),
        (EligibilityAnswer(), ["undeclared"]),
    ],
)
def test_a_condition_is_declared_with_evidence(
    item: EligibilityItem, answer: EligibilityAnswer, expected: list[str]
) -> None:
    found = variants(item.rule_id, answering(item, answer))
    assert found == [(item.heading, variant) for variant in expected]


def test_other_conditions_need_no_evidence() -> None:
    item = EligibilityItem.OTHER
    assert not judge(item.rule_id, answering(item, EligibilityAnswer(declared=True)))
    assert variants(item.rule_id, answering(item, EligibilityAnswer())) == [
        (item.heading, "undeclared")
    ]


def test_silence_is_no_declaration() -> None:
    silent = replace(SUBMITTED, eligibility={})
    assert variants("hosting.resources", silent) == [
        (EligibilityItem.RESOURCES.heading, "undeclared")
    ]


@pytest.mark.parametrize(
    ("grade", "answer", "expected"),
    [
        ("三级甲等", EligibilityAnswer(), []),
        ("三级乙等", DECLARED, []),
        ("三级乙等", EligibilityAnswer(declared=True), ["no_evidence"]),
        ("三级乙等", EligibilityAnswer(), ["undeclared"]),
        ("三级", EligibilityAnswer(), ["undeclared"]),
        ("未定级", EligibilityAnswer(), ["undeclared"]),
        ("", EligibilityAnswer(), ["undeclared"]),
    ],
)
def test_the_grade_or_corresponding_capability(
    grade: str, answer: EligibilityAnswer, expected: list[str]
) -> None:
    facts = answering(EligibilityItem.GRADE, answer, replace(SUBMITTED, grade=grade))
    findings = judge("hosting.grade", facts)
    assert [found.variant for found in findings] == expected
    for found in findings:
        assert found.observed == {"item": "grade", "grade": grade}
        assert found.allowed == {"grades": ["三级甲等"]}


def test_a_principle_about_the_grade_passes_with_a_justification() -> None:
    facts = answering(EligibilityItem.GRADE, EligibilityAnswer(), replace(CHECKED, grade="三级"))
    findings = check(ESTABLISHMENT_RULES, facts, OLD_BOOK)
    assert {found.rule for found in findings} == {"hosting.grade", "hosting.confirmed"}
    assert {found.limit.force for found in findings} == {Force.PRINCIPLE}
    assert (may_pass(findings), may_pass(findings, "确有必要")) == (False, True)


@pytest.mark.parametrize(
    ("happened", "on", "counts"),
    [
        (date(2023, 3, 1), date(2026, 3, 1), False),
        (date(2023, 3, 2), date(2026, 3, 1), True),
        (date(2023, 3, 1), date(2026, 2, 28), True),
        (date(2026, 3, 1), date(2026, 3, 1), True),
        (date(2026, 3, 2), date(2026, 3, 1), False),
        (date(2024, 2, 29), date(2027, 2, 28), True),
        (date(2024, 2, 29), date(2027, 3, 1), False),
        (date(2010, 1, 1), date(2026, 3, 1), False),
    ],
)
def test_an_incident_counts_until_three_years_are_full(
    happened: date, on: date, counts: bool
) -> None:
    facts = replace(SUBMITTED, on=on, incidents=(happened,))
    findings = judge("hosting.no_major_incident", facts)
    assert [found.variant for found in findings] == ["recent"] * counts


def test_an_incident_says_from_when_it_no_longer_counts() -> None:
    (found,) = judge(
        "hosting.no_major_incident", replace(SUBMITTED, incidents=(date(2024, 2, 29),))
    )
    assert found.observed["date"] == "2024-02-29"
    assert found.observed["filled"] == "2027-03-01"
    assert found.allowed == {"years": 3}


def test_each_incident_that_counts_is_named_and_no_confirmation_helps() -> None:
    facts = replace(CHECKED, incidents=(date(2025, 5, 1), date(2020, 1, 1), date(2024, 5, 1)))
    findings = judge("hosting.no_major_incident", facts)
    assert [found.observed["date"] for found in findings] == ["2024-05-01", "2025-05-01"]


def test_that_nothing_happened_is_declared_without_evidence() -> None:
    item = EligibilityItem.NO_MAJOR_INCIDENT
    assert not judge(item.rule_id, answering(item, EligibilityAnswer(declared=True)))
    assert variants(item.rule_id, answering(item, EligibilityAnswer())) == [
        (item.heading, "undeclared")
    ]


def test_an_inclusive_limit_counts_the_anniversary_too() -> None:
    facts = replace(SUBMITTED, incidents=(date(2023, 3, 1),))
    limits = dict(BOOK.limits)
    limits["hosting.no_major_incident"] = replace(BOOK["hosting.no_major_incident"], inclusive=True)
    assert judge("hosting.no_major_incident", facts, replace(BOOK, limits=limits))


# --- the check by the evaluation center ---


@pytest.mark.parametrize("item", [each for each in EligibilityItem if each != "grade"])
@pytest.mark.parametrize(
    ("answer", "expected"),
    [(CONFIRMED, []), (DECLARED, ["unconfirmed"]), (REFUSED, ["refused"])],
)
def test_every_condition_is_confirmed_before_approval(
    item: EligibilityItem, answer: EligibilityAnswer, expected: list[str]
) -> None:
    findings = judge("hosting.confirmed", answering(item, answer, CHECKED))
    assert [found.variant for found in findings] == expected
    for found in findings:
        assert found.observed == {"item": item.value, "article": BOOK[item.rule_id].article}
        assert found.blocks


@pytest.mark.parametrize(
    ("grade", "answer", "expected"),
    [
        ("三级甲等", DECLARED, []),
        ("三级甲等", REFUSED, ["refused"]),
        ("三级乙等", DECLARED, ["unconfirmed"]),
        ("三级乙等", CONFIRMED, []),
        ("三级乙等", REFUSED, ["refused"]),
    ],
)
def test_a_grade_on_file_needs_no_confirmation(
    grade: str, answer: EligibilityAnswer, expected: list[str]
) -> None:
    facts = answering(EligibilityItem.GRADE, answer, replace(CHECKED, grade=grade))
    assert [found.variant for found in judge("hosting.confirmed", facts)] == expected


@pytest.mark.parametrize("place", ["330100", "330102"])
def test_article_7_is_about_the_provinces_centers(place: str) -> None:
    facts = at(place, replace(SUBMITTED, grade="二级甲等", eligibility={}))
    assert check(ESTABLISHMENT_RULES, facts, BOOK) == []
    assert check(ESTABLISHMENT_RULES, at("330000", facts), BOOK)


def test_a_rival_center_stands_against_an_application() -> None:
    assert variants("center.unique", SUBMITTED) == []
    assert variants("center.unique", replace(SUBMITTED, rivals=1)) == [("", "")]


# --- direct designation ---


@pytest.mark.parametrize(
    ("grounds", "expected"),
    [
        ({"national_qc_host": True}, []),
        ({"national_center_lead": True}, []),
        ({"leading_discipline": True}, []),
        ({"other": True}, []),
        ({"other": False}, ["no_evidence"]),
        ({"other": True, "national_qc_host": False}, ["no_evidence"]),
        ({"other": False, "national_qc_host": False}, ["no_evidence", "no_evidence"]),
        ({"other": True, "national_qc_host": True}, []),
        ({"friendship": True}, ["unknown"]),
        ({"friendship": True, "other": True}, ["unknown"]),
        ({}, ["unknown"]),
    ],
)
def test_a_designation_has_proven_grounds(grounds: dict[str, bool], expected: list[str]) -> None:
    findings = judge("designation.ground", DesignationFacts(grounds, FULL))
    assert [found.variant for found in findings] == expected


def test_a_designation_asks_for_officers_and_a_free_specialty_too() -> None:
    proven = {"other": True}
    assert check(DESIGNATION_RULES, DesignationFacts(proven, FULL), BOOK) == []
    bare = check(DESIGNATION_RULES, DesignationFacts(proven, staff(), rivals=1), BOOK)
    assert {found.rule for found in bare} > {"center.unique", "officers.director_count"}


def test_article_8_is_about_the_provinces_centers() -> None:
    facts = DesignationFacts({}, replace(FULL, jurisdiction="330100"))
    assert variants("designation.ground", facts) == []
