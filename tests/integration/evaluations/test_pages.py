"""The pages of assessments, as each reader sees them."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient

from qcc.evaluations.services import accounts, appealing, planning, running, scoring
from qcc.infra import clock as qcc_clock
from qcc.kernel.permissions import Actor
from tests.conftest import Clock
from tests.factories import evaluations as make
from tests.factories.applications import do
from tests.factories.centers import PDF, sit_down
from tests.factories.evaluations import Scene
from tests.factories.organizations import post
from tests.integration.conftest import Kept

YEAR = 2025


@pytest.fixture
def here(kept: Kept[Scene], clock: Clock) -> Scene:
    clock.set(datetime(2024, 3, 1, 1, tzinfo=UTC))
    made = kept("assessed", make.scene)
    clock.set(datetime(YEAR, 12, 1, 1, tzinfo=UTC))
    return made


def read(client: FlaskClient, actor: Actor, path: str, status: int = 200) -> str:
    """The page as the actor sees it."""
    answer = sit_down(client, actor).get(path)
    assert answer.status_code == status, answer.get_data(as_text=True)[:500]
    return answer.get_data(as_text=True)


def test_planning_a_round_on_the_pages(client: FlaskClient, here: Scene) -> None:
    sit_down(client, here.evaluation)
    assert "制定考核方案" in read(client, here.evaluation, "/rounds")
    values = {
        "title": "2025年度省级质控中心考核",
        "year": str(YEAR),
        "center_kind": "",
        "self_from": "2025-12-01",
        "self_until": "2025-12-10",
        "score_until": "2025-12-20",
        "judges_weight": "100",
        "repeats": "",
    }
    wrong = post(client, "/rounds/new", **values | {"self_until": "2025-11-01"})
    assert wrong.status_code == 422
    assert "自评截止日期不得早于开始日期" in wrong.get_data(as_text=True)
    done = post(client, "/rounds/new", **values)
    assert done.status_code == 302
    code = done.location.rsplit("/", 1)[-1]
    page = read(client, here.evaluation, f"/rounds/{code}")
    assert "请列入评审人员" in page
    person = here.assessors[0].person_id
    assert (
        post(client, f"/rounds/{code}/assessors", person=person, side="judges").status_code == 302
    )
    sit_down(client, here.commission)
    here.code = code
    bad = post(
        client, f"/rounds/{code}/scale", version=here.round.version, pass_mark="60", grades="优秀"
    )
    assert bad.status_code == 422
    assert "每行填写一个等次" in bad.get_data(as_text=True)
    good = post(
        client,
        f"/rounds/{code}/scale",
        version=here.round.version,
        pass_mark="60",
        grades="优秀 90\n良好 75",
    )
    assert good.status_code == 302
    sit_down(client, here.evaluation)
    assert post(client, f"/rounds/{code}/open", version=here.round.version).status_code == 302
    assert "自评" in read(client, here.evaluation, f"/rounds/{code}")


def test_a_center_writes_its_account_with_evidence(client: FlaskClient, here: Scene) -> None:
    make.opened(here, YEAR)
    writer, code = here.secretaries[0], here.codes[0]
    page = read(client, writer, f"/assessments/{code}")
    assert "尚缺" in page
    item = f"/assessments/{code}/items/A1"
    assert "年度总结" in read(client, writer, item)
    saved = post(client, item, version="0", text="按期完成", points="10")
    assert saved.status_code == 302
    stale = post(client, item, version="0", text="另一人写的", points="9")
    assert stale.status_code == 409
    assert "另一人写的" in stale.get_data(as_text=True)
    assert "按期完成" in stale.get_data(as_text=True)
    many = post(client, item, version="1", text="x", points="10.5")
    assert many.status_code == 422
    laid = post(client, f"{item}/evidence", item, slot="年度总结", file=(BytesIO(PDF), "总结.pdf"))
    assert laid.status_code == 302
    assert "总结.pdf" in read(client, writer, item)
    other = read(client, writer, f"/assessments/{code}/items/C3")
    assert "使用其他项目的佐证材料" in other
    read(client, here.secretaries[1], f"/assessments/{code}", 404)


def test_sheets_by_center_and_by_item(client: FlaskClient, here: Scene) -> None:
    make.being_scored(here, YEAR)
    assessor, root = here.assessors[0], f"/rounds/{here.code}"
    assert "按中心评分" in read(client, assessor, f"{root}/sheet")
    page = read(client, assessor, f"{root}/centers/{here.codes[0]}")
    assert "系统记录" in page
    assert "A1.pdf" in page
    name = f"{here.codes[0]}-A3"
    wrong = post(client, f"{root}/items/A3", f"{root}/items/A3", **{name: "7"})
    assert wrong.status_code == 422
    assert "0至6之间" in wrong.get_data(as_text=True).replace("6.00", "6")
    letters = post(client, f"{root}/items/A3", f"{root}/items/A3", **{name: "六"})
    assert letters.status_code == 422
    assert 'value="六"' in letters.get_data(as_text=True)
    right = post(client, f"{root}/items/A3", f"{root}/items/A3", **{name: "6"})
    assert right.status_code == 302
    again = read(client, assessor, f"{root}/centers/{here.codes[0]}")
    assert 'value="6.00"' in again
    other = read(client, here.assessors[1], f"{root}/centers/{here.codes[0]}")
    assert 'value="6.00"' not in other
    early = post(client, f"{root}/lodge", f"{root}/sheet")
    assert early.status_code == 422


def test_scores_are_sealed_until_they_are_published(client: FlaskClient, here: Scene) -> None:
    make.being_scored(here, YEAR)
    first, second = here.assessors
    make.give(here, first, 0, "0.43")
    make.give(here, first, 1, "0.8")
    do(lambda: scoring.lodge(first, here.code))
    for reader in (here.evaluation, second):  # not even the organizer, while one still scores
        assert "43.00" not in read(client, reader, f"/rounds/{here.code}")
    make.give(here, second, 0, "0.43")
    make.give(here, second, 1, "0.8")
    do(lambda: scoring.lodge(second, here.code))
    for reader in (here.directors[0], here.secretaries[0]):
        page = read(client, reader, f"/assessments/{here.codes[0]}")
        assert "43.00" not in page
        assert "据实评分" not in page
        read(client, reader, f"/rounds/{here.code}", 404)
        read(client, reader, f"/rounds/{here.code}/sheet", 403)
    assert "43.00" not in read(client, here.commission, f"/rounds/{here.code}")
    assert "43.00" not in read(client, here.commission, f"/assessments/{here.codes[0]}")
    assert "43.00" in read(client, here.evaluation, f"/rounds/{here.code}")
    sit_down(client, here.evaluation)
    done = post(client, f"/rounds/{here.code}/publish", version=here.round.version)
    assert done.status_code == 302
    page = read(client, here.directors[0], f"/assessments/{here.codes[0]}")
    assert "43.00" in page
    assert "据实评分" in page
    assert "申诉" in page


def test_an_appeal_on_the_pages(client: FlaskClient, here: Scene) -> None:
    make.published(here, YEAR, ("0.55", "0.8"))
    code = here.codes[0]
    sit_down(client, here.directors[0])
    version = here.assessment().version
    empty = post(client, f"/assessments/{code}/appeal", version=version, text="")
    assert empty.status_code == 422
    raised = post(client, f"/assessments/{code}/appeal", version=version, text="B2少计了会议")
    assert raised.status_code == 302
    page = read(client, here.commission, f"/assessments/{code}/appeal")
    assert "B2少计了会议" in page
    bad = post(
        client,
        f"/assessments/{code}/appeal/decide",
        version="1",
        verdict="uphold",
        reason="属实",
        **{"points-B2": "7"},
    )
    assert bad.status_code == 422
    assert 'value="7"' in bad.get_data(as_text=True)
    good = post(
        client,
        f"/assessments/{code}/appeal/decide",
        version="1",
        verdict="uphold",
        reason="属实",
        **{"points-B2": "6", "points-A1": "10"},
    )
    assert good.status_code == 302
    assert "申诉成立" in read(client, here.directors[0], f"/assessments/{code}")


def test_a_revocation_on_the_pages(client: FlaskClient, here: Scene, clock: Clock) -> None:
    for year in (YEAR, YEAR + 1):
        clock.set(datetime(year, 12, 1, 1, tzinfo=UTC))
        make.published(here, year, ("0.4", "0.8"))
        clock.forward(timedelta(days=11))
        do(lambda: appealing.finalize_all(qcc_clock.today()))
    listed = read(client, here.commission, "/revocations")
    assert "待决定" in listed
    path = "/revocations/" + listed.split("/revocations/")[1][:10]
    page = read(client, here.commission, path)
    assert "第二十条" in page
    assert page.count("40.00") == 2
    read(client, here.directors[0], path, 403)
    sit_down(client, here.commission)
    today = qcc_clock.today()
    values = {
        "version": "1",
        "reason": "连续两年考核不达标",
        "ends_on": str(today),
        "call_title": "麻醉质控中心挂靠单位重新遴选",
        "opens_on": str(today),
        "closes_on": str(today + timedelta(days=30)),
        "conditions": "",
    }
    early = post(client, f"{path}/approve", **values | {"closes_on": "2020-01-01"})
    assert early.status_code == 422
    assert post(client, f"{path}/approve", **values).status_code == 302
    assert "取消挂靠资格" in read(client, here.commission, path)
    assert "麻醉质控中心挂靠单位重新遴选" in read(client, here.commission, "/calls")


def test_the_workbench_says_what_waits(client: FlaskClient, here: Scene, clock: Clock) -> None:
    here.code = do(lambda: planning.plan_round(here.evaluation, make.plan_of(YEAR)).code)
    assert "设定达标分" in read(client, here.commission, "/")
    do(lambda: running.cancel_round(here.evaluation, here.code, here.round.version, "另行安排"))
    make.opened(here, YEAR)
    assert "设定达标分" not in read(client, here.commission, "/")
    assert "提交年度考核自评材料" in read(client, here.secretaries[0], "/")
    make.fill(here, 0)
    version = here.assessment().version
    do(lambda: accounts.submit_account(here.directors[0], here.codes[0], version))
    assert "提交年度考核自评材料" not in read(client, here.secretaries[0], "/")
    do(lambda: running.start_scoring(here.evaluation, here.code, here.round.version))
    assert "年度考核评分" in read(client, here.assessors[0], "/")
    for assessor in here.assessors:
        for number in range(2):
            make.give(here, assessor, number, "0.4")
        do(lambda a=assessor: scoring.lodge(a, here.code))
    assert "年度考核评分" not in read(client, here.assessors[0], "/")
    do(lambda: running.publish(here.evaluation, here.code, here.round.version))
    version = here.assessment().version
    do(lambda: appealing.raise_appeal(here.directors[0], here.codes[0], version, "有异议"))
    assert "处理申诉" in read(client, here.commission, "/")
