"""An independent model of M.20 and M.28: what happened to a center, in its order, and what must
have come of it. It knows nothing of the product: each hosting is a line with a letter for each
year, in which pairs of F are looked for."""

import re
from dataclasses import dataclass, field


@dataclass
class Term:
    """A hosting: by year the letters of its results in their order (F failed, P passed, ? not
    final, x cancelled), the pairs of years that were decided, and by what it ended."""

    letters: dict[int, str] = field(default_factory=dict)
    kept: set[int] = field(default_factory=set)
    ended_by: str = ""

    @property
    def line(self) -> str:
        """A letter for each year from the first on; - where no result counts."""
        if not self.letters:
            return ""
        first, last = min(self.letters), max(self.letters)
        counted = (self.letters.get(year, "").replace("x", "") for year in range(first, last + 1))
        return "".join(letters[-1:] or "-" for letters in counted)

    @property
    def standing(self) -> set[int]:
        """The second years of pairs about which the commission has still to decide."""
        if self.ended_by:
            return set()
        first = min(self.letters, default=0)
        pairs = {first + match.start() + 1 for match in re.finditer("(?=FF)", self.line)}
        return pairs - self.kept


@dataclass
class Chronicle:
    """A center from its first host on."""

    terms: list[Term] = field(default_factory=lambda: [Term()])
    calls: int = 0
    panel: str = "serves"
    orders: int = 0

    @property
    def term(self) -> Term:
        """The present hosting, or the last."""
        return self.terms[-1]

    def result(self, year: int, letter: str) -> None:
        """The result of a round; a later one of a year stands in place of the earlier."""
        self.term.letters[year] = self.term.letters.get(year, "") + letter

    def settle(self, year: int, letter: str, term: Term | None = None) -> None:
        """What was not final is."""
        found = term or self.term
        found.letters[year] = found.letters[year].replace("?", letter)

    def keep_host(self, year: int) -> None:
        """The commission decides that the host stays."""
        self.term.kept.add(year)

    def end(self, cause: str) -> None:
        """By strikes the panel stays, by a violation it ends (M.28); both open a call. Who leaves,
        or is merged into another center, is called for by nobody."""
        self.term.ended_by = cause
        self.orders = 0
        self.calls += cause in ("strikes", "violation")
        if cause == "violation":
            self.panel = "dissolved"

    def begin(self) -> None:
        """A new host starts clean; it names a panel if there is none."""
        self.terms.append(Term())
        self.panel = "serves"
