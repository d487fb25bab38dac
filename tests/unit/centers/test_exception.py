"""An officer who stays by exception is counted, but asked nothing more about the post."""

from dataclasses import replace

import pytest

from qcc.centers.rules import OFFICER_RULES, OfficerFacts, OfficerPost, OfficersFacts
from qcc.kernel.rules import check
from qcc.regulations.catalogs import CenterKind
from qcc.regulations.rulebooks import get_rulebook

BOOK = get_rulebook("zhejiang-2021")
POST_RULES = {
    OfficerPost.DIRECTOR: "officers.director_post",
    OfficerPost.EXECUTIVE_DEPUTY: "officers.executive_deputy_leader",
    OfficerPost.DEPUTY: "officers.deputy_specialist",
    OfficerPost.SECRETARY: "officers.secretary_discipline",
}


def found(officer: OfficerFacts) -> set[str]:
    staff = OfficersFacts(CenterKind.QUALITY_CONTROL, 1, "330000", (officer,))
    return {finding.rule for finding in check(OFFICER_RULES, staff, BOOK)}


@pytest.mark.parametrize("post", list(OfficerPost))
def test_nothing_more_is_asked(post: OfficerPost) -> None:
    gone = OfficerFacts("p", "某人", post, employer_id=2, place="440000")
    assert POST_RULES[post] in found(gone)
    assert POST_RULES[post] not in found(replace(gone, is_excepted=True))


def test_the_post_counts_as_filled() -> None:
    stays = OfficerFacts("p", "某人", OfficerPost.DIRECTOR, employer_id=2, is_excepted=True)
    assert "officers.director_count" not in found(stays)
