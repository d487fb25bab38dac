"""Sentences for what is wrong with a roster's cells, in the reader's language."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel.speaklater import LazyString

from qcc.experts.roster.rows import CellFault
from qcc.infra.i18n import _l
from qcc.infra.spreadsheets import messages
from qcc.infra.spreadsheets.refusals import CellError

ROSTER_MESSAGES: Mapping[str, Any] = {
    "required": _l("This cell is empty. Fill it in."),
    "no_rows": _l("The sheet names no expert. Fill in one row for each expert under the head."),
    "identity_old": _l(
        "This is an identity number of 15 digits. Enter the present one of 18 digits."
    ),
    "identity_length": _l(
        "An identity number has 18 digits; here are %(length)s characters. For other documents"
        " leave the cell empty and enter date of birth and sex."
    ),
    "identity_digits": _l(
        "An identity number has 18 digits, the last of which may be X. For other documents leave"
        " the cell empty and enter date of birth and sex."
    ),
    "identity_checksum": _l(
        "The identity number is mistyped: its check digit does not agree with the other digits."
    ),
    "identity_date": _l("The identity number is mistyped: its birth date does not exist."),
    "sex_missing": _l("Enter the sex, or the identity number."),
    "sex_contradicts": _l(
        "This contradicts the identity number, which tells the sex as %(told)s. Correct one of"
        " them."
    ),
    "birth_date_missing": _l("Enter the date of birth, or the identity number."),
    "birth_date_contradicts": _l(
        "This contradicts the identity number, which tells the date of birth as %(told)s. Correct"
        " one of them."
    ),
    "birth_date_late": _l("The date of birth does not lie before %(on)s, when the term starts."),
    "practised_before_birth": _l("This day is not later than the birth on %(born)s."),
    "title_unknown": _l(
        "“%(value)s” is not in the catalog of titles. Choose one from the list; separate several"
        " by commas."
    ),
    "title_unknown_near": _l(
        "“%(value)s” is not in the catalog of titles. Perhaps meant: %(near)s."
    ),
    "title_rank_only": _l("“%(rank)s” is a rank. Write the title itself, as it is to be printed."),
    "health_unclear": _l(
        "“%(value)s” is not understood as a declaration of good health. If it is meant so, choose"
        " “健康” from the list."
    ),
    "group_missing": _l("A leader of a group is named here, but not the group."),
    "column_ignored": _l("The column “%(value)s” is not asked for and was not read."),
}


def describe_cell(error: CellError) -> LazyString:
    """The sentence for what is wrong with a cell, rendered when it is shown."""
    if error.code not in ROSTER_MESSAGES:
        return messages.describe(error)
    return LazyString(_render, error)


def marks(faults: Iterable[CellFault]) -> dict[str, str]:
    """By address of a cell what is wrong with it, in the reader's language: for marking a
    workbook."""
    found: dict[str, list[str]] = {}
    for fault in faults:
        found.setdefault(fault.cell, []).append(str(describe_cell(fault.error)))
    return {cell: "\n".join(sentences) for cell, sentences in found.items()}


def _render(error: CellError) -> str:
    return str(ROSTER_MESSAGES[error.code]) % {
        key: "、".join(map(str, value)) if isinstance(value, list) else str(value)
        for key, value in error.params.items()
    }
