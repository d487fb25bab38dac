"""The sentences of findings, by rule and variant: what is wrong, and how to mend it.

The slots of a sentence are the keys of the finding's ``observed`` and ``allowed``, its ``subject``
and what is worked out from them (see ``_ARITHMETIC`` in rule_messages). The keys that the rules of
panels and experts are to give (dates in ISO form; a ``*`` marks words of *allowed*):

========================  ==================================  =====================================
rule                      variants                            keys
========================  ==================================  =====================================
panel.size                                                    size, most*
panel.host_share                                              host, size, share ("16.7"),
                                                              percent*, most*
panel.representation                                          members, institutions, cities
panel.duplicate_member                                        times, most*; subject: the person
panel.group_leader                                            leaders, count*; subject: the group
panel.group_size                                              size, most*; subject: the group
panel.term                "", expired                         start, end, years*, until*
expert.age                "", inclusive, unknown              age, on, years*; subject: the person,
                                                              as in all that follow
expert.age_within_term                                        birthday, end, years*
expert.title              "", unknown                         title, rank, ranks*
expert.experience         "", unknown                         years, since, on, least*, full*
expert.standing
expert.health
expert.consent_employer   missing, refused                    employer
expert.consent_authority  missing, refused                    authority
========================  ==================================  =====================================

``full`` is the day on which the years of practice will be full.
"""

from dataclasses import dataclass
from typing import Any

from qcc.infra.i18n import _l


@dataclass(frozen=True, slots=True)
class Wording:
    """What a finding says, and what helps; both lazily translated."""

    says: Any
    mend: Any


_COUNT = _l("%(post)s: %(count)s proposed, %(span)s required.")
_TOO_FEW = Wording(_COUNT, _l("Propose %(lacking)s more."))
_TOO_MANY = Wording(_COUNT, _l("Take %(excess)s off the list."))
_UNDECLARED = Wording(
    _l("“%(subject)s” is not declared."),
    _l("Declare that the institution meets the condition, if it does."),
)
_NO_EVIDENCE = Wording(
    _l("“%(subject)s” is declared without evidence."), _l("Attach the evidence.")
)

WORDINGS: dict[tuple[str, str], Wording] = {
    ("center.unique", ""): Wording(
        _l(
            "Active centers of this kind for the specialty in the jurisdiction already:"
            " %(active)s; permitted: %(most)s."
        ),
        _l("Close the present center first, or withdraw."),
    ),
    ("form.complete", ""): Wording(
        _l("The form's cell “%(label)s” is empty."), _l("Fill in the cell.")
    ),
    ("report.sections", ""): Wording(
        _l("The report says nothing about “%(label)s”."), _l("Write this section of the report.")
    ),
    ("hosting.grade", "undeclared"): Wording(
        _l(
            "The institution's grade is %(grade)s, not %(grades)s, and corresponding technical and"
            " managerial capability is not declared."
        ),
        _l("Declare the capability and attach evidence of it, or have the grade corrected."),
    ),
    ("hosting.grade", "no_evidence"): Wording(
        _l(
            "The institution's grade is %(grade)s, not %(grades)s, and the declared capability is"
            " without evidence."
        ),
        _l("Attach evidence of the technical and managerial capability."),
    ),
    ("hosting.specialty_strength", "undeclared"): _UNDECLARED,
    ("hosting.specialty_strength", "no_evidence"): _NO_EVIDENCE,
    ("hosting.quality_system", "undeclared"): _UNDECLARED,
    ("hosting.quality_system", "no_evidence"): _NO_EVIDENCE,
    ("hosting.no_major_incident", "undeclared"): _UNDECLARED,
    ("hosting.no_major_incident", "recent"): Wording(
        _l(
            "The register has a major quality-safety incident on %(date)s; %(years)s years are"
            " full only on %(filled)s."
        ),
        _l("Apply on %(filled)s or later, or have a mistake in the register corrected."),
    ),
    ("hosting.resources", "undeclared"): _UNDECLARED,
    ("hosting.resources", "no_evidence"): _NO_EVIDENCE,
    ("hosting.other", "undeclared"): _UNDECLARED,
    ("hosting.confirmed", "unconfirmed"): Wording(
        _l("“%(subject)s” (%(article)s) has not been confirmed."),
        _l("Have the evaluation center check the condition and confirm or refuse it."),
    ),
    ("hosting.confirmed", "refused"): Wording(
        _l("“%(subject)s” (%(article)s) was refused at the formal check."),
        _l("Refuse the application, or send it back to be checked anew."),
    ),
    ("competition.closed", ""): Wording(
        _l("The applications compete, and the review is not closed."),
        _l("Wait until the reviewers' scores are lodged and the review is closed."),
    ),
    ("competition.minimum", ""): Wording(
        _l("The total of %(total)s points lies under the plan's minimum of %(minimum)s."),
        _l("Refuse the application."),
    ),
    ("competition.best", "tied"): Wording(
        _l("Others have the same total of %(total)s points, and nobody was chosen among them."),
        _l("Decide the tie with a reason first."),
    ),
    ("competition.best", "not_first"): Wording(
        _l("The application is number %(rank)s of the competition, with %(total)s points."),
        _l("Approve the first, or say why the exception is right."),
    ),
    ("designation.ground", "unknown"): Wording(
        _l("None of the grounds for a direct designation is named."),
        _l("Choose the ground that holds, or open a call for applications."),
    ),
    ("designation.ground", "no_evidence"): Wording(
        _l("The ground “%(subject)s” is named without evidence."),
        _l("Attach the evidence of the ground."),
    ),
    ("officers.director_count", "too_few"): _TOO_FEW,
    ("officers.director_count", "too_many"): _TOO_MANY,
    ("officers.executive_deputy_count", "too_few"): _TOO_FEW,
    ("officers.executive_deputy_count", "too_many"): _TOO_MANY,
    ("officers.deputy_count", "too_few"): _TOO_FEW,
    ("officers.deputy_count", "too_many"): _TOO_MANY,
    ("officers.secretary_count", "too_few"): _TOO_FEW,
    ("officers.secretary_count", "too_many"): _TOO_MANY,
    ("officers.one_post_each", ""): Wording(
        _l("%(subject)s is named for %(count)s posts: %(posts)s; each person is counted once."),
        _l("Leave the person in one post and propose others for the rest."),
    ),
    ("officers.director_post", "elsewhere"): Wording(
        _l("%(subject)s, proposed as director, does not work at the host institution."),
        _l("Propose the host's president or the vice-president in charge."),
    ),
    ("officers.director_post", "position"): Wording(
        _l(
            "%(subject)s, proposed as director, holds none of these posts at the host:"
            " %(positions)s."
        ),
        _l("Propose the host's president or the vice-president in charge."),
    ),
    ("officers.executive_deputy_leader", "elsewhere"): Wording(
        _l("%(subject)s, proposed as executive deputy director, does not work at the host."),
        _l("Propose the leader of the host's discipline."),
    ),
    ("officers.executive_deputy_leader", "not_leader"): Wording(
        _l("%(subject)s, proposed as executive deputy director, does not lead the discipline."),
        _l("Propose the leader of the host's discipline."),
    ),
    ("officers.deputy_specialist", "not_specialist"): Wording(
        _l("%(subject)s, proposed as deputy director, is not an expert of the discipline."),
        _l("Propose an expert of this discipline in the province."),
    ),
    ("officers.deputy_specialist", "elsewhere"): Wording(
        _l(
            "%(subject)s, proposed as deputy director, does not work in %(province)s"
            " according to the employer on file."
        ),
        _l("Propose an expert who works in the province, or correct the employer."),
    ),
    ("officers.secretary_discipline", "elsewhere"): Wording(
        _l("%(subject)s, proposed as liaison secretary, does not work at the host."),
        _l("Propose a member of the host's discipline."),
    ),
    ("officers.secretary_discipline", "not_in_discipline"): Wording(
        _l("%(subject)s, proposed as liaison secretary, is not of the host's discipline."),
        _l("Propose a member of the host's discipline."),
    ),
    ("panel.size", ""): Wording(
        _l("The panel has %(size)s members, the limit is %(most)s: %(excess)s too many."),
        _l("Take at least %(excess)s off the list."),
    ),
    ("panel.host_share", ""): Wording(
        _l(
            "%(host)s experts of the host are %(share)s %% of %(size)s members;"
            " the limit is %(percent)s %%, that is at most %(most)s."
        ),
        _l("Replace at least %(excess_host)s of the host's experts by experts of others."),
    ),
    ("panel.representation", ""): Wording(
        _l("The %(members)s members come from %(institutions)s institutions in %(cities)s cities."),
        _l("Consider experts of institutions and places that are not yet represented."),
    ),
    ("panel.duplicate_member", ""): Wording(
        _l("%(subject)s stands on the list %(times)s times."),
        _l("Keep one entry of this person."),
    ),
    ("panel.group_leader", ""): Wording(
        _l("The group “%(subject)s” has %(leaders)s leaders, %(count)s is required."),
        _l("Name exactly %(count)s of the group's members as leader."),
    ),
    ("panel.group_size", ""): Wording(
        _l(
            "The group “%(subject)s” has %(size)s members, its leader included;"
            " the limit is %(most)s."
        ),
        _l("Take at least %(excess)s out of the group."),
    ),
    ("panel.term", ""): Wording(
        _l("The term is from %(start)s to %(end)s; a term of %(years)s years ends on %(until)s."),
        _l("Set the end of the term to %(until)s."),
    ),
    ("panel.term", "expired"): Wording(
        _l("The panel's term ended on %(end)s; it can no longer act."),
        _l("Apply for re-election with a new roster."),
    ),
    ("expert.age", ""): Wording(
        _l("%(subject)s is %(age)s on %(on)s; permitted is under %(years)s."),
        _l("Nominate an expert under %(years)s, or correct the date of birth."),
    ),
    ("expert.age", "inclusive"): Wording(
        _l("%(subject)s is %(age)s on %(on)s; permitted is at most %(years)s."),
        _l("Nominate an expert of at most %(years)s, or correct the date of birth."),
    ),
    ("expert.age", "unknown"): Wording(
        _l("The date of birth of %(subject)s is not known."), _l("Enter the date of birth.")
    ),
    ("expert.age_within_term", ""): Wording(
        _l("%(subject)s turns %(years)s on %(birthday)s, before the term ends on %(end)s."),
        _l("Nothing has to be done; consider who might follow."),
    ),
    ("expert.title", ""): Wording(
        _l("The title of %(subject)s, %(title)s, ranks as %(rank)s; required is %(ranks)s."),
        _l("Nominate an expert of senior or associate senior title, or correct the title."),
    ),
    ("expert.title", "unknown"): Wording(
        _l("The title of %(subject)s, %(title)s, is not in the catalog; required is %(ranks)s."),
        _l("Choose the title from the catalog."),
    ),
    ("expert.experience", ""): Wording(
        _l(
            "%(subject)s has practised the specialty since %(since)s: %(years)s full years"
            " on %(on)s, required are %(least)s."
        ),
        _l("The years are full on %(full)s; nominate another expert or correct the date."),
    ),
    ("expert.experience", "unknown"): Wording(
        _l("It is not known since when %(subject)s has practised the specialty."),
        _l("Enter the date from which the specialty was practised."),
    ),
    ("expert.standing", ""): Wording(
        _l("%(subject)s is neither head of the specialty in the unit nor of regional prestige."),
        _l("State the post as head, or describe the regional prestige."),
    ),
    ("expert.health", ""): Wording(
        _l("%(subject)s is not declared to be in good health."),
        _l("Add the declaration of health, or nominate another expert."),
    ),
    ("expert.consent_employer", "missing"): Wording(
        _l("%(employer)s, the employer of %(subject)s, has not consented yet."),
        _l("Ask the employer for its consent."),
    ),
    ("expert.consent_employer", "refused"): Wording(
        _l("%(employer)s, the employer of %(subject)s, has refused its consent."),
        _l("Nominate another expert."),
    ),
    ("expert.consent_authority", "missing"): Wording(
        _l("%(authority)s, the authority of the place of %(subject)s, has not consented yet."),
        _l("Ask the health authority of the employer's place for its consent."),
    ),
    ("expert.consent_authority", "refused"): Wording(
        _l("%(authority)s, the authority of the place of %(subject)s, has refused its consent."),
        _l("Nominate another expert."),
    ),
}
"""Every sentence that a finding can become."""
