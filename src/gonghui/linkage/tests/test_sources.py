"""What lists are read from, and what is given out."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from gonghui.linkage import Unreadable, Weights, deduplicate, link, postgres
from gonghui.linkage.headers import recognised
from gonghui.linkage.tests.lists import Stream, auto, by_ids, firms, write

SUFFIXES = (".csv", ".parquet")


def test_the_column_is_the_one_whose_head_is_known_best() -> None:
    assert recognised(["单位", " 单位名称 ", "Name", "电话"]) == {"name": "Name", "phone": "电话"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings_of_a_file(tmp_path: Path, encoding: str) -> None:
    file = write(tmp_path / "a.csv", firms(20), encoding)
    assert len(auto(link(file, Stream(firms(20))))) == 20


def test_a_row_without_id_is_named_by_its_number(tmp_path: Path) -> None:
    rows = [{head: text for head, text in firm.items() if head != "id"} for firm in firms(20)]
    file = write(tmp_path / "a.csv", rows)
    assert auto(link(file, file)) == {(str(at), str(at)) for at in range(1, 21)}


def spoiled_by_nul(text: str) -> str:
    return "".join(one + ("\0" if at % 10 == 0 else "") for at, one in enumerate(text))


def with_short_and_long_lines(text: str) -> str:
    return text.replace("138", "138,9,9", 3) + "\nonly\n\n"


def with_a_quote_left_open(text: str) -> str:
    return text + '\n99,"北京\n'


@pytest.mark.parametrize("spoil", [spoiled_by_nul, with_short_and_long_lines, with_a_quote_left_open])
def test_spoiled_files_are_read_as_far_as_they_can(tmp_path: Path, spoil: Callable[[str], str]) -> None:
    file = write(tmp_path / "a.csv", firms(20))
    file.write_text(spoil(file.read_text(encoding="utf-8")), encoding="utf-8")
    assert isinstance(auto(link(file, Stream(firms(20)))), set)


def test_quotes_and_lines_within_a_field(tmp_path: Path) -> None:
    with (tmp_path / "a.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["id", "name"], *([firm["id"], f'"{firm["name"]}"\n,'] for firm in firms(9))])
    assert len(by_ids(link(tmp_path / "a.csv", Stream(firms(9))))) == 9


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "\0\0\n"])
def test_what_is_no_list_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "a.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Unreadable):
        link(file, Stream(firms(2)))
    with pytest.raises(Unreadable, match="no such file"):
        link(tmp_path / "none.csv", file)


@pytest.mark.parametrize("rows", [0, 1])
def test_lists_of_no_row_and_of_one(rows: int, tmp_path: Path) -> None:
    outcome = link(Stream(firms(rows)), Stream(firms(3)))
    for suffix in SUFFIXES:
        outcome.write(tmp_path / f"out{suffix}")
    assert outcome.expected_precision <= 1
    assert len(by_ids(outcome)) == rows


@pytest.mark.django_db
def test_a_query_is_read_in_the_callers_transaction() -> None:
    with connection.cursor() as cursor:
        cursor.execute("create temporary table firm (id text, name text, legal text, address text) on commit drop")
        cursor.executemany(
            "insert into firm values (%(id)s, %(name)s, %(legal)s, %(address)s)", [{**firm} for firm in firms(10)]
        )
        outcome = link(postgres(cursor, "select * from firm"), postgres(cursor, "select * from firm where id <> '3'"))
        assert auto(outcome) == {(str(at), str(at)) for at in range(10) if at != 3}


def shuffled(count: int) -> list[dict[str, str]]:
    return [firms(count)[at * 37 % count] for at in range(count)]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_same_lists_give_the_same_bytes_in_whatever_order_their_rows_stand(tmp_path: Path, suffix: str) -> None:
    written = []
    for at, rows in enumerate((firms(300), firms(300), shuffled(300))):
        blurred = [{**row, "phone": "", "legal": row["legal"][:2]} for row in rows if int(row["id"]) % 7]
        link(Stream(rows), Stream(blurred)).write(tmp_path / f"{at}{suffix}")
        written.append((tmp_path / f"{at}{suffix}").read_bytes())
    assert len(set(written)) == 1


def test_weights_serve_again() -> None:
    a, b = firms(50), [{**firm, "phone": ""} for firm in firms(50)]
    first = link(Stream(a), Stream(b))
    again = link(Stream(a), Stream(b), weights=Weights.from_dict(first.weights.to_dict()))
    assert by_ids(again) == by_ids(first)
    with pytest.raises(ValueError, match="another version"):
        Weights.from_dict({"shares": {}, "findings": {}})


def test_doubles_of_one_list_are_clusters(tmp_path: Path) -> None:
    doubles = [{**firm, "id": f"d{firm['id']}", "legal": ""} for firm in firms(400)[:60]]
    found = deduplicate(Stream([*firms(400), *doubles]))
    assert sorted(found.clusters()) == sorted((str(at), f"d{at}") for at in range(60))
    found.write(tmp_path / "clusters.csv")
    assert (tmp_path / "clusters.csv").read_text(encoding="utf-8").splitlines()[:3] == ["id,cluster", "0,0", "d0,0"]
