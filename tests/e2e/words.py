"""What stands on a page, by the English of the code, in the language of the visitor."""

from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

CATALOGUE = Path(__file__).resolve().parents[2] / "qcc/translations/zh/LC_MESSAGES/messages.po"


@cache
def _chinese() -> Catalog:
    with CATALOGUE.open("rb") as stream:
        return read_po(stream, locale="zh_CN", abort_invalid=True)


class Words:
    """The words of one language. A message that Chinese has no words for is an error."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, english: str, /, **slots: object) -> str:
        text = english if self.language == "en" else self._translated(english)
        return text % slots if slots else text.replace("%%", "%")

    def _translated(self, english: str) -> str:
        found = _chinese().get(english)
        if found is None or not found.string:
            raise KeyError(f"no Chinese for {english!r}")
        return str(found.string)
