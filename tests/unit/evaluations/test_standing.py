"""Ranks within a kind, and the distribution over the bands."""

from decimal import Decimal

from qcc.evaluations.rules.scoring import Grade, Scale
from qcc.evaluations.rules.standing import distribution, ranks

SCALE = Scale(Decimal(60), (Grade("优秀", Decimal(90)), Grade("良好", Decimal(75))))


def test_equal_totals_share_a_rank_within_their_kind() -> None:
    totals = {1: Decimal(80), 2: Decimal(90), 3: Decimal(80), 4: Decimal(70), 5: Decimal(60)}
    kinds = {1: "qc", 2: "qc", 3: "qc", 4: "qc", 5: "guidance"}
    assert ranks(totals, kinds) == {2: 1, 1: 2, 3: 2, 4: 4, 5: 1}


def test_the_bands_and_those_below_them() -> None:
    totals = [Decimal(text) for text in ("90", "89.99", "75", "74.99", "60", "59.99")]
    assert distribution(totals, SCALE) == [("优秀", 1), ("良好", 2), ("", 2)]
    assert distribution([Decimal(59)], SCALE) == [("优秀", 0), ("良好", 0)]
