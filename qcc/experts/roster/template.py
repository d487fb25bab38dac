"""The workbook in which a roster is filled in."""

from qcc.experts.roster.columns import (
    CHOICES,
    COLUMNS,
    EXAMPLES,
    FREE_CHOICES,
    INSTRUCTIONS,
    SHEET_TITLE,
)
from qcc.infra.spreadsheets.template import write_template


def roster_template() -> bytes:
    """The empty workbook: lists to choose from, help at each cell, examples on their own sheet."""
    return write_template(
        COLUMNS,
        sheet_title=SHEET_TITLE,
        instructions=INSTRUCTIONS,
        examples=EXAMPLES,
        dropdowns=CHOICES,
        suggestions=FREE_CHOICES,
    )
