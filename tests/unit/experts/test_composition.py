"""The numbers beside a roster, and what a change would do."""

from dataclasses import replace
from datetime import date

from qcc.experts.composition import composition, judge_expert, what_if
from qcc.experts.rules import PANEL_RULES, Seat
from tests.unit.experts.panels import HOST, expert, member, panel, sized
from tests.unit.judging import BOOK, OLD_BOOK


def test_the_numbers_of_a_panel() -> None:
    made = composition(sized(26, from_host=4), BOOK)
    assert (made.members, made.members_most) == (26, 30)
    assert (made.from_host, made.host_most, made.host_most_if_full) == (4, 3, 4)
    assert made.members_needed == 27
    assert made.institutions[0] == (HOST, 4)
    assert len(made.institutions) == 23
    assert made.cities == ()


def test_another_edition_gives_other_numbers() -> None:
    made = composition(sized(20, from_host=4), OLD_BOOK)
    assert (made.members_most, made.host_most, made.host_most_if_full) == (25, 4, 5)


def test_what_an_edition_does_not_limit_is_not_said() -> None:
    limits = {
        key: limit
        for key, limit in BOOK.limits.items()
        if key not in {"panel.size", "panel.host_share"}
    }
    made = composition(sized(3, from_host=1), replace(BOOK, limits=limits))
    assert made.members_most is None
    assert (made.host_most, made.host_most_if_full, made.members_needed) == (None, None, None)


def test_cities_are_counted_and_unknown_places_left_out() -> None:
    places = ("330102", "330105", "330200", "")
    members = (member(number, place=place) for number, place in enumerate(places))
    assert composition(panel(*members), BOOK).cities == (("330100", 2), ("330200", 1))


def test_ages_come_in_groups_of_five_years() -> None:
    births = (date(1975, 3, 1), date(1975, 3, 2), date(1986, 3, 1), None)
    members = (member(number, birth_date=born) for number, born in enumerate(births))
    made = composition(panel(*members), BOOK)
    assert made.ages == (40, 50, 51)
    assert made.age_groups == ((40, 44, 1), (45, 49, 0), (50, 54, 2))
    assert composition(panel(), BOOK).age_groups == ()


def test_an_addition_shows_what_would_appear_and_what_would_go() -> None:
    facts = sized(26, from_host=4)
    helps = what_if(facts, BOOK, add=[member(40)])
    assert [found.rule for found in helps.disappear] == ["panel.host_share"]
    assert (helps.appear, helps.stay) == ((), ())
    harms = what_if(facts, BOOK, add=[member(41, employer=HOST, is_healthy=False)])
    assert [found.rule for found in harms.appear] == ["expert.health"]
    assert [(found.rule, found.observed["host"]) for found in harms.stay] == [
        ("panel.host_share", 5)
    ]


def test_a_removal_shows_what_would_appear_and_what_would_go() -> None:
    lead, ill = member(1, Seat("甲组", True)), member(2, Seat("甲组"), is_healthy=False)
    facts = panel(lead, ill)
    assert [found.rule for found in what_if(facts, BOOK, remove=["2"]).disappear] == [
        "expert.health"
    ]
    assert [found.rule for found in what_if(facts, BOOK, remove=["1"]).appear] == [
        "panel.group_leader"
    ]


def test_findings_about_namesakes_are_not_confused() -> None:
    ill = {"name": "张虚构", "is_healthy": False}
    facts = panel(member(1, **ill), member(2, **ill))
    gone = what_if(facts, BOOK, remove=["2"])
    assert [found.observed["member"] for found in gone.disappear] == ["2"]
    assert [found.observed["member"] for found in gone.stay] == ["1"]


def test_other_rules_can_be_asked() -> None:
    unasked = replace(member(9), consent_employer=type(member(9).consent_employer).MISSING)
    found = what_if(sized(2), BOOK, add=[unasked], rules=PANEL_RULES).appear
    assert [each.rule for each in found] == ["expert.consent_employer"]


def test_one_person_can_be_judged_alone() -> None:
    old = expert(1, birth_date=date(1960, 1, 1), rank="中级")
    assert [found.rule for found in judge_expert(old, sized(5, 5), BOOK)] == [
        "expert.age",
        "expert.title",
    ]
    assert judge_expert(expert(1), sized(5, 5), BOOK) == []
