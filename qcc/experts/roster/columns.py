"""The columns of a roster, what may stand in them, and how to say so."""

from datetime import date

from qcc.experts.identity import Sex
from qcc.experts.rules import PanelRole
from qcc.experts.titles import title_choices
from qcc.infra.spreadsheets.reading import CellValue
from qcc.infra.spreadsheets.table import Column, ColumnKind

SHEET_TITLE = "专家组名单"

ROLES = {
    "组长": PanelRole.HEAD,
    "副组长": PanelRole.DEPUTY_HEAD,
    "成员": PanelRole.MEMBER,
}
OTHER_ROLES = {
    "专家组组长": PanelRole.HEAD,
    "专家组副组长": PanelRole.DEPUTY_HEAD,
    "专家组成员": PanelRole.MEMBER,
    "组员": PanelRole.MEMBER,
    "专家": PanelRole.MEMBER,
    "委员": PanelRole.MEMBER,
}
GROUP_ROLES = {"组长": True, "成员": False}
OTHER_GROUP_ROLES = {"亚专业组组长": True, "亚专业组成员": False, "组员": False}
STANDINGS = ("专业负责人", "学术威望", "专业负责人和学术威望", "无")
HEALTH = ("健康", "良好", "一般或较弱", "有慢性病")

COLUMNS = (
    Column("name", "姓名", ("专家姓名",), help="与身份证件一致。", width=12),
    Column(
        "identity",
        "身份证号",
        ("身份证号码", "身份证", "公民身份号码"),
        required=False,
        kind=ColumnKind.CODE,
        help="18 位。填写后，出生日期和性别可以不填；没有的，请填写出生日期和性别。",
        width=22,
    ),
    Column(
        "birth_date",
        "出生日期",
        ("出生年月日", "出生年月", "生日"),
        required=False,
        kind=ColumnKind.DATE,
        help="须有年、月、日，如 1975-03-01。已填身份证号的可以不填；填写的须与身份证号一致。",
        width=14,
    ),
    Column("sex", "性别", required=False, help="男或女。已填身份证号的可以不填。", width=8),
    Column(
        "employer",
        "工作单位",
        ("单位", "所在单位", "单位名称"),
        help="单位全称，与公章一致。挂靠单位的曾用名也算挂靠单位。",
        width=30,
    ),
    Column("post", "职务", ("行政职务",), required=False, help="在本单位的职务，如科主任。"),
    Column(
        "title",
        "职称",
        ("专业技术职称", "专业技术职务", "技术职称"),
        help="如主任医师。有几个职称的，用顿号隔开，按最高的计算。",
        width=20,
    ),
    Column("specialty", "从事专业", ("专业",), help="如心血管内科。"),
    Column(
        "practised_since",
        "从事本专业起始日期",
        ("从事本专业起始时间", "从事专业起始日期", "开始从事本专业日期"),
        kind=ColumnKind.DATE,
        help="开始从事本专业工作的日期，须有年、月、日，如 2005-07-01。",
        width=20,
    ),
    Column(
        "standing",
        "专业负责人或学术威望",
        ("专业负责人/学术威望", "专业负责人或有较高学术威望", "学术威望"),
        help="在本单位担任相关专业负责人，或在本地区有较高的学术威望；可以写明具体情况。",
        width=26,
    ),
    Column("health", "健康状况", ("身体状况", "健康情况"), help="如健康。", width=14),
    Column(
        "role",
        "专家组职务",
        ("专家组任职",),
        required=False,
        help="组长、副组长或成员；不填的为成员。",
        width=12,
    ),
    Column(
        "group",
        "亚专业组",
        ("亚专业专家组", "亚专业"),
        required=False,
        help="设亚专业专家组的，填写组名；同一组的写法应一致。",
    ),
    Column(
        "group_role",
        "组内职务",
        ("亚专业组职务", "亚专业组内职务"),
        required=False,
        help="组长或成员；不填的为成员。组长计入本组人数。",
        width=12,
    ),
)
"""In the order of the template. Each of 身份证号 and 出生日期 may be missing, not both."""

CHOICES = {
    "sex": [sex.value for sex in Sex],
    "title": title_choices(),
    "standing": list(STANDINGS),
    "health": list(HEALTH),
    "role": list(ROLES),
    "group_role": list(GROUP_ROLES),
}
FREE_CHOICES = frozenset({"title", "standing", "health"})
"""Columns whose list helps, without forbidding other words."""

INSTRUCTIONS = (
    "每位专家一行，填在“专家组名单”工作表中；请勿改动表头。“示例”工作表仅供参考，不会被读取。",
    "身份证号一栏为文本格式。从别处粘贴时请选择“粘贴数值”，以免末几位变成 0。",
    "请勿使用公式；日期须写明年、月、日。",
    "名单整体导入：有一处填写错误的，全部不导入，错误之处会逐格指出。",
)

EXAMPLES: tuple[dict[str, CellValue], ...] = (
    {
        "name": "张示例",
        "identity": "000000197503010019",
        "employer": "示例市第一人民医院",
        "post": "心内科主任",
        "title": "主任医师、教授",
        "specialty": "心血管内科",
        "practised_since": date(2000, 7, 1),
        "standing": "专业负责人",
        "health": "健康",
        "role": "组长",
        "group": "冠心病组",
        "group_role": "组长",
    },
    {
        "name": "李示例",
        "birth_date": date(1980, 2, 29),
        "sex": "女",
        "employer": "示例县人民医院",
        "title": "副主任护师",
        "specialty": "心血管护理",
        "practised_since": date(2003, 8, 15),
        "standing": "学术威望",
        "health": "良好",
        "role": "成员",
        "group": "冠心病组",
        "group_role": "成员",
    },
)
"""Invented persons; no region has the code with which the identity number begins."""
