"""The directory: who sees which centers, found how, at what cost."""

import pytest
from flask.testing import FlaskClient

from qcc.centers.models import Center
from qcc.centers.queries import (
    CenterFilter,
    count_centers,
    get_center,
    list_centers,
    list_centers_and_count,
    lock_center,
)
from qcc.centers.services import end_hosting
from qcc.centers.workflow import CenterState
from qcc.infra import clock as product_clock
from qcc.infra.db import db, transaction
from qcc.infra.errors import NotFound
from qcc.kernel.permissions import ADMINISTRATORS, Role
from qcc.kernel.places import Level
from qcc.regulations.catalogs import CenterKind
from tests.counting import statements
from tests.factories.centers import (
    CITY,
    COUNTY,
    PROVINCE,
    Province,
    established,
    many_centers,
    planned,
    province,
    sit_down,
)
from tests.integration.centers.conftest import Begin

pytestmark = pytest.mark.usefixtures("app", "clock")


@pytest.fixture
def here(begin: Begin) -> Province:
    """Five centers: two of the province, one of a city, two of a county."""
    return begin("directory", _five_centers)


def _five_centers() -> Province:
    made = province()
    established(made)
    planned(made.commission, "骨科")
    planned(made.actor(CITY), "护理")
    planned(made.actor(COUNTY), "护理")
    planned(made.actor(COUNTY), "急诊")
    return made


def found(here: Province, **wanted: object) -> list[str]:
    asked = CenterFilter(**wanted)  # type: ignore[arg-type]
    rows = list_centers(here.host, asked)
    assert count_centers(here.host, asked) == len(rows)
    return [row.name for row in rows]


def test_a_row_has_what_the_page_shows(here: Province) -> None:
    row = list_centers(here.host)[0]
    assert tuple(row)[1:] == (
        "浙江省麻醉医疗质量控制中心", CenterKind.QUALITY_CONTROL, CenterState.ESTABLISHED,
        "测试第一医院", "浙江省",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("search", "count"),
    [
        ("麻醉", 1),
        ("mazui", 1),
        ("MZ", 1),
        ("hzs huli", 2),
        ("scq", 2),
        ("护理 上城", 1),
        ("%", 0),
        ("_", 0),
        ("没有", 0),
        ("", 5),
    ],
)
def test_search_in_characters_pinyin_and_initials(here: Province, search: str, count: int) -> None:
    assert len(found(here, search=search)) == count


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({"level": Level.PROVINCE}, 2),
        ({"level": Level.CITY}, 1),
        ({"level": Level.COUNTY}, 2),
        ({"place": CITY}, 3),
        ({"place": COUNTY}, 2),
        ({"place": PROVINCE}, 5),
        ({"kind": CenterKind.TECHNICAL_GUIDANCE}, 1),
        ({"specialty": "护理"}, 2),
        ({"specialty": "不存在"}, 0),
        ({"state": CenterState.PLANNED}, 4),
        ({"state": CenterState.CLOSED}, 0),
        ({"state": CenterState.PLANNED, "level": Level.COUNTY, "search": "jz"}, 1),
    ],
)
def test_filters(here: Province, wanted: dict[str, object], count: int) -> None:
    assert len(found(here, **wanted)) == count


def test_pages_go_on_by_key(here: Province) -> None:
    seen, after = [], 0
    while rows := list_centers(here.host, after=after, limit=2):
        seen += [row.id for row in rows]
        after = rows[-1].id
    assert seen == [row.id for row in list_centers(here.host)]


def test_the_count_comes_with_every_page(here: Province) -> None:
    last = list_centers(here.host)[-1].id
    nurses = CenterFilter(specialty="护理")
    for wanted, after, rows, total in (
        (CenterFilter(), 0, 2, 5),
        (CenterFilter(), last - 1, 1, 5),
        (CenterFilter(), last, 0, 5),
        (nurses, 0, 2, 2),
        (nurses, last, 0, 2),
        (CenterFilter(search="没有"), 0, 0, 0),
    ):
        found, count = list_centers_and_count(here.host, wanted, after=after, limit=2)
        assert (len(found), count) == (rows, total)


def test_a_center_whose_host_left_shows_none(here: Province) -> None:
    center = list_centers(here.host)[0]
    with transaction():
        end_hosting(here.commission, lock_center(center.id), "x", product_clock.today())
    assert list_centers(here.host)[0].host is None


@pytest.mark.parametrize(
    ("who", "role"),
    [
        (PROVINCE, Role.COMMISSION_OFFICER),
        (COUNTY, Role.COMMISSION_OFFICER),
        ("evaluation", Role.EVALUATION_OFFICER),
        ("host", Role.INSTITUTION_OFFICER),
        ("rival", Role.INSTITUTION_OFFICER),
        ("host", Role.EXPERT),
    ],
)
def test_everybody_in_business_reads_the_whole_province(
    here: Province, who: str, role: Role
) -> None:
    assert count_centers(here.actor(who, role)) == 5


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_administrators_read_none_of_it(here: Province, role: Role, client: FlaskClient) -> None:
    administrator = here.actor(PROVINCE, role)
    assert (count_centers(administrator), list_centers(administrator)) == (0, [])
    center = db.session.query(Center).first()
    assert center is not None
    with pytest.raises(NotFound):
        get_center(administrator, center.id)
    sit_down(client, administrator)
    assert [client.get(url).status_code for url in ("/centers", "/coverage")] == [403, 403]


def test_another_province_is_not_there(here: Province) -> None:
    center = db.session.query(Center).first()
    assert center is not None
    with transaction():
        db.session.execute(
            Center.__table__.update().where(Center.id == center.id).values(place="000000")
        )
    assert count_centers(here.host) == 4
    with pytest.raises(NotFound):
        get_center(here.host, center.id)


def test_the_page_costs_the_same_at_20_and_at_2000_rows(client: FlaskClient) -> None:
    here = province()
    host = here.organizations["host"].id
    many_centers(20, host)
    sit_down(client, here.host)
    client.get("/centers")
    with statements() as few:
        assert "第20中心" in client.get("/centers").get_data(as_text=True)
    many_centers(1980, host, skip=20)
    with statements() as many:
        page = client.get("/centers").get_data(as_text=True)
    assert "第50中心" in page
    assert len(few) == len(many)
    with statements() as one:
        list_centers_and_count(here.host)
    assert len([s for s in one if s.startswith("SELECT")]) == 1
