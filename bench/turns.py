"""Measuring two servers in turns, so that what else the machine does falls on both."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.load import Order, Result, measure
from bench.servers import Server


@dataclass(frozen=True, slots=True)
class Side:
    """A server with the cookie that it is asked with."""

    server: Server
    cookie: str = ""


@dataclass(slots=True)
class Cell:
    """One page for so many clients: the rounds of the product and of the bare page."""

    product: list[Result] = field(default_factory=list)
    bare: list[Result] = field(default_factory=list)
    memory: tuple[float, float] = (0.0, 0.0)

    @property
    def ratio(self) -> float:
        """The median share of the bare page's requests that the product answers."""
        pairs = zip(self.product, self.bare, strict=True)
        return statistics.median(p.rate / b.rate if b.rate else 0.0 for p, b in pairs)

    @property
    def failures(self) -> int:
        return sum(result.failures for result in (*self.product, *self.bare))


def rate(results: Sequence[Result]) -> float:
    """Answers each second in the median round."""
    return statistics.median(result.rate for result in results)


def slowest(results: Sequence[Result], share: float = 0.95) -> float:
    """The seconds within which a share of all answers came."""
    return Result(times=[t for result in results for t in result.times]).percentile(share)


@dataclass(frozen=True, slots=True)
class Effort:
    """How long is measured, how often in turn, and how long each is asked before."""

    rounds: int
    seconds: float
    warm_up: float = 0.4


def measure_in_turns(
    product: Side,
    bare: Side,
    paths: Sequence[str],
    clients: int,
    effort: Effort,
    core: int | None,
) -> Cell:
    """Warm both up, then product, bare, product, bare, …; who begins changes each time."""
    cell = Cell()
    sides = [(product, cell.product), (bare, cell.bare)]
    for side, _results in sides:
        measure(_order(side, paths, clients, effort.warm_up), core)
    for turn in range(effort.rounds):
        for side, results in sides if turn % 2 == 0 else reversed(sides):
            results.append(measure(_order(side, paths, clients, effort.seconds), core))
    cell.memory = (product.server.memory(), bare.server.memory())
    return cell


def _order(side: Side, paths: Sequence[str], clients: int, seconds: float) -> Order:
    return Order(side.server.port, paths, side.cookie, clients, seconds)
