"""Row E1 of the reliability programme: whatever is uploaded is imported as a whole or refused with words, and nothing falls over.

The mutations are the same in every run; GONGHUI_TEST_FILES asks for more of them than the few hundred of a commit.
"""

import os
import re
from collections import Counter
from functools import cache

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from gonghui.areas.register.models import Employer
from gonghui.core.actions.action import Refused
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting
from gonghui.core.exchange import reading
from gonghui.core.exchange.actions import apply_batch, check_batch, map_batch, start_batch
from gonghui.core.exchange.carrying import carry_out
from gonghui.core.exchange.models import Batch, BatchLine
from tests.cast import SYSTEM, Cast
from tests.hostile.corpus import HAND_MADE, RARE, importable, mutants, seeds
from tests.test_pages import signed_in

FILES = int(os.environ.get("GONGHUI_TEST_FILES", "240"))
HAN = re.compile("[\u4e00-\u9fff]")
WHY = "counted by a test"


@pytest.fixture(autouse=True)
def _each_file_is_opened_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The steps of an import open its file again and again; here the child process is asked once for each content."""
    monkeypatch.setattr(reading, "ask_child", cache(reading.ask_child))


def employers() -> int:
    """How many there are."""
    return int(Employer.objects.unscoped(WHY).count())


def imported(cast: Cast, actor: Actor, content: bytes) -> Batch:
    """The file through all steps of the wizard."""
    batch = start_batch(cast.street, actor=actor, sheet="register.employers", name="名册", content=content)
    map_batch(batch, actor=actor, mapping=batch.mapped)
    check_batch(batch, actor=actor)
    apply_batch(batch, actor=actor)
    batch.refresh_from_db()
    carry_out(batch, actor)
    batch.refresh_from_db()
    return batch


def outcome(cast: Cast, content: bytes) -> str:
    """Imports a file and takes it back; says "imported" or what it was refused with. Fails if only a part was written."""
    with cast.act("street_officer") as actor:
        before = employers()
        try:
            with transaction.atomic():
                batch = imported(cast, actor, content)
                assert batch.state == "done"
                assert employers() == before + batch.new
                assert batch.total == batch.new + batch.changed + batch.unchanged + batch.wrong
                explained(batch)
                transaction.set_rollback(True)
        except Refused as refusal:
            assert employers() == before
            return str(refusal)
        assert employers() == before
        return "imported"


def explained(batch: Batch) -> None:
    """Every wrong row says in Chinese what is wrong with it."""
    wrong = BatchLine.objects.unscoped(WHY).filter(batch=batch, outcome="wrong")
    assert len(wrong) == batch.wrong
    for line in wrong:
        assert line.problems
        assert all(HAN.search(problem["sentence"]) for problem in line.problems)


def test_the_sound_ones_are_imported(cast: Cast) -> None:
    ours = {name: content for name, content in seeds().items() if not name.endswith((".xls", ".xlsx"))}
    assert {name: outcome(cast, content) for name, content in ours.items()} == dict.fromkeys(ours, "imported")


def test_mutated_workbooks_are_imported_whole_or_refused_with_words(cast: Cast) -> None:
    said: Counter[str] = Counter()
    for name, content in mutants(FILES):
        try:
            told = outcome(cast, content)
        except Exception as error:
            error.add_note(f"{name}: {content[:200]!r}")
            raise
        assert told == "imported" or HAN.search(told), (name, told)
        said[told] += 1
    print(f"\n{said.total()} files: {said.most_common()}")
    assert said["imported"] > FILES // 8
    assert len(said) > 3


def test_hand_made_workbooks_are_imported_whole_or_refused_with_words(cast: Cast) -> None:
    told = {name: outcome(cast, make()) for name, make in HAND_MADE.items()}
    for name, said in told.items():
        print(f"\n{name}: {said}", end="")
    assert {name: said for name, said in told.items() if said != "imported" and not HAN.search(said)} == {}
    assert 5 < sum(said == "imported" for said in told.values()) < len(told) - 5


def test_the_upload_page_never_fails(cast: Cast) -> None:
    client, statuses = signed_in(cast, "street_officer"), {}
    url = "/imports/start/?sheet=register.employers"
    organisation = client.get(url).context["form"].initial["organisation"]
    for name, make in HAND_MADE.items():
        sent = {"organisation": organisation, "file": SimpleUploadedFile("名册.xlsx", make())}
        response = client.post(url, sent, follow=True)
        statuses[name] = response.status_code
    assert set(statuses.values()) == {200}, statuses
    with acting(SYSTEM):
        assert 5 < Batch.objects.unscoped(WHY).count() < len(HAND_MADE)


def test_no_file_of_the_server_comes_in_with_an_entity() -> None:
    with pytest.raises(Refused):
        reading.read(HAND_MADE["external entity"]())


def test_rare_characters_come_through_every_encoding(cast: Cast) -> None:
    for content in (importable(RARE), HAND_MADE["four bytes of gb18030"]()):
        with acting(SYSTEM), transaction.atomic():
            imported(cast, SYSTEM, content)
            found = Employer.objects.unscoped(WHY).filter(name__in=RARE).values_list("name", flat=True)
            assert set(found) == set(RARE)
            transaction.set_rollback(True)
