"""The Chinese words that stand in our workbooks, and how titles of columns are compared."""

import re
import unicodedata

REASON = "原因"
SERIAL = "序号"
INSTRUCTIONS = "填写说明"
EXAMPLES = "示例"
LISTS = "选项"
MARK_AUTHOR = "qcc"

_IGNORED = re.compile(r"[\s*※★]+")
_HINT = re.compile(r"\([^()]*\)$")


def head_key(title: object) -> str:
    """A title without what writers vary: widths, blanks, line breaks, the star of duty."""
    text = unicodedata.normalize("NFKC", title) if isinstance(title, str) else ""
    return _IGNORED.sub("", text).casefold()


def head_key_without_hint(title: object) -> str:
    """The same, without a closing hint in brackets: 出生日期（如 1975-03-01）."""
    return _HINT.sub("", head_key(title))
