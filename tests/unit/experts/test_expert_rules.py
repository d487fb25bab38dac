"""Rules of each expert: passing, failing and exactly at the boundary."""

from dataclasses import replace
from datetime import date

import pytest

from qcc.experts.rules import Consent, PanelFacts, Standing
from qcc.infra.rule_messages import describe
from qcc.kernel.rules import Force
from tests.unit.experts.panels import START, member, panel
from tests.unit.experts.test_panel_rules import with_limit
from tests.unit.judging import BOOK, OLD_BOOK, judge, variants

D = date


def born(day: date | None, start: date = START, **changes: object) -> PanelFacts:
    """A panel with one expert of that birth date."""
    return panel(member(1, birth_date=day), term_start=start, **changes)


@pytest.mark.parametrize(
    ("birth", "start", "age"),
    [
        (D(1966, 3, 2), D(2026, 3, 1), None),  # 60 tomorrow
        (D(1966, 3, 1), D(2026, 3, 1), 60),  # 60 today
        (D(1966, 2, 28), D(2026, 3, 1), 60),
        (D(1950, 1, 1), D(2026, 3, 1), 76),
        (D(1968, 2, 29), D(2028, 2, 28), None),
        (D(1968, 2, 29), D(2028, 2, 29), 60),
        (D(1964, 2, 29), D(2024, 2, 28), None),
        (D(1972, 2, 29), D(2031, 3, 1), None),
        (D(1966, 12, 31), D(2026, 12, 31), 60),
    ],
)
def test_an_expert_is_under_sixty_on_the_first_day(
    birth: date, start: date, age: int | None
) -> None:
    findings = judge("expert.age", born(birth, start))
    assert [found.observed["age"] for found in findings] == ([] if age is None else [age])
    for found in findings:
        assert found.observed["on"] == start.isoformat()
        assert found.allowed == {"years": 60}


def test_of_29_february_the_sixtieth_birthday_in_a_common_year_is_1_march() -> None:
    book = with_limit("expert.age", value=58)
    leap_day = D(1968, 2, 29)
    assert judge("expert.age", born(leap_day, D(2026, 2, 28)), book) == []
    assert judge("expert.age", born(leap_day, D(2026, 3, 1)), book)


def test_an_edition_may_include_the_age_itself() -> None:
    book = with_limit("expert.age", inclusive=True)
    assert judge("expert.age", born(D(1965, 3, 2)), book) == []
    (found,) = judge("expert.age", born(D(1965, 3, 1)), book)
    assert (found.variant, found.observed["age"]) == ("inclusive", 61)


def test_another_edition_sets_another_age() -> None:
    assert judge("expert.age", born(D(1966, 3, 1)), OLD_BOOK) == []
    assert judge("expert.age", born(D(1961, 3, 1)), OLD_BOOK)


def test_an_unknown_birth_date_is_found() -> None:
    assert variants("expert.age", born(None)) == [(member(1).expert.name, "unknown")]
    assert judge("expert.age_within_term", born(None)) == []


@pytest.mark.parametrize(
    ("birth", "birthday"),
    [
        (D(1966, 3, 1), None),  # too old already: another rule's affair
        (D(1966, 3, 2), "2026-03-02"),
        (D(1970, 2, 28), "2030-02-28"),  # the last day of the term
        (D(1970, 3, 1), None),
        (D(1968, 2, 29), "2028-02-29"),
    ],
)
def test_who_turns_sixty_within_the_term_is_named(birth: date, birthday: str | None) -> None:
    for end in (None, D(2030, 2, 28)):
        findings = judge("expert.age_within_term", born(birth, term_end=end))
        observed = [found.observed["birthday"] for found in findings]
        assert observed == ([] if birthday is None else [birthday])
        assert all(found.limit.force is Force.ADVISORY for found in findings)


def test_without_a_known_end_nobody_turns_sixty_within_the_term() -> None:
    limits = {key: limit for key, limit in BOOK.limits.items() if key != "panel.term"}
    book = replace(BOOK, limits=limits)
    assert judge("expert.age_within_term", born(D(1966, 3, 2)), book) == []


def test_a_replacement_is_judged_on_the_day_of_joining() -> None:
    late = replace(member(1, birth_date=D(1967, 5, 1)), joins=D(2027, 5, 1))
    assert judge("expert.age", panel(replace(late, joins=None))) == []
    (found,) = judge("expert.age", panel(late))
    assert found.observed["on"] == "2027-05-01"
    early = replace(late, joins=D(2020, 1, 1))
    assert judge("expert.age", panel(early)) == []


@pytest.mark.parametrize(
    ("title", "rank", "expected"),
    [
        ("主任医师", "正高", []),
        ("副主任医师", "副高", []),
        ("主治医师", "中级", [""]),
        ("医师", "初级", [""]),
        ("某某师", "", ["unknown"]),
    ],
)
def test_an_expert_is_of_associate_senior_title_or_above(
    title: str, rank: str, expected: list[str]
) -> None:
    findings = judge("expert.title", panel(member(1, title=title, rank=rank)))
    assert [found.variant for found in findings] == expected
    for found in findings:
        assert found.allowed == {"ranks": ["正高", "副高"]}
        assert title in describe(found)


@pytest.mark.parametrize(
    ("since", "on", "years"),
    [
        (D(2016, 3, 1), D(2026, 3, 1), None),  # full today
        (D(2016, 3, 2), D(2026, 3, 1), 9),  # full tomorrow
        (D(2016, 2, 29), D(2026, 2, 28), 9),
        (D(2016, 2, 29), D(2026, 3, 1), None),
        (D(2027, 1, 1), D(2026, 3, 1), 0),  # not begun yet
        (D(1990, 1, 1), D(2026, 3, 1), None),
    ],
)
def test_an_expert_has_practised_for_ten_years(since: date, on: date, years: int | None) -> None:
    findings = judge("expert.experience", panel(member(1, practised_since=since), term_start=on))
    assert [found.observed["years"] for found in findings] == ([] if years is None else [years])
    assert all(found.allowed["least"] == 10 for found in findings)


def test_the_day_is_named_on_which_the_years_are_full() -> None:
    (found,) = judge(
        "expert.experience",
        panel(member(1, practised_since=D(2016, 2, 29)), term_start=D(2026, 2, 28)),
    )
    assert found.allowed["full"] == "2026-03-01"


def test_an_edition_may_ask_for_more_than_the_years() -> None:
    book = with_limit("expert.experience", inclusive=False)
    facts = panel(member(1, practised_since=D(2016, 3, 1)))
    assert judge("expert.experience", facts, book)
    assert judge("expert.experience", replace(facts, term_start=D(2026, 3, 2)), book) == []


def test_another_edition_sets_other_years_of_practice() -> None:
    facts = panel(member(1, practised_since=D(2018, 3, 1)))
    assert judge("expert.experience", facts, OLD_BOOK) == []
    assert judge("expert.experience", facts)


def test_unknown_practice_is_found() -> None:
    facts = panel(member(1, practised_since=None))
    assert [found.variant for found in judge("expert.experience", facts)] == ["unknown"]


@pytest.mark.parametrize(
    ("standing", "broken"),
    [
        (set(), True),
        ({Standing.UNIT_HEAD}, False),
        ({Standing.REGIONAL_PRESTIGE}, False),
        (set(Standing), False),
    ],
)
def test_an_expert_heads_the_specialty_or_has_prestige(
    standing: set[Standing], broken: bool
) -> None:
    facts = panel(member(1, standing=frozenset(standing)))
    assert bool(judge("expert.standing", facts)) is broken


def test_an_edition_may_know_one_kind_of_standing_only() -> None:
    book = with_limit("expert.standing", value=("unit_head",), labels=())
    facts = panel(member(1, standing=frozenset({Standing.REGIONAL_PRESTIGE})))
    assert judge("expert.standing", facts, book)


@pytest.mark.parametrize("healthy", [True, False])
def test_an_expert_is_declared_healthy(healthy: bool) -> None:
    assert bool(judge("expert.health", panel(member(1, is_healthy=healthy)))) is not healthy


@pytest.mark.parametrize(
    ("consent", "expected"),
    [(Consent.GIVEN, []), (Consent.MISSING, ["missing"]), (Consent.REFUSED, ["refused"])],
)
def test_employer_and_authority_have_to_consent(consent: Consent, expected: list[str]) -> None:
    asked = replace(
        member(1), consent_employer=consent, consent_authority=consent, authority="示例市卫健委"
    )
    for rule_id, body in (
        ("expert.consent_employer", asked.expert.employer),
        ("expert.consent_authority", "示例市卫健委"),
    ):
        findings = judge(rule_id, panel(asked))
        assert [found.variant for found in findings] == expected
        assert all(body in describe(found) for found in findings)
