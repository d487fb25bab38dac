"""The coverage matrix: county by required specialty."""

import pytest
from flask.testing import FlaskClient

from qcc.centers.models import Specialty
from qcc.centers.queries import get_coverage, lock_center
from qcc.centers.queries.coverage import County
from qcc.centers.services import close_center, order_rectification
from qcc.centers.workflow import CenterState
from qcc.infra.db import db, transaction
from qcc.kernel.permissions import Role
from tests.counting import statements
from tests.factories.centers import (
    CITY,
    COUNTY,
    OTHER_CITY,
    Province,
    established,
    in_call,
    planned,
    sit_down,
    specialty,
)

pytestmark = pytest.mark.usefixtures("app", "clock")


def county(here: Province, code: str = COUNTY) -> County:
    rows = [row for city in get_coverage(here.host).cities for row in city.counties]
    return next(row for row in rows if row.code == code)


def state_of(here: Province, name: str, code: str = COUNTY) -> CenterState | None:
    wanted = specialty(name).id
    return next(c.state for c in county(here, code).cells if c.specialty_id == wanted)


def test_every_county_and_every_required_specialty_is_there(here: Province) -> None:
    found = get_coverage(here.host)
    assert (found.counties, len(found.columns), found.required) == (90, 14, 1260)
    assert [column.name for column in found.columns if column.is_traditional] == [
        "中医临床", "中医适宜技术推广应用",
    ]  # fmt: skip
    assert all(column.is_traditional for column in found.columns[-2:])
    assert (found.covered, found.share) == (0, 0.0)
    assert found.cities[0].name == "杭州市"
    assert len(found.cities) == 11


def test_a_cell_tells_the_state_of_the_center(here: Province) -> None:
    commission = here.actor(COUNTY)
    planned(commission, "麻醉")
    in_call(commission, "护理")
    established(here, commission, "药事")
    rectifying = established(here, commission, "放射")
    with transaction():
        order_rectification(commission, lock_center(rectifying.id), "整改")
    closed = planned(commission, "口腔")
    with transaction():
        close_center(commission, lock_center(closed.id), "x")
    expected = {
        "麻醉": CenterState.PLANNED,
        "护理": CenterState.IN_CALL,
        "药事": CenterState.ESTABLISHED,
        "放射": CenterState.RECTIFYING,
        "口腔": None,
        "急诊": None,
    }
    assert {name: state_of(here, name) for name in expected} == expected


def test_totals_count_centers_that_work(here: Province) -> None:
    commission = here.actor(COUNTY)
    established(here, commission, "药事")
    rectifying = established(here, commission, "放射")
    with transaction():
        order_rectification(commission, lock_center(rectifying.id), "整改")
    planned(commission, "麻醉")
    found = get_coverage(here.host)
    assert (found.covered, county(here).covered) == (2, 2)
    assert {column.name: column.covered for column in found.columns if column.covered} == {
        "药事": 1, "放射": 1,
    }  # fmt: skip
    assert sum(found.cities[0].covered) == 2


def test_other_levels_and_other_specialties_do_not_cover_a_county(here: Province) -> None:
    established(here, here.actor(CITY), "药事")
    established(here, here.actor(COUNTY), "病理")
    assert get_coverage(here.host).covered == 0


def test_one_city(here: Province) -> None:
    found = get_coverage(here.host, OTHER_CITY)
    assert ([city.name for city in found.cities], found.counties) == (["宁波市"], 10)


def test_a_specialty_that_the_catalog_lost_is_no_column(here: Province) -> None:
    with transaction():
        lost = specialty("高压氧")
        lost.required_in_counties = True
    assert len(get_coverage(here.host).columns) == 15
    with transaction():
        lost = specialty("高压氧")
        lost.valid_until = lost.valid_from
    assert len(get_coverage(here.host).columns) == 14


def test_without_a_catalog_there_is_nothing_to_cover(here: Province) -> None:
    with transaction():
        db.session.query(Specialty).delete()
    assert get_coverage(here.host).counties == 0


def test_it_is_one_query(here: Province) -> None:
    with statements() as sent:
        get_coverage(here.host)
    assert len([statement for statement in sent if statement.startswith("SELECT")]) == 1


def test_the_page_leads_the_county_to_planning(here: Province, client: FlaskClient) -> None:
    sit_down(client, here.actor(COUNTY))
    page = client.get("/coverage").get_data(as_text=True)
    wanted = f"/centers/new?specialty={specialty('急诊').id}&amp;place={COUNTY}"
    assert page.count("/centers/new?") == 14
    assert wanted in page
    center = planned(here.actor(COUNTY), "急诊")
    page = client.get("/coverage").get_data(as_text=True)
    assert wanted not in page
    assert f'href="/centers/{center.id}"' in page
    sit_down(client, here.commission)
    assert "/centers/new?" not in client.get("/coverage").get_data(as_text=True)
    sit_down(client, here.actor("host", Role.EXPERT))
    assert "/centers/new?" not in client.get("/coverage").get_data(as_text=True)


@pytest.mark.parametrize("city", [CITY, "999999", "x", "%"])
def test_the_page_answers_whatever_the_address_says(
    here: Province, client: FlaskClient, city: str
) -> None:
    sit_down(client, here.host)
    page = client.get("/coverage", query_string={"city": city})
    assert page.status_code == 200
    assert ("建德市" in page.text, "慈溪市" in page.text) == (True, city != CITY)
