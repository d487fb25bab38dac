"""Rosters as workbooks: the template, reading one, and what it says as facts.

- `columns`: the columns, their choices; `template`: the workbook to fill in
- `parsing`: `parse_roster`, a `Roster` or the list of what is wrong, and nothing in between
- `facts`: a roster as facts for the rules; `messages`: sentences for what is wrong

Behind them: `cells` reads single cells, `rows` puts one row together.
"""
