"""Two strikes, case by case."""

import pytest

from qcc.evaluations.rules.strikes import Strikes, Verdict, failed_years, is_at_risk, strikes_of

Y = 2026


def fail(year: int, hosting: int = 1, **more: object) -> Verdict:
    return Verdict(hosting, year, False, **more)  # type: ignore[arg-type]


def done(year: int, hosting: int = 1, **more: object) -> Verdict:
    return Verdict(hosting, year, True, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("verdicts", "years"),
    [
        pytest.param([fail(Y), fail(Y + 1)], [(Y, Y + 1)], id="two in a row"),
        pytest.param([fail(Y), done(Y + 1), fail(Y + 2)], [], id="a good year between"),
        pytest.param([fail(Y), fail(Y + 2)], [], id="a gap year"),
        pytest.param([fail(Y, 1), fail(Y + 1, 2)], [], id="a new host starts clean"),
        pytest.param([fail(Y), fail(Y + 1, is_final=False)], [], id="an appeal is pending"),
        pytest.param([fail(Y, is_final=False), fail(Y + 1)], [], id="of the year before too"),
        pytest.param([fail(Y), done(Y + 1)], [], id="an appeal was upheld"),
        pytest.param([fail(Y), fail(Y + 1, is_cancelled=True)], [], id="the round is cancelled"),
        pytest.param(
            [fail(Y), fail(Y + 1, order=1), done(Y + 1, order=2)], [], id="repeated and passed"
        ),
        pytest.param(
            [fail(Y), done(Y + 1, order=1), fail(Y + 1, order=2)],
            [(Y, Y + 1)],
            id="repeated and failed",
        ),
        pytest.param(
            [fail(Y), fail(Y + 1, order=1), fail(Y + 1, order=2, is_final=False)],
            [],
            id="the repeated result is not final yet",
        ),
        pytest.param(
            [fail(Y), fail(Y + 1, order=1), done(Y + 1, order=2, is_cancelled=True)],
            [(Y, Y + 1)],
            id="the repetition is cancelled",
        ),
        pytest.param(
            [fail(Y), fail(Y + 1), fail(Y + 2)], [(Y, Y + 1), (Y + 1, Y + 2)], id="three in a row"
        ),
        pytest.param([fail(2019), fail(2020)], [(2019, 2020)], id="over the turn of a decade"),
        pytest.param([fail(Y), fail(Y)], [], id="twice in one year is one year"),
    ],
)
def test_cases(verdicts: list[Verdict], years: list[tuple[int, int]]) -> None:
    found = strikes_of(verdicts, 2)
    assert [each.years for each in found] == years
    assert {each.hosting for each in found} <= {1}


def test_what_is_decided_is_not_proposed_again_and_the_next_pair_is() -> None:
    decided = [Strikes(1, (Y, Y + 1))]
    assert strikes_of([fail(Y), fail(Y + 1)], 2, decided) == ()
    third = strikes_of([fail(Y), fail(Y + 1), fail(Y + 2)], 2, decided)
    assert [each.years for each in third] == [(Y + 1, Y + 2)]


def test_a_hosting_chosen_anew_does_not_carry_the_old_ones_years() -> None:
    assert failed_years([fail(Y, 1), fail(Y + 1, 2)], 2) == (Y + 1,)


@pytest.mark.parametrize(
    ("verdicts", "risk"),
    [
        ([fail(Y - 1)], True),
        ([fail(Y - 1, is_final=False)], False),
        ([done(Y - 1)], False),
        ([fail(Y - 2)], False),
        ([], False),
    ],
)
def test_at_risk(verdicts: list[Verdict], risk: bool) -> None:
    assert is_at_risk(verdicts, 1, Y, 2) is risk


def test_of_a_hosting_that_has_ended_nothing_is_asked() -> None:
    assert strikes_of([fail(Y), fail(Y + 1)], 2, ended=[1]) == ()
    assert strikes_of([fail(Y, 1), fail(Y + 1, 1), fail(Y, 2), fail(Y + 1, 2)], 2, (), [1]) == (
        Strikes(2, (Y, Y + 1)),
    )
