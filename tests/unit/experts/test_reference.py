"""The rules against an independently written reference, over thousands of panels by chance."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcc.experts.rules import PANEL_RULES
from tests.unit.experts.cases import checked, generated
from tests.unit.experts.reference import verdict


@pytest.mark.parametrize("panels", [1_500, pytest.param(10_000, marks=pytest.mark.soak)])
def test_panels_are_judged_as_the_reference_judges_them(panels: int) -> None:
    broken: Counter[str] = Counter()
    clean = 0
    for seed in range(panels):
        case = generated(Random(seed))
        expected = verdict(case)
        assert checked(case) == expected, f"seed {seed}"
        broken.update({found[0] for found in expected})
        clean += not expected
    # Chance has to break every rule, and to keep all of them, often enough to mean something.
    assert set(broken) == set(PANEL_RULES)
    assert min(broken.values()) > panels // 50
    assert clean > panels // 200


@settings(max_examples=500, deadline=None, derandomize=True)
@given(st.randoms(use_true_random=False))
def test_no_panel_that_hypothesis_finds_is_judged_otherwise(chance: Random) -> None:
    case = generated(chance, sizes=(0, 1, 2, 6, 7, 8))
    assert checked(case) == verdict(case)
