"""From two lists to a founded union by the pages alone, as the district, a street at its desk and the same street at the door take the way;
and how a list that was loaded is taken back. In Chromium.

GONGHUI_TEST_SHOTS names a directory for pictures.
"""

import re
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from gonghui.areas.register.models import Coverage, Employer
from gonghui.areas.unionbuilding.models import Attempt, Claim, Difference, Edition, Entry, Finding, Match, Prospect, Verdict
from gonghui.areas.unionbuilding.tests import journey
from gonghui.areas.unionbuilding.tests.fieldwork import WHY
from gonghui.areas.unionbuilding.tests.test_field_in_browser import PIXEL
from gonghui.core.actions.door import acting
from tests.browser import browser, let_sign_in, needs_chromium, sign_in
from tests.cast import SYSTEM, found_cast
from tests.exports.test_bulk import work
from tests.portal.test_in_browser import faults, pictured

pytestmark = [needs_chromium, pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DESK: ViewportSize = {"width": 1366, "height": 768}
PHONE: ViewportSize = {"width": 375, "height": 812}
HOTEL = "北京天伦王朝酒店管理有限公司"  # pays though it has no union
CAFE = "北京清禾餐饮管理有限公司"  # on no register before the list


class Officer:
    """Somebody of the cast at a browser of his own; `errors` is what its console has said."""

    def __init__(self, chromium: Browser, address: str, name: str, viewport: ViewportSize = DESK) -> None:
        self.address, self.errors = address, list[str]()
        self.page = chromium.new_context(viewport=viewport, accept_downloads=True).new_page()
        self.page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        sign_in(self.page, address, name)

    @property
    def main(self) -> Locator:
        """The page without its frame."""
        return self.page.locator("main")

    def opens(self, name: str) -> None:
        """Follows a link of the page."""
        self.main.get_by_role("link", name=name).first.click()
        self.page.wait_for_load_state()

    def takes_up(self, title: str) -> None:
        """Opens what waits for him in the to-do list."""
        self.page.goto(f"{self.address}/")
        self.opens(title)

    def next(self, step: str) -> None:
        """Goes on with the step that the page says comes next."""
        block = self.main.locator(".block")
        expect(block).to_contain_text(f"下一步：{step}")
        block.locator("a.btn-primary").click()
        self.page.wait_for_load_state()

    def sends(self, button: str, said: str, **fields: str) -> None:
        """Fills a form in and sends it; reads what the next page says."""
        for label, value in fields.items():
            self.page.get_by_label(label).fill(value)
        self.main.get_by_role("button", name=button, exact=True).click()
        expect(self.main.get_by_text(said).first).to_be_visible()


# -- lists ------------------------------------------------------------------------------------------------------


def loads(officer: Officer, kind: str, file: Path, lines: int) -> None:
    """Loads a workbook from the page of lists and opens the edition that it has become; before that nothing is written."""
    officer.page.get_by_role("link", name="名单比对", exact=True).click()
    officer.main.locator("summary").filter(has_text="载入名单").click()
    officer.opens(kind)
    is_loaded_again(officer, file, lines)


def is_loaded_again(officer: Officer, file: Path, lines: int) -> None:
    """From the page that asks for the file."""
    before = editions()
    officer.page.get_by_label("文件").set_input_files(file)
    officer.sends("上传", "每一列导入到哪里")
    officer.sends("下一步：核对", "现在还没有写入。")
    for counted in (rf"新增\s*{lines}\s*建立", r"错误\s*0\s*不"):
        expect(officer.page.locator("#batch-counts")).to_contain_text(re.compile(counted))
    assert editions() == before
    officer.sends(f"导入无误的 {lines} 行", "已导入")
    officer.opens("打开这份名单")


def compares(officer: Officer) -> None:
    """Compares the edition on the page with the register, and stays on the page, which notices by itself that the job is done."""
    officer.next("与单位名册比对")
    officer.sends("与单位名册比对", "正在把")
    with ThreadPoolExecutor(1) as pool:  # Playwright's event loop runs in this thread
        pool.submit(work).result()
    expect(officer.main.locator(".chip").get_by_text("已比对")).to_be_visible(timeout=15_000)


def tallies(page: Page) -> dict[str, int]:
    """What the page of an edition counts, without what there is none of."""
    texts = [text.split() for text in page.locator(".fig").all_inner_texts()]
    return {words[0]: int(words[-1]) for words in texts if words[-1] != "0"}


def opens_tally(officer: Officer, label: str) -> None:
    """Opens the rows behind a count of an edition."""
    officer.page.locator(".fig").filter(has_text=label).locator("a.v").click()
    officer.page.wait_for_load_state()


def does(officer: Officer, step: str, *names: str) -> None:
    """Takes a verb on these rows of the list on the page, after its dry run; on all of them where none is named."""
    boxes = [officer.page.get_by_label(f"选中 {name}") for name in names] or [
        officer.page.locator("thead input[type=checkbox]")
    ]
    for box in boxes:
        box.check()
    count = len(names) or officer.page.locator("tbody tr").count()
    officer.page.get_by_role("form", name="批量办理").get_by_role("button", name=step).click()
    officer.sends("试算", f"试算：{count} 条可以，0 条不可以。")
    officer.sends(f"办理这 {count} 条", f"已办 {count} 条，0 条没有办。")


def stored(model: Any, **which: Any) -> Any:
    """Rows as the database has them, for the test's own comparison."""
    return model.objects.unscoped(WHY).filter(**which)


def editions() -> int:
    """How many lists there are."""
    with acting(SYSTEM):
        count: int = stored(Edition).count()
        return count


def decides_by_keys(officer: Officer) -> None:
    """Goes through the ten unsure pairs without a mouse; each key brings the next pair without another page."""
    page, pair = officer.page, officer.page.locator("#pair")
    same = {one.name: one.is_same for one in journey.AS_LISTED}
    page.evaluate("window.stays = true")
    for left in range(len(same), 0, -1):
        expect(officer.main.get_by_text(f"第 1 / {left} 对")).to_be_visible()
        name = pair.get_by_role("link").first.inner_text()
        expect(pair).to_contain_text("地址相同")
        expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
        page.keyboard.press("s" if same.pop(name) else "n")
        expect(pair.get_by_role("link", name=name, exact=True)).to_have_count(0)
    expect(officer.main.get_by_text("没有待判的比对")).to_be_visible()
    assert page.evaluate("window.stays")
    assert same == {}


# -- in the field -----------------------------------------------------------------------------------------------


def claims_and_calls(officer: Officer) -> None:
    """From the to-do list to the claim, and from there to the call desk, where one key says that somebody was reached."""
    page = officer.page
    officer.takes_up("待认领的建会对象")
    expect(officer.main.locator("tbody tr")).to_have_count(len(journey.ALIKE))
    officer.opens(HOTEL)
    page.get_by_role("link", name="打开全页").click()
    officer.next("认领")
    officer.sends("认领", "已认领")
    expect(officer.main.get_by_text("东华门街道总工会 认领，到")).to_be_visible()
    officer.takes_up("现在要打的电话")
    page.keyboard.press("1")
    expect(page.locator("#call h2")).to_have_text(HOTEL)
    expect(page.locator("[data-number]")).to_have_text("13800100005")
    pictured(page, "journey-call")
    page.keyboard.press("1")
    expect(officer.main.get_by_text("现在没有要打的电话")).to_be_visible()


def verifies_at_the_door(officer: Officer, photo: Path) -> None:
    """On a telephone: what he saw, how many work there, a photo of the door."""
    page = officer.page
    page.goto(f"{officer.address}/unionbuilding/?mine=1")
    assert faults(page, "zh-hans") == []
    officer.opens(HOTEL)
    officer.next("核实")
    assert faults(page, "zh-hans") == []
    officer.opens("在此正常经营")
    page.get_by_label("照片").set_input_files(photo)
    pictured(page, "journey-verify")
    assert faults(page, "zh-hans") == []
    officer.sends("在此正常经营", "已登记核实结论", 所见职工人数="305", 说明="三层办公，见到人事经理")
    assert faults(page, "zh-hans") == []
    expect(officer.main.get_by_role("link", name="照片")).to_be_visible()
    pictured(page, "journey-verified")


def wins_over(officer: Officer) -> None:
    """Talks to the firm until it agrees."""
    officer.takes_up("已核实，待谈建会")
    officer.opens(HOTEL)
    officer.page.get_by_role("complementary").get_by_role("link", name="沟通").click()
    officer.sends("沟通", "下一步：同意筹备", 和谁谈的="总经理同意，派人事经理筹备")
    officer.next("同意筹备")
    officer.sends("同意筹备", "下一步：批复筹备")


# -- to the union -----------------------------------------------------------------------------------------------

PLAN = {"筹备组组长": "刘敏", "会员人数": "20", "女职工人数": "8", "委员会名额": "3", "批复文号": "东华门工发〔2026〕21号"}
STANDING = (
    ("刘敏", "女", "工会主席", "18"),
    ("赵强", "男", "工会委员", "17"),
    ("孙浩", "男", "工会委员", "16"),
    ("周婷", "女", "工会委员", "9"),  # less than half of those due
    ("吴刚", "男", "经审委员", "18"),
    ("郑洁", "女", "女职工委员", "18"),
)


def founds(officer: Officer) -> None:
    """From agreement to the union, each step as the page names it; what is missing leads to where it is mended."""
    officer.takes_up(f"批复筹备：{HOTEL}")
    officer.next("批复筹备")
    officer.sends("批复筹备", "已批复筹备，批复已生成", **PLAN)
    expect(officer.main.locator(".block")).to_contain_text("还差 4 项")
    for name, sex, post, _votes in STANDING:
        officer.opens("登记候选人" if name == "周婷" else "补登候选人")
        officer.page.get_by_label(sex, exact=True).check()
        officer.page.get_by_label("拟任职务").select_option(label=post)
        officer.sends("登记候选人", "已登记候选人", 姓名=name)
    officer.next("审核候选人")
    officer.sends("审核候选人", "候选人已审核")
    officer.next("登记选举")
    votes = {f"{name}（{post}）得票": count for name, _sex, post, count in STANDING}
    officer.sends("登记选举", "选举已登记", 实到人数="19", **votes)
    expect(officer.main.get_by_role("row", name="周婷")).to_contain_text("未当选")
    officer.next("批复选举结果")
    officer.sends("批复选举结果", "已批复选举结果，批复已生成", 批复文号="东华门工发〔2026〕24号")
    letter = letter_of(officer, "选举结果批复")
    assert f"关于{HOTEL}工会选举结果的批复" in letter
    assert "东华门工发〔2026〕24号" in letter
    assert "刘敏" in letter
    assert "周婷" not in letter
    officer.takes_up(f"建会：{HOTEL}")
    officer.next("建会")
    officer.sends("建会", "已建会并覆盖本单位")
    expect(officer.main.get_by_role("link", name=f"{HOTEL}工会")).to_be_visible()
    pictured(officer.page, "journey-founded")


def letter_of(officer: Officer, kind: str) -> str:
    """The text of a letter that was drawn up, out of the Word document as it is downloaded."""
    officer.main.locator("table").get_by_role("link", name=kind).click()
    with officer.page.expect_download() as download:
        officer.main.get_by_role("button", name="下载").click()
    assert download.value.suggested_filename.endswith(".docx")
    with zipfile.ZipFile(download.value.path()) as document:
        return re.sub(r"<[^>]+>", "", document.read("word/document.xml").decode())


def reads_the_rate(officer: Officer) -> None:
    """What the union has changed, in one click from the rate; the firm is named, and so are those that came to the register."""
    officer.takes_up("11.54%")
    officer.opens("怎么变的")
    expect(officer.page.get_by_role("heading", name="建会率从 8.70% 到 11.54%")).to_be_visible()
    expect(officer.main.get_by_role("row", name="新增建会")).to_contain_text(HOTEL)
    expect(officer.main.get_by_role("row", name="入册")).to_contain_text(CAFE)
    officer.opens("+1")
    expect(officer.main.locator("tbody tr")).to_have_count(1)
    expect(officer.main.locator("tbody tr")).to_contain_text(HOTEL)


def test_from_two_lists_to_a_founded_union(live_server: Any, tmp_path: Path) -> None:
    cast = found_cast()
    employers = journey.enter(cast)
    for name in ("department_officer", "street_officer"):
        let_sign_in(cast.users[name])
    tax = journey.written(tmp_path, "税务代收2026年三季度.xlsx", journey.tax_workbook("2026-07", "2026-08", "2026-09"))
    firms = journey.written(tmp_path, "法人单位名录.xlsx", journey.firm_workbook())
    with browser() as chromium:
        district, desk = (Officer(chromium, live_server.url, name) for name in ("department_officer", "street_officer"))
        expect(desk.page.get_by_role("link", name="8.70%")).to_be_visible()
        loads(district, "税务代收名单", tax, 3 * (len(journey.ALIKE) + len(journey.STRANGERS)))
        district.takes_up("名单待比对：税务代收名单")
        compares(district)
        assert tallies(district.page) == {"自动对上": 10, "没有对上": 3, "缴工会经费而未建会": 10, "已建会而未缴费": 2}
        opens_tally(district, "缴工会经费而未建会")
        does(district, "列为建会对象")

        loads(district, "法人登记名单", firms, 23)
        compares(district)
        assert tallies(district.page) == {"自动对上": 10, "待判": 10, "没有对上": 13}
        district.takes_up("名单比对待判：法人登记名单")
        decides_by_keys(district)
        district.opens("法人登记名单")
        assert tallies(district.page) == {"自动对上": 10, "人工确认": 5, "不是同一家": 5, "没有对上": 8}
        opens_tally(district, "没有对上")
        does(district, "入册", *(one.name for one in journey.STRANGERS))

        claims_and_calls(desk)
        (tmp_path / "door.png").write_bytes(PIXEL)
        door = Officer(chromium, live_server.url, "street_officer", PHONE)
        verifies_at_the_door(door, tmp_path / "door.png")
        wins_over(desk)
        founds(desk)
        reads_the_rate(desk)
        district.page.goto(f"{live_server.url}/imports/")
        district.opens(tax.name)
        district.opens("撤销导入")
        district.sends("撤销导入", f"“{HOTEL}”在导入之后又办过事，不能整批撤销")
        assert [*district.errors, *desk.errors, *door.errors] == []
    with acting(SYSTEM):
        decided = set(stored(Verdict, decided_by=cast.users["department_officer"]).values_list("name", "is_same"))
        assert decided >= {(one.name, one.is_same) for one in journey.AS_LISTED}
        prospect = stored(Prospect, employer=employers[HOTEL]).get()
        assert (prospect.state, stored(Claim, prospect=prospect).get().organisation) == ("founded", cast.street)
        assert [one.result for one in stored(Attempt, prospect=prospect).order_by("pk")] == ["reached", "met"]
        assert stored(Finding, prospect=prospect, headcount=305, photo__isnull=False).exists()
        covering = stored(Coverage, employer=employers[HOTEL], valid__upper_inf=True).get().organisation
        assert (covering.name, covering.kind, covering.parent) == (f"{HOTEL}工会", "own", cast.street)


# -- taking a list back -----------------------------------------------------------------------------------------


def changed_firms() -> bytes:
    """The same register half a year later: one firm has gone, one bears another name, one has moved, one has grown past a hundred, three
    are new, and one may be the draper's."""
    firms = {one.number: one for one in journey.ALIKE}
    del firms[10]
    firms[1] = replace(firms[1], name="北京东来顺集团有限责任公司")
    firms[2] = replace(firms[2], address="东四北大街46号")
    firms[3] = replace(firms[3], workers=120)
    return journey.firm_workbook((*firms.values(), *journey.STRANGERS), journey.AS_LISTED[:1])


DIFFERENCES = {"新出现": 4, "不再出现": 1, "地址或街道变了": 1, "更名": 1, "职工人数跨档": 1}


def takes_over(officer: Officer) -> None:
    """Decides the unsure pair, takes the numbers of workers over, enters the new firms and makes prospects of them."""
    edition = officer.page.url
    officer.next("逐对判定")
    officer.page.keyboard.press("y")
    expect(officer.main.get_by_text("没有待判的比对")).to_be_visible()
    officer.page.goto(edition)
    officer.opens("采用名单的职工人数")
    officer.sends("采用名单的职工人数", "已采用")
    opens_tally(officer, "没有对上")
    does(officer, "入册")
    officer.page.goto(edition)
    opens_tally(officer, "新出现")
    does(officer, "列为建会对象", *(one.name for one in journey.STRANGERS))


def holdings() -> dict[str, Any]:
    """What lists have brought: how many rows there are of each kind, and the workers of the firm that has grown."""
    kinds = (Edition, Entry, Difference, Match, Prospect, Employer)
    with acting(SYSTEM):
        found: dict[str, Any] = {kind.__name__: stored(kind).count() for kind in kinds}
        return found | {"workers": stored(Employer).get(name="北京同升和鞋店有限公司").headcount}


def test_a_list_is_taken_back_with_all_that_it_brought_and_loaded_again(live_server: Any, tmp_path: Path) -> None:
    cast = found_cast()
    journey.enter(cast)
    let_sign_in(cast.users["department_officer"])
    first = journey.written(tmp_path, "法人单位名录上半年.xlsx", journey.firm_workbook(journey.ALIKE, ()))
    second = journey.written(tmp_path, "法人单位名录下半年.xlsx", changed_firms())
    with browser() as chromium:
        officer = Officer(chromium, live_server.url, "department_officer")
        page = officer.page
        loads(officer, "法人登记名单", first, 10)
        compares(officer)
        before = holdings()
        loads(officer, "法人登记名单", second, 13)
        assert tallies(page) == DIFFERENCES
        compares(officer)
        matched = tallies(page)
        assert matched == DIFFERENCES | {"自动对上": 9, "待判": 1, "没有对上": 4}
        takes_over(officer)
        after = holdings()
        assert (after["Prospect"], after["Employer"], after["workers"]) == (3, before["Employer"] + 3, 120)

        page.goto(f"{live_server.url}/imports/")
        officer.opens(second.name)
        officer.opens("撤销导入")
        officer.sends("撤销导入", "已撤销，名册和导入前一样")
        assert holdings() == before
        reads_nothing_of_it(officer)

        page.goto(f"{live_server.url}/imports/")
        officer.opens(second.name)
        officer.opens("再传一次")
        is_loaded_again(officer, second, 13)
        assert tallies(page) == DIFFERENCES
        compares(officer)
        assert tallies(page) == DIFFERENCES | {"自动对上": 9, "人工确认": 1, "没有对上": 3}  # what was decided is remembered
        assert officer.errors == []


def reads_nothing_of_it(officer: Officer) -> None:
    """The pages are as if the second list had never come."""
    for place, rows in (("lists/", 1), ("lists/changes/", 0), ("lists/entries/", 10), ("lists/matches/", 10), ("", 0)):
        officer.page.goto(f"{officer.address}/unionbuilding/{place}")
        expect(officer.main.locator("tbody tr")).to_have_count(rows)
    officer.page.goto(f"{officer.address}/register/employers/?name={CAFE}")
    expect(officer.main.locator("tbody tr")).to_have_count(0)
