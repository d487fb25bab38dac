"""Whole years of hosted centers: meetings with signed minutes, duties, yearly documents, visits,
internal rules, results. As much of each as a center of a province has."""

import random
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from bench.province import words
from bench.province.writer import Writer
from qcc.centers.models import Center, Hosting
from qcc.evaluations.models import (
    AnnualDocument,
    Assessment,
    AssignedTask,
    CenterTask,
    InternalRule,
    Round,
    Visit,
)
from qcc.evaluations.rules.documents import DocumentKind, InternalRuleKind
from qcc.evaluations.workflow import AssessmentState, DocumentState, RoundState, TaskState
from qcc.infra.db import transaction
from qcc.infra.files import StoredFile
from qcc.kernel.dates import SHANGHAI
from qcc.kernel.rubrics import AssessmentKind
from qcc.meetings.models import (
    ActionItem,
    Capacity,
    Invitation,
    Meeting,
    MeetingMode,
    MinutesSection,
    Reply,
)
from qcc.meetings.workflow import ActionState, MeetingState
from qcc.organizations.models import Person
from qcc.regulations.rubrics import get_rubric

SEED = 2023
TOPICS = (
    "年度改进目标进展通报",
    "不良事件分析与改进",
    "专项培训安排",
    "指标数据质量核查",
    "重点病例质量评价",
    "下月工作部署",
)
DUTIES = (
    "报送季度不良事件分析报告",
    "完成成员单位指标数据核查",
    "组织基层骨干专题培训",
    "修订专业质控检查标准",
    "提交重点病例评价结果",
)
TASKS = ("报送半年质控数据", "开展专项督查", "编写年度质量报告分册", "完成基层帮扶培训")
RESULTS = 3
"""Of so many years there are results, the last of them of the year itself."""


def live_years(year: int, centers: int, months: int = 12) -> list[int]:
    """A year for so many hosted centers of the largest place, and the results of those before; the
    keys of the centers. *months*: in so many of them was a meeting."""
    rng = random.Random(SEED)
    with transaction() as session:
        rows = session.execute(
            sa.select(Center.id, Center.name, Center.place, Hosting.id, Hosting.institution_id)
            .join(Hosting, sa.and_(Hosting.center_id == Center.id, Hosting.ended_on.is_(None)))
            .order_by(Center.id)
            .limit(centers)
        ).all()
        writer = Writer(session.connection())
        people = session.scalars(sa.select(Person.id).order_by(Person.id).limit(200)).all()
        tasks, rounds = _issue(rng, writer, year, rows[0], people[0])
        for at, (key, name, _place, hosting, host) in enumerate(rows):
            _meet(rng, writer, key, name, year, months)
            _hand_in(rng, writer, key, year)
            _keep(rng, writer, key, host, year)
            _judge(rng, writer, key, hosting, rounds, at)
            for task in tasks:
                _assign(rng, writer, key, task, year)
            writer.flush_if_enough()
        writer.finish()
        signed = sa.update(Meeting).where(Meeting.state == MeetingState.CORRECTING)
        session.execute(signed.values(state=MeetingState.FINAL))  # the database takes no more now
        return [int(row[0]) for row in rows]


def _at(day: date, hour: int = 14) -> datetime:
    return datetime.combine(day, time(hour, 30), SHANGHAI)


def _text(rng: random.Random, sentences: int) -> str:
    return "".join(rng.sample(words.SENTENCES, sentences))


# --- meetings ---


def _meet(
    rng: random.Random, writer: Writer, center: int, name: str, year: int, months: int
) -> None:
    for month in range(1, months + 1):
        day = date(year, month, 8 + rng.randrange(14))
        meeting = writer.add(
            Meeting,
            code=words.code(rng),
            center_id=center,
            year=year,
            number=month,
            title=f"{name}{year}年第{month}次调度会议",
            state=MeetingState.CORRECTING,
            mode=rng.choice(list(MeetingMode)),
            starts_at=_at(day),
            venue="行政楼三楼会议室",
            announced_at=_at(day - timedelta(days=7)),
            held_at=_at(day, 17),
            final_at=_at(day + timedelta(days=4)),
            created_at=_at(day - timedelta(days=9)),
        )
        for number in range(11 + rng.randrange(8)):
            _invite(rng, writer, meeting, number, day)
        for position, topic in enumerate(rng.sample(TOPICS, 4)):
            _minute(rng, writer, center, meeting, position, topic, day)


def _invite(rng: random.Random, writer: Writer, meeting: int, number: int, day: date) -> None:
    there = rng.random() < 0.9
    writer.add(
        Invitation,
        meeting_id=meeting,
        capacity=Capacity.ATTENDING if number else Capacity.OBSERVING,
        name=words.name(rng),
        organization=f"第{number + 1}质控单位",
        reply=Reply.YES if there else Reply.NO,
        signed_in_at=_at(day) if there else None,
    )


def _minute(
    rng: random.Random,
    writer: Writer,
    center: int,
    meeting: int,
    position: int,
    topic: str,
    day: date,
) -> None:
    section = writer.add(
        MinutesSection,
        meeting_id=meeting,
        position=position,
        topic=topic,
        discussion=_text(rng, 3),
        decision=_text(rng, 1),
        saved_at=_at(day, 18),
    )
    due = day + timedelta(days=20)
    state = rng.choice((ActionState.ACCEPTED, ActionState.ACCEPTED, ActionState.DONE))
    writer.add(
        ActionItem,
        center_id=center,
        section_id=section,
        state=state,
        what=f"{rng.choice(DUTIES)}（{day.month}月）",
        owner=rng.choice(("质控办公室", "挂靠单位医务处", "专家组秘书", "各市级质控中心")),
        given_on=day,
        due_on=due,
        done_at=_at(due - timedelta(days=2)),
    )


# --- documents, records ---


def _hand_in(rng: random.Random, writer: Writer, center: int, year: int) -> None:
    for about, kind in (
        (year - 1, DocumentKind.NEXT_PLAN),
        (year, DocumentKind.SUMMARY),
        (year, DocumentKind.NEXT_PLAN),
    ):
        day = date(about, 12, 20)
        writer.add(
            AnnualDocument,
            code=words.code(rng),
            center_id=center,
            kind=kind,
            year=about,
            state=DocumentState.ACKNOWLEDGED,
            submitted=_summary(rng) if kind is DocumentKind.SUMMARY else _plan(rng),
            submitted_at=_at(day),
            counted_on=day,
            created_at=_at(day - timedelta(days=20)),
        )


def _prose(rng: random.Random, paragraphs: int) -> dict[str, str]:
    return {"text": "\n".join(_text(rng, 3) for _ in range(paragraphs))}


def _summary(rng: random.Random) -> dict[str, Any]:
    figures = [
        {"name": f"{what}（第{at}季度）", "value": str(rng.randrange(10, 900)), "unit": unit}
        for what, unit in (("现场检查", "家次"), ("培训人员", "人次"), ("评价病例", "例"))
        for at in range(1, 5)
    ]
    budget = [
        {"name": what, "planned": f"{rng.randrange(5, 20) * 10_000}.00", "spent": "48000.00"}
        for what in ("培训", "督导检查", "会议", "信息系统", "专家劳务", "资料印刷")
    ]
    return {
        "goals": _prose(rng, 2),
        "work": _prose(rng, 6),
        "figures": {"rows": figures},
        "problems": _prose(rng, 3),
        "budget": {"rows": budget},
    }


def _plan(rng: random.Random) -> dict[str, Any]:
    items = [
        {
            "what": f"{rng.choice(DUTIES)}并形成专题报告",
            "owner": words.name(rng),
            "month": str(month),
        }
        for month in range(1, 13)
        for _ in range(2)
    ]
    return {"goals": _prose(rng, 2), "items": {"rows": items}}


def _keep(rng: random.Random, writer: Writer, center: int, host: int, year: int) -> None:
    file = writer.add(
        StoredFile,
        place=f"none/{words.code(rng)}{center}",
        name="制度.pdf",
        kind="pdf",
        size=1,
        sha256="0" * 64,
        organization_id=host,
        at=_at(date(year, 1, 5)),
    )
    for kind in InternalRuleKind:
        writer.add(
            InternalRule,
            center_id=center,
            kind=kind,
            title=f"质控中心{kind.value}管理办法（{year}年修订）",
            adopted_on=date(year - 1, 3, 1),
            review_on=date(year + 1, 3, 1),
            file_id=file,
            recorded_at=_at(date(year - 1, 3, 2)),
        )
    for month in (4, 10):
        writer.add(
            Visit,
            center_id=center,
            organization_id=host,
            visited_on=date(year, month, 12),
            participants=f"{words.name(rng)}、{words.name(rng)}、{words.name(rng)}",
            findings="\n".join(_text(rng, 2) for _ in range(2)),
            review_on=date(year, month + 2, 12),
            recorded_at=_at(date(year, month, 13)),
            recorded_by=1,
        )


# --- tasks, results ---


def _issue(
    rng: random.Random, writer: Writer, year: int, first: Any, person: int
) -> tuple[list[int], list[tuple[int, int]]]:
    """The tasks and rounds that all of them share."""
    tasks = [
        writer.add(
            AssignedTask,
            commission_id=first[4],
            title=title,
            text=_text(rng, 2),
            due_on=date(year, 3 * at, 25),
            assigned_at=_at(date(year, 3 * at - 2, 10)),
            assigned_by=person,
        )
        for at, title in enumerate(TASKS, start=1)
    ]
    rounds = []
    for about in range(year - RESULTS + 1, year + 1):
        day = date(about + 1, 1, 5)
        key = writer.add(
            Round,
            code=words.code(rng),
            kind=AssessmentKind.ANNUAL,
            year=about,
            title=f"{about}年度省级质控中心考核",
            place=first[2],
            organizer_id=first[4],
            rubric_id="zhejiang-annual",
            rubric_version="zhejiang-annual",
            self_from=day,
            self_until=day,
            score_until=day,
            pass_mark=Decimal(60),
            grades=[["优秀", "90"], ["良好", "75"], ["合格", "60"]],
            state=RoundState.PUBLISHED,
            created_at=_at(day),
        )
        rounds.append((key, about))
    writer.flush()
    return tasks, rounds


def _assign(rng: random.Random, writer: Writer, center: int, task: int, year: int) -> None:
    writer.add(
        CenterTask,
        code=words.code(rng),
        task_id=task,
        center_id=center,
        state=rng.choice((TaskState.DONE, TaskState.DONE, TaskState.NOT_DONE)),
        report="已按要求完成并报送。",
        reported_at=_at(date(year, 12, 1)),
    )


def _judge(
    rng: random.Random,
    writer: Writer,
    center: int,
    hosting: int,
    rounds: list[tuple[int, int]],
    at: int,
) -> None:
    rubric = get_rubric("zhejiang-annual")
    for key, about in rounds:
        share = Decimal(78 + (at * 7 + about) % 20) / 100
        items, groups, total = {}, {}, Decimal(0)
        for group in rubric.groups:
            points = Decimal(0)
            for item in () if group.is_bonus else group.items:
                given = (item.points * share).quantize(Decimal("0.01"))
                remark = rng.choice(words.SENTENCES)
                items[item.code] = {"score": str(given), "remarks": [remark]}
                points += given
            groups[group.name] = str(points)
            total += points
        writer.add(
            Assessment,
            code=words.code(rng),
            round_id=key,
            center_id=center,
            hosting_id=hosting,
            state=AssessmentState.FINAL,
            computed={},
            corrected={},
            total=total,
            grade="优秀" if total >= 90 else "良好" if total >= 75 else "合格",
            has_passed=True,
            result={"groups": groups, "items": items},
            published_at=_at(date(about + 1, 2, 1)),
            final_on=date(about + 1, 3, 1),
        )
