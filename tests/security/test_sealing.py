"""Rows H1 and H3: whoever has the disk has no numbers, a sealed value stays where it was put, no nonce comes twice, and the algorithms
are the published ones. GONGHUI_TEST_NUMBERS asks for more numbers, GONGHUI_TEST_NONCES for more sealings."""

import hmac
import os
import re
import subprocess
import tempfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.apps import apps
from django.conf import settings
from django.db import connection, models

from conftest import as_owner
from gonghui.areas.members.actions import ApplicationRow, take_application
from gonghui.areas.members.models import Application, Correction, Membership
from gonghui.areas.members.tests.workbooks import HEADS, csv_of, number, roster_row
from gonghui.areas.register.models import Contact
from gonghui.areas.unionbuilding.models import Entry, Founding
from gonghui.config.backups.postgres import parted
from gonghui.config.embedded_postgres import binaries
from gonghui.core.access.models import Invitation
from gonghui.core.accounts.models import Phone, SignInCode, WeChat
from gonghui.core.actions.door import acting
from gonghui.core.exchange.actions import apply_batch, check_batch, map_batch, start_batch
from gonghui.core.exchange.carrying import carry_out
from gonghui.core.notices.models import Message
from gonghui.core.people.actions import edit_person
from gonghui.core.people.models import IdentityDocument, Person
from gonghui.kit import ciphers
from gonghui.kit.ciphers import CannotUnseal
from gonghui.kit.identity import checked
from tests.cast import SYSTEM, found_cast

NUMBERS = int(os.environ.get("GONGHUI_TEST_NUMBERS", "300"))
NONCES = int(os.environ.get("GONGHUI_TEST_NONCES", "100000"))
FIRST = 310_000  # of the sequence of numbers; no other test has these


# -- nothing in clear on the disk -------------------------------------------------------------------------------


def phone(sequence: int) -> str:
    return f"139{sequence:08d}"


def lived_through() -> list[str]:
    """A roster is imported, telephones change, people ask to join; the words that must not be found."""
    cast = found_cast()
    with acting(SYSTEM):
        rows = [roster_row(one, 姓名=f"落盘{one}") for one in range(FIRST, FIRST + NUMBERS)]
        batch = start_batch(cast.own, actor=SYSTEM, sheet="members.roster", name="名册.csv", content=csv_of(HEADS, rows))
        map_batch(batch, actor=SYSTEM, mapping=batch.mapped)
        check_batch(batch, actor=SYSTEM)
        apply_batch(batch, actor=SYSTEM)
    with acting(SYSTEM):
        carry_out(batch, SYSTEM)
        people = list(Person.objects.unscoped("the people just entered").filter(name__startswith="落盘").order_by("pk")[:50])
        assert len(people) == 50
        for place, person in enumerate(people):
            edit_person(person, actor=SYSTEM, phone=phone(FIRST + NUMBERS + place))
        row = ApplicationRow("落盘申请人", number(FIRST + NUMBERS), "某处", phone(FIRST + 2 * NUMBERS))
        take_application(cast.street, actor=SYSTEM, row=row)
    sequences = range(FIRST, FIRST + NUMBERS)
    secrets = [number(one) for one in sequences] + [phone(one) for one in sequences]
    return [
        *secrets,
        *(phone(FIRST + NUMBERS + place) for place in range(50)),
        number(FIRST + NUMBERS),
        phone(FIRST + 2 * NUMBERS),
    ]


RUNS = re.compile(rb"\d{11,}X?")


def found_in(content: bytes, secrets: list[str]) -> list[str]:
    """Those that stand there, as text or in UTF-16."""
    wanted = {one.encode() for one in secrets}
    runs = {run for text in (content, content.replace(b"\0", b"")) for run in RUNS.findall(text)}
    windows = {run[start : start + size] for run in runs for size in (11, 18) for start in range(len(run) - size + 1)}
    return sorted(one.decode() for one in wanted & windows)


def dumped() -> bytes:
    """Everything the owner sees, as a script: tables and histories."""
    with as_owner():
        named = connection.settings_dict
        url = f"postgresql://{named['USER']}:{named['PASSWORD']}@/{named['NAME']}?host={named['HOST']}"
        conninfo, environment = parted(url)
        command = [str(binaries() / "pg_dump"), "--enable-row-security", "--no-password", f"--dbname={conninfo}"]
        done = subprocess.run(command, env=environment, capture_output=True, check=True)
    return done.stdout


def data_directory() -> Path | None:
    """The server's files beside its socket, where it is ours and on this machine."""
    found = Path(connection.settings_dict["HOST"]).parent / "cluster"
    return found if (found / "pg_wal").is_dir() and os.access(found / "pg_wal", os.R_OK) else None


@pytest.mark.django_db(transaction=True)
def test_no_number_lies_in_clear_in_dump_log_of_writes_files_or_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # whatever is left there is found
    secrets = lived_through()
    dump = dumped()
    assert "落盘".encode() in dump, "the dump has what was written"
    assert b"COPY public.people_personevent" in dump, "the history is part of it"
    assert found_in(dump, secrets) == []
    left = [file for place in (tmp_path, Path(settings.FILES)) for file in place.rglob("*") if file.is_file()]
    assert any(Path(settings.FILES) in file.parents for file in left), "the upload is kept"
    assert [file for file in left if found_in(file.read_bytes(), secrets)] == []
    if directory := data_directory():
        log = [file.read_bytes() for file in sorted((directory / "pg_wal").glob("0*"))]
        assert any("落盘".encode() in part for part in log), "the log of writes has what was written"
        assert [one for part in log for one in found_in(part, secrets)] == []
    print(f"\n{len(secrets)} numbers, dump of {len(dump)} bytes, {len(left)} files, log of writes: {bool(directory)}")


# -- a sealed value stays in its place --------------------------------------------------------------------------

ONE, OTHER = "13900001111", "13900002222"


def with_document(number: str) -> Application:
    row = Application()
    row.set_document(checked({ONE: "E12345678", OTHER: "E87654321"}[number], "passport"), "")
    return row


def made(model: Any, setter: str, wrap: Callable[[str], Any] = str, **values: Any) -> Callable[[str], Any]:
    """Makes a row in memory that holds a number sealed."""

    def make(number: str) -> Any:
        row = model(**{name: value(number) for name, value in values.items()})
        getattr(row, setter)(wrap(number))
        return row

    return make


def user_of(number: str) -> int:
    return int(number[-4:])


def sealed_code(number: str) -> SignInCode:
    row = SignInCode(digest=number)
    row.seal(number, "123456")
    return row


def document_of(number: str) -> IdentityDocument:
    return IdentityDocument.of(Person(), checked({ONE: "E12345678", OTHER: "E87654321"}[number], "passport"))


PLACES: dict[str, tuple[Callable[[str], Any], Callable[[Any], Any]]] = {
    "people.person.phone_sealed": (made(Person, "set_phone"), lambda row: row.phone()),
    "people.identitydocument.number_sealed": (document_of, lambda row: row.number()),
    "members.membership.card_sealed": (made(Membership, "set_card"), lambda row: row.card()),
    "members.application.document_sealed": (with_document, lambda row: row.document_number()),
    "members.application.phone_sealed": (made(Application, "set_phone"), lambda row: row.phone()),
    "members.correction.sealed": (made(Correction, "set_values", lambda one: {"phone": one}), lambda row: row.values()),
    "unionbuilding.founding.account_sealed": (made(Founding, "set_account"), lambda row: row.account()),
    "register.contact.phone_sealed": (made(Contact, "set_phone"), lambda row: row.phone()),
    "unionbuilding.entry.phone_sealed": (made(Entry, "set_phone"), lambda row: row.phone()),
    "access.invitation.phone_sealed": (made(Invitation, "set_phone"), lambda row: row.phone()),
    "accounts.phone.number_sealed": (made(Phone, "set_number", user_id=user_of), lambda row: row.number()),
    "accounts.signincode.number_sealed": (sealed_code, lambda row: row.number()),
    "accounts.signincode.code_sealed": (
        sealed_code,
        lambda row: ciphers.unseal(bytes(row.code_sealed), bound_to=row._bound_to("code_sealed")),
    ),
    "accounts.wechat.openid_sealed": (made(WeChat, "set_openid", user_id=user_of), lambda row: row.openid()),
    "notices.message.values_sealed": (made(Message, "set_values", lambda one: {"note": one}), lambda row: row.values()),
    "notices.message.to_sealed": (made(Message, "set_to"), lambda row: row.to()),
}
ELSEWHERE = {
    "exchange.batch.mended_sealed": "cells of an import that somebody has mended: tests/exchange reads and alters them",
    "exchange.batchline.kept_sealed": "what an import replaced, until it can be undone no more",
}


def sealed_columns() -> set[str]:
    """Every column of ours that holds bytes: whatever is stored so is sealed."""
    rows = (
        (model, field) for model in apps.get_models() if model.__module__.startswith("gonghui.") for field in model._meta.fields
    )
    return {f"{model._meta.label_lower}.{field.name}" for model, field in rows if isinstance(field, models.BinaryField)}


def test_every_sealed_column_is_tried() -> None:
    assert sealed_columns() - set(ELSEWHERE) == set(PLACES)


@pytest.mark.parametrize("place", list(PLACES))
def test_a_sealed_value_put_into_another_row_is_refused(place: str) -> None:
    make, read = PLACES[place]
    column = place.rpartition(".")[2]
    one, other = make(ONE), make(OTHER)
    assert read(one) != read(other) or column == "code_sealed"
    mine, theirs = bytes(getattr(one, column)), bytes(getattr(other, column))
    for row, foreign in ((one, theirs), (other, mine)):
        setattr(row, column, foreign)
        with pytest.raises(CannotUnseal):
            read(row)
    setattr(one, column, mine[:-1] + bytes([mine[-1] ^ 1]))
    with pytest.raises(CannotUnseal):
        read(one)


def test_a_sealed_value_put_into_another_column_is_refused() -> None:
    row = with_document(ONE)
    row.set_phone(ONE)
    row.phone_sealed, row.document_sealed = row.document_sealed, row.phone_sealed
    for read in (row.phone, row.document_number):
        with pytest.raises(CannotUnseal):
            read()


# -- keys and nonces --------------------------------------------------------------------------------------------


def test_no_nonce_comes_twice() -> None:
    taken = {ciphers.seal("1", bound_to="x")[1 : 1 + ciphers.NONCE_BYTES] for _number in range(NONCES)}
    assert len(taken) == NONCES
    print(f"\n{NONCES} nonces")


def test_equal_values_are_sealed_differently_and_found_by_one_column_only() -> None:
    assert ciphers.seal(ONE, bound_to="x") != ciphers.seal(ONE, bound_to="x")
    assert ciphers.blind_index(ONE, of="a") == ciphers.blind_index(ONE, of="a") != ciphers.blind_index(ONE, of="b")


# McGrew & Viega, The Galois/Counter Mode of Operation (GCM), test cases 13, 14 and 16: 256-bit keys
KEY = "feffe9928665731c6d6a8f9467308308" * 2
PLAIN = (
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
)
AAD = "feedfacedeadbeeffeedfacedeadbeefabaddad2"
CIPHERTEXT = (
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
)
GCM = (
    ("00" * 32, "00" * 12, "", "", "530f8afbc74536b9a963b4f1c4cb738b"),
    ("00" * 32, "00" * 12, "00" * 16, "", "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"),
    (KEY, "cafebabefacedbaddecaf888", PLAIN, AAD, f"{CIPHERTEXT}76fc6ece0f4e1768cddf8853bb2d551b"),
)


@pytest.mark.parametrize(("key", "nonce", "plain", "bound", "sealed"), GCM)
def test_sealing_is_aes_256_gcm(
    monkeypatch: pytest.MonkeyPatch, key: str, nonce: str, plain: str, bound: str, sealed: str
) -> None:
    """The published vectors, through our own function: its key, its nonce, its envelope."""
    monkeypatch.setattr(ciphers, "_key", lambda purpose, secret: bytes.fromhex(key))
    monkeypatch.setattr(os, "urandom", lambda count: bytes.fromhex(nonce))
    aad = Bound(bytes.fromhex(bound))
    made = ciphers.seal_bytes(bytes.fromhex(plain), bound_to=aad)
    assert made.hex() == f"01{nonce}{sealed}"
    assert ciphers.unseal_bytes(made, bound_to=aad).hex() == plain
    assert AESGCM(bytes.fromhex(key)).encrypt(bytes.fromhex(nonce), bytes.fromhex(plain), aad.encode()).hex() == sealed


class Bound(str):
    """Bytes in the place of a text: the vectors bind to bytes that are none."""

    def __new__(cls, content: bytes) -> "Bound":
        made = super().__new__(cls, content.hex())
        made.content = content
        return made

    content: bytes

    def encode(self, *args: Any) -> bytes:  # type: ignore[override]
        return self.content


# RFC 4231, test cases 1 and 2
HMAC = (
    ("0b" * 20, b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
    (b"Jefe".hex(), b"what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
)


@pytest.mark.parametrize(("key", "text", "digest"), HMAC)
def test_the_blind_index_is_hmac_sha_256(monkeypatch: pytest.MonkeyPatch, key: str, text: bytes, digest: str) -> None:
    assert hmac.digest(bytes.fromhex(key), text, "sha256").hex() == digest
    monkeypatch.setattr(ciphers, "_key", lambda purpose, secret: bytes.fromhex(key))
    expected = hmac.new(bytes.fromhex(key), b"table.column\0" + text, sha256).hexdigest()
    assert ciphers.blind_index(text.decode(), of="table.column") == expected


def test_keys_differ_by_purpose_and_are_256_bits() -> None:
    keys = {ciphers._key(purpose, settings.DATA_KEY) for purpose in ("gonghui data key", "gonghui blind index")}
    assert len(keys) == 2
    assert {len(one) for one in keys} == {32}
