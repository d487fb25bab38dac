"""Rules of the panel as a whole: each passing, failing and exactly at its boundary."""

from dataclasses import replace
from datetime import date

import pytest

from qcc.experts.rules import (
    PANEL_RULES,
    ROSTER_RULES,
    MemberFacts,
    PanelFacts,
    Seat,
    end_of_term,
    fewest_members,
    institution_key,
    most_from_host,
    most_permitted,
)
from qcc.infra.rule_messages import describe
from qcc.kernel.rules import REGISTRY, Force, Rulebook, check
from qcc.regulations.parameters import PARAMETERS
from tests.unit.experts.panels import HOST, START, expert, member, panel, sized
from tests.unit.judging import BOOK, OLD_BOOK, judge, variants

SHARE = BOOK["panel.host_share"]


def with_limit(rule_id: str, **changes: object) -> Rulebook:
    """The rulebook with one limit otherwise."""
    limits = {**BOOK.limits, rule_id: replace(BOOK[rule_id], **changes)}  # type: ignore[arg-type]
    return replace(BOOK, limits=limits)


def test_all_rules_of_panels_and_experts_are_declared() -> None:
    ids = {rule_id for rule_id in PARAMETERS if rule_id.startswith(("panel.", "expert."))}
    assert set(PANEL_RULES) == ids - {"panel.filing"}
    assert set(PANEL_RULES) <= set(REGISTRY)
    assert set(PANEL_RULES) - set(ROSTER_RULES) == {
        "expert.consent_employer",
        "expert.consent_authority",
    }


@pytest.mark.parametrize("size", [1, 7, 30])
def test_a_sound_panel_breaks_no_rule(size: int) -> None:
    assert check(PANEL_RULES, sized(size), BOOK) == []


def test_an_empty_panel_breaks_no_rule() -> None:
    assert check(PANEL_RULES, panel(), BOOK) == []


# --- panel.size ---


@pytest.mark.parametrize(("size", "broken"), [(0, False), (29, False), (30, False), (31, True)])
def test_a_panel_has_at_most_thirty_members(size: int, broken: bool) -> None:
    findings = judge("panel.size", sized(size))
    assert bool(findings) is broken
    for found in findings:
        assert (found.observed, found.allowed) == ({"size": size}, {"most": 30})
        assert found.needs_justification


def test_another_edition_sets_another_size() -> None:
    assert not judge("panel.size", sized(25), OLD_BOOK)
    assert judge("panel.size", sized(26), OLD_BOOK)


def test_a_limit_that_is_not_inclusive_forbids_its_own_number() -> None:
    book = with_limit("panel.size", inclusive=False)
    assert most_permitted(book["panel.size"]) == 29
    assert not judge("panel.size", sized(29), book)
    assert judge("panel.size", sized(30), book)


# --- panel.host_share ---


@pytest.mark.parametrize(
    ("host", "size", "broken"),
    [
        (0, 0, False),
        (0, 30, False),
        (3, 20, False),  # exactly 15 percent
        (3, 19, True),
        (4, 26, True),  # 15.4 percent, though 15 when rounded
        (4, 27, False),
        (4, 30, False),
        (5, 30, True),
        (1, 6, True),
        (1, 7, False),
        (1, 1, True),
    ],
)
def test_the_host_has_at_most_fifteen_percent(host: int, size: int, broken: bool) -> None:
    findings = judge("panel.host_share", sized(size, host))
    assert bool(findings) is broken
    for found in findings:
        assert found.observed == {"host": host, "size": size}
        assert found.allowed == {"percent": 15, "most": size * 15 // 100}


def test_the_share_is_said_with_its_arithmetic() -> None:
    (found,) = judge("panel.host_share", sized(30, 5))
    assert describe(found) == (
        "5 experts of the host are 16.7 % of 30 members; the limit is 15 %, that is at most 4."
    )


def test_another_edition_sets_another_share() -> None:
    assert not judge("panel.host_share", sized(20, 4), OLD_BOOK)
    assert judge("panel.host_share", sized(19, 4), OLD_BOOK)


@pytest.mark.parametrize(("total", "most"), [(30, 4), (20, 3), (26, 3), (27, 4), (6, 0), (0, 0)])
def test_how_many_may_be_of_the_host(total: int, most: int) -> None:
    assert most_from_host(total, SHARE) == most


@pytest.mark.parametrize(("host", "needed"), [(0, 0), (1, 7), (3, 20), (4, 27)])
def test_how_many_members_so_many_of_the_host_need(host: int, needed: int) -> None:
    assert fewest_members(host, SHARE) == needed
    assert host == 0 or most_from_host(needed - 1, SHARE) < host <= most_from_host(needed, SHARE)


@pytest.mark.parametrize("percent", [0, 1, 15, 33, 100])
@pytest.mark.parametrize("inclusive", [True, False])
def test_needed_and_permitted_numbers_agree(percent: int, inclusive: bool) -> None:
    share = replace(SHARE, value=percent, inclusive=inclusive)
    for host in range(1, 12):
        needed = fewest_members(host, share)
        if needed is None:
            assert most_from_host(10_000, share) == 0
        else:
            assert most_from_host(needed, share) >= host > most_from_host(needed - 1, share)


@pytest.mark.parametrize(
    "written",
    [
        "浙江大学（示例）医院",
        "浙江大学(示例)医院",
        "浙江大学 〔示例〕 医院",
        "浙江大学（示例）医院\u3000",
    ],
)
def test_spellings_of_the_host_are_the_host(written: str) -> None:
    facts = panel(member(1, employer=written), host_names=("浙江大学（示例）医院",))
    assert facts.from_host == 1


def test_former_names_of_the_host_are_the_host() -> None:
    facts = panel(member(1, employer="示例市红十字医院"), member(2, employer=HOST))
    assert facts.from_host == 1
    assert replace(facts, host_names=(HOST, "示例市红十字医院")).from_host == 2


def test_ids_tell_employers_better_than_names() -> None:
    namesake = member(1, employer=HOST, employer_id=2)
    renamed = member(2, employer="新名医院", employer_id=1)
    unknown = member(3, employer=HOST)
    facts = panel(namesake, renamed, unknown, host_id=1)
    assert [each.key for each in facts.host_members()] == ["2", "3"]
    assert len(set(facts.institutions())) == 2


def test_a_branch_is_not_the_host_by_itself() -> None:
    assert panel(member(1, employer=f"{HOST}东院区")).from_host == 0


def test_an_empty_name_is_nobodys_key() -> None:
    assert institution_key("　 ") == ""


# --- groups ---


def grouped(members: int, leaders: int, name: str = "冠心病组") -> PanelFacts:
    """A panel with one group."""
    return panel(*(member(n, Seat(name, n < leaders)) for n in range(members)))


@pytest.mark.parametrize(("leaders", "broken"), [(0, True), (1, False), (2, True)])
def test_a_group_has_one_leader(leaders: int, broken: bool) -> None:
    findings = judge("panel.group_leader", grouped(3, leaders))
    assert bool(findings) is broken
    for found in findings:
        assert (found.subject, found.observed) == ("冠心病组", {"leaders": leaders})


@pytest.mark.parametrize(("size", "broken"), [(9, False), (10, False), (11, True)])
def test_a_group_has_ten_members_its_leader_among_them(size: int, broken: bool) -> None:
    findings = judge("panel.group_size", grouped(size, 1))
    assert bool(findings) is broken
    assert [found.observed for found in findings] == [{"size": size}] * broken


def test_another_edition_sets_another_size_of_groups() -> None:
    assert not judge("panel.group_size", grouped(8, 1), OLD_BOOK)
    assert judge("panel.group_size", grouped(9, 1), OLD_BOOK)


def test_a_group_without_members_lacks_its_leader() -> None:
    facts = panel(member(1), group_names=("空组",))
    assert variants("panel.group_leader", facts) == [("空组", "")]
    assert variants("panel.group_size", facts) == []


def test_a_member_may_sit_in_two_groups_but_counts_once_in_each() -> None:
    both = member(1, Seat("甲组", True), Seat("乙组"), Seat("乙组", True))
    assert [(g.name, g.members, g.leaders) for g in panel(both).groups()] == [
        ("甲组", ("1",), ("1",)),
        ("乙组", ("1",), ("1",)),
    ]


def test_a_panel_without_groups_is_sound() -> None:
    assert judge("panel.group_leader", sized(5)) == []


# --- panel.term ---


@pytest.mark.parametrize(
    ("start", "years", "end"),
    [
        (date(2026, 3, 1), 4, date(2030, 2, 28)),
        (date(2024, 3, 1), 4, date(2028, 2, 29)),
        (date(2024, 2, 29), 4, date(2028, 2, 28)),
        (date(2024, 2, 29), 3, date(2027, 2, 28)),
        (date(2026, 1, 1), 4, date(2029, 12, 31)),
    ],
)
def test_a_term_ends_on_the_day_before_its_anniversary(start: date, years: int, end: date) -> None:
    assert end_of_term(start, years) == end


@pytest.mark.parametrize(
    ("end", "broken"),
    [
        (None, False),
        (date(2030, 2, 27), True),
        (date(2030, 2, 28), False),
        (date(2030, 3, 1), True),
    ],
)
def test_a_term_is_four_years(end: date | None, broken: bool) -> None:
    findings = judge("panel.term", panel(member(1), term_end=end))
    assert [found.variant for found in findings] == [""] * broken
    for found in findings:
        assert found.allowed == {"years": 4, "until": "2030-02-28"}


@pytest.mark.parametrize(
    ("on", "expired"),
    [(None, False), (date(2030, 2, 28), False), (date(2030, 3, 1), True)],
)
def test_a_panel_acts_until_the_last_day_of_its_term(on: date | None, expired: bool) -> None:
    for end in (None, date(2030, 2, 28)):
        facts = panel(member(1), term_end=end, on=on)
        assert variants("panel.term", facts) == [("", "expired")] * expired


def test_another_edition_sets_another_term() -> None:
    facts = panel(member(1), term_end=date(2029, 2, 28))
    assert judge("panel.term", facts, OLD_BOOK) == []
    assert judge("panel.term", facts)


# --- panel.duplicate_member ---

BORN = date(1975, 3, 1)


def entry(key: str, identity: str = "", **changes: object) -> MemberFacts:
    """An entry for 张虚构 of one hospital."""
    facts = expert(1, **{"name": "张虚构", "birth_date": BORN, "identity": identity, **changes})
    return MemberFacts(key, facts)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (entry("1"), entry("2"), True),
        (entry("1"), entry("2", birth_date=date(1975, 3, 2)), False),
        (entry("1"), entry("2", name="李虚构"), False),
        (entry("1"), entry("2", employer="示例区医院"), False),
        (entry("1", "A"), entry("2", "A"), True),
        (entry("1", "A"), entry("2", "A", name="李虚构", employer="示例区医院"), True),
        (entry("1", "A"), entry("2", "B"), False),  # two numbers are two persons
        (entry("1", "A"), entry("2"), True),
        (entry("1"), entry("2", "A"), True),
        (entry("1", birth_date=None), entry("2", birth_date=None), False),
        (entry("1", "A", birth_date=None), entry("2", "A", birth_date=None), True),
        (entry("1", name="张 虚构"), entry("2", name="张虚构"), True),
        (entry("1", name="阿·虚构"), entry("2", name="阿•虚构"), True),
        (entry("1", employer=HOST), entry("2", employer="旧名医院"), True),
    ],
)
def test_a_person_stands_on_the_list_once(one: MemberFacts, other: MemberFacts, same: bool) -> None:
    facts = panel(one, other, host_names=(HOST, "旧名医院"))
    findings = judge("panel.duplicate_member", facts)
    assert [found.observed for found in findings] == [{"times": 2, "members": ["1", "2"]}] * same


def test_three_entries_of_one_person_are_one_finding() -> None:
    (found,) = judge("panel.duplicate_member", panel(entry("1"), entry("2", "A"), entry("3")))
    assert (found.subject, found.observed["times"]) == ("张虚构", 3)


def test_an_entry_without_number_belongs_to_one_of_two_namesakes() -> None:
    (found,) = judge("panel.duplicate_member", panel(entry("1", "A"), entry("2", "B"), entry("3")))
    assert found.observed["members"] == ["1", "3"]


# --- panel.representation ---


@pytest.mark.parametrize(
    ("facts", "broken"),
    [
        (sized(1), False),
        (sized(2), False),
        (sized(2, from_host=2), True),
        (panel(member(1, employer=HOST), member(2, employer=f"{HOST} ")), True),
    ],
)
def test_members_come_from_more_than_one_institution(facts: PanelFacts, broken: bool) -> None:
    findings = judge("panel.representation", facts)
    assert bool(findings) is broken
    assert all(found.limit.force is Force.ADVISORY for found in findings)


@pytest.mark.parametrize(
    ("center", "places", "broken"),
    [
        ("330000", ("330100", "330102"), True),
        ("330000", ("330100", "330200"), False),
        ("330000", ("330100", ""), False),
        ("330000", ("", ""), False),
        ("330100", ("330102", "330105"), False),
        ("", ("330100", "330100"), False),
    ],
)
def test_members_of_a_provincial_panel_come_from_more_than_one_city(
    center: str, places: tuple[str, ...], broken: bool
) -> None:
    members = (member(number, place=place) for number, place in enumerate(places))
    findings = judge("panel.representation", panel(*members, place=center))
    observed = [{"members": 2, "institutions": 2, "cities": 1}] * broken
    assert [found.observed for found in findings] == observed


def test_an_edition_that_does_not_ask_for_breadth_finds_none() -> None:
    assert judge("panel.representation", sized(2, from_host=2), OLD_BOOK) == []


def test_findings_come_in_the_order_of_rules_then_of_entries() -> None:
    wrong = {"rank": "中级", "is_healthy": False}
    found = check(ROSTER_RULES, panel(member(1, **wrong), member(2, **wrong)), BOOK)
    assert [(each.rule, each.observed["member"]) for each in found] == [
        ("expert.title", "1"),
        ("expert.title", "2"),
        ("expert.health", "1"),
        ("expert.health", "2"),
    ]


def test_identity_numbers_do_not_stand_in_representations() -> None:
    assert "secret" not in repr(panel(entry("1", "secret"), term_start=START))
