"""Findings as sentences: every variant has one, and the arithmetic is right."""

import re
from typing import Any

import pytest

import qcc.applications.rules  # declares rules
import qcc.centers.rules  # noqa: F401 - declares rules
from qcc.infra.rule_messages import describe, force_label, limit_text, mend
from qcc.infra.rule_wordings import WORDINGS
from qcc.kernel.rules import REGISTRY, Finding, Force
from qcc.regulations.parameters import PARAMETERS
from tests.unit.judging import BOOK, OLD_BOOK


def finding(rule_id: str, variant: str = "", subject: str = "张虚构", **words: Any) -> Finding:
    return Finding(BOOK[rule_id], words, {}, subject, variant)


def test_every_variant_of_every_rule_has_a_sentence() -> None:
    variants = {(rule.id, variant) for rule in REGISTRY.values() for variant in rule.variants}
    assert variants <= set(WORDINGS)


def test_every_sentence_belongs_to_a_known_rule_and_a_declared_variant() -> None:
    for rule_id, variant in WORDINGS:
        assert rule_id in PARAMETERS
        if rule_id in REGISTRY:
            assert variant in REGISTRY[rule_id].variants


def test_the_share_of_the_host_is_said_with_its_arithmetic() -> None:
    found = Finding(BOOK["panel.host_share"], {"host": 5, "size": 30}, {"percent": 15, "most": 4})
    assert describe(found) == (
        "5 experts of the host are 16.7 % of 30 members; the limit is 15 %, that is at most 4."
    )
    assert mend(found).startswith("Replace at least 1 of")


@pytest.mark.parametrize(
    ("host", "size", "share"), [(3, 20, "15.0"), (4, 26, "15.4"), (1, 6, "16.7"), (1, 1, "100.0")]
)
def test_shares_are_rounded_half_up_to_one_place(host: int, size: int, share: str) -> None:
    found = Finding(
        BOOK["panel.host_share"], {"host": host, "size": size}, {"percent": 15, "most": 0}
    )
    assert f" {share} % of" in describe(found)


def test_a_count_says_what_is_lacking_or_too_many() -> None:
    limit = BOOK["officers.deputy_count"]
    few = Finding(limit, {"count": 0}, {"least": 2, "most": 5}, variant="too_few")
    assert describe(few) == "Deputy director: 0 proposed, 2–5 required."
    assert mend(few) == "Propose 2 more."
    many = Finding(limit, {"count": 7}, {"least": 2, "most": 5}, variant="too_many")
    assert mend(many) == "Take 2 off the list."
    one = Finding(
        BOOK["officers.director_count"], {"count": 0}, {"least": 1, "most": 1}, "", "too_few"
    )
    assert describe(one) == "Director: 0 proposed, 1 required."


def test_keys_become_words_and_codes_become_names() -> None:
    posts = finding("officers.one_post_each", posts=["director", "secretary"], count=2)
    assert "Director, Liaison secretary" in describe(posts)
    place = Finding(
        BOOK["officers.deputy_specialist"],
        {"place": "310000"},
        {"province": "330000"},
        "张虚构",
        "elsewhere",
    )
    assert "浙江省" in describe(place)


def test_a_stored_finding_reads_like_a_fresh_one() -> None:
    fresh = finding("hosting.grade", "undeclared", grade="三级", grades=["三级甲等"])
    assert describe(fresh.as_dict()) == describe(fresh)
    assert mend(fresh.as_dict()) == mend(fresh)


def test_a_principle_can_be_justified_and_the_advice_says_so() -> None:
    assert "written justification" in mend(Finding(BOOK["panel.size"], {"size": 31}, {"most": 30}))
    assert "written justification" not in mend(
        finding("officers.secretary_discipline", "elsewhere")
    )


def test_a_finding_without_a_sentence_still_quotes_the_regulation() -> None:
    found = finding("annual.due_day")
    assert BOOK["annual.due_day"].source in describe(found)
    assert BOOK["annual.due_day"].article in mend(found)


SAMPLE: dict[str, Any] = {
    "count": 3, "size": 31, "most": 30, "least": 2, "host": 5, "percent": 15, "active": 1,
    "label": "申请理由", "grade": "三级", "grades": ["三级甲等"], "date": "2024-02-29",
    "filled": "2027-03-01", "years": 4, "article": "第七条", "posts": ["deputy"],
    "positions": ["president"], "province": "330000", "members": 20, "institutions": 9,
    "cities": 5, "times": 2, "leaders": 0, "start": "2026-03-01", "end": "2030-03-01",
    "until": "2030-02-28", "age": 60, "on": "2026-03-01", "birthday": "2027-01-01",
    "title": "主治医师", "rank": "中级", "ranks": ["正高", "副高"], "since": "2020-01-01",
    "full": "2030-01-01", "employer": "虚构医院", "authority": "虚构市卫生健康委员会",
    "total": "59.99", "minimum": "60",
}  # fmt: skip


@pytest.mark.parametrize(("rule_id", "variant"), sorted(WORDINGS))
def test_every_sentence_can_be_filled_with_the_keys_of_its_table(
    rule_id: str, variant: str
) -> None:
    found = finding(rule_id, variant, **SAMPLE)
    for sentence in (describe(found), mend(found)):
        assert sentence.endswith(".")
        assert not re.search(r"%\(|%%", sentence)


def test_forces_have_names() -> None:
    assert [force_label(force) for force in Force] == ["Mandatory", "In principle", "Advisory"]
    assert force_label("advisory") == "Advisory"


@pytest.mark.parametrize(
    ("rule_id", "text"),
    [
        ("panel.size", "30 人"),
        ("panel.host_share", "15 %"),
        ("officers.deputy_count", "2–5 名"),
        ("expert.age", "60 周岁 (not inclusive)"),
        ("hosting.grade", "三级甲等"),
        ("officers.director_post", "院长；分管院长"),
        ("hosting.resources", "required"),
    ],
)
def test_limits_are_shown_with_their_unit(rule_id: str, text: str) -> None:
    assert limit_text(BOOK[rule_id]) == text


def test_every_limit_of_every_edition_can_be_shown() -> None:
    assert all(limit_text(limit) for book in (BOOK, OLD_BOOK) for limit in book.limits.values())
