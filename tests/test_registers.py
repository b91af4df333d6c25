"""The registers that the linkage benchmark is judged on: the same for a seed, of valid codes, with a consistent truth, at the rates asked for;
and the scoring of pairs against them."""

import csv
import math
import re
import sys
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_10

from bench import linkage_columns, registers
from bench.firms import registration_number
from bench.linkage_sides import measured
from bench.mistakes import KNOWN, Mix, read
from bench.scoring import Quality, Truth, figures

ROWS = 4000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two registers of the mix for development."""
    place = tmp_path_factory.mktemp("registers")
    registers.main([str(place), "--rows", str(ROWS), "--rows-b", str(ROWS + 500), "--seed", "3"])
    return place


def table(folder: Path, name: str) -> list[dict[str, str]]:
    """One of the files."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_same_seed_gives_the_same_files_and_another_gives_others(folder: Path, tmp_path: Path) -> None:
    for seed in (3, 4):
        registers.main([str(tmp_path / str(seed)), "--rows", str(ROWS), "--rows-b", str(ROWS + 500), "--seed", str(seed)])
    for name in ("A.csv", "B.csv", "truth.csv", "rows.csv"):
        assert (tmp_path / "3" / name).read_bytes() == (folder / name).read_bytes()
        assert (tmp_path / "4" / name).read_bytes() != (folder / name).read_bytes()


def test_brands_of_real_firms_are_not_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GONGHUI_TEST_DATA", raising=False)
    a, b = registers.make(read("heldout"), 50, 60, 1)
    assert (len(a), len(b)) == (50, 60)


def test_codes_are_valid_and_each_firm_s_own(folder: Path) -> None:
    usable = {row["id"]: row["group"] for row in table(folder, "rows.csv") if row["usable"] == "1"}
    own: dict[str, str] = {}
    for side in "AB":
        for row in table(folder, f"{side}.csv"):
            if row["id"] in usable:
                code = uscc.validate(
                    re.sub(r"\s", "", row["code"].translate({0xFF01 + at: 0x21 + at for at in range(94)}).upper())
                )
                assert own.setdefault(code, usable[row["id"]]) == usable[row["id"]]
    assert len(own) > ROWS


def test_no_two_firms_bear_one_name() -> None:
    mix = read("heldout")
    town = registers.Town(mix.population, 3000, Random(1))
    names = Counter(firm.name.registered() + firm.name.branch for firm in town.firms())
    assert len(names) == names.total() == 3000


def test_registration_numbers_have_their_check_digit() -> None:
    number = registration_number("91110000802100433B")
    assert (len(number), number[:6]) == (15, "110000")
    assert mod_11_10.validate(number) == number


def test_truth_is_all_pairs_of_one_firm(folder: Path) -> None:
    groups = {row["id"]: row["group"] for row in table(folder, "rows.csv")}
    pairs = table(folder, "truth.csv")
    assert {len(table(folder, f"{side}.csv")) for side in "AB"} == {ROWS, ROWS + 500}
    assert all(groups[pair["a_id"]] == groups[pair["b_id"]] == pair["group"] for pair in pairs)
    in_a = Counter(group for row, group in groups.items() if row[0] == "A")
    in_b = Counter(group for row, group in groups.items() if row[0] == "B")
    assert len(pairs) == sum(count * in_b[group] for group, count in in_a.items())
    assert set(in_a) - set(in_b)
    assert set(in_b) - set(in_a)


def test_faults_happen_as_often_as_the_mix_says(folder: Path) -> None:
    faults = Counter(fault for row in table(folder, "rows.csv") if row["side"] == "A" for fault in row["faults"].split())
    expected = {
        "code_missing": 0.26,
        "code_copied": 0.025,
        "name_union_suffix": 0.35,
        "address_missing": 0.08,
        "phone_missing": 0.15,
    }
    for fault, rate in expected.items():
        four_deviations = 4 * math.sqrt(rate * (1 - rate) / ROWS)
        assert faults[fault] / ROWS == pytest.approx(rate, abs=four_deviations), fault
    rows = table(folder, "A.csv")
    assert sum(not row["code"] for row in rows) == faults["code_missing"]
    assert sum(row["name"].endswith(("工会", "工会委员会")) for row in rows) == faults["name_union_suffix"]
    phones = Counter(row["phone"] for row in rows if row["phone"])
    assert max(phones.values()) > ROWS * 0.02  # an agency's


@pytest.mark.parametrize("name", ["tuning", "heldout"])
def test_every_fault_of_a_shipped_mix_happens(name: str) -> None:
    mix = read(name)
    seen = {fault for rows in registers.make(mix, 6000, 6000, 5) for row in rows for fault in row.faults}
    assert happening(mix) <= seen
    assert {
        "sibling",
        "branch",
        "agency_phone",
        "cluster_address",
        "renamed",
        "moved",
        "legal_changed",
        "phone_changed",
        "stale",
    } <= seen


def happening(mix: Mix) -> set[str]:
    """The faults that a mix names."""
    found = set()
    for side in (mix.a, mix.b):
        fields = (
            side.name_parts,
            side.name_text,
            side.address_parts,
            side.address_text,
            side.legal,
            side.phone,
            side.headcount,
        )
        found |= {name for field in fields for _rate, name, _mistake in field.rates} | {
            f"code_{name}" for name in side.code.names
        }
    return found


def test_a_mix_that_names_what_is_not_known_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "mix.toml"
    file.write_text("[a.code]\nmissing = 0.1\nlots = 0.1\n")
    with pytest.raises(SystemExit, match="no lots; known are missing, mistyped"):
        read(str(file))
    file.write_text("[a.code]\nmissing = 0.6\nmistyped = 0.6\n")
    with pytest.raises(SystemExit, match="at most 1"):
        read(str(file))
    with pytest.raises(SystemExit, match="no mix of faults: nothing"):
        read("nothing")


def test_every_known_fault_can_be_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "mix.toml"
    lines = [f"[a.{section}]\n" + "\n".join(f"{name} = 0.05" for name in names) for section, names in KNOWN.items()]
    file.write_text("\n".join(lines))
    a, b = registers.make(read(str(file)), 3000, 3000, 2)
    assert len({fault for row in a for fault in row.faults}) >= sum(map(len, KNOWN.values())) - len(KNOWN["record"])
    assert not any(fault.startswith(("code_", "name_")) for row in b for fault in row.faults)


# -- scoring ----------------------------------------------------------------------------------------------------

TRUTH = Truth.of(
    [
        ("A", "a1", 1, True), ("A", "a2", 1, False), ("B", "b1", 1, True),
        ("A", "a3", 2, False), ("B", "b2", 2, True), ("B", "b3", 2, True),
        ("A", "a4", 3, True), ("B", "b5", 4, True),
    ]
)  # fmt: skip


def test_doubles_count_once_and_hard_rows_get_what_is_left() -> None:
    pairs = [("a1", "b1", 9.0, True), ("a3", "b3", 5.0, True), ("a4", "b5", 3.0, True)]
    found = figures(TRUTH, pairs)
    assert found["settled"] == Quality(told=3, right=2, possible=2).figures()
    assert found["hard"] == Quality(told=1, right=1, possible=1).figures()
    assert (found["best"]["f1"], found["best"]["threshold"]) == (1.0, 5.0)
    taken = figures(TRUTH, [("a2", "b1", 9.0, True)])
    assert taken["hard"] == Quality(told=1, right=1, possible=2).figures()


def test_an_output_that_gives_a_row_two_partners_is_refused() -> None:
    with pytest.raises(SystemExit, match="1 rows have two partners, one of them a3"):
        figures(TRUTH, [("a3", "b2", 1.0, True), ("a3", "b3", 1.0, True)])
    assert figures(TRUTH, [("a3", "b2", 1.0, True), ("a3", "b3", 0.5, False)])["settled"]["right"] == 1


def test_the_best_threshold_and_the_sure_one_are_told_apart() -> None:
    pairs = [("a4", "b5", 9.0, False), ("a1", "b1", 5.0, False), ("a3", "b2", 4.0, False)]
    found = figures(TRUTH, pairs)
    assert found["at_precision"] is None
    assert (found["best"]["right"], found["best"]["threshold"]) == (2, 4.0)
    sure = figures(TRUTH, pairs[1:])["at_precision"]
    assert (sure["recall"], sure["threshold"]) == (1.0, 4.0)


def test_a_side_is_measured_with_its_phases(tmp_path: Path) -> None:
    told = "import sys; print(' 0% read', file=sys.stderr); x = b'x' * 400_000_000; print('50% write\\n', file=sys.stderr)"
    run = measured([sys.executable, "-c", told], tmp_path, tmp_path / "out")
    assert list(run.phases) == ["read", "write"]
    assert 0 < sum(run.phases.values()) <= run.seconds
    assert run.memory > 380
    assert measured([sys.executable, "-c", "print('{{\"columns\": 1.5}}')"], tmp_path, tmp_path).phases == {"columns": 1.5}
    with pytest.raises(SystemExit, match="no such"):
        measured([sys.executable, "-c", "raise SystemExit('no such list')"], tmp_path, tmp_path)


def test_nothing_found_is_no_error() -> None:
    assert figures(TRUTH, [])["settled"]["recall"] == 0.0


def test_the_peers_columns_are_what_the_cells_mean(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    rows = [
        "1,９１１１0102MA01ABCD5X,北京鑫盛商貿（有限）公司工会委员会,,北京市西城区牛街３号院２号楼，王 伟,010-66012345,",
        "2,911101O2 802100433B,上海达盛国际贸易有限责任公司,北京旧名科技有限公司；更旧,朝阳区建国路二十号,李*,(139)12345678/010-1,5",
        "3,80210043-3,,,,,,",
    ]
    (tmp_path / "A.csv").write_text(
        f"{','.join(registers.HEAD)}\n" + "\n".join(rows).replace("，", ",") + "\n", encoding="utf-8"
    )
    connection = duckdb.connect()
    linkage_columns.create(connection, "a", tmp_path / "A.csv")
    columns = "code, org, name, core, brand, trade, former, legal, phone, road"
    first, second, third = connection.execute(f"select {columns} from a order by id").fetchall()
    assert first[:7] == ("91110102MA01ABCD5X", "MA01ABCD5", "北京鑫盛商贸有限公司", "鑫盛商贸", "鑫盛", "商贸", None)
    assert first[7:] == ("王伟", "66012345", "牛街3号")
    assert second[:7] == (
        "91110102802100433B",
        "802100433",
        "上海达盛国际贸易有限责任公司",
        "达盛国际贸易",
        "达盛",
        "国际贸易",
        "旧名科技",
    )
    assert second[7:9] == ("李", "13912345678")
    assert third[:2] == (None, "802100433")
    assert third[-3:] == (None, None, None)


def test_a_right_check_character_is_recognised() -> None:
    duckdb = pytest.importorskip("duckdb")
    for code, is_right in (("91350100M000100Y43", True), ("91350100M000100Y4Z", False), ("91110000802100433B", True)):
        found = duckdb.sql(f"select {linkage_columns.has_right_check('code')} from (select '{code}' as code)").fetchall()
        assert found == [(is_right,)]
