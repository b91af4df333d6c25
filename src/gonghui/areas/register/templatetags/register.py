"""Code lists in templates."""

from django import template

from gonghui.core.reference.queries import names

register = template.Library()


@register.filter
def code(value: str, name: str) -> str:
    """The name of an entry of a code list."""
    return names(name).get(value, value)
