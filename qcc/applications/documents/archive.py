"""The file of a competition (竞争评审档案) as one PDF with a table of contents."""

from collections.abc import Mapping
from typing import Any

from qcc.infra.pdf import paper_html
from qcc.infra.pdf.official import proof

CHAPTERS = (
    ("plan", "一、竞争方案"),
    ("opening", "二、申报与启封"),
    ("check", "三、形式审查"),
    ("reviewers", "四、评审专家"),
    ("presentations", "五、答辩安排"),
    ("result", "六、评分与结果"),
    ("decision", "七、决定与文书"),
    ("steps", "八、办理过程"),
)

STATES = {
    "asked": "待声明",
    "declared": "已签署回避声明",
    "lodged": "已提交评分",
    "conflicted": "申报回避",
    "released": "已解除",
}
OUTCOMES = {
    "submitted": "审核中",
    "returned": "退回补正",
    "accepted": "形式审查合格",
    "under_decision": "待决定",
    "approved": "已批准",
    "refused": "不予批准",
    "withdrawn": "已撤回",
}
ACTIONS = {
    "plan": "制定竞争方案",
    "open_first": "第一人签启",
    "open_second": "第二人签启，启封",
    "start_review": "开始评审",
    "close_review": "结束评审",
    "close_early": "提前结束评审",
    "decide_tie": "择定同分单位",
    "draw": "随机抽取",
    "choose": "选定",
    "declare": "签署回避声明",
    "report_conflict": "申报回避",
    "lodge": "提交评分",
    "release": "解除",
    "submit": "提交申请",
    "resubmit": "补正后重新提交",
    "withdraw": "撤回",
    "return": "退回补正",
    "accept": "形式审查合格",
    "propose": "报请决定",
    "send_back": "退回重新审核",
    "approve": "批准",
    "refuse": "不予批准",
}


def archive_html(content: Mapping[str, Any]) -> str:
    """Everything that is on record, chapter by chapter; scores with the dropped ones struck out."""
    applications = {entry["code"]: entry for entry in content["applications"]}
    return paper_html(
        "competition_archive",
        content=content,
        chapters=CHAPTERS,
        criteria={row[0]: row for row in content["plan"]["criteria"]},
        institutions={code: entry["institution"] for code, entry in applications.items()},
        reviewers={reviewer["code"]: reviewer["name"] for reviewer in content["reviewers"]},
        states=STATES,
        outcomes=OUTCOMES,
        actions=ACTIONS,
        **proof(content),
    )
