"""Stored files: sealed on the disk, and given out only to who may have them at that moment."""

import datetime as dt
import os
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from gonghui.core.access.actions import end_grant
from gonghui.core.access.models import Grant
from gonghui.core.actions.action import NotAllowed, Refused, change
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting
from gonghui.core.files import storage
from gonghui.core.files.actions import content_of, media_type, open_file, remove_file, safe_name, store_file
from gonghui.core.files.jobs import LEFT_OVER_SECONDS, clear_left_over, remove_expired
from gonghui.core.files.models import StoredFile
from gonghui.core.history.models import Reading
from gonghui.kit import ciphers
from gonghui.kit.dates import today
from tests.cast import SYSTEM, Cast
from tests.test_pages import signed_in

CONTENT = "名册，不外传".encode() * 50
YESTERDAY = today() - dt.timedelta(days=1)


def stored(cast: Cast, name: str = "street_officer", **more: Any) -> StoredFile:
    """A file of the street officer's own, made at the street, that shows what `register.view` shows."""
    values = {"name": "单位.xlsx", "content": CONTENT, "purpose": "核对名册", "permission": "register.view", "is_private": True}
    place = cast.street if name != "outsider" else cast.next_street
    with cast.act(name) as actor:
        return store_file(place, actor=actor, **{**values, **more})


def page(cast: Cast, name: str, file: StoredFile, method: str = "post") -> Any:
    return getattr(signed_in(cast, name), method)(reverse("web:file", args=[file.public_id]))


def grant_of(cast: Cast, name: str) -> Grant:
    with acting(SYSTEM):
        found: Grant = Grant.objects.unscoped("the cast's own").get(user=cast.users[name])
    return found


# -- on the disk ------------------------------------------------------------------------------------------------


def test_the_content_lies_sealed_and_belongs_to_its_row(cast: Cast) -> None:
    file = stored(cast)
    sealed = storage.place(file.public_id)
    assert sealed.name == str(file.public_id)
    assert "名册".encode() not in sealed.read_bytes()
    assert sealed.stat().st_mode & 0o777 == 0o600
    assert content_of(file) == CONTENT
    other = stored(cast, content=b"other")
    sealed.write_bytes(storage.place(other.public_id).read_bytes())
    with pytest.raises(Refused, match="内容不在了"):
        content_of(file)


def test_a_content_that_was_altered_or_is_gone_is_not_given_out(cast: Cast) -> None:
    file = stored(cast)
    place = storage.place(file.public_id)
    place.write_bytes(place.read_bytes()[:-1] + b"x")
    with pytest.raises(Refused, match="内容不在了"):
        content_of(file)
    place.unlink()
    assert page(cast, "street_officer", file).status_code == 302


def test_files_never_lie_below_what_the_web_server_gives_out() -> None:
    static = Path(settings.STATIC_ROOT).resolve()
    assert static not in [Path(settings.FILES).resolve(), *Path(settings.FILES).resolve().parents]


def test_any_bytes_are_sealed() -> None:
    for content in (b"", b"\x00\xff" * 1000):
        assert ciphers.unseal_bytes(ciphers.seal_bytes(content, bound_to="a"), bound_to="a") == content
    with pytest.raises(ciphers.CannotUnseal):
        ciphers.unseal_bytes(ciphers.seal_bytes(b"a", bound_to="a"), bound_to="b")


# -- who may have it --------------------------------------------------------------------------------------------


def test_a_download_is_an_attachment_with_a_name_in_any_script(cast: Cast) -> None:
    response = page(cast, "street_officer", stored(cast))
    assert response.content == CONTENT
    assert response.headers["Content-Disposition"] == "attachment; filename*=utf-8''%E5%8D%95%E4%BD%8D.xlsx"
    assert response.headers["Content-Type"].endswith("spreadsheetml.sheet")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response.headers["Cache-Control"]


def test_every_download_is_logged_with_its_purpose(cast: Cast) -> None:
    file = stored(cast)
    for _time in range(2):
        page(cast, "street_officer", file)
    page(cast, "outsider", file)
    with acting(SYSTEM):
        readings = list(Reading.objects.unscoped("the log").filter(subject_model="files.storedfile"))
    assert [(one.user.username, one.reason, one.organisation_id) for one in readings if one.user] == [
        ("street_officer", "核对名册", cast.street.pk)
    ] * 2


@pytest.mark.parametrize("name", ["outsider", "department_officer", "district_chair", "enterprise_chair", "administrator"])
def test_anothers_own_file_is_not_there(cast: Cast, name: str) -> None:
    file = stored(cast)
    missing = signed_in(cast, name).get(reverse("web:file", args=[uuid4()]))
    for method in ("get", "post"):
        response = page(cast, name, file, method)
        assert (response.status_code, response.content) == (404, missing.content)
    assert signed_in(cast, name).post(reverse("web:remove_file", args=[file.public_id])).status_code == 404


def test_a_file_held_by_a_union_is_given_to_who_stands_there_or_above(cast: Cast) -> None:
    file = stored(cast, is_private=False)
    answers = {name: page(cast, name, file).status_code for name in ("street_officer", "department_officer", "outsider")}
    assert answers == {"street_officer": 200, "department_officer": 200, "outsider": 404}
    assert page(cast, "administrator", file).status_code == 404  # stands above, but does not hold register.view


def test_rights_withdrawn_end_the_download_at_once(cast: Cast) -> None:
    file, client = stored(cast), signed_in(cast, "street_officer")
    url = reverse("web:file", args=[file.public_id])
    assert client.post(url).status_code == 200
    with acting(SYSTEM):
        cast_role = grant_of(cast, "street_officer")
        change(cast_role, role="administrator")
    assert client.post(url).status_code == 404
    with acting(SYSTEM):
        end_grant(grant_of(cast, "street_officer"), actor=SYSTEM, on=today())
    assert client.post(url).status_code == 403


def test_a_file_made_over_two_unions_needs_both(cast: Cast) -> None:
    file = stored(cast)
    both = Actor("两处", {"register.view": frozenset({cast.street.path, cast.next_street.path})})
    with acting(SYSTEM):
        StoredFile.objects.unscoped("a wider file").filter(pk=file.pk).update(scope=sorted(both.roots_for("register.view")))
        file.refresh_from_db()
    assert file.is_open_to(both)
    assert not file.is_open_to(cast.actor("street_officer"))
    assert page(cast, "street_officer", file).status_code == 404


def test_an_expired_file_is_not_there(cast: Cast) -> None:
    file = stored(cast, kept_days=-1)
    assert page(cast, "street_officer", file).status_code == 404
    with cast.act("street_officer") as actor, pytest.raises(Refused, match="保留期"):
        open_file(file, actor=actor)


def test_the_action_asks_for_the_right_itself(cast: Cast) -> None:
    file = stored(cast, is_private=False)
    with cast.act("administrator") as actor, pytest.raises(NotAllowed):
        open_file(file, actor=actor)


def test_a_purpose_is_asked_for_and_size_has_an_end(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused, match="用途"):
        stored(cast, purpose=" ")
    monkeypatch.setattr("gonghui.core.files.actions.MOST_BYTES", 2**20)
    with pytest.raises(Refused, match="1 MB"):
        stored(cast, content=b"x" * (2**20 + 1))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "etc passwd"),
        ("a\u202excod.exe", "a xcod.exe"),
        ('x"; filename="y.html', "x ; filename= y.html"),
        ("a\r\nSet-Cookie: b", "a Set-Cookie b"),
        ("", "文件"),
        ("长" * 300 + ".xlsx", "长" * 95 + ".xlsx"),
    ],
)
def test_names_are_made_safe(given: str, kept: str) -> None:
    assert safe_name(given) == kept


def test_unknown_endings_are_only_bytes() -> None:
    assert media_type("a.nosuch") == "application/octet-stream"
    assert media_type("a") == "application/octet-stream"
    assert media_type("a.XLSX").endswith("spreadsheetml.sheet")


# -- the end ----------------------------------------------------------------------------------------------------


def removed(file: StoredFile) -> bool:
    return not storage.place(file.public_id).exists()


def test_the_nightly_job_removes_what_has_run_out(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    kept, until_today, old = stored(cast, kept_days=None), stored(cast, kept_days=0), stored(cast, kept_days=-1)
    with django_capture_on_commit_callbacks(execute=True):
        remove_expired.func(timestamp=0)
    with acting(SYSTEM):
        left = set(StoredFile.objects.unscoped("what is left").values_list("pk", flat=True))
    assert left == {kept.pk, until_today.pk}
    assert [removed(one) for one in (kept, until_today, old)] == [False, False, True]


def test_contents_that_a_crash_left_are_cleared_away(cast: Cast) -> None:
    kept = stored(cast)
    half = storage.place(kept.public_id).with_name(f"{uuid4()}.new")
    half.write_bytes(b"half")
    storage.write(UUID(int=5), b"no row")
    fresh = UUID(int=6)
    storage.write(fresh, b"not committed yet")
    for file in (half, storage.place(UUID(int=5)), storage.place(kept.public_id)):
        os.utime(file, (0, 0))
    assert LEFT_OVER_SECONDS > 3600
    with acting(SYSTEM):
        clear_left_over(SYSTEM)
    assert not half.exists()
    assert not storage.place(UUID(int=5)).exists()
    assert storage.place(fresh).exists()
    assert not removed(kept)


def test_a_file_whose_removal_is_taken_back_keeps_its_content(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    file = stored(cast)
    with django_capture_on_commit_callbacks(execute=True), cast.act("street_officer") as actor, transaction.atomic():
        remove_file(file, actor=actor)
        transaction.set_rollback(True)
    assert content_of(file) == CONTENT


def test_one_may_remove_ones_own_file_early(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    file = stored(cast)
    with django_capture_on_commit_callbacks(execute=True):
        response = signed_in(cast, "street_officer").post(reverse("web:remove_file", args=[file.public_id]))
    assert response.status_code == 302
    assert removed(file)
    assert page(cast, "street_officer", file).status_code == 404
