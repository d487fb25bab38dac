"""The annual report of a center (年度报告) as a PDF: its year, chapter by chapter, with charts."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from qcc.evaluations.rules.annual_report import CenterYear, Duty, Result
from qcc.evaluations.rules.documents import DocumentKind, budget_of
from qcc.infra.pdf import PdfLimits, charts, paper_html, render_pdf
from qcc.infra.pdf.charts import Cell, Share
from qcc.kernel.dates import chinese_date

LIMITS = PdfLimits(seconds=240, megabytes=2048)
"""A report has some thirty pages and is made while nobody waits before the screen."""

KINDS = {"quality_control": "医疗质量控制中心", "technical_guidance": "医疗技术指导中心"}
LEVELS = {"nation": "国家级", "province": "省级", "city": "市级", "county": "县级"}
STATES = {
    "planned": "拟设立",
    "in_call": "申报中",
    "under_designation": "指定中",
    "established": "运行中",
    "rectifying": "限期整改中",
    "vacant": "暂无挂靠单位",
    "closed": "已撤销",
}
POSTS = {
    "director": "主任",
    "executive_deputy": "常务副主任",
    "deputy": "副主任",
    "secretary": "联络秘书",
}
ROLES = {"head": "组长", "deputy_head": "副组长", "member": "成员"}
PANEL_STATES = {
    "approved": "已批准，待备案",
    "filed": "已备案",
    "expiring": "任期将满",
    "expired": "任期届满",
    "dissolved": "已解散",
}
MODES = {"in_person": "现场", "online": "线上", "hybrid": "现场与线上"}
MONTHS = {
    "held": ("已召开", charts.GREEN),
    "late": ("纪要迟", charts.AMBER),
    "minutes_missing": ("缺纪要", charts.AMBER),
    "missed": ("未召开", charts.RED),
    "not_due": ("—", charts.GREY),
}
DUTIES = {
    "open": ("办理中", charts.PALE),
    "done": ("已办待确认", charts.AMBER),
    "accepted": ("已完成", charts.GREEN),
    "dropped": ("不再办理", charts.GREY),
}
TASKS = {
    "assigned": ("办理中", charts.PALE),
    "reported": ("已报待评定", charts.AMBER),
    "done": ("已完成", charts.GREEN),
    "not_done": ("未完成", charts.RED),
}
DOCUMENTS = {DocumentKind.SUMMARY: "年度工作总结", DocumentKind.NEXT_PLAN: "年度工作计划"}
STANDINGS = {
    "not_due": "尚未提交",
    "in_time": "按时提交",
    "late": "逾期提交",
    "correcting": "退回修改中",
    "missing": "逾期未提交",
}
RULES = {
    "meetings": "例会制度",
    "assessment": "考核评价制度",
    "information_security": "信息安全制度",
    "funds": "经费使用制度",
}
RECTIFICATIONS = {
    "issued": "已下达，待制定整改计划",
    "underway": "整改中",
    "handed_in": "已提交，待复核",
    "closed": "整改完成",
}
EFFECTS = {"": "—", "effective": "有效", "partly": "部分有效", "ineffective": "无效"}
ASSESSMENTS = {"annual": "年度考核", "debrief": "述职评价"}
SECTIONS = {
    "goals": "工作目标",
    "work": "完成的工作",
    "figures": "年度数据",
    "problems": "存在的问题",
    "budget": "经费预算与执行",
    "items": "工作安排",
}
NO_RECORD = "无记录。"
HELD = ("held", "late", "minutes_missing")


def html(year: CenterYear) -> str:
    """The report as one self-contained document; the same year gives the same words."""
    return paper_html(
        "annual_report",
        y=year,
        p=year.profile,
        host=year.profile.host_on(year.on),
        figures=_figures(year),
        charts=_charts(year),
        trainings=year.trainings,
        summary=year.document(DocumentKind.SUMMARY, year.year),
        plan=year.document(DocumentKind.NEXT_PLAN, year.year),
        next_plan=year.document(DocumentKind.NEXT_PLAN, year.year + 1),
        words=WORDS,
        no_record=NO_RECORD,
        day=_day,
        budget_of=budget_of,
        money=lambda value: f"{value:,.2f}",
    )


def pdf(year: CenterYear) -> bytes:
    """The report as a file; raises PdfError."""
    return render_pdf(html(year), limits=LIMITS)


def _day(day: date | None) -> str:
    return chinese_date(day) if day else "—"


WORDS = {
    "kinds": KINDS,
    "levels": LEVELS,
    "states": STATES,
    "posts": POSTS,
    "roles": ROLES,
    "panel_states": PANEL_STATES,
    "modes": MODES,
    "documents": DOCUMENTS,
    "standings": STANDINGS,
    "rules": RULES,
    "rectifications": RECTIFICATIONS,
    "effects": EFFECTS,
    "assessments": ASSESSMENTS,
    "sections": SECTIONS,
    "duties": {key: word for key, (word, _color) in {**DUTIES, **TASKS}.items()},
}


def _figures(year: CenterYear) -> list[tuple[str, str, str]]:
    """The year at a glance: what, how much, of how much."""
    owed = [month for month in year.months if month != "not_due"]
    held = sum(month in HELD for month in owed)
    actions = [duty for duty in year.actions if duty.state != "dropped"]
    done = sum(duty.state == "accepted" for duty in actions)
    tasks = sum(duty.state == "done" for duty in year.tasks)
    panel, results = year.panel, year.own_results
    return [
        (
            "召开调度会议",
            f"{len(year.meetings)} 次",
            f"应召开 {len(owed)} 个月，已召开 {held} 个月",
        ),
        ("会议任务完成", f"{done} 项", f"共 {len(actions)} 项"),
        ("指令性任务完成", f"{tasks} 项", f"共 {len(year.tasks)} 项"),
        (
            "专家组成员",
            f"{len(panel.members)} 人" if panel else "无记录",
            f"挂靠单位 {panel.from_host} 人" if panel else "",
        ),
        ("接受督导检查", f"{len(year.visits)} 次", ""),
        (
            "考核结果",
            f"{results[-1].total} 分" if results else "尚未公布",
            _verdict(results[-1]) if results else "",
        ),
    ]


def _verdict(result: Result) -> str:
    """How it came out; a result that may still be appealed against says so."""
    words = result.grade or ("达标" if result.has_passed else "不达标")
    return words if result.is_final else f"{words}（未生效）"


def _charts(year: CenterYear) -> dict[str, Markup]:
    panel = year.panel
    found = {
        "months": charts.months([Cell(*MONTHS[month]) for month in year.months]),
        "actions": _by_state(year.actions, DUTIES),
        "tasks": _by_state(year.tasks, TASKS),
        "attendance": charts.bars(
            [(f"{m.held_on.month}月{m.held_on.day}日", m.attended) for m in year.meetings],
            label=22,
            unit="人",
        ),
        "course": _course(year),
        "groups": charts.shares(
            [(n, float(p), float(w)) for n, p, w in year.own_results[-1].groups]
            if year.own_results
            else []
        ),
    }
    if panel is None:
        return found
    others = len(panel.members) - panel.from_host
    return found | {
        "host": charts.strip(
            [
                Share("挂靠单位专家", panel.from_host, charts.BLUE),
                Share("其他单位专家", others, charts.PALE),
            ],
            unit="人",
        ),
        "ages": charts.bars(panel.ages, unit="人", label=30),
        "titles": charts.bars(panel.by("title"), unit="人", label=30),
        "employers": charts.bars(panel.by("employer"), unit="人", label=62),
        "cities": charts.bars(panel.by("city"), unit="人", label=30),
    }


def _by_state(duties: Sequence[Duty], words: dict[str, tuple[str, str]]) -> Markup:
    counts = Counter(duty.state for duty in duties)
    return charts.strip(
        [Share(word, counts[state], color) for state, (word, color) in words.items()], unit="项"
    )


def _course(year: CenterYear) -> Markup:
    """Totals of the yearly assessments, of each year the last."""
    annual = {r.year: r for r in year.results if r.kind == "annual"}
    if not annual:
        return Markup()
    last = annual[max(annual)]
    points = [(f"{at}年", float(each.total)) for at, each in sorted(annual.items())]
    most = max(float(last.most), *(value for _word, value in points))
    mark = float(last.pass_mark) if last.pass_mark is not None else None
    return charts.course(points, most, mark)
