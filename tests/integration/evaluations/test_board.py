"""The board of a year, strengths that are shared, and points beside last year's."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from qcc.evaluations.services import appealing, running
from qcc.infra import clock as qcc_clock
from tests.conftest import Clock
from tests.factories import evaluations as make
from tests.factories.applications import do
from tests.factories.centers import sit_down
from tests.factories.evaluations import Scene
from tests.factories.organizations import post
from tests.integration.conftest import Kept
from tests.integration.evaluations.test_pages import read

YEAR = 2025


@pytest.fixture
def here(kept: Kept[Scene], clock: Clock) -> Scene:
    """Two centers: in the first year one failed for good; in the second both are being scored."""

    def played() -> Scene:
        clock.set(datetime(2024, 3, 1, 1, tzinfo=UTC))
        scene = make.scene()
        clock.set(datetime(YEAR, 12, 1, 1, tzinfo=UTC))
        make.published(scene, YEAR, ("0.8", "0.5"))
        clock.forward(timedelta(days=30))
        do(lambda: appealing.finalize_all(qcc_clock.today()))
        clock.set(datetime(YEAR + 1, 12, 1, 1, tzinfo=UTC))
        return make.lodged(scene, YEAR + 1, ("0.9", "0.4"))

    made = kept("a failed year and one being scored", played)
    clock.set(datetime(YEAR + 1, 12, 2, 1, tzinfo=UTC))
    return made


def counts(page: str) -> list[str]:
    """The figures of the first row by level: centers, grades, failed, open, rectifying, risk."""
    part = page.split("按级别和类型", 1)[1]
    row = part.split("<tbody>", 1)[1].split("</tr>", 1)[0]
    return re.findall(r"<td[^>]*>([^<]*)</td>", row)


def test_the_board_counts_what_is_published_and_nothing_else(
    client: FlaskClient, here: Scene
) -> None:
    before = read(client, here.commission, f"/assessment-board?year={YEAR + 1}")
    assert counts(before) == ["2", "—", "2", "—", "1"]
    assert "再次不达标即取消" in before
    assert "76 / 76" in before.replace("\n", "")
    assert "40.00" not in before, "a total that is not published"
    last = read(client, here.commission, f"/assessment-board?year={YEAR}")
    assert counts(last) == ["2", "1", "1", "—", "—", "1"]
    attention = last.split("需要关注的中心", 1)[1].split("按级别和类型", 1)[0]
    assert len(re.findall(r'href="/assessments/\w+"', attention)) == 1
    assert "50.00" in attention
    for odd in ("year=x", "level=%27", "place=9999999", "kind=nobody", "place=abc"):
        read(client, here.commission, f"/assessment-board?{odd}")


def test_a_center_sees_its_points_beside_last_years_and_what_others_do_well(
    client: FlaskClient, here: Scene
) -> None:
    version = here.round.version
    sealed = read(client, here.directors[0], f"/assessments/{here.codes[0]}")
    assert "得分与佐证" in sealed
    assert "上年" not in sealed
    sit_down(client, here.evaluation)
    early = post(client, f"/assessments/{here.codes[0]}/strengths", item="A1", text="计划早")
    assert early.status_code == 422
    assert "公布后" in early.text
    do(lambda: running.publish(here.evaluation, here.code, version))
    done = post(client, f"/assessments/{here.codes[0]}/strengths", item="A1", text="计划订得早")
    assert done.status_code == 302
    nothing = post(client, f"/assessments/{here.codes[0]}/strengths", item="A1", text=" ")
    assert nothing.status_code == 422
    own = read(client, here.directors[0], f"/assessments/{here.codes[0]}")
    assert re.search(r"8\.00 <span[^>]*>\(\+1\.00\)", own), "of ten points, 9 now and 8 last year"
    other = read(client, here.directors[1], f"/assessments/{here.codes[1]}")
    assert "计划订得早" in other
    assert not re.search(r"\b9\.00", other), "points of the other center"
    sit_down(client, here.evaluation)
    shown = read(client, here.evaluation, f"/assessments/{here.codes[0]}")
    withdraw = re.search(r'action="(/assessments/[^"]+/withdraw)"', shown)
    assert withdraw
    assert post(client, withdraw[1]).status_code == 302
    assert "计划订得早" not in read(client, here.directors[1], f"/assessments/{here.codes[1]}")
