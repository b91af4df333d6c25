"""What the portal's templates need: how this phone wants to see them, codes as drawings."""

from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from gonghui.kit import qr
from gonghui.web.pages.portal_display import Display

register = template.Library()


@register.simple_tag(takes_context=True)
def display(context: dict[str, Any]) -> Display:
    """What was chosen on this phone."""
    return Display.of(context["request"])


@register.filter
def drawing(text: str) -> SafeString:
    """The QR code of a text; the script puts the following ones in its place."""
    return mark_safe(qr.svg(text))
