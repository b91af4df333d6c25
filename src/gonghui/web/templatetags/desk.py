"""What templates cannot do, or not quickly enough: icons, controls with our look, the cells of a list."""

from decimal import Decimal
from functools import lru_cache
from html import escape
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select, SelectMultiple
from django.forms.boundfield import BoundWidget
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from gonghui.kit.text import together
from gonghui.web.forms import RowPicker
from gonghui.web.listing import Cell, Row

register = template.Library()
register.filter("together", together)


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str) -> SafeString:
    """One icon of the sprite; decoration only, so a word always stands beside it or in `aria-label`."""
    return format_html('<svg class="i" aria-hidden="true"><use href="{}#{}"/></svg>', static("web/icons.svg"), name)


@register.simple_tag
def cells(row: Row) -> SafeString:
    """The cells of a row, in Python because a page has hundreds of them."""
    return mark_safe("".join(map(cell_html, row.cells)))


def cell_html(cell: Cell) -> str:
    """One cell: a state with colour, icon and word, a link, or a text."""
    text = escape(cell.text)
    if cell.state:
        text = f'<span class="st st-{escape(cell.state.tone)}">{icon(cell.state.icon)}{text}</span>'
    elif cell.url:
        text = f'<a class="ln" href="{escape(cell.url)}" data-open>{text}</a>'
    return f'<td class="{escape(cell.css)}">{text}</td>' if cell.css else f"<td>{text}</td>"


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The control of a form field with our look and its help and error tied to it."""
    attributes: dict[str, Any] = {"class": f"{field.field.widget.attrs.get('class', '')} {css(field)}".strip()}
    described = [f"{field.auto_id}_help"] if field.help_text else []
    if field.errors:
        described.append(f"{field.auto_id}_error")
        attributes["aria-invalid"] = "true"
    if described:
        attributes["aria-describedby"] = " ".join(described)
    return field.as_widget(attrs=attributes)


def css(field: BoundField) -> str:
    """The class of the control."""
    widget = field.field.widget
    if isinstance(widget, CheckboxInput | CheckboxSelectMultiple | RadioSelect):
        return "form-check-input"
    if isinstance(widget, Select | SelectMultiple):
        return "form-select"
    return "form-control"


@register.filter
def is_box(field: BoundField) -> bool:
    """Whether the control is a single box with its label behind it."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def is_choice_group(field: BoundField) -> bool:
    """Whether the control is several boxes, which need a legend instead of a label."""
    return isinstance(field.field.widget, CheckboxSelectMultiple | RadioSelect)


@register.filter
def is_picker(field: BoundField) -> bool:
    """Whether the boxes are the hits of a search."""
    return isinstance(field.field, RowPicker)


@register.filter
def boxes(field: BoundField) -> list[BoundWidget]:
    """The boxes of a choice group, with our look."""
    field.field.widget.attrs["class"] = "form-check-input"
    return list(field)


@register.filter
def money(yuan: Decimal | None) -> str:
    """An amount with its thousands and two decimals; nothing where there is none."""
    return "" if yuan is None else f"{yuan:,.2f}"


@register.filter
def in_fours(text: str) -> str:
    """A code in groups of four, for reading and typing."""
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))
