"""Sentences for refusals: what is wrong and what to do, in the reader's language.

For whole files (`SpreadsheetRefused`, `FileRefused`) and for single cells (`CellError`). Codes are
stable; sentences are rendered at the edge, when they are shown.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel.speaklater import LazyString

from qcc.infra.filetypes import FileRefused
from qcc.infra.i18n import _l
from qcc.infra.spreadsheets.refusals import CellError, SpreadsheetRefused

FILE_MESSAGES: Mapping[str, Any] = {
    "empty": _l("The file is empty. Choose the file again."),
    "too_large": _l(
        "The file is larger than %(limit_mb)s MB. Make it smaller and upload it again."
    ),
    "type_not_allowed": _l(
        "Files of the type “%(extension)s” are not accepted. Allowed are %(allowed)s."
    ),
    "content_mismatch": _l(
        "The file's content does not agree with its name, which ends in “%(extension)s”."
        " Save it again in its own program; renaming a file does not convert it."
    ),
    "damaged": _l(
        "The file is damaged or incomplete. Open it, save it again, and upload the new file."
    ),
    "image_too_large": _l(
        "The picture has %(width)s × %(height)s points; at most %(limit_mp)s million are accepted."
        " Scan it with a lower resolution."
    ),
    "encrypted": _l(
        "The file is protected by a password. Remove the password and upload it again."
    ),
    "macros": _l("The workbook contains macros. Save it as .xlsx without macros."),
}

SHEET_MESSAGES: Mapping[str, Any] = {
    "not_xlsx": _l("This is not an Excel workbook (.xlsx). Fill in the template and upload it."),
    "old_format": _l("This is a workbook of the old format (.xls). Save it as .xlsx."),
    "too_many_parts": _l(
        "The workbook consists of more than %(limit)s parts. Copy the table into the template."
    ),
    "unsafe_names": _l(
        "The workbook contains parts with forbidden names. Copy the table into the template."
    ),
    "duplicate_parts": _l(
        "The workbook contains two parts of one name. Copy the table into the template."
    ),
    "inflates_too_far": _l(
        "The workbook unpacks to more than %(limit_mb)s MB or is packed unusually tightly."
        " Delete unused rows, columns and formats, or copy the table into the template."
    ),
    "external_links": _l(
        "The workbook links to other files or data sources. Break the links and save it again."
    ),
    "objects": _l(
        "The workbook contains embedded files or controls. Remove them and save it again."
    ),
    "doctype": _l(
        "The workbook contains a document type declaration, which no spreadsheet program writes."
        " Copy the table into the template."
    ),
    "no_sheet": _l("The workbook has no visible sheet."),
    "formulas": _l(
        "Cell %(cell)s holds a formula (%(count)s in all). Paste the values in place of formulas."
    ),
    "too_many_rows": _l("The sheet has more than %(limit)s rows. Split it."),
    "too_many_columns": _l(
        "The sheet has more than %(limit)s columns. Use the template's columns."
    ),
    "cell_too_long": _l("Cell %(cell)s holds more than %(limit)s characters. Shorten it."),
    "too_much_text": _l("The sheet holds more than %(limit)s characters. Split it."),
    "too_slow": _l(
        "The workbook could not be read within %(seconds)s seconds. Copy the table into the"
        " template."
    ),
    "too_complex": _l(
        "Reading the workbook takes more memory or time than is allowed. Copy the table into the"
        " template."
    ),
    "head_missing": _l(
        "No row with the titles of the columns was found in the first %(within)s rows."
        " Expected are: %(columns)s."
    ),
    "columns_missing": _l("These columns are missing: %(columns)s."),
    "columns_duplicate": _l("These columns appear twice: %(columns)s (%(cells)s)."),
    "columns_unknown": _l("These columns are unknown: %(columns)s."),
}

CELL_MESSAGES: Mapping[str, Any] = {
    "text_too_long": _l("%(length)s characters; at most %(limit)s are allowed."),
    "number_cut": _l(
        "Excel keeps only 15 digits of a number; the others are lost. Format the cell as text and"
        " type the number again."
    ),
    "not_a_choice": _l("“%(value)s” is not among the choices: %(options)s."),
    "date_incomplete": _l("“%(value)s” lacks the day. Write year, month and day, as 2026-03-01."),
    "date_unreadable": _l("“%(value)s” is not a date. Write it as 2026-03-01."),
    "date_impossible": _l("There is no such day: “%(value)s”."),
    "date_out_of_range": _l("The date %(value)s lies outside the years %(first)s to %(last)s."),
}

_UNREADABLE = _l("The file cannot be read.")
_ALL = {**FILE_MESSAGES, **SHEET_MESSAGES, **CELL_MESSAGES}


def describe(refused: FileRefused | SpreadsheetRefused | CellError) -> LazyString:
    """The sentence for a refusal, rendered when it is shown."""
    return LazyString(_render, refused.code, refused.params)


def _render(code: str, params: Mapping[str, Any]) -> str:
    """An unknown code has a general sentence: a refusal must never become an error of ours."""
    shown = {name: _shown(value) for name, value in params.items()}
    try:
        return str(_ALL.get(code, _UNREADABLE)) % shown
    except KeyError:
        return str(_UNREADABLE)


def _shown(value: Any) -> str:
    """Lists as people read them; long ones are cut."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        listed = "、".join(str(item) for item in value[:20])
        return f"{listed}…" if len(value) > 20 else listed
    return str(value)
