"""The workbooks of a district that begins, as people send them: 15 streets, 300 unions, 2,000 employers, 320 accounts."""

from random import Random

from tests.exchange.workbooks import credit_code, csv_of, xlsx_of

DISTRICT = "110102"
STREETS = [
    "西长安街", "新街口", "月坛", "展览路", "德胜", "金融街", "什刹海", "大栅栏", "天桥", "椿树", "陶然亭", "广安门内",
    "牛街", "白纸坊", "广安门外",
]  # fmt: skip
UNIONS, EMPLOYERS, ACCOUNTS = 300, 2_000, 320
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = [
    "伟",
    "芳",
    "秀英",
    "敏",
    "静",
    "丽丽",
    "强",
    "磊",
    "军",
    "洋",
    "勇",
    "艳",
    "杰",
    "娟",
    "涛",
    "明",
    "超",
    "秀兰",
    "霞",
    "平",
]
BAD_PHONES = {17: "1381234567", 63: "139 0000 00012", 128: "12012345678", 199: "13912E4567", 310: "无"}
"""Row of the accounts → what somebody typed into the column of numbers."""


def union_name(number: int) -> str:
    return f"北京第{number}商贸有限公司工会"


def person(rng: Random) -> str:
    return rng.choice(SURNAMES) + rng.choice(GIVEN)


def phone(number: int) -> str:
    """A number of its own for everybody, written as people write numbers."""
    digits = f"138{10_000_000 + number * 7919:08d}"
    return [digits, f"{digits[:3]}-{digits[3:7]}-{digits[7:]}", f"+86 {digits}", f"{digits[:3]} {digits[3:7]} {digits[7:]}"][
        number % 4
    ]


def plain_phone(number: int) -> str:
    return f"138{10_000_000 + number * 7919:08d}"


def unions() -> bytes:
    """Own unions, twenty a street, with a title row above the heads."""
    rows = [
        [number + 1, union_name(number), "单独建会", f"{STREETS[number % len(STREETS)]}街道总工会", "2012-05-01", f"西总工发〔2012〕{number + 1}号"]
        for number in range(UNIONS)
    ]  # fmt: skip
    heads = ["序号", "工会名称*", "类型", "上级工会", "批复日期", "批复文号"]
    return csv_of([["西城区基层工会名册（2026 年 11 月）"], heads, *rows], "gb18030")


def employers() -> bytes:
    """Employers with their streets."""
    heads = ["序号", "单位名称*", "统一社会信用代码", "所属街道", "职工人数（人）", "单位性质"]
    rows = [
        [number + 1, f"北京第{number}商贸有限公司", credit_code(number), f"{STREETS[number % len(STREETS)]}街道", number % 300 + 1, "私营企业"]
        for number in range(EMPLOYERS)
    ]  # fmt: skip
    return xlsx_of(heads, rows, "单位")


def accounts(count: int = ACCOUNTS, bad: dict[int, str] | None = None) -> bytes:
    """Two officers a street, then the chairs of the unions; five numbers are wrong unless others are named."""
    rng, wrong, rows = Random("day one 2026"), BAD_PHONES if bad is None else bad, []
    for number in range(count):
        is_officer = number < 2 * len(STREETS)
        street = STREETS[number % len(STREETS)]
        unit = f"{street}街道总工会" if is_officer else union_name((number - 30) % UNIONS)
        role, title = ("街道（系统）工会干部", "副主席") if is_officer else ("基层工会主席", "主席")
        rows.append(
            [number + 1, person(rng), wrong.get(number, phone(number)), unit, role, "", title, "请尽快开通" * (number == 5)]
        )
    heads = ["序号", "姓名", "手机号码", "所属工会", "系统角色", "部门", "职务", "备注"]
    return xlsx_of(heads, rows, "账号")
