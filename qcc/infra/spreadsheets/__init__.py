"""Spreadsheets: reading somebody's workbook safely, marking its faults, writing templates.

This file imports nothing, so that a child process that reads a workbook starts in some
milliseconds. Import from the rooms:

- `refusals`: `SpreadsheetRefused` (the whole file), `CellError` (one cell), `SheetLimits`
- `reading`: `read_sheet`; `marking`: `mark_up` (both do their work in a limited child process)
- `table`: `Column`, `read_table`; `coercion`: `as_date`, `as_text`, ...
- `template`: `write_template`; `export`: `write_table`
- `messages`: `describe`, the sentence for a refusal

Behind the door, in the order in which a file passes: `archive` (the ZIP's directory),
`sandbox` (starts the child), `worker` (the child's limits), `inspection` (what parts and markup a
workbook may hold), `child_read` and `child_mark` (the only two that parse for content).
"""
