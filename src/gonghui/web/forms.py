"""Forms of the desk: they know the actor, and put a refused action's sentence beside the field it is about."""

from collections.abc import Callable
from typing import Any, Self, TypeVar
from uuid import UUID

from django import forms
from django.db import transaction
from django.http import HttpRequest

from gonghui.core.actions.action import Refused
from gonghui.core.actions.actor import Actor
from gonghui.core.history.look_ups import heard
from gonghui.kit.dates import today

Result = TypeVar("Result")
FIND = "find"  # the button of a picker's search sends the whole form, so that nothing that was typed is lost, nor stands in an address


class DayInput(forms.DateInput):
    """A date as browsers pick it."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class DayField(forms.DateField):
    """A day; today unless another is given."""

    widget = DayInput

    def __init__(self, *, is_today: bool = True, **kwargs: Any) -> None:
        super().__init__(initial=today if is_today else None, input_formats=["%Y-%m-%d"], **kwargs)


class DeskForm(forms.Form):
    """Input of one action on one subject. The subclass scopes its choices in `prepare`."""

    def __init__(self, *args: Any, actor: Actor, subject: Any, query: str = "", **kwargs: Any) -> None:
        self.actor, self.subject, self.query = actor, subject, query
        super().__init__(*args, **kwargs)
        self.prepare()

    @classmethod
    def of_request(cls, request: HttpRequest, *, actor: Actor, subject: Any) -> Self:
        """The form that a request asks for: empty; sent; or sent to find something, and then with all that was typed and no complaint."""
        is_sent = request.method == "POST"
        query = (request.POST if is_sent else request.GET).get("q", "")[:100]
        sent = (request.POST, request.FILES) if is_sent else ()
        form = cls(*sent, actor=actor, subject=subject, query=query)
        if FIND in request.POST:
            form.type_back()
        return form

    def type_back(self) -> None:
        """What was sent stands in the fields again and is not judged yet."""
        for name, field in self.fields.items():
            self.initial[name] = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
        self.is_bound = False

    def prepare(self) -> None:
        """Choices and initial values that depend on actor and subject."""

    def choose(self, name: str, choices: Any) -> None:
        """Sets the choices of a field."""
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def offer(self, name: str, rows: Any) -> None:
        """What a picker has to choose from: the hits of its search, and what was picked before it."""
        field: Any = self.fields[name]
        field.offer(rows, self.query, self.data.get(self.add_prefix(name), ""))

    def fill(self, **initial: Any) -> None:
        """Sets initial values."""
        self.initial = {**initial, **self.initial}

    def attempt(self, run: Callable[[], Result]) -> tuple[bool, Result | None]:
        """Runs an action, or several, all or nothing; a refusal becomes an error of the form and keeps what was typed."""
        try:
            with transaction.atomic():
                return True, run()
        except Refused as refusal:
            said = heard(refusal)
            self.add_error(said.field if said.field in self.fields else None, str(said))
            return False, None


class RowPicker(forms.ChoiceField):
    """One record out of a search's hits: radio buttons, never a list of thousands. The value is the record."""

    widget = forms.RadioSelect
    LIMIT = 20
    rows: Any = None

    def offer(self, rows: Any, query: str, picked: str = "") -> None:
        """The hits to choose from, after what was picked before; a posted choice is looked up among all that the actor may choose."""
        self.rows = rows
        hits = list((rows.named(query) if query else rows).order_by("name_pinyin")[: self.LIMIT])
        before = [row for row in [self._found(picked)] if row and row not in hits] if picked else []
        self.choices = [(str(row.public_id), self.words(row)) for row in [*before, *hits]]

    def words(self, row: Any) -> str:
        """How a record is offered."""
        return str(row.name)

    def valid_value(self, value: Any) -> bool:
        return self._found(value) is not None

    def clean(self, value: Any) -> Any:
        return self._found(super().clean(value))

    def _found(self, value: Any) -> Any:
        try:
            return self.rows.filter(public_id=UUID(str(value))).first()
        except ValueError:
            return None
