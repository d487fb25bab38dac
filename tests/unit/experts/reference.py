"""The measures' articles 12(5), 12(6) and 13 once more, for comparing.

Written from the words of the regulation and the readings chosen for them, without the product's
rules, facts, dates or rulebooks. A case is a plain dictionary (see `cases`), in which an employer
is a number, 0 being the host, however the name was written. A verdict is a set of tuples
(rule, whom it concerns, variant, the numbers that matter).
"""

from datetime import date, timedelta
from fractions import Fraction
from itertools import groupby
from typing import Any

WORDS = {
    "zhejiang-2021": {
        "members": 30,  # 原则上不超过 30 人
        "share": Fraction(15, 100),  # 原则上不超过“中心”专家组成员总数的 15%
        "leaders": 1,  # 每个专家组设组长 1 名
        "in_group": 10,  # 成员不超过 10 人
        "term": 4,  # 专家任期四年
        "under": 60,  # 60周岁以下
        "practice": 10,  # 从事本专业工作10年以上
        "says_ages_in_term": True,
        "wants_breadth": True,  # 应当具有广泛代表性
    },
    "demo-2010": {
        "members": 25,
        "share": Fraction(20, 100),
        "leaders": 1,
        "in_group": 8,
        "term": 3,
        "under": 65,
        "practice": 8,
        "says_ages_in_term": False,
        "wants_breadth": False,
    },
}

Verdict = set[tuple[Any, ...]]


def verdict(case: dict[str, Any]) -> Verdict:
    """Everything that is to be found about the case."""
    words = WORDS[case["edition"]]
    return {
        *_about_numbers(case, words),
        *_about_groups(case, words),
        *_about_term(case, words),
        *_about_repetitions(case),
        *_about_breadth(case, words),
        *(found for person in case["people"] for found in _about_person(person, case, words)),
    }


def _about_numbers(case: dict[str, Any], words: dict[str, Any]) -> Verdict:
    found: Verdict = set()
    total = len(case["people"])
    hosts = len([None for person in case["people"] if person["employer"] == 0])
    if total > words["members"]:
        found.add(("panel.size", "", "", total))
    if total and Fraction(hosts, total) > words["share"]:
        enough = max(n for n in range(total + 1) if Fraction(n, total) <= words["share"])
        found.add(("panel.host_share", "", "", hosts, total, enough))
    return found


def _about_groups(case: dict[str, Any], words: dict[str, Any]) -> Verdict:
    found: Verdict = set()
    seats = [
        (group, person["key"], leads)
        for person in case["people"]
        for group, leads in person["seats"]
    ]
    for name in {*case["groups"], *(group for group, _, _ in seats)}:
        sitting = {key for group, key, _ in seats if group == name}
        leading = {key for group, key, leads in seats if group == name and leads}
        if len(leading) != words["leaders"]:
            found.add(("panel.group_leader", name, "", len(leading)))
        if len(sitting) > words["in_group"]:
            found.add(("panel.group_size", name, "", len(sitting)))
    return found


def _about_term(case: dict[str, Any], words: dict[str, Any]) -> Verdict:
    found: Verdict = set()
    last = _last_day(case["start"], words["term"])
    if case["end"] is not None and case["end"] != last:
        found.add(("panel.term", "", "", case["end"], last))
    if case["today"] is not None and case["today"] > (case["end"] or last):
        found.add(("panel.term", "", "expired", case["end"] or last))
    return found


def _about_repetitions(case: dict[str, Any]) -> Verdict:
    people = case["people"]
    who = [_first_entry_of(index, people) for index in range(len(people))]
    return {
        ("panel.duplicate_member", people[first]["name"], "", people[first]["key"], len(list(same)))
        for first, same in groupby(sorted(who))
        if who.count(first) > 1
    }


def _first_entry_of(index: int, people: list[dict[str, Any]]) -> int:
    """Where the person of an entry is listed first, said as the entry that stands for them."""
    one = people[index]
    if one["number"]:
        numbers = [other["number"] for other in people]
        entry = numbers.index(one["number"])
        return min([entry, *_unnumbered_of(entry, people)])
    alike = [n for n, other in enumerate(people) if n == index or _look_alike(one, other)]
    numbered = [n for n in alike if people[n]["number"]]
    return _first_entry_of(numbered[0], people) if numbered else alike[0]


def _unnumbered_of(entry: int, people: list[dict[str, Any]]) -> list[int]:
    """Entries without a number that belong to the person who is first numbered at *entry*."""
    number = people[entry]["number"]
    found = []
    for n, other in enumerate(people):
        if other["number"]:
            continue
        numbered = [p for p in people if p["number"] and _look_alike(p, other)]
        if numbered and numbered[0]["number"] == number:
            found.append(n)
    return found


def _look_alike(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return (
        one["born"] is not None
        and one["born"] == other["born"]
        and one["name"] == other["name"]
        and one["employer"] == other["employer"]
    )


def _about_breadth(case: dict[str, Any], words: dict[str, Any]) -> Verdict:
    people = case["people"]
    if not words["wants_breadth"] or len(people) <= 1:
        return set()
    employers = {person["employer"] for person in people}
    towns = {person["place"][:4] for person in people}
    provincial = case["place"] and case["place"].endswith("0000")
    if len(employers) == 1 or (provincial and len(towns) == 1 and towns != {""}):
        return {("panel.representation", "", "", len(people), len(employers), len(towns - {""}))}
    return set()


def _about_person(person: dict[str, Any], case: dict[str, Any], words: dict[str, Any]) -> Verdict:
    day = case["start"]
    if person["joins"] is not None and person["joins"] > day:
        day = person["joins"]
    key = person["key"]
    found: Verdict = set()
    if person["born"] is None:
        found.add(("expert.age", key, "unknown"))
    elif _years_between(person["born"], day) >= words["under"]:
        found.add(("expert.age", key, "", _years_between(person["born"], day)))
    elif words["says_ages_in_term"]:
        end = case["end"] or _last_day(case["start"], words["term"])
        if end >= day and _years_between(person["born"], end) >= words["under"]:
            found.add(("expert.age_within_term", key, ""))
    if person["rank"] not in ("正高", "副高"):
        found.add(("expert.title", key, "" if person["rank"] else "unknown"))
    if person["since"] is None:
        found.add(("expert.experience", key, "unknown"))
    elif _years_between(person["since"], day) < words["practice"]:
        found.add(("expert.experience", key, "", max(_years_between(person["since"], day), 0)))
    if not (person["heads"] or person["esteemed"]):
        found.add(("expert.standing", key, ""))
    if not person["well"]:
        found.add(("expert.health", key, ""))
    for side in ("employer", "authority"):
        if person[f"{side}_says"] != "given":
            found.add((f"expert.consent_{side}", key, person[f"{side}_says"]))
    return found


def _years_between(first: date, then: date) -> int:
    """Anniversaries that have come; that of 29 February comes on 1 March in common years."""
    come = (then.month, then.day) >= (first.month, first.day)
    return then.year - first.year - (0 if come else 1)


def _last_day(start: date, years: int) -> date:
    """The last day on which the years are not yet full."""
    day = start + timedelta(days=365 * years - 2)
    while _years_between(start, day + timedelta(days=1)) < years:
        day += timedelta(days=1)
    return day
