"""WeChat's protocols against vectors that we did not write, two of them WeChat's own; and none of them stands a change."""

import datetime as dt
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gonghui.kit.wechat import (
    FRESH,
    BadMessage,
    message_key,
    open_data,
    open_message,
    require_fresh,
    require_signed,
    require_signed_data,
    seal_message,
    signature,
)

FILE = Path(os.environ.get("GONGHUI_TEST_DATA", "")) / "wechat_vectors.json"
pytestmark = pytest.mark.skipif(not FILE.is_file(), reason="GONGHUI_TEST_DATA names no directory with wechat_vectors.json")


def vectors(*kinds: str) -> Iterator[dict[str, Any]]:
    """The vectors of these kinds."""
    known = json.loads(FILE.read_text(encoding="utf-8"))["vectors"] if FILE.is_file() else []
    return (one for one in known if one["kind"] in kinds)


def changed(text: str, place: int) -> str:
    """Another text of the same alphabet and length."""
    return text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]


def test_every_vector_is_tried() -> None:
    tried = {"mp_callback_sha1", "work_echostr_sha1", "work_encrypt", "work_decrypt", "wxa_rawdata_sha1", "wxa_decrypt"}
    known = json.loads(FILE.read_text(encoding="utf-8"))["vectors"]
    assert {one["kind"] for one in known} == tried
    assert len(known) == 8


def test_signatures_of_callbacks() -> None:
    found = []
    for one in vectors("mp_callback_sha1", "work_echostr_sha1"):
        parts = [one[name] for name in ("token", "timestamp", "nonce", "echostr") if name in one]
        try:
            require_signed(one["signature"], *parts)
            found.append(True)
        except BadMessage:
            found.append(False)
        assert found[-1] == one["valid"]
    assert sorted(found) == [False, False, True, True]


def test_a_callback_that_is_sent_once_more_is_too_old() -> None:
    one = next(vectors("mp_callback_sha1"))
    signed = dt.datetime.fromtimestamp(int(one["timestamp"]), dt.UTC)
    require_fresh(one["timestamp"], signed + FRESH)
    for at in (signed + FRESH + dt.timedelta(seconds=1), signed - FRESH - dt.timedelta(seconds=1)):
        with pytest.raises(BadMessage):
            require_fresh(one["timestamp"], at)
    for timestamp in ("", "²", "-5", "soon"):
        with pytest.raises(BadMessage):
            require_fresh(timestamp, signed)


def test_an_echo_opens_for_its_receiver_only() -> None:
    for one in (one for one in vectors("work_echostr_sha1") if one["valid"]):
        key = message_key(one["encoding_aes_key"])
        assert open_message(one["echostr"], key=key, receiver=one["corp_id"]).isdecimal()
        with pytest.raises(BadMessage):
            open_message(one["echostr"], key=key, receiver="wx0000000000000000")


def test_a_message_is_sealed_byte_by_byte_as_wechat_does() -> None:
    (one,) = vectors("work_encrypt")
    key = message_key(one["encoding_aes_key"])
    sealed = seal_message(one["plain"], key=key, receiver=one["corp_id"], random=one["random16"].encode())
    told = dict(re.findall(r"<(\w+)><!\[CDATA\[(.*?)\]\]></\w+>", one["expected_xml"]))
    assert sealed == told["Encrypt"]
    assert signature(one["token"], one["timestamp"], one["nonce"], sealed) == told["MsgSignature"]
    assert open_message(sealed, key=key, receiver=one["corp_id"]) == one["plain"]


def test_a_message_of_wechat_is_opened() -> None:
    (one,) = vectors("work_decrypt")
    require_signed(one["msg_signature"], one["token"], one["timestamp"], one["nonce"], one["encrypt"])
    text = open_message(one["encrypt"], key=message_key(one["encoding_aes_key"]), receiver=one["corp_id"])
    for name, value in one["expect"].items():
        assert f"<{name}><![CDATA[{value}]]></{name}>" in text


def test_what_a_mini_program_hands_over() -> None:
    (signed,) = vectors("wxa_rawdata_sha1")
    require_signed_data(signed["raw_data"], signed["session_key"], signed["signature"])
    with pytest.raises(BadMessage):
        require_signed_data(signed["raw_data"].replace("Band", "Bond"), signed["session_key"], signed["signature"])
    (sealed,) = vectors("wxa_decrypt")
    values = {"session_key": sealed["session_key"], "iv": sealed["iv"]}
    told = open_data(sealed["encrypted_data"], app=sealed["appid"], **values)
    assert told["watermark"]["appid"] == sealed["expect_watermark_appid"]
    assert "openId" in told
    with pytest.raises(BadMessage):
        open_data(sealed["encrypted_data"], app="wx0000000000000000", **values)


def test_nothing_that_was_altered_is_opened() -> None:
    """At every place: refused with our own error, or (CBC cannot notice every change) opened as something else."""
    (work,) = vectors("work_decrypt")
    key, (mini,) = message_key(work["encoding_aes_key"]), vectors("wxa_decrypt")
    original = open_message(work["encrypt"], key=key, receiver=work["corp_id"])
    for place in range(len(work["encrypt"])):
        try:
            assert open_message(changed(work["encrypt"], place), key=key, receiver=work["corp_id"]) != original
        except BadMessage:
            continue
    for bad in ("", "=", "A", "AAAA", work["encrypt"][:-4], "*" * 64):
        with pytest.raises(BadMessage):
            open_message(bad, key=key, receiver=work["corp_id"])
        with pytest.raises(BadMessage):
            open_data(bad, session_key=mini["session_key"], iv=mini["iv"], app=mini["appid"])
    for bad in ("", "short", "*" * 43):
        with pytest.raises(BadMessage):
            message_key(bad)
