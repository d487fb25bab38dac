"""What a person's declarations say in words: standing in the specialty, state of health.

Lists of names come with such words in a cell. What is plainly denied, empty or not understood
declares nothing.
"""

import re
import unicodedata

from qcc.experts.rules import Standing

_CLAUSES = re.compile(r"[,，;；。、/\n]+")
_BLANKS = re.compile(r"\s+")
_NO = r"无|否|没有|没|非|不是|不具备|未具备|不符合|未担任|不担任|不任|未任|×|x|n|no|-+|—+"
_HEAD_OR_PRESTIGE = (
    r"(在?本单位)?(担任)?(相关|本)?(专业|学科|科室)?负责人|(在?本地区)?(有|具有)?较?高?的?学术威望"
    r"|上述(条件|情况)|以上(条件|情况)"
)
_DENIED = re.compile(
    rf"(均|都|皆|两者均?|两者都|暂|暂时|目前)?({_NO})"
    rf"(({_HEAD_OR_PRESTIGE})(或|和|及|也无|亦无|且无|且非|亦非)?)*"
)
_PRESTIGE = re.compile(r"威望|学术|声望|声誉|学会|协会|委员|主委|会长|理事|院士|大师|名中医")
_HEAD = re.compile(r"负责|主任(?!委)|主管|科长|院长|带头人|护士长|组长")

_WELL = re.compile(
    r"(本人|目前|现)?(身体|体质|健康)?(状况|情况|状态)?(很|较为?|比较)?"
    r"(健康或良好|健康良好|健康|良好|体健|优良|优|良|佳|好|正常|合格|是|√|y|yes)"
    r"|体检(结果)?(均)?(合格|正常|健康|良好)"
    r"|无(重大|慢性|传染性?|其他|严重|任何|精神){0,2}(疾病|病史|疾患|异常|病)"
    r"|(能|可|能够|完全能)?(够|以)?(完全)?(胜任|坚持|正常|承担|适应).{0,8}(工作|职责|岗位)"
)
_UNWELL = re.compile(
    r"(身体|体质|健康)?(状况|情况|状态)?(一般|较弱|一般或较弱|较差|差|不佳|不好|不健康|欠佳|否)"
    r"|.*(慢性病|疾病|残疾|患有|患病|病假|手术|高血压|糖尿病|肿瘤|癌).*"
)


def read_standing(text: str) -> frozenset[Standing]:
    """On what the standing rests that the text states; anything but a denial states some."""
    found: set[Standing] = set()
    for clause in _clauses(text):
        if _DENIED.fullmatch(clause):
            continue
        if _PRESTIGE.search(clause):
            found.add(Standing.REGIONAL_PRESTIGE)
        if _HEAD.search(clause) or not _PRESTIGE.search(clause):
            found.add(Standing.UNIT_HEAD)
    return frozenset(found)


def read_health(text: str) -> bool | None:
    """Whether the text declares good health: True, False, or None if it is not understood.

    An empty text declares nothing, which is False. Each clause has to speak for good health.
    """
    clauses = _clauses(text)
    if any(_UNWELL.fullmatch(clause) and not _WELL.fullmatch(clause) for clause in clauses):
        return False
    if clauses and not all(_WELL.fullmatch(clause) for clause in clauses):
        return None
    return bool(clauses)


def _clauses(text: str) -> list[str]:
    plain = _BLANKS.sub("", unicodedata.normalize("NFKC", text)).casefold()
    return [clause for clause in _CLAUSES.split(plain) if clause]
