"""Program: read mutated rosters, one after the other, in one process under the sandbox's limits.

`python -m tests.unit.experts.reading_many FIRST LAST` reads those numbered from FIRST to before
LAST, holds those that can be read against the rules, puts the faults of the others into sentences,
and prints how often each outcome came. Anything unforeseen ends it with a traceback.

The sandbox starts a process for each workbook; here its child's work is done for many in one, which
takes milliseconds in place of tens of them.
"""

import json
import random
import resource
import signal
import sys
from collections import Counter
from datetime import date
from typing import Any

from qcc.experts.roster.columns import SHEET_TITLE
from qcc.experts.roster.facts import panel_facts, resembling_hosts
from qcc.experts.roster.messages import marks
from qcc.experts.roster.parsing import Roster, parse_sheet
from qcc.experts.rules import ROSTER_RULES
from qcc.infra.spreadsheets.child_read import read
from qcc.infra.spreadsheets.reading import Sheet, _row, refuse_outright
from qcc.infra.spreadsheets.refusals import DEFAULT_LIMITS, MEGABYTE, SpreadsheetRefused
from qcc.kernel.rules import check
from qcc.regulations.rulebooks import get_rulebook
from tests.factories.workbooks import mutated
from tests.unit.experts.rosters import HOST, KEYS, TERM_START, people, roster_file

_MOST_MEMORY = 1024 * MEGABYTE
_SECONDS_EACH = 10

ODD: tuple[Any, ...] = (
    None, "", " ", "\u3000", "无", "否", "-", 0, -1, 1.5, 1e15, 1e300, 20260301, 45000, True,
    "1975-02-30", "1975年", "0000-00-00", "9999-12-31", date(1900, 1, 1), date(2100, 12, 31),
    "=1+1", "@SUM(A1)", "%(value)s", "%s", "{0}", "<b>", "'\"\\", "\u202e反", "\U0001f600",
    "000000197503010019", "000000197503010018", "00000019750301001x", "110101197503010019 ",
    "主任医师、、", "、", "（", "主任医师（（教授）", "正高级副高级", "组长", "组员、组长", "女性",
    "无专业负责人或或", "健康" * 50, "a\nb", "1975-03-01 25:00:00", "甲" * 600, "M",
)  # fmt: skip


def scribbled(chance: random.Random) -> bytes:
    """A sound workbook in whose cells odd things stand."""
    rows = people(chance.randint(1, 6), from_host=1)
    for _ in range(chance.randint(1, 12)):
        chance.choice(rows)[chance.choice(KEYS)] = chance.choice(ODD)
    if chance.random() < 0.2:
        rows.append(dict(chance.choice(rows)))
    return roster_file(rows, without=[chance.choice(KEYS)] if chance.random() < 0.2 else [])


def outcome(data: bytes) -> str:
    """What came of one workbook."""
    try:
        sheet = _sheet(data)
        parsed = parse_sheet(sheet, on=TERM_START)
    except SpreadsheetRefused as refused:
        return refused.code
    if isinstance(parsed, Roster):
        panel = panel_facts(parsed, host_names=[HOST], on=TERM_START)
        resembling_hosts(parsed, [HOST])
        marks(parsed.warnings)
        broken = check(ROSTER_RULES, panel, get_rulebook("zhejiang-2021"))
        return "findings" if broken else "clean"
    assert marks(parsed.errors)
    return "rejected"


def _sheet(data: bytes) -> Sheet:
    refuse_outright(data, DEFAULT_LIMITS)
    try:
        report, _ = read(data, DEFAULT_LIMITS, {"title": SHEET_TITLE})
    except (SpreadsheetRefused, AssertionError, KeyboardInterrupt):
        raise
    except BaseException as error:  # as the child's worker does: the reader may panic
        raise SpreadsheetRefused("damaged") from error
    sent = json.loads(json.dumps(report))
    return Sheet(sent["title"], tuple(_row(number, cells) for number, cells in sent["rows"]))


def main(first: int, last: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    whole = roster_file(people(5, from_host=1))
    counts: Counter[str] = Counter()
    for seed in range(first, last):
        signal.alarm(_SECONDS_EACH)
        data = scribbled(random.Random(seed)) if seed % 2 else mutated(whole, seed)
        counts[outcome(data)] += 1
    sys.stdout.write(json.dumps(counts))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
