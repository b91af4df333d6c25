"""Input of what comes after founding, and of awards."""

from pathlib import Path
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gonghui.core.organisations.models import MANAGING, Organisation
from gonghui.kit.dates import today
from gonghui.web.forms import DayField, DeskForm

KINDS = (".jpg", ".jpeg", ".png", ".pdf", ".docx")
BIGGEST = 20 * 1024 * 1024  # bytes


class FinishForm(DeskForm):
    """That a duty is done, and what shows it."""

    on = DayField(label=_("完成日期"))
    evidence = forms.CharField(
        label=_("完成情况"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("何时、何人、做了什么，有什么材料"),
    )
    file = forms.FileField(label=_("佐证文件"), required=False, help_text=_("照片、PDF 或 Word，不超过 20 MB"))

    def clean_file(self) -> Any:
        """What shows it, of a kind that is kept here; judged before it is read."""
        file: Any = self.cleaned_data["file"]
        if file and (Path(file.name or "").suffix.lower() not in KINDS or (file.size or 0) > BIGGEST):
            raise forms.ValidationError(_("请上传照片（.jpg、.png）、.pdf 或 .docx，不超过 20 MB"))
        return file


class ComputeForm(DeskForm):
    """For whom and for which days."""

    organisation = forms.ChoiceField(label=_("工会组织"))
    since = DayField(label=_("从哪天起"), is_today=False)
    until = DayField(label=_("到哪天为止"), is_today=False)

    def prepare(self) -> None:
        rows = Organisation.objects.changeable_by(self.actor, "unionbuilding.compute_award").filter(kind__in=MANAGING)
        self.unions = {str(one.public_id): one for one in rows.active().order_by("path")}
        self.choose("organisation", [(key, one.name) for key, one in self.unions.items()])
        self.fill(since=today().replace(month=1, day=1), until=today())

    def clean_organisation(self) -> Organisation:
        return self.unions[self.cleaned_data["organisation"]]
