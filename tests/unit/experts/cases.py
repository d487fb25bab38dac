"""Panels by chance, close to every boundary: plain dictionaries, and the same as facts."""

from datetime import date, timedelta
from random import Random
from typing import Any

from qcc.experts.rules import (
    PANEL_RULES,
    Consent,
    ExpertFacts,
    MemberFacts,
    PanelFacts,
    Seat,
    Standing,
)
from qcc.kernel.rules import Finding, check
from qcc.regulations.rulebooks import get_rulebook

Case = dict[str, Any]

HOST_NAMES = ("示例市第一人民医院（东院）", "示例市红十字医院")
HOST_SPELLINGS = (
    *HOST_NAMES,
    "示例市第一人民医院(东院)",
    " 示例市第一人民医院 （东院） ",
    "示例市第一人民医院〔东院〕",
    "示例市红十字　医院",
)
OTHERS = ("示例市第一人民医院", "示例县医院", "ＡＢ医院", "示例区（中）医院", "示例镇卫生院")
OTHER_SPELLINGS = {"ＡＢ医院": "AB 医院", "示例区（中）医院": "示例区(中)医院"}
SIZES = (0, 1, 2, 5, 6, 7, 13, 14, 19, 20, 21, 24, 25, 26, 27, 29, 30, 31, 33)
STARTS = (date(2026, 3, 1), date(2024, 2, 29), date(2026, 2, 28), date(2025, 12, 31))
NAMES = ("张虚构", "李虚构", "王虚构")
GROUPS = ("甲组", "乙组", "丙组")
PLACES = ("", "330100", "330102", "330200", "330000", "330281")


def generated(chance: Random, sizes: tuple[int, ...] = SIZES) -> Case:
    """A panel that stands near the limits more often than not."""
    start = chance.choice(STARTS)
    term = chance.choice((3, 4))
    count = chance.choice(sizes)
    hosts = max(0, count * chance.choice((15, 20)) // 100 + chance.choice((-1, 0, 0, 1)))
    case: Case = {
        "edition": chance.choice(("zhejiang-2021", "zhejiang-2021", "demo-2010")),
        "start": start,
        "end": None if chance.random() < 0.3 else _near(chance, start, -term, spread=2),
        "today": None if chance.random() < 0.3 else _near(chance, start, -term, spread=2),
        "groups": GROUPS[: chance.choice((0, 0, 1, 3))],
        "place": chance.choice(("", "330000", "330100")),
        "by_id": chance.random() < 0.5,
    }
    breadth = chance.choice((1, len(OTHERS), len(OTHERS)))
    places = chance.sample(PLACES, chance.choice((1, 2, len(PLACES))))
    clean = chance.random() < 0.5
    case["people"] = [
        _person(chance, case, key, key >= hosts, breadth, places, clean) for key in range(count)
    ]
    if case["people"] and chance.random() < 0.3:
        again = dict(chance.choice(case["people"]), key=str(count))
        if chance.random() < 0.5:
            again["number"] = ""
        case["people"].append(again)
    return case


def _near(chance: Random, day: date, years_ago: int, spread: int) -> date:
    """A day close to an anniversary."""
    moved = day + timedelta(days=chance.randint(-spread, spread))
    try:
        return moved.replace(year=moved.year - years_ago)
    except ValueError:
        return date(moved.year - years_ago, 3, 1)


def _person(
    chance: Random, case: Case, key: int, elsewhere: bool, breadth: int, places: Any, clean: bool
) -> Case:
    odd = 0.0 if clean else 0.08
    joins = _near(chance, case["start"], 0, 400) if chance.random() < odd else None
    judged = max(case["start"], joins) if joins else case["start"]
    return {
        "key": str(key),
        "name": chance.choice(NAMES) if chance.random() < 0.3 else f"虚构{key}",
        "born": _born(chance, judged, odd),
        "number": f"number {chance.randrange(2000)}" if chance.random() < 0.5 else "",
        "employer": 1 + chance.randrange(breadth) if elsewhere else 0,
        "spelling": chance.randrange(1000),
        "knows_id": chance.random() < 0.8,
        "place": chance.choice(places),
        "rank": chance.choice(("", "中级", "初级")) if chance.random() < odd else "副高",
        "since": None
        if chance.random() < odd
        else _near(chance, judged, chance.choice((8, 8, 10, 10, 10, 20, -2)), 1),
        "heads": chance.random() >= odd,
        "esteemed": chance.random() < 0.5,
        "well": chance.random() >= odd,
        "employer_says": _says(chance, odd),
        "authority_says": _says(chance, odd),
        "seats": tuple(
            (group, chance.random() < 0.15)
            for group in (*GROUPS, chance.choice(GROUPS))
            if chance.random() < (0.4 if case["groups"] else 0.02)
        ),
        "joins": joins,
    }


def _born(chance: Random, judged: date, odd: float) -> date | None:
    if chance.random() < odd / 2:
        return None
    if chance.random() < 0.1:
        return date(1968, 2, 29)
    return _near(chance, judged, chance.choice((40, 56, 57, 60, 61, 65)), 2)


def _says(chance: Random, odd: float) -> str:
    return chance.choice(("missing", "refused")) if chance.random() < odd else "given"


def as_facts(case: Case) -> PanelFacts:
    """The case as the rules take it; employers with ids or by the name as it was written."""
    return PanelFacts(
        term_start=case["start"],
        members=tuple(_member(person, case["by_id"]) for person in case["people"]),
        host_id=100 if case["by_id"] else None,
        host_names=HOST_NAMES,
        term_end=case["end"],
        group_names=tuple(case["groups"]),
        place=case["place"],
        on=case["today"],
    )


def _member(person: Case, by_id: bool) -> MemberFacts:
    host = person["employer"] == 0
    # An employer other than the host is known by id either always or never.
    by_id = by_id and (person["knows_id"] or not host)
    employed = ExpertFacts(
        name=person["name"],
        birth_date=person["born"],
        employer=_employer(person, by_id),
        title="某职称",
        rank=person["rank"],
        practised_since=person["since"],
        standing=frozenset(
            standing
            for standing, stated in (
                (Standing.UNIT_HEAD, person["heads"]),
                (Standing.REGIONAL_PRESTIGE, person["esteemed"]),
            )
            if stated
        ),
        is_healthy=person["well"],
        identity=person["number"],
        employer_id=100 + person["employer"] if by_id else None,
        place=person["place"],
    )
    return MemberFacts(
        key=person["key"],
        expert=employed,
        seats=tuple(Seat(group, leads) for group, leads in person["seats"]),
        consent_employer=Consent(person["employer_says"]),
        consent_authority=Consent(person["authority_says"]),
        joins=person["joins"],
    )


def _employer(person: Case, by_id: bool) -> str:
    """The employer as somebody wrote it. With an id the name tells nothing, and may mislead."""
    if (person["employer"] == 0) is not (by_id and person["spelling"] % 10 == 0):
        return HOST_SPELLINGS[person["spelling"] % len(HOST_SPELLINGS)]
    name = OTHERS[person["employer"] - 1]
    return OTHER_SPELLINGS.get(name, name) if person["spelling"] % 2 else name


def checked(case: Case) -> set[tuple[Any, ...]]:
    """What the product finds about the case, in the words of the reference."""
    findings = check(PANEL_RULES, as_facts(case), get_rulebook(case["edition"]))
    said = [_as_said(finding) for finding in findings]
    assert len(said) == len(set(said))
    return set(said)


def _as_said(finding: Finding) -> tuple[Any, ...]:
    seen, allowed = finding.observed, finding.allowed
    numbers: tuple[Any, ...]
    match finding.rule:
        case "panel.size" | "panel.group_size":
            numbers = (seen["size"],)
        case "panel.host_share":
            numbers = (seen["host"], seen["size"], allowed["most"])
        case "panel.group_leader":
            numbers = (seen["leaders"],)
        case "panel.term":
            days = (date.fromisoformat(seen["end"]), date.fromisoformat(allowed["until"]))
            numbers = days[:1] if finding.variant else days
        case "panel.duplicate_member":
            numbers = (seen["members"][0], seen["times"])
        case "panel.representation":
            numbers = (seen["members"], seen["institutions"], seen["cities"])
        case "expert.age" if not finding.variant:
            numbers = (seen["age"],)
        case "expert.experience" if not finding.variant:
            numbers = (seen["years"],)
        case _:
            numbers = ()
    who = finding.subject if finding.rule.startswith("panel.") else seen["member"]
    return (finding.rule, who, finding.variant, *numbers)
