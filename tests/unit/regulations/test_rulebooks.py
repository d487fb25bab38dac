"""Rulebooks: the true one word for word, two editions side by side, and every refusal."""

import re
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from qcc.kernel.places import Level
from qcc.kernel.rules import Force, Rulebook
from qcc.regulations.parameters import PARAMETERS
from qcc.regulations.rulebooks import (
    FOLDER,
    InvalidRulebook,
    NoRulebookInForce,
    get_rulebook,
    load_rulebooks,
    read_rulebooks,
    rulebook_for,
)

CHANGE = date(2021, 3, 19)
TEXT = Path(__file__).with_name("measures_2021.txt").read_text("utf-8")
MEASURES = re.sub(r"^#.*|\s", "", TEXT)

HEAD = """
[rulebook]
id = "test-2020"
title = "试行办法"
document_number = "试〔2020〕1号"
jurisdiction = "330100"
in_force_from = 2020-01-01
"""
LIMIT = """
[limits."panel.size"]
value = 30
unit = "人"
force = "principle"
article = "第十二条（五）"
source = "原则上不超过 30 人"
"""


def write(folder: Path, text: str, name: str = "test-2020.toml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def refusal(folder: Path, text: str) -> tuple[str, str, str]:
    """File, key and reason with which a rulebook is refused."""
    write(folder, text)
    with pytest.raises(InvalidRulebook) as refused:
        read_rulebooks(folder)
    error = refused.value
    assert str(error) == f"{error.file}: {error.key}: {error.reason}"
    return error.file, error.key, error.reason


@pytest.fixture
def measures() -> Rulebook:
    return get_rulebook("zhejiang-2021")


# --- the true edition ---


def test_every_source_is_quoted_word_for_word(measures: Rulebook) -> None:
    misquoted = [
        limit.id
        for limit in measures.limits.values()
        if re.sub(r"\s", "", limit.source) not in MEASURES
    ]
    assert misquoted == []


def test_every_label_is_in_the_regulations_words(measures: Rulebook) -> None:
    labels = [label for limit in measures.limits.values() for label in limit.labels]
    assert [label for label in labels if re.sub(r"\s", "", label) not in MEASURES] == []


def article_text(article: str) -> str:
    """The words of an article, or of the item named after it: 第十二条（五）, 第十三条1."""
    match = re.fullmatch(r"第(.+)条(?:（(.)）|(\d))?", article)
    assert match
    text = MEASURES.split(f"第{match[1]}条", 1)[1]
    text = re.split(r"第[一二三四五六七八九十]+条", text)[0]
    if match[2]:
        text = re.split(rf"[（(]{match[2]}[)）]", text, maxsplit=1)[1]
        return re.split(r"[（(][一二三四五六七][)）]", text)[0]
    if match[3]:
        return re.split(r"-\d、", text.split(f"-{match[3]}、", 1)[1])[0]
    return text


def test_every_limit_stands_in_the_article_that_it_names(measures: Rulebook) -> None:
    for limit in measures.limits.values():
        assert re.sub(r"\s", "", limit.source) in article_text(limit.article), limit.id


def test_the_true_edition_has_every_known_parameter(measures: Rulebook) -> None:
    assert set(measures.limits) == set(PARAMETERS) - {"meetings.quorum"}, "it asks for no quorum"


@pytest.mark.parametrize(
    ("rule_id", "value", "force", "inclusive"),
    [
        ("center.unique", 1, Force.MANDATORY, True),
        ("hosting.grade", ("三级甲等",), Force.MANDATORY, True),
        ("hosting.no_major_incident", 3, Force.MANDATORY, False),
        ("officers.director_count", 1, Force.MANDATORY, True),
        ("officers.executive_deputy_count", 1, Force.MANDATORY, True),
        ("officers.deputy_count", (2, 5), Force.MANDATORY, True),
        ("officers.secretary_count", (1, 2), Force.MANDATORY, True),
        ("panel.size", 30, Force.PRINCIPLE, True),
        ("panel.host_share", 15, Force.PRINCIPLE, True),
        ("panel.group_leader", 1, Force.MANDATORY, True),
        ("panel.group_size", 10, Force.MANDATORY, True),
        ("panel.term", 4, Force.MANDATORY, True),
        ("panel.representation", True, Force.ADVISORY, True),
        ("expert.age", 60, Force.MANDATORY, False),
        ("expert.age_within_term", 60, Force.ADVISORY, False),
        ("expert.title", ("正高", "副高"), Force.MANDATORY, True),
        ("expert.experience", 10, Force.MANDATORY, True),
        ("assessment.consecutive_failures", 2, Force.MANDATORY, True),
        ("annual.due_month", 12, Force.MANDATORY, True),
        ("annual.due_day", 31, Force.MANDATORY, True),
    ],
)
def test_numbers_of_the_measures(
    measures: Rulebook, rule_id: str, value: object, force: Force, inclusive: bool
) -> None:
    limit = measures[rule_id]
    assert (limit.value, limit.force, limit.inclusive) == (value, force, inclusive)


def test_conditions_of_article_7_and_8_are_the_provinces(measures: Rulebook) -> None:
    bound = {limit.id for limit in measures.limits.values() if limit.levels == (Level.PROVINCE,)}
    assert {"designation.ground", "hosting.grade", "hosting.confirmed"} <= bound
    assert {rule_id.partition(".")[0] for rule_id in bound} == {"designation", "hosting"}


# --- which edition holds ---


@pytest.mark.parametrize("place", ["330000", "330100", "330102"])
def test_the_edition_changes_on_the_day_of_repeal(place: str) -> None:
    assert rulebook_for(place, CHANGE - timedelta(days=1)).id == "demo-2010"
    assert rulebook_for(place, CHANGE).id == "zhejiang-2021"


def test_editions_differ_and_only_one_is_invented() -> None:
    old, new = get_rulebook("demo-2010"), get_rulebook("zhejiang-2021")
    assert (old.invented, new.invented) == (True, False)
    assert "虚构" in old.title
    assert all(limit.source.startswith("虚构") for limit in old.limits.values())
    assert (old["panel.size"].number, new["panel.size"].number) == (25, 30)
    assert old["officers.deputy_count"].force is Force.PRINCIPLE
    assert old["officers.deputy_count"].span == (1, 3)


@pytest.mark.parametrize(
    ("place", "on"),
    [("330000", date(2010, 8, 31)), ("000000", CHANGE), ("410000", CHANGE)],
)
def test_where_nothing_holds_this_is_said(place: str, on: date) -> None:
    with pytest.raises(NoRulebookInForce, match=f"{place} on {on}"):
        rulebook_for(place, on)


def test_the_nearest_place_with_an_edition_in_force_decides(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    write(tmp_path, HEAD + "repealed_on = 2022-01-01\n" + LIMIT)
    books = read_rulebooks(tmp_path)
    assert books.in_force("330102", date(2021, 12, 31)).id == "test-2020"
    assert books.in_force("330102", date(2022, 1, 1)).id == "zhejiang-2021"
    assert books.in_force("330200", date(2021, 12, 31)).id == "zhejiang-2021"


def test_an_unknown_edition_is_not_found() -> None:
    with pytest.raises(KeyError):
        get_rulebook("zhejiang-1999")


def test_the_version_changes_with_any_byte_of_the_file(tmp_path: Path) -> None:
    write(tmp_path, HEAD + LIMIT)
    before = read_rulebooks(tmp_path).get("test-2020").version
    write(tmp_path, HEAD + LIMIT + "\n")
    after = read_rulebooks(tmp_path).get("test-2020").version
    assert re.fullmatch(r"test-2020@[0-9a-f]{12}", before)
    assert before != after


def test_a_rulebook_cannot_be_changed_in_memory(measures: Rulebook) -> None:
    with pytest.raises(TypeError):
        measures.limits["panel.size"] = measures["panel.term"]  # type: ignore[index]


def test_all_are_read_once() -> None:
    assert load_rulebooks() is load_rulebooks()
    assert [book.id for book in load_rulebooks()] == ["demo-2010", "zhejiang-2021"]
    assert len(load_rulebooks()) == 2


def test_a_limit_that_no_rule_knows_is_kept(tmp_path: Path) -> None:
    write(tmp_path, HEAD + LIMIT.replace("panel.size", "panel.tea_breaks"))
    assert "panel.tea_breaks" in read_rulebooks(tmp_path).get("test-2020")


# --- refusals: file, key, reason ---


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ('id = "test-2020"', 'id = "other"', "rulebook.id", "name of the file"),
        ('id = "test-2020"', "", "rulebook.id", "is missing"),
        ('title = "试行办法"', "title = 3", "rulebook.title", "must be text"),
        ('title = "试行办法"', 'title = " "', "rulebook.title", "is empty"),
        ('"330100"', '"杭州"', "rulebook.jurisdiction", "six digits"),
        ("2020-01-01", '"2020-01-01"', "rulebook.in_force_from", "must be a date"),
        ("2020-01-01", "2020-01-01T00:00:00", "rulebook.in_force_from", "must be a date"),
        (
            "in_force_from = 2020-01-01",
            "in_force_from = 2020-01-01\nrepealed_on = 2020-01-01",
            "rulebook.repealed_on",
            "later than in_force_from",
        ),
        (
            "in_force_from = 2020-01-01",
            'in_force_from = 2020-01-01\ninvented = "no"',
            "rulebook.invented",
            "must be true or false",
        ),
        (
            "in_force_from = 2020-01-01",
            'in_force_from = 2020-01-01\nauthor = "x"',
            "rulebook.author",
            "unknown key",
        ),
        ("[rulebook]", "[rules]", "rulebook", "is missing"),
    ],
)
def test_a_bad_head_is_refused(tmp_path: Path, old: str, new: str, key: str, reason: str) -> None:
    file, at, why = refusal(tmp_path, HEAD.replace(old, new) + LIMIT)
    assert (file, at) == ("test-2020.toml", key)
    assert reason in why


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ("value = 30", "", "value", "is missing"),
        ("value = 30", "value = 30.5", "value", "must be a whole number, two of them"),
        ("value = 30", "value = []", "value", "must be a whole number, two of them"),
        ("value = 30", 'value = ["a", 1]', "value", "must be a whole number, two of them"),
        ("value = 30", 'value = ["a", "a"]', "value", "a word twice"),
        ("value = 30", "value = [5, 2]", "value", "least above its greatest"),
        ("value = 30", "value = [true, 2]", "value", "must be a whole number, two of them"),
        ("value = 30", 'value = "三十"', "value", "must be a whole number"),
        ("value = 30", "value = true", "value", "must be a whole number"),
        ("value = 30", "value = -1", "value", "must be from 1 to"),
        ('unit = "人"', "unit = 1", "unit", "must be text"),
        ('unit = "人"', "inclusive = 0", "inclusive", "must be true or false"),
        ('force = "principle"', "", "force", "is missing"),
        ('force = "principle"', 'force = "原则"', "force", "one of mandatory, principle, adv"),
        ('article = "第十二条（五）"', "", "article", "is missing"),
        ('article = "第十二条（五）"', 'article = ""', "article", "is empty"),
        ('source = "原则上不超过 30 人"', "", "source", "is missing"),
        ('unit = "人"', 'units = "人"', "units", "unknown key"),
        ('unit = "人"', 'levels = ["village"]', "levels", "one of nation, province"),
        ('unit = "人"', "levels = [1]", "levels", "must be a list of words"),
        ('unit = "人"', 'labels = ["甲", "乙"]', "labels", "as many as the values"),
        ('unit = "人"', 'labels = ["甲", "甲"]', "labels", "a word twice"),
    ],
)
def test_a_bad_limit_is_refused(tmp_path: Path, old: str, new: str, key: str, reason: str) -> None:
    assert old in LIMIT
    file, at, why = refusal(tmp_path, HEAD + LIMIT.replace(old, new))
    assert (file, at) == ("test-2020.toml", f"limits.panel.size.{key}")
    assert reason in why


@pytest.mark.parametrize(
    ("rule_id", "value", "reason"),
    [
        ("officers.deputy_count", "true", "must be a whole number or two of them"),
        ("officers.deputy_count", '["二", "五"]', "must be a whole number or two of them"),
        ("officers.deputy_count", "[2, 5000]", "must be from 0 to"),
        ("hosting.resources", "1", "must be true or false"),
        ("hosting.grade", '"三级甲等"', "must be a list of words"),
        ("designation.ground", '["friendship"]', "unknown word friendship"),
        ("report.sections", '["epilogue"]', "unknown word epilogue"),
        ("panel.host_share", "101", "must be from 0 to 100"),
        ("annual.due_month", "13", "must be from 1 to 12"),
        ("panel.size", "[1, 2]", "must be a whole number"),
    ],
)
def test_a_value_that_its_rule_could_not_read_is_refused(
    tmp_path: Path, rule_id: str, value: str, reason: str
) -> None:
    text = LIMIT.replace("panel.size", rule_id).replace("value = 30", f"value = {value}")
    _, key, why = refusal(tmp_path, HEAD + text)
    assert key == f"limits.{rule_id}.value"
    assert reason in why


def test_tables_must_be_tables(tmp_path: Path) -> None:
    assert refusal(tmp_path, "rulebook = 1\nlimits = 1")[1:] == ("rulebook", "must be a table")
    assert refusal(tmp_path, "limits = 1\n" + HEAD)[1:] == ("limits", "must be a table")
    text = HEAD + "[limits]\nsize = 1"
    assert refusal(tmp_path, text)[1:] == ("limits.size", "must be a table")


def test_a_rulebook_without_limits_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, HEAD)[1:] == ("limits", "is missing")
    assert refusal(tmp_path, HEAD + "[limits]")[1:] == ("limits", "is empty")


def test_an_unknown_table_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, HEAD + LIMIT + "[extra]\na = 1")[1:] == ("extra", "is an unknown key")


def test_a_limit_given_twice_is_refused(tmp_path: Path) -> None:
    file, key, reason = refusal(tmp_path, HEAD + LIMIT + LIMIT)
    assert (file, key) == ("test-2020.toml", "syntax")
    assert "Cannot declare" in reason


def test_broken_syntax_and_encoding_are_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, "[rulebook")[1] == "syntax"
    (tmp_path / "test-2020.toml").write_bytes((HEAD + LIMIT).encode("gb18030"))
    with pytest.raises(InvalidRulebook, match=r"test-2020\.toml: byte \d+: is not UTF-8"):
        read_rulebooks(tmp_path)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidRulebook, match="no rulebook is there"):
        read_rulebooks(tmp_path)


@pytest.mark.parametrize("repealed", ["", "repealed_on = 2021-07-02\n"])
def test_two_editions_in_force_at_once_are_refused(tmp_path: Path, repealed: str) -> None:
    write(tmp_path, HEAD + repealed + LIMIT)
    later = HEAD.replace("2020", "2021").replace("2021-01-01", "2021-07-01") + LIMIT
    write(tmp_path, later, "test-2021.toml")
    with pytest.raises(InvalidRulebook) as refused:
        read_rulebooks(tmp_path)
    assert refused.value.file == "test-2021.toml"
    assert refused.value.key == "rulebook.in_force_from"
    assert "overlaps test-2020" in refused.value.reason


def test_editions_may_follow_on_the_day_of_repeal(tmp_path: Path) -> None:
    write(tmp_path, HEAD + "repealed_on = 2021-07-01\n" + LIMIT)
    later = HEAD.replace("2020", "2021").replace("2021-01-01", "2021-07-01") + LIMIT
    write(tmp_path, later, "test-2021.toml")
    assert len(read_rulebooks(tmp_path)) == 2
