"""What the annual report of a center tells: its year, as it was on record on a day. Pure.

Everything is stated as of *on*: the last day of the year, or today while the year runs. Only what
everybody may read who reads the report stands here: signed minutes, documents that were handed in,
results that were published.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from qcc.evaluations.rules.documents import DocumentKind, Standing

MOST_SLICES = 10
"""So many bars a chart shows; what is rarer is counted together."""
OTHERS = "其他"
UNKNOWN = "未登记"


@dataclass(frozen=True, slots=True)
class Host:
    """A period in which an institution hosted the center."""

    institution: str
    grade: str
    started_on: date
    ended_on: date | None
    end_reason: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """The center as it stands on the day."""

    name: str
    kind: str
    specialty: str
    place: str
    level: str
    state: str
    planned_on: date
    hosts: tuple[Host, ...] = ()

    def host_on(self, day: date) -> Host | None:
        """Who hosts it on a day."""
        for host in self.hosts:
            if host.started_on <= day and (host.ended_on is None or host.ended_on > day):
                return host
        return None


@dataclass(frozen=True, slots=True)
class OfficerRow:
    """Who held a post at some time in the year."""

    post: str
    name: str
    employer: str
    position: str
    title: str
    started_on: date
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class Member:
    """An expert on the panel. *age* in full years on the day, None if the birth date is not known;
    *invited*, *attended*, *reviews* count since the term began."""

    name: str
    role: str
    group: str
    employer: str
    city: str
    title: str
    age: int | None
    is_host: bool
    invited: int = 0
    attended: int = 0
    reviews: int = 0


@dataclass(frozen=True, slots=True)
class PanelYear:
    """The panel that served last in the year."""

    term_number: int
    term_start: date
    term_end: date
    state: str
    members: tuple[Member, ...]

    @property
    def from_host(self) -> int:
        return sum(member.is_host for member in self.members)

    @property
    def groups(self) -> dict[str, list[Member]]:
        """By subspecialty group its members, in the order of the roster."""
        found: dict[str, list[Member]] = {}
        for member in self.members:
            if member.group:
                found.setdefault(member.group, []).append(member)
        return found

    @property
    def ages(self) -> list[tuple[str, int]]:
        """Members by groups of five years; groups between them that nobody is of too."""
        known = [member.age // 5 for member in self.members if member.age is not None]
        counts = Counter(known)
        steps = range(min(known), max(known) + 1) if known else ()
        found = [(f"{5 * step}—{5 * step + 4}岁", counts[step]) for step in steps]
        missing = len(self.members) - len(known)
        return [*found, (UNKNOWN, missing)] if missing else found

    def by(self, field: str) -> list[tuple[str, int]]:
        """Members by title, employer or city, the most frequent first."""
        return most_frequent(getattr(member, field) for member in self.members)


def most_frequent(words: Iterable[str]) -> list[tuple[str, int]]:
    """How often each word comes, the most frequent first; what is rare is counted together."""
    counts = Counter(word or UNKNOWN for word in words).most_common()
    if len(counts) <= MOST_SLICES:
        return counts
    rest = sum(count for _word, count in counts[MOST_SLICES - 1 :])
    return [*counts[: MOST_SLICES - 1], (OTHERS, rest)]


@dataclass(frozen=True, slots=True)
class Topic:
    """What was said and decided on one topic of signed minutes."""

    topic: str
    discussion: str
    decision: str


@dataclass(frozen=True, slots=True)
class MeetingYear:
    """A dispatch meeting that was held. *topics* is None as long as the minutes are not signed."""

    number: int
    title: str
    mode: str
    held_on: date
    invited: int
    attended: int
    final_on: date | None
    topics: tuple[Topic, ...] | None


@dataclass(frozen=True, slots=True)
class Duty:
    """An action item of minutes, or an assigned task: who does what until when, how it stands."""

    what: str
    owner: str
    given_on: date
    due_on: date
    state: str
    done_on: date | None


@dataclass(frozen=True, slots=True)
class DocumentYear:
    """A yearly document as it was handed in last; *contents* by section."""

    kind: DocumentKind
    about: int
    standing: Standing | None
    counted_on: date | None
    contents: Mapping[str, Any]

    def rows(self, section: str) -> list[Mapping[str, str]]:
        return list(self.contents.get(section, {}).get("rows", ()))

    def text(self, section: str) -> str:
        return str(self.contents.get(section, {}).get("text", ""))


@dataclass(frozen=True, slots=True)
class RuleEdition:
    """The edition of internal rules about something that is in force on the day."""

    kind: str
    title: str
    adopted_on: date
    review_on: date


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A supervision visit of the year."""

    visited_on: date
    organization: str
    participants: str
    findings: str
    review_on: date | None


@dataclass(frozen=True, slots=True)
class ItemResult:
    """An item of a result: the most points, and those that were given."""

    group: str
    name: str
    most: Decimal
    points: Decimal | None
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """A published result. *most*: what the rubric gives without a bonus; *is_final*: nothing can
    change it any more."""

    year: int
    title: str
    kind: str
    total: Decimal
    most: Decimal
    pass_mark: Decimal | None
    grade: str
    has_passed: bool
    is_final: bool
    groups: tuple[tuple[str, Decimal, Decimal], ...] = ()
    items: tuple[ItemResult, ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing to be put right: what is wanted, what the center does about it, what came of it."""

    wanted: str
    measure: str
    owner: str
    done: str
    effect: str


@dataclass(frozen=True, slots=True)
class Rectification:
    """An order to put things right that stood in the year: by whom, until when, how it stands."""

    ordered_on: date
    orderer: str
    reason: str
    due_on: date
    state: str
    closed_on: date | None
    effect: str
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class CenterYear:
    """Everything that the report of a year tells."""

    year: int
    on: date
    profile: Profile
    officers: tuple[OfficerRow, ...] = ()
    panel: PanelYear | None = None
    months: tuple[str, ...] = ()
    meetings: tuple[MeetingYear, ...] = ()
    actions: tuple[Duty, ...] = ()
    tasks: tuple[Duty, ...] = ()
    documents: tuple[DocumentYear, ...] = ()
    rules: tuple[RuleEdition, ...] = ()
    rules_asked: tuple[str, ...] = ()
    visits: tuple[VisitRow, ...] = ()
    results: tuple[Result, ...] = ()
    rectifications: tuple[Rectification, ...] = ()

    def document(self, kind: DocumentKind, about: int) -> DocumentYear | None:
        """The summary or plan about a year."""
        for each in self.documents:
            if each.kind is kind and each.about == about:
                return each
        return None

    @property
    def own_results(self) -> list[Result]:
        """The results of the year itself."""
        return [result for result in self.results if result.year == self.year]

    @property
    def trainings(self) -> "Trainings":
        return trainings_of(self)


TRAINING = ("培训", "授课", "讲座", "继续教育", "学习班", "带教", "进修")
"""Words by which training is found in what the center wrote: it has no register of its own."""


def is_training(text: str) -> bool:
    return any(word in text for word in TRAINING)


@dataclass(frozen=True, slots=True)
class Trainings:
    """What the year's records say about training, by where it stands."""

    topics: tuple[tuple[date, str, str], ...]
    duties: tuple[Duty, ...]
    figures: tuple[Mapping[str, str], ...]
    budget: tuple[Mapping[str, str], ...]
    plans: tuple[Mapping[str, str], ...]

    def __bool__(self) -> bool:
        return any((self.topics, self.duties, self.figures, self.budget, self.plans))


def trainings_of(year: CenterYear) -> Trainings:
    """Topics of meetings, duties, figures, budget and plan of the year that speak of training."""
    summary = year.document(DocumentKind.SUMMARY, year.year)
    plan = year.document(DocumentKind.NEXT_PLAN, year.year)

    def rows(document: DocumentYear | None, section: str, column: str) -> tuple[Any, ...]:
        found = document.rows(section) if document else ()
        return tuple(row for row in found if is_training(str(row.get(column, ""))))

    return Trainings(
        topics=tuple(
            (meeting.held_on, topic.topic, topic.decision)
            for meeting in year.meetings
            for topic in meeting.topics or ()
            if is_training(topic.topic)
        ),
        duties=tuple(duty for duty in (*year.actions, *year.tasks) if is_training(duty.what)),
        figures=rows(summary, "figures", "name"),
        budget=rows(summary, "budget", "name"),
        plans=rows(plan, "items", "what"),
    )
