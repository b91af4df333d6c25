"""A street's firms as three authorities write them: on the register, in the tax office's workbook, in that of the register of legal persons.

Ten firms stand on all of them alike; ten stand in the register of legal persons under a name that may or may not be the same firm's; three
are known to nobody here yet.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook

from gonghui.areas.register.actions import EmployerRow, add_contact, enter_employers
from gonghui.areas.register.models import Employer
from gonghui.core.actions.door import acting
from tests.cast import LONG_AGO, SYSTEM, Cast
from tests.exchange.workbooks import credit_code


@dataclass(frozen=True)
class Known:
    """A firm of the register: by which number its code is made, name, address within the district, workers."""

    number: int
    name: str
    address: str
    workers: int

    @property
    def code(self) -> str:
        return credit_code(self.number)


@dataclass(frozen=True)
class Listed:
    """A firm as the register of legal persons has it, and whether whoever knows it takes it for the employer of that number."""

    name: str
    code: str
    address: str
    workers: int
    is_same: bool = True


ALIKE = (
    Known(1, "北京东来顺饮食文化有限公司", "王府井大街198号", 230),
    Known(2, "北京吴裕泰茶业销售有限公司", "东四北大街44号", 86),
    Known(3, "北京同升和鞋店有限公司", "王府井大街115号", 41),
    Known(4, "北京盛锡福帽业有限责任公司", "王府井大街196号", 58),
    Known(5, "北京中艺盛嘉文化艺术有限公司", "灯市口大街33号", 27),
    Known(6, "北京天伦王朝酒店管理有限公司", "王府井大街50号", 312),
    Known(7, "北京金鱼胡同物业管理有限公司", "金鱼胡同8号", 96),
    Known(8, "北京华龙街商业管理有限公司", "南河沿大街12号", 33),
    Known(9, "北京隆福广场商贸有限公司", "隆福寺街95号", 64),
    Known(10, "北京翠园餐饮管理有限公司", "王府井大街138号", 73),
)
DOUBTFUL = (
    Known(11, "北京瑞蚨祥绸布店有限责任公司", "王府井大街190号", 120),
    Known(12, "北京全聚德王府井烤鸭店有限公司", "帅府园胡同9号", 150),
    Known(13, "北京恒信达会计师事务所有限公司", "东安门大街23号", 45),
    Known(14, "北京睿诚人力资源服务有限公司", "东华门大街95号", 88),
    Known(15, "北京华信保安服务有限公司", "南池子大街18号", 140),
    Known(16, "北京锦程国际旅行社有限公司", "东安门大街55号", 52),
    Known(17, "北京百草堂药店有限公司", "东四南大街200号", 18),
    Known(18, "北京鸿运楼餐饮有限公司", "南河沿大街71号", 40),
    Known(19, "北京德润律师服务有限公司", "王府井大街99号", 29),
    Known(20, "北京嘉和印务有限公司", "大甜水井胡同3号", 34),
)
AS_LISTED = (
    Listed("北京瑞蚨祥丝绸有限责任公司", "", "王府井大街190号", 118),  # renamed
    Listed("北京全聚德王府井烤鸭店有限公司帅府园分公司", "", "帅府园胡同9号", 150, is_same=False),  # a branch
    Listed("北京恒信达税务师事务所有限公司", "", "东安门大街23号", 45, is_same=False),  # a sister at the same address
    Listed("北京睿诚人才服务有限公司", "", "东华门大街95号", 90),
    Listed("北京华信保安服务有限公司东华门分公司", "", "南池子大街18号", 35, is_same=False),
    Listed("北京锦程商务旅行社有限公司", "", "东安门大街55号", 50, is_same=False),
    Listed("北京百草堂大药房有限公司", "", "东四南大街200号", 19),
    Listed("北京鸿运楼酒家有限公司", "", "南河沿大街71号", 40),
    Listed("北京德润咨询服务有限公司", "", "王府井大街99号", 30, is_same=False),
    Listed("北京嘉和数码印务有限公司", "", "大甜水井胡同3号", 36),
)
STRANGERS = (
    Known(201, "北京数海智联科技有限公司", "东长安街10号", 46),
    Known(202, "北京清禾餐饮管理有限公司", "东安门大街88号", 47),
    Known(203, "北京晨光里托育服务有限公司", "北池子大街6号", 16),
)
DISTRICT = "北京市东城区"
STREET = "东华门街道"


def enter(cast: Cast) -> dict[str, Employer]:
    """Enters all firms that the street knows, with somebody to call at each: name → employer."""
    with acting(SYSTEM):
        rows = [
            EmployerRow(
                one.name,
                LONG_AGO,
                uscc=one.code,
                region=cast.street.region,
                headcount=one.workers,
                values={"address": f"{DISTRICT}{one.address}"},
            )
            for one in (*ALIKE, *DOUBTFUL)
        ]
        employers = enter_employers(cast.street, actor=SYSTEM, rows=rows)
        for number, one in enumerate(employers):
            add_contact(one, actor=SYSTEM, post="liaison", name="人事部", phone=f"1380010{number:04d}", since=LONG_AGO)
        return {one.name: one for one in employers}


# -- workbooks --------------------------------------------------------------------------------------------------

TAX_HEADS = (
    "纳税人识别号",
    "纳税人名称",
    "费款所属期",
    "缴费工资总额",
    "应缴金额",
    "实缴金额",
    "入库日期",
    "征收项目",
    "所属街道",
    "联系电话",
)
FIRM_HEADS = ("统一社会信用代码", "企业名称", "法定代表人", "住所", "所属街道", "行业门类", "从业人数", "登记状态")


def workbook(title: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A workbook with a title above its heads, as authorities send them."""
    book = Workbook()
    sheet = book.worksheets[0]
    for row in ([title], heads, *rows):
        sheet.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def tax_workbook(*months: str, firms: Sequence[Known] = (*ALIKE, *STRANGERS)) -> bytes:
    """What these firms have paid, a line for each of the months (2026-07 and so on)."""
    rows = [
        (
            one.code,
            one.name,
            month,
            9000 * one.workers,
            180 * one.workers,
            180 * one.workers,
            f"{month}-28",
            "工会经费",
            STREET,
            "",
        )
        for one in firms
        for month in months
    ]
    return workbook("税务代收工会经费明细", TAX_HEADS, rows)


def firm_workbook(firms: Sequence[Known] = (*ALIKE, *STRANGERS), listed: Sequence[Listed] = AS_LISTED) -> bytes:
    """What the register of legal persons says of these firms."""
    everything: list[Known | Listed] = [*firms, *listed]
    rows = [
        (one.code, one.name, "", f"{DISTRICT}{one.address}", STREET, "", one.workers, "存续（在营、开业、在册）")
        for one in everything
    ]
    return workbook("东城区法人单位名录", FIRM_HEADS, rows)


def written(place: Path, name: str, content: bytes) -> Path:
    """A file of this name to be chosen in the browser."""
    path = place / name
    path.write_bytes(content)
    return path
