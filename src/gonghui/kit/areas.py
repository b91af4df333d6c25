"""What an app of the system tells about itself: its title, its place in the index, and the files found in it by name."""

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar

from django.apps import AppConfig, apps
from django.urls import URLPattern, URLResolver, include, path
from django.utils.module_loading import module_has_submodule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django_stubs_ext import StrOrPromise

DISCOVERED = ("attached", "sheets", "figures", "imports", "open_work", "jobs", "cli", "api")


@dataclass(frozen=True)
class Page:
    """One name in the index: where it leads, and the permission without which it is left out."""

    label: "StrOrPromise"
    url_name: str
    permission: str


class AreaConfig(AppConfig):
    """An app of the system. `group` is one of the index's groups; `prefix` the first part of its addresses."""

    title: ClassVar["StrOrPromise"] = ""
    group: ClassVar[str] = ""
    pages: ClassVar[tuple[Page, ...]] = ()
    prefix: ClassVar[str] = ""
    default = False  # Django picks the only candidate of an apps module; this base is imported into every one of them

    def __init_subclass__(cls) -> None:
        cls.default = True

    def ready(self) -> None:
        """Imports those of the discovered files that exist, so that what they register is known."""
        for name in DISCOVERED:
            if self._has(name):
                import_module(f"{self.name}.{name}")

    def _has(self, name: str) -> bool:
        return self.module is not None and module_has_submodule(self.module, name)

    def portal_urlpatterns(self) -> list[URLPattern | URLResolver]:
        """The pages the area has for workers: the patterns of its `portal.urls`."""
        if (
            self.module is None
            or not self._has("portal")
            or not module_has_submodule(import_module(f"{self.name}.portal"), "urls")
        ):
            return []
        return list(import_module(f"{self.name}.portal.urls").urlpatterns)

    def urlpatterns(self) -> list[URLResolver]:
        """The area's `urls`, below its prefix; an area without pages has none."""
        if not self._has("urls"):
            return []
        return [path(self.prefix or f"{self.label}/", include(f"{self.name}.urls"))]


def areas() -> "Iterator[AreaConfig]":
    """Every installed area, in the order of the settings."""
    return (config for config in apps.get_app_configs() if isinstance(config, AreaConfig))


def urlpatterns() -> list[URLResolver]:
    """The addresses of all areas, for the root URLconf."""
    return [pattern for area in areas() for pattern in area.urlpatterns()]


def portal_urlpatterns() -> list[URLPattern | URLResolver]:
    """The workers' pages of all areas, for the portal's addresses."""
    return [pattern for area in areas() for pattern in area.portal_urlpatterns()]
