"""What stands around every page: the names of the house and of who sits there, and the index of what they may open."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _

from gonghui.core.actions.actor import Actor
from gonghui.kit.areas import AreaConfig, Page, areas

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# The eleven groups, in their fixed order. An area names its group by the word on the left.
GROUPS: dict[str, "StrOrPromise"] = {
    "组织": pgettext_lazy("index", "组织"),
    "会员": pgettext_lazy("index", "会员"),
    "建会": pgettext_lazy("index", "建会"),
    "走访诉求": pgettext_lazy("index", "走访诉求"),
    "服务": pgettext_lazy("index", "服务"),
    "经费": pgettext_lazy("index", "经费"),
    "帮扶维权": pgettext_lazy("index", "帮扶维权"),
    "阵地": pgettext_lazy("index", "阵地"),
    "队伍": pgettext_lazy("index", "队伍"),
    "督办": pgettext_lazy("index", "督办"),
    "数据": pgettext_lazy("index", "数据"),
}
HTML_LANGUAGE = {"zh-hans": "zh-CN"}
WIDEST = 4  # characters of a name in half the index


@dataclass(frozen=True)
class Item:
    """One name in the index."""

    label: "StrOrPromise"
    url: str
    current: bool

    @property
    def is_wide(self) -> bool:
        """Whether the name needs both columns of the index."""
        return len(str(self.label)) > WIDEST


@dataclass(frozen=True)
class Group:
    """One group of the index; `is_tall` when its name needs two lines."""

    name: "StrOrPromise"
    items: list[Item]
    is_tall: bool


def context(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Asks the database nothing."""
    actor: Actor | None = getattr(request, "actor", None)
    code = get_language() or settings.LANGUAGE_CODE
    shell = {
        "brand": settings.BRAND or _("总工会"),
        "language": HTML_LANGUAGE.get(code, code),
        "is_chinese": code.startswith("zh"),
        "path": request.get_full_path(),
        "user": actor,
        "groups": index(actor, request.path) if actor else [],
        "todo_count": getattr(request, "todo_count", None),
    }
    return {"shell": shell, "demo": settings.DEMO}


def index(actor: Actor, path: str) -> list[Group]:
    """The groups with the pages this actor may open, from the top floor down; a group without any closes up."""
    entries: dict[str, list[tuple[Page, str]]] = {name: [] for name in GROUPS}
    for area in reversed(list(areas())):
        for page in area.pages:
            if actor.can(page.permission) and (url := address(page)):
                entries[group_of(area)].append((page, url))
    current = max((url for pages in entries.values() for page, url in pages if path.startswith(url)), key=len, default="")
    return [
        Group(GROUPS[name], [Item(page.label, url, url == current) for page, url in pages], len(name) > 2)
        for name, pages in entries.items()
        if pages
    ]


def group_of(area: AreaConfig) -> str:
    """The group an area names. Raises KeyError for a word that is none of the eleven."""
    if area.group not in GROUPS:
        raise KeyError(f"{area.name}: {area.group!r} is not a group of the index")
    return area.group


def address(page: Page) -> str:
    """Where the page is; empty while nothing answers to its name yet."""
    try:
        return reverse(page.url_name)
    except NoReverseMatch:
        return ""
