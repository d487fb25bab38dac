"""Invented names and texts of a realistic length, always the same for the same seed."""

import random

from qcc.demo.words import GIVEN, STATEMENTS, SURNAMES, reason, report
from qcc.infra.codes import ALPHABET, LENGTH

__all__ = ["STATEMENTS", "ability", "code", "name", "reason_text", "section_texts"]

SENTENCES = tuple(
    f"{subject}{verb}{amount}{end}"
    for subject in ("本学科近三年", "医院质量管理部门", "质控办公室", "专业学组", "信息系统")
    for verb in ("累计完成", "按季度组织", "牵头开展", "持续改进并通报")
    for amount in ("质量督导12次、专题培训6期，", "现场检查36家次，", "指标核查480项，")
    for end in (
        "覆盖全部成员单位，问题整改率达到96%以上，并形成年度分析报告报送主管部门备案。",
        "建立问题清单和责任清单，逐条落实整改时限和责任人，复查合格率逐年提高。",
        "结果纳入科室绩效考核，同质化水平明显提升，患者安全事件上报及时率保持在较高水平。",
    )
)


def code(rng: random.Random) -> str:
    """A name for an address, like the product's own."""
    return "".join(rng.choices(ALPHABET, k=LENGTH))


def name(rng: random.Random) -> str:
    """An invented person's name."""
    return rng.choice(SURNAMES) + rng.choice(GIVEN)


def _paragraphs(rng: random.Random, how_many: int) -> str:
    return "\n".join("".join(rng.sample(SENTENCES, 3)) for _ in range(how_many))


def section_texts(rng: random.Random, specialty: str, hospital: str) -> dict[str, str]:
    """A feasibility report: about 2,300 characters in eight sections."""
    opening = report(specialty, hospital)
    return {key: f"{text}\n{_paragraphs(rng, 1)}" for key, text in opening.items()}


def reason_text(rng: random.Random, specialty: str) -> str:
    """The reason on the form, which goes on over an attached page."""
    return f"{reason(specialty)}\n{_paragraphs(rng, 2)}"


def ability(rng: random.Random) -> str:
    """What is said of an executive deputy."""
    return f"长期从事本专业临床、教学和质量管理。{rng.choice(SENTENCES)}"
