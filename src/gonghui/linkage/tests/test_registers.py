"""What is true of Chinese registers, one small pair of lists a case."""

import pytest

from gonghui.linkage import Decision
from gonghui.linkage.tests.lists import auto, by_ids, firms, matched

CODE = "91350100M000100Y43"  # the example of GB 32100-2015
OTHER = "91440300708461136T"
HOME = {"address": "北京市西城区广安门内大街6号院2号楼305室", "legal": "张伟明", "phone": "010-66112233"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("北京华信恒达科技有限公司", "北京华信恒达科技有限公司工会委员会"),
        ("华信恒达（北京）科技有限公司", "华信恒达(北京)科技有限公司"),
        ("华信恒达〔北京〕科技有限公司", "北京华信恒达科技有限责任公司"),
        ("北京ＡＢＣ恒达科技有限公司", "北京ABC恒达科技有限公司"),
        ("北京華信恆達科技有限公司", "北京华信恒达科技有限公司"),
        ("北京华信恒达科技有限公司", "华信恒达 科技有限公司"),
        ("北京华信恒达科技有限公司西城第三分公司", "北京华信恒达科技有限公司西城第三分公司工会"),
    ],
)
def test_one_name_written_in_two_ways(one: str, other: str) -> None:
    outcome = matched([{"id": "1", "name": one, **HOME}], [{"id": "2", "name": other, **HOME}])
    (pair,) = outcome.pairs()
    assert pair.probability > 0.98
    assert pair.evidence_zh.startswith("名称相同")


@pytest.mark.parametrize("other", ["西城第二分公司", ""])
def test_a_branch_is_neither_another_branch_nor_its_firm(other: str) -> None:
    firm = "北京华信恒达科技有限公司"
    outcome = matched([{"id": "1", "name": f"{firm}西城第三分公司"}], [{"id": "2", "name": firm + other}])
    assert auto(outcome) == set()


def test_siblings_are_not_taken_for_one_firm() -> None:
    outcome = matched(
        [{"id": "1", "name": "北京华信恒达科技有限公司", **HOME}], [{"id": "2", "name": "北京华信恒达餐饮管理有限公司", **HOME}]
    )
    assert auto(outcome) == set()
    assert "字号相同，行业不同" in by_ids(outcome)["1", "2"].evidence_zh


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (CODE[:16] + "7" + CODE[17:], "代码差一位（第 17 位）"),
        (CODE[:11] + CODE[12] + CODE[11] + CODE[13:], "代码相邻两位颠倒（第 12 位）"),
        (CODE[:5] + CODE[6:], "代码差一位（第 6 位）"),
        (CODE[8:17], "组织机构代码相同"),
        (f"110102{CODE[8:17]}", "组织机构代码相同"),
        ("９１３５０１００Ｍ０００１００Ｙ４３", "代码相同"),
        ("91350100MOOO1OOY43", "代码相同"),
    ],
)
def test_codes_with_slips_and_of_other_kinds(written: str, said: str) -> None:
    firm = {"name": "北京华信恒达科技有限公司", "legal": "张伟明"}
    outcome = matched([{"id": "1", "code": CODE, **firm}], [{"id": "2", "code": written, **firm}])
    (pair,) = outcome.pairs()
    assert pair.probability > 0.9
    assert said in pair.evidence_zh


def test_evidence_is_told_field_by_field_in_two_languages() -> None:
    firm = {"name": "北京华信恒达科技有限公司"}
    a = {"id": "1", "code": CODE, **firm, "address": "西城区广安门内大街6号院2号楼305室"}
    b = {"id": "2", "code": CODE[:16] + "7" + CODE[17:], **firm, "address": "北京市西城区广安门内大街6号院2号楼"}
    pair = by_ids(matched([a], [b]))["1", "2"]
    assert pair.evidence_zh == "名称相同，代码差一位（第 17 位），地址同楼"
    assert pair.evidence_en == "same name, code differs in one place (17), same building"
    code = next(one for one in pair.evidence if one.field == "code")
    assert (code.finding, code.zh, code.weight > 0) == ("near", "代码差一位（第 17 位）", True)


def test_another_firms_code_copied_by_mistake_goes_to_the_better_pair() -> None:
    owner = {"name": "北京绿源餐饮管理有限公司", "address": "海淀区知春路9号", "legal": "李丽", "phone": "13800138000"}
    firm = {"name": "北京华信恒达科技有限公司", **HOME}
    a = [{"id": "owner", "code": OTHER, **owner}, {"id": "firm", "code": CODE, **firm}]
    b = [{"id": "owner", **owner}, {"id": "firm", "code": OTHER, **firm}]
    outcome = matched(a, b)
    assert auto(outcome) == {("owner", "owner")}
    assert max(outcome.pairs(), key=lambda pair: (pair.b_id == "firm", pair.score)).a_id == "firm"


def test_a_code_alone_settles_nothing() -> None:
    a = {"id": "1", "code": CODE, "name": "北京华信恒达科技有限公司", "legal": "张伟明", "phone": "13800138000"}
    b = {"id": "2", "code": CODE, "name": "上海绿源餐饮管理中心", "legal": "李丽", "phone": "13911112222"}
    assert auto(matched([a], [b])) == set()


@pytest.mark.parametrize("side", ["a", "b"])
def test_a_renamed_firm_is_known_by_its_former_name(side: str) -> None:
    old = {"id": "1", "name": "北京绿源餐饮有限公司", "legal": "李丽", "address": "月坛南街1号"}
    new = {**old, "id": "2", "name": "北京金诚酒店管理有限公司", "former_names": "北京宏图餐饮有限公司；北京绿源餐饮有限公司"}
    outcome = matched([old], [new]) if side == "b" else matched([new], [old])
    (pair,) = outcome.pairs()
    assert pair.probability > 0.8
    assert "与曾用名相同" in pair.evidence_zh


def test_homophones_are_heard() -> None:
    outcome = matched(
        [{"id": "1", "name": "北京芸贯剑正科技有限公司", **HOME}], [{"id": "2", "name": "北京韵贯剑正科技有限公司", **HOME}]
    )
    assert "名称同音" in by_ids(outcome)["1", "2"].evidence_zh


def test_an_agencys_telephone_says_little() -> None:
    a = [{**firm, "phone": "010-61202073"} for firm in firms(60)]
    b = [{**firm, "phone": "010-61202073"} for firm in firms(160, "b")[100:]]
    assert auto(matched(a, b)) == set()


def test_every_row_has_one_automatic_pair_at_most_and_doubles_are_no_rivals() -> None:
    double = {"name": "北京华信恒达科技有限公司", **HOME}
    outcome = matched([*firms(60), {"id": "one", **double}], [*firms(60), {"id": "x", **double}, {"id": "y", **double}])
    assert len([b for a, b in auto(outcome) if a == "one"]) == 1
    for side in (0, 1):
        rows = [pair[side] for pair in auto(outcome)]
        assert len(rows) == len(set(rows))


def test_what_reviewers_decided_holds() -> None:
    firm = {"name": "北京华信恒达科技有限公司", **HOME}
    a, b = [{"id": "1", **firm}], [{"id": "x", **firm}, {"id": "y", "name": "上海绿源餐饮管理中心"}]
    assert auto(matched(a, b)) == {("1", "x")}
    assert auto(matched(a, b, [Decision("1", "x", same=False), Decision("1", "y", same=True)])) == {("1", "y")}


def test_decisions_teach() -> None:
    a = [{**firm, "phone": ""} for firm in firms(40)]
    b = [{**firm, "id": f"b{firm['id']}", "phone": "", "legal": "某某某", "address": ""} for firm in firms(40)]
    before = by_ids(matched(a, b))["35", "b35"]
    after = by_ids(matched(a, b, [Decision(str(at), f"b{at}", same=False) for at in range(30)])).get(("35", "b35"))
    assert after is None or after.score < before.score


def test_chinese_heads_are_recognised() -> None:
    a = {
        "编号": "1",
        "统一社会信用代码／税号": CODE,
        "单位名称": "北京华信恒达科技有限公司",
        "法定代表人": "张伟明",
        "从业人数": "30",
    }
    b = {"序号": "2", "纳税人识别号": CODE, "企业名称": "北京华信恒达科技有限公司", "法人代表": "张伟明", "职工人数": "31"}
    assert auto(matched([a], [b])) == {("1", "2")}
