"""Direct designation: proposed with proof, checked, decided by a third, and the center stands."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from qcc.applications import services as calls
from qcc.applications.documents import HTML_OF
from qcc.applications.models import Designation
from qcc.applications.queries.designations import get_designation
from qcc.applications.services import designating as services
from qcc.applications.services import designation_drafts as drafts
from qcc.applications.services.designation_facts import findings_on_designation
from qcc.applications.workflow.designation import DesignationState
from qcc.centers.models import Center, Hosting, Officer
from qcc.centers.queries import lock_center
from qcc.centers.services import end_hosting
from qcc.centers.workflow import CENTER, CenterState
from qcc.infra import audit, files
from qcc.infra.audit import AuditEvent
from qcc.infra.db import StaleEdit, db
from qcc.infra.errors import NotFound, Refused, RulesBroken
from qcc.infra.outbox import Message
from qcc.infra.papers import Paper, PaperState, issue_pending, proof_of
from qcc.infra.transitions import history
from qcc.kernel.permissions import NotPermitted, Role
from qcc.kernel.rules import Force
from qcc.kernel.workflow import ActionNotPossible, GuardFailed
from qcc.regulations import rulebooks
from tests.factories.applications import do
from tests.factories.centers import PDF, planned
from tests.factories.designations import (
    began,
    designated,
    drafted,
    fill,
    propose,
    proposed,
    row,
    to_decide,
)
from tests.integration.applications.conftest import Scene
from tests.integration.applications.records import everything
from tests.integration.applications.test_approving import at_once
from tests.integration.applications.test_deciders import at_another_desk

S, C = DesignationState, CenterState


def center_of(code: str) -> Center:
    return db.session.get_one(Center, row(code).center_id, populate_existing=True)


def test_an_approval_establishes_the_center(scene: Scene) -> None:
    here, code = scene.stage, to_decide(scene.stage)
    assert center_of(code).state is C.UNDER_DESIGNATION
    do(lambda: services.approve_designation(here.colleague, code))
    found = row(code)
    assert (found.state, found.decided_by) == (S.APPROVED, here.colleague.person_id)
    hosting = db.session.get_one(Hosting, found.hosting_id)
    assert (hosting.center_id, hosting.institution_id, hosting.started_on) == (
        found.center_id, here.applicant.organization_id, date(2026, 3, 2),
    )  # fmt: skip
    assert hosting.rulebook_version == found.rulebook_version
    officers = db.session.scalars(sa.select(Officer).filter_by(hosting_id=hosting.id)).all()
    assert [(o.post, o.person.name) for o in officers] == [(o.post, o.name) for o in found.officers]
    assert center_of(code).state is C.ESTABLISHED
    told = db.session.scalars(sa.select(Message).filter_by(kind="designation.approve")).all()
    assert {m.organization_id for m in told} == {
        here.applicant.organization_id, here.reception.organization_id,
    }  # fmt: skip
    assert list(audit.verify(db.session())) == []


def test_the_decision_is_a_paper_with_the_ground_and_its_article(scene: Scene) -> None:
    designated(scene.stage)
    while issue_pending(HTML_OF):
        pass
    paper = db.session.scalars(sa.select(Paper).filter_by(kind="designation")).one()
    assert paper.state is PaperState.ISSUED, paper.error
    assert paper.file is not None
    assert files.read(paper.file).startswith(b"%PDF")
    content = paper.content
    assert content["article"] == "第八条"
    assert content["ground"].startswith("国家医疗质量控制中心挂靠单位；")
    assert paper.number
    html = HTML_OF["designation"]({**content, **proof_of(paper)})
    for words in ("直接指定", content["ground"], "第八条", paper.number, "主任："):
        assert words in html


def test_fifty_approvals_at_once_establish_one_center(scene: Scene) -> None:
    here, code = scene.stage, to_decide(scene.stage)
    center_id = row(code).center_id
    outcomes = at_once(scene.app, [lambda: services.approve_designation(here.colleague, code)] * 50)
    assert outcomes == {"done": 1, "ActionNotPossible": 49}
    count = sa.select(sa.func.count())
    assert db.session.scalar(count.select_from(Hosting).filter_by(center_id=center_id)) == 1
    assert db.session.scalar(count.select_from(Paper).filter_by(kind="designation")) == 1
    approved = db.session.query(AuditEvent).filter_by(event="designation.approve").count()
    assert approved == 1
    hosting = db.session.scalars(sa.select(Hosting).filter_by(center_id=center_id)).one()
    posts = Counter(o.post for o in db.session.scalars(
        sa.select(Officer).filter_by(hosting_id=hosting.id)))  # fmt: skip
    assert sum(posts.values()) == 5
    assert list(audit.verify(db.session())) == []


# --- the draft ---


@pytest.mark.parametrize("missing", ["evidence", "officers"])
def test_what_is_not_proven_is_not_proposed(scene: Scene, missing: str) -> None:
    here, code = scene.stage, began(scene.stage)
    fill(here.commission, code, without=(missing,))
    before = everything()
    with pytest.raises(RulesBroken) as broken:
        propose(here.commission, code)
    rules = {finding.rule.partition(".")[0] for finding in broken.value.findings}
    assert rules == {"designation" if missing == "evidence" else "officers"}
    assert everything() == before


def test_every_ground_that_is_named_has_its_evidence(scene: Scene) -> None:
    here, code = scene.stage, drafted(scene.stage)
    both = ("national_qc_host", "national_center_lead")
    version = row(code).version
    do(lambda: drafts.save_grounds(here.commission, code, version, both, "理由"))
    with pytest.raises(RulesBroken):
        propose(here.commission, code)
    do(lambda: drafts.attach_evidence(here.commission, code, both[1], PDF, "名单.pdf"))
    propose(here.commission, code)
    assert row(code).state is S.UNDER_CHECK


def test_removed_evidence_proves_nothing(scene: Scene) -> None:
    here, code = scene.stage, drafted(scene.stage)
    file = row(code).files[0].code
    do(lambda: drafts.remove_evidence(here.commission, code, file))
    with pytest.raises(RulesBroken):
        propose(here.commission, code)


def test_evidence_belongs_to_a_ground_that_is_named(scene: Scene) -> None:
    here, code = scene.stage, drafted(scene.stage)
    with pytest.raises(NotFound):
        do(lambda: drafts.attach_evidence(here.commission, code, "other", PDF, "x.pdf"))
    with pytest.raises(NotFound):
        do(lambda: drafts.save_grounds(here.commission, code, row(code).version, ["谊"], "理由"))


def test_what_was_proposed_is_no_longer_edited(scene: Scene) -> None:
    here, code = scene.stage, proposed(scene.stage)
    version, officer = row(code).version, row(code).officers[0].code
    before = everything()
    for act in (
        lambda: drafts.save_grounds(here.commission, code, version, ["other"], "理由"),
        lambda: drafts.attach_evidence(here.commission, code, "national_qc_host", PDF, "x.pdf"),
        lambda: drafts.remove_designated_officer(here.commission, code, officer),
    ):
        with pytest.raises(Refused):
            do(act)
    assert everything() == before
    do(lambda: services.return_designation(here.reception, code, "请补充"))
    do(lambda: drafts.save_grounds(
        here.commission, code, row(code).version, ["national_qc_host"], "新理由"))  # fmt: skip
    propose(here.commission, code)
    assert row(code).state is S.UNDER_CHECK


def test_the_institution_is_one_of_the_jurisdiction(scene: Scene) -> None:
    here = scene.stage
    center = planned(here.commission, "口腔").id
    for name in ("没有的医院", here.reception.organization_name, here.commission.organization_name):
        with pytest.raises(Refused) as refused:
            do(lambda n=name: drafts.start_designation(here.commission, center, n))  # type: ignore[misc]
        assert refused.value.field == "institution"


def test_only_the_commission_of_the_centers_level_designates(scene: Scene) -> None:
    here = scene.stage
    center = planned(here.commission, "口腔").id
    name = here.applicant.organization_name
    elsewhere = replace(here.commission, place="330100")
    for actor in (here.reception, here.applicant, here.security, elsewhere):
        with pytest.raises((NotPermitted, NotFound)):
            do(lambda a=actor: drafts.start_designation(a, center, name))  # type: ignore[misc]


# --- one center is either in call or under designation ---


def test_a_center_in_call_is_not_designated(scene: Scene) -> None:
    here = scene.stage
    center, name = here.center_id, here.applicant.organization_name
    with pytest.raises(Refused) as refused:
        do(lambda: drafts.start_designation(here.commission, center, name))
    assert refused.value.field == "center_id"


def test_a_center_under_designation_is_not_called_for(scene: Scene) -> None:
    here, code = scene.stage, began(scene.stage)
    center, today = row(code).center_id, date(2026, 3, 2)
    plan = calls.CallPlan("申报", (center,), today, today + timedelta(days=9))
    with pytest.raises(Refused):
        do(lambda: calls.publish_call(here.commission, plan))
    name = here.rival.organization_name
    with pytest.raises(Refused):
        do(lambda: drafts.start_designation(here.commission, center, name))


def test_designations_and_calls_at_once_take_the_center_once(scene: Scene) -> None:
    here = scene.stage
    center, today = planned(here.commission, "口腔").id, date(2026, 3, 2)
    plan = calls.CallPlan("申报", (center,), today, today + timedelta(days=9))
    name = here.applicant.organization_name
    outcomes = at_once(scene.app, [
        lambda: drafts.start_designation(here.commission, center, name),
        lambda: calls.publish_call(here.commission, plan),
    ] * 6)  # fmt: skip
    assert outcomes["done"] == 1
    assert set(outcomes) <= {"done", "Refused", "ActionNotPossible"}


@pytest.mark.parametrize("how", ["withdraw", "refuse"])
def test_a_designation_that_fails_gives_the_center_back(scene: Scene, how: str) -> None:
    here, code = scene.stage, to_decide(scene.stage)
    if how == "withdraw":
        do(lambda: services.withdraw_designation(here.commission, code, "改为公开申报"))
    else:
        do(lambda: services.refuse_designation(here.colleague, code, "依据不足"))
    assert center_of(code).state is C.PLANNED
    assert history(CENTER, row(code).center_id)[0].action == "end_designation"
    name, center = here.rival.organization_name, row(code).center_id
    do(lambda: drafts.start_designation(here.commission, center, name))
    assert db.session.query(Designation).filter_by(center_id=center).count() == 2


def test_a_vacant_center_is_vacant_again(scene: Scene) -> None:
    here, code = scene.stage, designated(scene.stage)
    center = row(code).center_id
    today = date(2026, 3, 2)
    do(lambda: end_hosting(here.commission, lock_center(center), "考核不达标", today))
    name = here.rival.organization_name
    again = do(lambda: drafts.start_designation(here.commission, center, name).code)
    do(lambda: services.withdraw_designation(here.commission, again, "另行申报"))
    assert center_of(again).state is C.VACANT


# --- who decides ---


def test_who_proposed_or_checked_does_not_decide_at_any_desk(scene: Scene) -> None:
    here, code = scene.stage, to_decide(scene.stage)
    checker = at_another_desk(
        here.reception, Role.COMMISSION_OFFICER, here.commission.organization_id
    )
    before = everything()
    for actor in (here.commission, checker):
        for act in (services.approve_designation, services.refuse_designation):
            with pytest.raises(GuardFailed, match="decided_by_a_third"):
                do(lambda a=actor, f=act: f(a, code, "理由"))  # type: ignore[misc]
    assert everything() == before
    do(lambda: services.approve_designation(here.colleague, code))


def test_who_proposed_does_not_check_at_another_desk(scene: Scene) -> None:
    here, code = scene.stage, proposed(scene.stage)
    same = at_another_desk(here.commission, Role.EVALUATION_OFFICER, here.reception.organization_id)
    with pytest.raises(GuardFailed, match="checked_by_another"):
        do(lambda: services.pass_designation(same, code, "合格"))
    do(lambda: services.pass_designation(here.reception, code, "合格"))


def test_who_once_proposed_does_not_decide_what_another_proposed_again(scene: Scene) -> None:
    here, code = scene.stage, proposed(scene.stage)
    do(lambda: services.return_designation(here.reception, code, "请补充"))
    propose(here.colleague, code)
    do(lambda: services.pass_designation(here.reception, code, "合格"))
    for actor in (here.commission, here.colleague):
        with pytest.raises(GuardFailed, match="decided_by_a_third"):
            do(lambda a=actor: services.approve_designation(a, code))  # type: ignore[misc]


def test_the_rules_are_checked_inside_the_deciding_transaction(scene: Scene) -> None:
    """What became wrong after the proposal stops the approval."""
    here, code = scene.stage, to_decide(scene.stage)

    def lose() -> None:
        found = row(code)
        found.officers[0].host_position = found.officers[1].host_position

    do(lose)
    before = everything()
    with pytest.raises(RulesBroken):
        do(lambda: services.approve_designation(here.colleague, code, "理由"))
    assert everything() == before


def test_a_principle_is_overridden_only_with_a_justification_that_is_printed(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, code = scene.stage, drafted(scene.stage)
    softened = _softened(row(code))
    monkeypatch.setattr(
        "qcc.applications.services.designation_facts.get_rulebook", lambda _id: softened
    )
    monkeypatch.setattr(
        "qcc.applications.services.designation_facts.rulebook_for", lambda *_given: softened
    )
    officers = [o.code for o in row(code).officers if o.post.value == "deputy"]
    do(lambda: drafts.remove_designated_officer(here.commission, code, officers[0]))
    propose(here.commission, code)
    do(lambda: services.pass_designation(here.reception, code, "副主任一名"))
    with pytest.raises(RulesBroken):
        do(lambda: services.approve_designation(here.colleague, code, " "))
    do(lambda: services.approve_designation(here.colleague, code, "学科规模较小"))
    found = row(code)
    assert [f["rule"] for f in found.findings] == ["officers.deputy_count"]
    paper = db.session.scalars(sa.select(Paper).filter_by(kind="designation")).one()
    assert "学科规模较小" in HTML_OF["designation"]({**paper.content, **proof_of(paper)})


def _softened(found: Designation) -> rulebooks.Rulebook:
    """The measures, with the number of deputies a rule in principle."""
    book = rulebooks.rulebook_for(found.center.place, date(2026, 3, 2))
    limits = dict(book.limits)
    limits["officers.deputy_count"] = replace(
        limits["officers.deputy_count"], force=Force.PRINCIPLE
    )
    return replace(book, limits=limits)


def test_a_version_that_was_not_seen_is_not_proposed(scene: Scene) -> None:
    here, code = scene.stage, drafted(scene.stage)
    version = row(code).version
    do(lambda: drafts.save_grounds(
        here.colleague, code, version, ["national_qc_host"], "另一理由"))  # fmt: skip
    with pytest.raises(StaleEdit):
        do(lambda: services.propose_designation(here.commission, code, version))


def test_a_step_taken_twice_is_not_possible(scene: Scene) -> None:
    code = designated(scene.stage)
    with pytest.raises(ActionNotPossible):
        do(lambda: services.approve_designation(scene.stage.colleague, code))


# --- who sees it ---


def test_rivals_and_the_institution_learn_nothing_before_the_approval(scene: Scene) -> None:
    here, code = scene.stage, to_decide(scene.stage)
    for actor in (here.applicant, here.rival, here.security):
        with pytest.raises(NotFound):
            get_designation(actor, code)
    do(lambda: services.approve_designation(here.colleague, code))
    assert get_designation(here.applicant, code).code == code
    with pytest.raises(NotFound):
        get_designation(here.rival, code)


def test_the_check_sees_no_drafts(scene: Scene) -> None:
    here, code = scene.stage, drafted(scene.stage)
    with pytest.raises(NotFound):
        get_designation(here.reception, code)
    assert findings_on_designation(row(code)) == []
    propose(here.commission, code)
    assert get_designation(here.reception, code).code == code
