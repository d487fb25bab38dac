"""Organizations from a workbook: judged row by row, then all or nothing."""

from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from qcc.infra import queue
from qcc.infra.audit import AuditEvent
from qcc.infra.db import db, transaction
from qcc.infra.errors import Refused
from qcc.infra.files import StoredFile
from qcc.kernel.permissions import Actor, Role
from qcc.organizations.models import Organization
from qcc.organizations.queries import find_organization_by_name
from qcc.organizations.services import (
    ImportPlan,
    PlanChanged,
    Verdict,
    edit_organization,
    import_organizations,
    judge_import,
)
from qcc.organizations.sheet import COLUMNS, TITLE, read_table_of
from tests.factories.organizations import (
    CITY,
    COUNTY,
    OTHER_CITY,
    PROVINCE,
    World,
    csrf_of,
    field_of,
    make_actor,
    make_organization,
    signed_in,
)
from tests.factories.workbooks import workbook

pytestmark = pytest.mark.usefixtures("clock")
HEAD = [column.title for column in COLUMNS]
KEYS = [column.key for column in COLUMNS]
CODE, OTHER_CODE = "123301004701168451", "91330100123456789K"
HOSPITAL = {"kind": "医疗卫生机构", "place": "330102"}


@pytest.fixture
def officer(world: World) -> Actor:
    return make_actor(Role.COMMISSION_OFFICER, world[CITY])


def book(*rows: dict[str, object]) -> bytes:
    lines = [[row.get(key, "") for key in KEYS] for row in rows]
    return workbook([HEAD, *lines], title=TITLE)


def judge(actor: Actor, *rows: dict[str, object]) -> ImportPlan:
    return judge_import(actor, read_table_of(book(*rows)))


def verdicts(plan: ImportPlan) -> list[str]:
    return [row.verdict.value for row in plan.rows]


def faults(plan: ImportPlan) -> list[str]:
    return [fault.address for row in plan.rows for fault in row.faults]


def write(actor: Actor, *rows: dict[str, object]) -> None:
    table = read_table_of(book(*rows))
    digest = judge_import(actor, table).digest
    with transaction():
        import_organizations(actor, table, digest, 1)


def count() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(Organization)) or 0


def test_new_changed_unchanged_wrong(officer: Actor) -> None:
    make_organization("甲医院", COUNTY, phone="111", grade="二级甲等")
    make_organization("乙医院", COUNTY)
    before = count()
    plan = judge(
        officer,
        {"name": "丙医院", **HOSPITAL},
        {"name": "甲医院", "phone": "222", "grade": "三级甲等", **HOSPITAL},
        {"name": "乙医院", **HOSPITAL},
        {"name": "丁医院", "kind": "医疗卫生机构", "place": "火星"},
    )
    assert verdicts(plan) == ["new", "changed", "unchanged", "wrong"]
    assert [(c.title, c.old, c.new) for c in plan.rows[1].changes] == [
        ("等级", "二级甲等", "三级甲等"),
        ("电话", "111", "222"),
    ]
    assert faults(plan) == ["D5"]
    assert not plan.can_be_written
    assert count() == before


def test_blank_cells_change_nothing(officer: Actor) -> None:
    make_organization("甲医院", COUNTY, phone="111", credit_code=CODE, former_names=["旧"])
    plan = judge(officer, {"name": "甲医院", "kind": "医疗卫生机构", "place": "330102"})
    assert verdicts(plan) == ["unchanged"]
    assert not plan.can_be_written
    plan = judge(officer, {"name": "甲医院"})
    assert verdicts(plan) == ["unchanged"]


def test_writing_all(officer: Actor) -> None:
    make_organization("甲医院", COUNTY, phone="111", former_names=["甲卫生院"])
    write(
        officer,
        {"name": "分院", "parent": "丙医院", **HOSPITAL},
        {"name": "丙医院", "credit_code": CODE, "former_names": "丙一、丙二", **HOSPITAL},
        {"name": "甲医院", "phone": "222", "former_names": "甲诊所", "parent": "丙医院"},
    )
    db.session.rollback()
    found = find_organization_by_name("丙二")
    branch = find_organization_by_name("分院")
    changed = find_organization_by_name("甲诊所")
    assert found is not None
    assert branch is not None
    assert changed is not None
    assert (found.name, found.credit_code, found.place) == ("丙医院", CODE, COUNTY)
    assert branch.parent_id == changed.parent_id == found.id
    assert changed.phone == "222"
    assert [f.name for f in changed.former_names] == ["甲卫生院", "甲诊所"]
    events = db.session.scalars(
        sa.select(AuditEvent).where(AuditEvent.user_id == officer.user_id).order_by(AuditEvent.seq)
    ).all()
    assert [e.event for e in events] == [
        "organization.added",
        "organization.added",
        "organization.edited",
        "organizations.imported",
    ]
    assert '"phone":"222"' in events[2].detail
    assert '"phone":"111"' in events[2].detail
    assert f'"parent_id":{found.id}' in events[0].detail


def test_once_written_nothing_is_left_to_do(officer: Actor) -> None:
    rows = (
        {"name": "丙医院", "credit_code": CODE, "former_names": "丙一", **HOSPITAL},
        {"name": "分院", "parent": "丙医院", **HOSPITAL},
    )
    write(officer, *rows)
    assert verdicts(judge(officer, *rows)) == ["unchanged", "unchanged"]


def test_a_new_name_by_the_credit_code(officer: Actor) -> None:
    made = make_organization("甲医院", COUNTY, credit_code=CODE)
    row = {"name": "甲中心医院", "credit_code": CODE}
    [judged] = judge(officer, row).rows
    assert [(c.title, c.old, c.new) for c in judged.changes] == [
        ("机构名称", "甲医院", "甲中心医院")
    ]
    write(officer, row)
    db.session.rollback()
    found = db.session.get_one(Organization, made.id)
    assert (found.name, [f.name for f in found.former_names]) == ("甲中心医院", ["甲医院"])


CASES: list[tuple[list[dict[str, object]], list[str]]] = [
    ([{"name": "丙"}], ["B2", "D2"]),
    (
        [
            {
                "name": "丙",
                "kind": "诊所",
                "place": "火星",
                "credit_code": "123",
                "grade": "三甲",
                "parent": "没有这家",
            }
        ],
        ["B2", "D2", "E2", "F2", "K2"],  # all at once
    ),
    ([{"name": "", "kind": "诊所", "place": "火星"}], ["A2", "B2", "D2"]),
    ([{"name": "", "kind": "", "place": "火星"}], ["A2", "B2", "D2"]),
    ([{"name": "丙", "kind": "医疗卫生机构", "place": "440000"}], ["D2"]),
    ([{"name": "丙", "kind": "医疗卫生机构", "place": PROVINCE}], ["D2"]),
    ([{"name": "丙", "kind": "医疗卫生机构", "place": "宁波市"}], ["D2"]),
    ([{"name": "丙", "credit_code": "123", **HOSPITAL}], ["E2"]),
    ([{"name": "丙", **HOSPITAL}, {"name": "丙", **HOSPITAL}], ["A2", "A3"]),
    (
        [
            {"name": "丙", "credit_code": OTHER_CODE, **HOSPITAL},
            {"name": "丁", "credit_code": OTHER_CODE, **HOSPITAL},
        ],
        ["E2", "E3"],
    ),
    ([{"name": "甲医院", "credit_code": OTHER_CODE}], []),  # its code changes
    ([{"name": "甲医院", "kind": "卫生健康委员会"}], ["B2"]),
    ([{"name": "甲卫生院", **HOSPITAL}], ["A2"]),  # a former name of another
    ([{"name": "丙", "former_names": "甲医院", **HOSPITAL}], ["J2"]),
    ([{"name": "丙", "former_names": "甲卫生院", **HOSPITAL}], ["J2"]),
    (
        [{"name": "丙", **HOSPITAL}, {"name": "丁", "former_names": "丙", **HOSPITAL}],
        ["J3"],
    ),
    ([{"name": "外市医院", **HOSPITAL}], ["A2"]),  # another jurisdiction's
    ([{"name": "丙", "parent": "没有这家", **HOSPITAL}], ["K2"]),
    ([{"name": "丙", "parent": "丙", **HOSPITAL}], ["K2"]),
    (
        [
            {"name": "丙", "parent": "丁", **HOSPITAL},
            {"name": "丁", "parent": "丙", **HOSPITAL},
        ],
        ["K2", "K3"],
    ),
    ([{"name": "甲医院", "parent": "甲分院"}], ["K2"]),  # which stands under it
    ([{"name": "丙委", "kind": "卫生健康委员会", "place": "330102"}], ["D2"]),  # has one
    (
        [
            {"name": "丙委", "kind": "卫生健康委员会", "place": "330106"},
            {"name": "丁委", "kind": "卫生健康委员会", "place": "330106"},
        ],
        ["D3"],
    ),
    (
        [
            {
                "name": "丙委",
                "kind": "卫生健康委员会",
                "place": "330106",
                "grade": "三级甲等",
                "category": "综合",
            }
        ],
        ["F2", "G2"],
    ),
]


def test_what_is_wrong_and_where(officer: Actor) -> None:
    first = make_organization("甲医院", COUNTY, credit_code=CODE, former_names=["甲卫生院"])
    make_organization("甲分院", COUNTY, parent_id=first.id)
    make_organization("外市医院", OTHER_CITY)
    for rows, wrong in CASES:
        assert faults(judge(officer, *rows)) == wrong, rows


def test_two_organizations_in_one_row(officer: Actor) -> None:
    make_organization("甲医院", COUNTY, credit_code=CODE)
    make_organization("乙医院", COUNTY)
    assert faults(judge(officer, {"name": "乙医院", "credit_code": CODE})) == ["E2"]


PLACES = {
    "330102": "330102",
    "上城区": "330102",
    "杭州市上城区": "330102",
    "浙江省杭州市上城区": "330102",
    "浙江省 杭州市": "330100",
}


def test_places_by_code_or_name(officer: Actor) -> None:
    for text, code in PLACES.items():
        [row] = judge(officer, {"name": "丙", "kind": "医疗卫生机构", "place": text}).rows
        assert row.values["place"] == code


def test_a_lower_authority_writes_only_its_own(world: World) -> None:
    county = make_actor(Role.COMMISSION_OFFICER, world[COUNTY])
    make_organization("市医院", CITY, phone="1")
    plan = judge(county, {"name": "市医院", "phone": "2"}, {"name": "丙", **HOSPITAL})
    assert verdicts(plan) == ["wrong", "new"]


def test_nothing_is_written_if_a_row_is_wrong(officer: Actor) -> None:
    before = count()
    rows = ({"name": "丙", **HOSPITAL}, {"name": "丁", "kind": "医疗卫生机构", "place": "火星"})
    with pytest.raises(Refused):
        write(officer, *rows)
    assert count() == before


def test_what_changed_since_it_was_shown_is_not_overwritten(officer: Actor) -> None:
    made = make_organization("甲医院", COUNTY, phone="111")
    table = read_table_of(book({"name": "甲医院", "phone": "222"}, {"name": "丙", **HOSPITAL}))
    digest = judge_import(officer, table).digest
    with transaction():
        edit_organization(officer, made.id, 1, {"phone": "999"})
    before = count()
    with pytest.raises(PlanChanged) as changed, transaction():
        import_organizations(officer, table, digest, 1)
    assert changed.value.plan.rows[0].changes[0].old == "999"
    assert count() == before
    with transaction():
        import_organizations(officer, table, changed.value.plan.digest, 1)
    assert count() == before + 1


def test_many_rows_are_judged_with_few_queries(officer: Actor) -> None:
    def queries(size: int) -> int:
        rows = [
            {
                "name": f"医院{n}",
                "former_names": f"旧{n}",
                "parent": "医院0" if n else "",
                **HOSPITAL,
            }
            for n in range(size)
        ]
        table = read_table_of(book(*rows))
        counted: list[str] = []

        def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
            counted.append(statement)

        sa.event.listen(db.engine, "before_cursor_execute", note)
        plan = judge_import(officer, table)
        sa.event.remove(db.engine, "before_cursor_execute", note)
        assert plan.counts[Verdict.NEW] == size
        return len(counted)

    queries(3)
    assert queries(10) == queries(900)


# --- pages ---


@pytest.fixture
def visitor(client: FlaskClient, world: World) -> FlaskClient:
    client.set_cookie("qcc_language", "en")
    signed_in(client, Role.COMMISSION_OFFICER, world[CITY])
    return client


def upload(client: FlaskClient, data: bytes, name: str = "机构.xlsx") -> TestResponse:
    token = csrf_of(client.get("/organizations/import"))
    return client.post(
        "/organizations/import", data={"csrf_token": token, "file": (BytesIO(data), name)}
    )


def confirm(client: FlaskClient, page: TestResponse, url: str, **values: str) -> TestResponse:
    names = ("key", "sha256", "digest")
    data = {"csrf_token": csrf_of(page), **{name: field_of(page, name) for name in names}}
    return client.post(url, data={**data, **values})


def test_the_template_goes_through(visitor: FlaskClient) -> None:
    data = visitor.get("/organizations/import/template").data
    workbook_ = load_workbook(BytesIO(data))
    sheet = workbook_[TITLE]
    values = {**HOSPITAL, "name": "丙医院", "grade": "三级甲等"}
    for column, key in enumerate(KEYS, 1):
        sheet.cell(2, column, str(values.get(key, "")) or None)
    filled = BytesIO()
    workbook_.save(filled)
    answer = upload(visitor, filled.getvalue())
    assert answer.status_code == 302
    page = visitor.get(answer.location)
    assert "丙医院" in page.get_data(as_text=True)
    before = count()
    done = confirm(visitor, page, answer.location)
    assert (done.status_code, done.location) == (302, "/organizations")
    assert count() == before + 1
    again = confirm(visitor, page, answer.location)  # a double click
    assert again.status_code == 302
    assert count() == before + 1


def test_a_wrong_file_is_shown_and_handed_back_marked(visitor: FlaskClient) -> None:
    answer = upload(visitor, book({"name": "丙", "kind": "医疗卫生机构", "place": "火星"}))
    page = visitor.get(answer.location)
    text = page.get_data(as_text=True)
    assert "D2" in text
    assert "no such place" in text
    assert "Confirm and write" not in text
    marked = visitor.get(f"{answer.location}/marked")
    sheet = load_workbook(BytesIO(marked.data)).active
    assert sheet is not None
    assert sheet["D2"].comment is not None
    before = count()
    data = {
        "csrf_token": csrf_of(visitor.get("/organizations/import")),
        "key": "k",
        "sha256": db.session.scalars(sa.select(StoredFile.sha256)).one(),
        "digest": "x",
    }
    assert visitor.post(answer.location, data=data).status_code == 409
    assert count() == before


NO_SUCH_WORKBOOK = (
    (b"", "a.xlsx"),
    (b"not a workbook", "a.xlsx"),
    (b"%PDF-1.4", "a.pdf"),
    (workbook([["姓名", "电话"], ["张三", "1"]]), "a.xlsx"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "a.xls"),
)


def test_what_is_no_such_workbook_is_refused_and_not_kept(visitor: FlaskClient) -> None:
    for data, name in NO_SUCH_WORKBOOK:
        answer = upload(visitor, data, name)
        assert answer.status_code == 422
        assert 'id="file-error"' in answer.get_data(as_text=True)
    assert db.session.scalars(sa.select(StoredFile)).all() == []


def test_without_a_file(visitor: FlaskClient) -> None:
    token = csrf_of(visitor.get("/organizations/import"))
    assert visitor.post("/organizations/import", data={"csrf_token": token}).status_code == 422


def test_nobody_else_confirms_or_sees_it(app: Flask, visitor: FlaskClient, world: World) -> None:
    url = upload(visitor, book({"name": "丙", **HOSPITAL})).location
    page = visitor.get(url)
    colleague = app.test_client()
    signed_in(colleague, Role.COMMISSION_OFFICER, world[CITY])
    assert colleague.get(url).status_code == 404
    assert colleague.get(f"{url}/marked").status_code == 404
    names = ("key", "sha256", "digest")
    data = {name: field_of(page, name) for name in names}
    token = csrf_of(colleague.get("/organizations/import"))
    assert colleague.post(url, data={"csrf_token": token, **data}).status_code == 404
    assert find_organization_by_name("丙") is None


def test_a_confirmation_names_its_bytes_and_its_judgement(
    visitor: FlaskClient, officer: Actor
) -> None:
    make_organization("甲医院", COUNTY, phone="111")
    url = upload(visitor, book({"name": "甲医院", "phone": "222"})).location
    page = visitor.get(url)
    assert confirm(visitor, page, url, sha256="0" * 64).status_code == 422
    assert confirm(visitor, page, url, digest="0" * 64).status_code == 409
    made = find_organization_by_name("甲医院")
    assert made is not None
    with transaction():
        edit_organization(officer, made.id, made.version, {"phone": "999"})
    answer = confirm(visitor, page, url)
    assert answer.status_code == 409
    assert "<del>999</del>" in answer.get_data(as_text=True)
    assert confirm(visitor, answer, url).status_code == 302
    db.session.rollback()
    assert made.phone == "222"


def test_without_the_token_of_a_form_nothing_is_written(visitor: FlaskClient) -> None:
    url = upload(visitor, book({"name": "丙", **HOSPITAL})).location
    page = visitor.get(url)
    data = {name: field_of(page, name) for name in ("key", "sha256", "digest")}
    assert visitor.post(url, data=data).status_code == 400
    assert find_organization_by_name("丙") is None


def test_system_administrators_import_too_and_others_do_not(
    client: FlaskClient, world: World
) -> None:
    signed_in(client, Role.SYSTEM_ADMIN, world[PROVINCE])
    assert client.get("/organizations/import").status_code == 200
    for role in (Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.EXPERT):
        signed_in(client, role, world[PROVINCE])
        assert client.get("/organizations/import").status_code == 403


def test_many_rows_are_written_by_a_worker(visitor: FlaskClient) -> None:
    """The page of the task shows it; a double click asks for it once."""
    rows = [{"name": f"后台医院{n}", **HOSPITAL, "place": CITY} for n in range(201)]
    url = upload(visitor, book(*rows)).location
    page = visitor.get(url)
    answer = confirm(visitor, page, url)
    assert answer.location == confirm(visitor, page, url).location
    assert "Waits for its turn" in visitor.get(answer.location).get_data(as_text=True)
    assert find_organization_by_name("后台医院0") is None
    db.session.rollback()
    assert queue.run_task(db.session.scalars(sa.select(queue.Task.id)).one())
    shown = visitor.get(answer.location).get_data(as_text=True)
    assert "New: 201, changed: 0" in shown
    assert find_organization_by_name("后台医院200") is not None
