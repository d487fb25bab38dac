"""Ten-year histories by chance, the rules of strikes against another model of M.20 and M.28."""

import random
from dataclasses import replace

import pytest

from qcc.evaluations.rules.strikes import Strikes, Verdict, strikes_of
from tests.chronicle import Chronicle

Y = 2026
LETTERS = {"F": (False, True), "P": (True, True), "?": (False, False), "x": (False, True)}


class Walk:
    """A center's history, told to the rules as verdicts and to the model as it happened."""

    def __init__(self, chance: random.Random) -> None:
        self.chance, self.model = chance, Chronicle()
        self.verdicts: list[Verdict] = []
        self.decided: list[Strikes] = []
        self.ended: set[int] = set()

    @property
    def hosting(self) -> int:
        return len(self.model.terms)

    def year(self, year: int) -> None:
        """Results, a violation, a change of host, decisions."""
        if self.model.term.ended_by and self.chance.random() < 0.8:
            self.model.begin()
        self._settle(year)
        if not self.model.term.ended_by:
            self._results(year)
            self._event()
        self.compare()
        self._decide()
        self.compare()

    def _results(self, year: int) -> None:
        for order in range(self.chance.choices((0, 1, 2), (1, 7, 2))[0]):
            letter = self.chance.choices("FP?x", (5, 3, 2, 1))[0]
            passed, final = LETTERS[letter]
            self.verdicts.append(Verdict(self.hosting, year, passed, final, letter == "x", order))
            self.model.result(year, letter)

    def _settle(self, year: int) -> None:
        """Last year's appeals are decided, also those of a host that has left."""
        for at, verdict in enumerate(self.verdicts):
            if not verdict.is_final and verdict.year < year:
                passed = self.chance.random() < 0.3
                self.verdicts[at] = replace(verdict, has_passed=passed, is_final=True)
                term = self.model.terms[verdict.hosting - 1]
                if "?" in term.letters[verdict.year]:
                    found = term.letters[verdict.year].replace("?", "P" if passed else "F", 1)
                    term.letters[verdict.year] = found

    def _event(self) -> None:
        """Renamed and rectified, warned or acquitted: nothing of it touches strikes."""
        event = self.chance.choices(
            ("", "renamed", "rectified", "acquitted", "warned", "violation", "left", "merged"),
            (8, 1, 3, 1, 1, 1, 1, 0.3),
        )[0]
        if event in ("violation", "left", "merged"):
            self.ended.add(self.hosting)
            self.model.end(event)

    def _decide(self) -> None:
        for strikes in self.proposals():
            verdict = self.chance.choices(("approve", "keep", "wait"), (3, 2, 2))[0]
            if verdict == "approve":
                self.ended.add(strikes.hosting)
                self.model.end("strikes")
                return
            if verdict == "keep":
                self.decided.append(strikes)
                self.model.keep_host(strikes.years[1])

    def proposals(self) -> tuple[Strikes, ...]:
        shuffled = self.chance.sample(self.verdicts, len(self.verdicts))
        return strikes_of(shuffled, 2, self.decided, self.ended)

    def compare(self) -> None:
        expected = {
            (number, year)
            for number, term in enumerate(self.model.terms, 1)
            for year in term.standing
        }
        assert {(s.hosting, s.years[1]) for s in self.proposals()} == expected


@pytest.mark.parametrize("seed", range(10))
def test_ten_year_histories_against_another_model(seed: int) -> None:
    """2,000 histories; many of them end hostings, by either cause."""
    chance = random.Random(seed)
    causes: dict[str, int] = {}
    for _ in range(200):
        walk = Walk(chance)
        for year in range(Y, Y + 10):
            walk.year(year)
        for term in walk.model.terms:
            causes[term.ended_by] = causes.get(term.ended_by, 0) + 1
    assert min(causes[each] for each in ("strikes", "violation", "left", "merged")) > 10
