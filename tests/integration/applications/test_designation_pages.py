"""The pages of a designation in each of its states, for who works on it."""

from qcc.applications.documents import HTML_OF
from qcc.infra.papers import issue_pending, list_papers_of
from qcc.infra.scans import add_scan
from tests.factories.applications import do
from tests.factories.centers import PDF
from tests.factories.designations import began, designated, drafted, proposed, row
from tests.integration.applications.browser import Browser, actions, value_of
from tests.integration.applications.conftest import Scene


def test_the_pages_offer_what_is_possible(scene: Scene) -> None:
    here = scene.stage
    commission, colleague, reception = (
        Browser(scene.app, actor) for actor in (here.commission, here.colleague, here.reception)
    )
    code = drafted(here)
    page = f"/designations/{code}"
    assert f"{page}/propose" in actions(commission.get(page))
    for part in ("/grounds", "/officers/new", f"/officers/{row(code).officers[0].code}"):
        assert commission.get(page + part).status_code == 200
    sent = {"version": value_of(commission.get(page), "version")}
    assert commission.post(f"{page}/propose", **sent).status_code == 302
    assert {f"{page}/pass", f"{page}/return"} <= actions(reception.get(page))
    assert reception.post(f"{page}/pass", **{"pass-reason": ""}).status_code == 422
    assert reception.post(f"{page}/pass", **{"pass-reason": "合格"}).status_code == 302
    assert f"{page}/approve" not in actions(commission.get(page))
    assert f"{page}/approve" in actions(colleague.get(page))
    assert commission.post(f"{page}/approve").status_code == 409
    assert colleague.post(f"{page}/approve").status_code == 302
    assert Browser(scene.app, here.applicant).get(page).status_code == 200
    assert Browser(scene.app, here.rival).get(page).status_code == 404


def test_what_is_missing_is_told_on_the_page(scene: Scene) -> None:
    here, code = scene.stage, began(scene.stage)
    page = f"/designations/{code}"
    browser = Browser(scene.app, here.commission)
    shown = browser.get(page)
    assert f"{page}/propose" not in actions(shown)
    assert "第八条" in shown.text
    assert browser.post(f"{page}/propose", version=row(code).version).status_code == 422


def test_lists_and_the_center_lead_to_the_designation(scene: Scene) -> None:
    here, code = scene.stage, proposed(scene.stage)
    browser = Browser(scene.app, here.commission)
    assert f"/designations/{code}" in browser.get("/designations").text
    center = row(code).center_id
    link = f"/designations?center={center}"
    assert link in browser.get(f"/centers/{center}").text
    assert f"/designations/{code}" in browser.get(link).text
    assert f"/designations/{code}" in Browser(scene.app, here.reception).get("/").text


def test_a_sealed_designation_leads_to_its_scan(scene: Scene) -> None:
    here, code = scene.stage, designated(scene.stage)
    while issue_pending(HTML_OF):
        pass
    (paper,) = list_papers_of("designation", row(code).id)
    scan = do(lambda: add_scan(here.commission, paper.code, PDF, "盖章.pdf").id)
    for actor in (here.commission, here.applicant):
        for page in (f"/designations/{code}", f"/designations/{code}/papers"):
            shown = Browser(scene.app, actor).get(page)
            assert f"/papers/{paper.code}/scans/{scan}" in shown.text
