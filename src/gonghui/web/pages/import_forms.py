"""What the pages of an import ask: the file, then what is where in it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gonghui.core.actions.actor import Actor
from gonghui.core.exchange.actions import doubt_of, importer_of, sheets_of
from gonghui.core.exchange.importers import RECORD_COLUMN, Importer
from gonghui.core.exchange.models import Batch, SameName
from gonghui.core.exchange.reading import BIGGEST, ENCODINGS, Cells, rows_below
from gonghui.core.organisations.models import Organisation
from gonghui.web.forms import DeskForm

SAMPLES = 3  # values shown under a head
LOOKED_AT = 200  # rows searched for them
DEEPEST = 50  # rows among which the head may be
LONG_NUMBER = re.compile(r"(\d{3})\d{4,}(\d{4})")


def places(actor: Actor, importer: Importer) -> Any:
    """The outermost unions at which the actor may import this list."""
    rows = Organisation.objects.changeable_by(actor, importer.permission)
    return rows.filter(path__in=actor.roots_for(importer.permission)).order_by("path")


class UploadForm(DeskForm):
    """A workbook for a list; `subject` is the importer."""

    organisation = forms.ChoiceField(label=gettext_lazy("导入到"))
    file = forms.FileField(
        label=gettext_lazy("文件"), help_text=gettext_lazy(".xlsx、.xls、.xlsb、.ods 或 .csv，不超过 20 MB、200,000 行")
    )

    def prepare(self) -> None:
        self.unions: dict[str, Organisation] = {str(one.public_id): one for one in places(self.actor, self.subject)}
        self.choose("organisation", [(key, one.name) for key, one in self.unions.items()])
        if len(self.unions) == 1:
            self.fields["organisation"].widget = forms.HiddenInput()
            self.fill(organisation=next(iter(self.unions)))

    def clean_organisation(self) -> Organisation:
        return self.unions[self.cleaned_data["organisation"]]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > BIGGEST:
            raise forms.ValidationError(_("文件不能超过 20 MB，请分成几个文件"))
        return file


class ApplyForm(DeskForm):
    """Nothing, unless the importer doubts; `subject` is the batch."""

    is_sure = forms.BooleanField(label=gettext_lazy("我已核对，确实如此"), required=False)

    def prepare(self) -> None:
        if not doubt_of(self.subject, self.actor):
            del self.fields["is_sure"]


@dataclass(frozen=True)
class FileColumn:
    """A column of the workbook: its letter as Excel has it, its head, a few values, and the choice of ours."""

    letter: str
    head: str
    samples: Sequence[str]
    field: BoundField


class MapForm(DeskForm):
    """Which sheet, which row of heads, which column is which; `subject` is the batch."""

    sheet_at = forms.TypedChoiceField(label=gettext_lazy("工作表"), coerce=int)
    head_at = forms.IntegerField(label=gettext_lazy("表头在第几行"), min_value=1, max_value=DEEPEST)
    encoding = forms.ChoiceField(label=gettext_lazy("编码"), choices=ENCODINGS, required=False)
    same_name = forms.ChoiceField(label=gettext_lazy("没有代码而同名的"), choices=SameName.choices)

    def prepare(self) -> None:
        batch: Batch = self.subject
        self.sheets = sheets_of(batch)
        self.cells: Cells = self.sheets[batch.sheet_at]
        self.choose("sheet_at", [(place, sheet_title(one, place)) for place, one in enumerate(self.sheets)])
        self.fill(sheet_at=batch.sheet_at, head_at=batch.head_at + 1, encoding=batch.encoding, same_name=batch.same_name)
        if not batch.encoding:
            del self.fields["encoding"]
        if len(self.sheets) == 1:
            self.fields["sheet_at"].widget = forms.HiddenInput()
        importer = importer_of(batch)
        options = [("", _("不导入")), *((one.code, one.label) for one in (*importer.columns, RECORD_COLUMN))]
        for place, head in enumerate(batch.heads):
            self.fields[name_of(place)] = forms.ChoiceField(
                label=head or letter(place), choices=options, required=False, widget=forms.Select(attrs={"class": "w-auto"})
            )
            self.initial.setdefault(name_of(place), batch.mapped.get(place, ""))

    @property
    def columns(self) -> Iterator[FileColumn]:
        """The columns of the workbook that hold anything."""
        rows = [row for _number, row in rows_below(self.cells, self.subject.head_at)[:LOOKED_AT]]
        for place, head in enumerate(self.subject.heads):
            samples = [masked(row[place]) for row in rows if place < len(row) and row[place]][:SAMPLES]
            if head or samples:
                yield FileColumn(letter(place), head, samples, self[name_of(place)])

    @property
    def places(self) -> list[BoundField]:
        """The fields about where the table is."""
        return [self[name] for name in ("sheet_at", "head_at", "encoding") if name in self.fields]

    @property
    def mapping(self) -> dict[int, str]:
        """The columns chosen."""
        return {place: self.cleaned_data.get(name_of(place), "") for place in range(len(self.subject.heads))}


def name_of(place: int) -> str:
    """The field of a column."""
    return f"column_{place}"


def letter(place: int) -> str:
    """A column as Excel calls it: A, B … Z, AA."""
    return letter(place // 26 - 1) + chr(65 + place % 26) if place >= 26 else chr(65 + place)


def sheet_title(cells: Cells, place: int) -> str:
    """A sheet by its title and size."""
    title = cells.title or _("第 %(number)s 张表") % {"number": place + 1}
    hidden = _("（隐藏）") if cells.is_hidden else ""
    return _("%(title)s%(hidden)s，%(rows)s 行") % {"title": title, "hidden": hidden, "rows": len(cells.rows)}


def masked(text: str) -> str:
    """A value as an example: numbers so long that they may be somebody's are masked."""
    return LONG_NUMBER.sub(r"\1****\2", text)[:40]
