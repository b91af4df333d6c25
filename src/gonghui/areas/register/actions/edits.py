"""Correcting many employers at once, as an import does."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.actions.employers import derived
from gonghui.areas.register.models import Employer, Headcount
from gonghui.core.actions.action import NotAllowed, Refused, action
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.copying import update_many
from gonghui.core.actions.dated import end, supersede
from gonghui.core.organisations.models import Organisation
from gonghui.kit.dates import today

Counted = tuple[int | None, dt.date]  # workers, None where the number is no longer known; and the day from which it is so


@action("register.edit_employers", label=_("批量修改单位资料"))
def edit_employers(
    organisation: Organisation,
    *,
    actor: Actor,
    values: Mapping[int, Mapping[str, Any]],
    headcounts: Mapping[int, Counted],
    source: str = "union",
) -> None:
    """Corrects employers held at or below a union, by key: plain fields in `values`, counts in `headcounts`, and where these come from in `source`.

    A former name is kept when the name changes; NotAllowed where one of them is held elsewhere.
    """
    wanted = {*values, *headcounts}
    held = Employer.objects.changeable_by(actor, "register.edit_employers").filter(pk__among=wanted)
    held = held.filter(organisation_path__startswith=organisation.path)
    employers = {one.pk: one for one in held.select_for_update(of=("self",)).order_by("pk")}
    if len(employers) != len(wanted):
        raise NotAllowed("register.edit_employers")
    day = today()
    for key, fields in values.items():
        correct(employers[key], fields, day)
    count_workers(employers, headcounts, source)
    names = {name for fields in values.values() for name in fields}
    names |= {"former_names", "name_pinyin", "name_initials"} if "name" in names else set()
    names |= {"is_non_public"} if values else set()
    names |= {"headcount", "headcount_on"} if headcounts else set()
    if names:
        update_many(list(employers.values()), sorted(names))


def correct(employer: Employer, fields: Mapping[str, Any], day: dt.date) -> None:
    """Sets the fields of one employer, and those that follow from them."""
    if "name" in fields and fields["name"] != employer.name and employer.name not in employer.former_names:
        employer.former_names = [*employer.former_names, employer.name]
    for name, value in fields.items():
        setattr(employer, name, value)
    employer.is_non_public = derived({}, day, employer)
    employer.key_names()


def count_workers(employers: Mapping[int, Employer], headcounts: Mapping[int, Counted], source: str) -> None:
    """Records the counts, and ends those that are no longer known; of the same day together."""
    by_day: dict[dt.date, dict[int, Mapping[str, Any]]] = defaultdict(dict)
    ended: dict[dt.date, list[int]] = defaultdict(list)
    for key, (count, day) in headcounts.items():
        if day > today():
            raise Refused(_("日期不能晚于今天"), field="on")
        if count is None:
            ended[day].append(key)
        else:
            by_day[day][key] = {"count": count, "source": source}
        employers[key].headcount, employers[key].headcount_on = count, None if count is None else day
    for day, counted in by_day.items():
        supersede(Headcount, "employer", counted, day, counted)
    for day, keys in ended.items():
        end(Headcount, "employer", keys, day)
