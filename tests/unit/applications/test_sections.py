"""The form and the report as data agree with the regulation."""

from qcc.applications.sections import (
    FORM_FIELDS,
    SECTION_BY_KEY,
    SECTIONS,
    EligibilityItem,
    asked_items,
    missing_fields,
    missing_sections,
    required_sections,
)
from tests.unit.judging import BOOK

FILLED = {field.key: "有" for field in FORM_FIELDS if not field.by_hand}
WRITTEN = {section.key: "有" for section in SECTIONS}


def test_sections_have_the_regulations_titles_in_its_order() -> None:
    assert {section.key: section.title for section in SECTIONS} == BOOK["report.sections"].words
    assert required_sections(BOOK) == SECTIONS
    assert list(SECTION_BY_KEY) == [section.key for section in SECTIONS]
    assert all(section.prompt for section in SECTIONS)


def test_a_section_of_blanks_is_missing() -> None:
    assert missing_sections(WRITTEN, BOOK) == ()
    assert missing_sections({**WRITTEN, "quality_control": " \n"}, BOOK) == ("quality_control",)
    assert len(missing_sections({}, BOOK)) == len(SECTIONS)


def test_what_is_written_by_hand_is_never_missing() -> None:
    assert missing_fields(FILLED) == ()
    assert "opinion" not in missing_fields({})
    assert len(missing_fields({})) == len(FORM_FIELDS) - 1


def test_no_is_an_answer_and_a_blank_is_none() -> None:
    assert missing_fields({**FILLED, "national_qc_host": False}) == ()
    assert missing_fields({**FILLED, "national_qc_host": None}) == ("national_qc_host",)
    assert missing_fields({**FILLED, "reason": "  "}) == ("reason",)


def test_every_condition_has_a_limit_and_a_heading() -> None:
    for item in EligibilityItem:
        assert item.rule_id in BOOK
        assert item.heading


def test_conditions_are_asked_of_hosts_of_provincial_centers() -> None:
    assert asked_items(BOOK, "330000") == tuple(EligibilityItem)
    assert asked_items(BOOK, "330100") == asked_items(BOOK, "330102") == ()
