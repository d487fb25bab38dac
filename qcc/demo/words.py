"""Invented people and plausible text for the demo. Nobody here exists."""

from collections.abc import Iterator
from datetime import date
from itertools import product

SURNAMES = "沈吴陆方汤俞褚钟倪金钱施祝章屠蒋谢费蔡潘"
GIVEN = (
    "一鸣", "若溪", "思源", "子衿", "云帆", "清扬", "知远", "书瑶", "景行", "念慈",
    "允中", "嘉禾", "望舒", "明澈", "以宁", "静姝", "怀瑾", "博雅", "修远", "如珩",
    "致和", "安澜", "乐山", "听雨", "存真", "方正", "雪松", "立言", "秉文", "惠风",
    "予安", "星野", "南乔", "北辰", "青禾", "采薇", "沐阳", "长庚", "令仪", "其琛",
    "维桢", "守拙", "亦然", "问渠", "鹿鸣", "疏影", "砚秋", "临川", "溯源", "介石",
)  # fmt: skip


def names() -> Iterator[str]:
    """Invented names, no two the same, mixed so that neighbours do not look alike."""
    pairs = list(product(range(len(SURNAMES)), range(len(GIVEN))))
    size = len(pairs)
    pairs.sort(key=lambda pair: (pair[0] * 7 + pair[1] * 11) % size)
    for surname, given in pairs:
        yield SURNAMES[surname] + GIVEN[given]


def birth_date(number: int) -> date:
    """A birth date for the number-th invented person: between 36 and 58 years of age in 2026."""
    return date(1968 + number % 22, 1 + number * 5 % 12, 1 + number * 7 % 28)


def report(specialty: str, hospital: str) -> dict[str, str]:
    """Texts for the sections of a feasibility report."""
    return {
        "hospital_profile": f"{hospital}为综合实力较强的医疗机构，编制床位充足，年门急诊量、出院人次和"
        f"手术台次保持平稳增长。医院设有独立的质量管理部门，多年承担区域内{specialty}专业质控工作。",
        "academic_standing": f"{specialty}学科为省级重点学科，参与多项省级技术规范和质量标准的制订，在省内"
        "同专业中具有较大影响力。",
        "staff_structure": "学科现有高级职称人员24名、中级职称人员31名，其中博士学历占35%，年龄结构合理，"
        "学科带头人长期从事本专业临床与质量管理工作。",
        "construction_equipment": "学科设有独立病区和质控办公室，配备本专业诊疗与监测所需的主要设备，"
        "信息系统可按月提取质控指标。",
        "service_capability": f"近三年{specialty}专业服务量稳步增长，疑难病例占比逐年提高，主要质量指标优于"
        "省内平均水平，未发生重大医疗质量安全事件。",
        "quality_control": "一、质控要求：执行国家和省级质控指标。二、工作程序：按月收集、按季分析、半年反馈、"
        "年度评价。三、规章制度：建立例会、考核评价、信息安全、经费使用等内部管理制度。四、工作计划：首年完成"
        "全省本专业质量现状调研，建立质控网络和指标体系。五、预期目标：两年内实现全省质控网络全覆盖。",
        "head_qualification": "拟任主任为医院分管领导，具有多年医疗质量管理经验；拟任常务副主任为本院学科带头人，"
        "在本领域有较高的学术威望，熟悉本专业医疗质量管理的法律法规和技术规范。",
        "support_funding": "医院提供独立办公室2间，配备专职秘书1名、兼职人员3名，每年安排专项经费30万元，保障"
        "工作人员的质控工作时间和外出学习交流机会。",
    }


def reason(specialty: str) -> str:
    """The reason on the form."""
    return (
        f"我院{specialty}专业综合实力较强，质量管理体系完善，近三年未发生重大医疗质量安全事件。"
        "医院高度重视医疗质量，愿意提供办公场所、设备、经费和人员保障，承担“中心”挂靠工作，"
        "带动全省本专业医疗质量同质化和持续改进。"
    )


STATEMENTS = {
    "grade": "我院为三级甲等医院。",
    "specialty_strength": "本专业为省级重点学科，综合实力在省内具有明显优势和影响力，证明材料见附件。",
    "quality_system": "已建立院、科两级质量管理体系和诊疗技术规范，近三年质量指标持续改进，材料见附件。",
    "no_major_incident": "近3年未发生重大医疗质量安全事件。",
    "resources": "已落实办公场所2间、专项经费每年30万元、专兼职人员4名，见院长办公会纪要。",
    "other": "承诺遵守省卫生健康委要求的其他条件。",
}
