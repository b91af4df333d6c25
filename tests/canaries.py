"""A district in which every record carries a word that stands nowhere else, so that a page shows whose records it shows.

Everything is planted through the actions. A new area adds its kind of record in one function of PLANTS; a model with an address
that nobody plants fails the sweep.
"""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from gonghui.areas.members.actions import (
    ApplicationRow,
    MemberRow,
    admit_member,
    admit_members,
    leave,
    refuse_transfer,
    request_correction,
    request_own_transfer,
    request_transfer,
    take_application,
)
from gonghui.areas.members.models import Alert
from gonghui.areas.register.actions import (
    EmployerRow,
    add_contact,
    cover_employers,
    edit_employer,
    edit_union,
    enter_employers,
    found_union,
    propose_strike_off,
    propose_union,
    return_union,
)
from gonghui.areas.register.models import Employer, StrikeOff
from gonghui.core.access.actions import Invitee, grant_role, invite, issue_token, reset_second_factor
from gonghui.core.access.models import Grant, Invitation
from gonghui.core.access.roles import ROLES
from gonghui.core.access.secrets import digest
from gonghui.core.accounts.actions import create_user
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting
from gonghui.core.exchange.actions import apply_batch, check_batch, map_batch, start_batch
from gonghui.core.exchange.carrying import carry_out
from gonghui.core.figures.actions import freeze, report, set_target
from gonghui.core.files.actions import store_file
from gonghui.core.notices.actions import tell, write_note
from gonghui.core.organisations.models import Kind, Organisation
from gonghui.core.people.actions import PersonRow, merge_people, tell_apart
from gonghui.core.reference.models import Parameter
from gonghui.kit.dates import from_day, today
from gonghui.kit.identity import check_character, checked
from gonghui.web.models import RunKind, RunState, SavedFilter
from gonghui.web.runs import begin
from tests.building import foundings
from tests.canaries_of_prospects import fieldwork
from tests.cast import LONG_AGO, SYSTEM, Cast, region
from tests.members.canaries import counter_sessions, points
from tests.merging.canaries import register_merges
from tests.test_pages import signed_in
from tests.unionbuilding.canaries import lists
from tests.world import ID, INSPECTOR, SECRET, World


def people(world: World) -> None:
    """Beside the cast: an officer of the education union, and the inspector with every role."""
    cast = world.cast
    for name, roles, place in (("system_officer", ["street_officer"], cast.education), (INSPECTOR, [*ROLES], cast.district)):
        cast.users[name] = create_user(username=name, name=name, password=None)
        for role in roles:
            grant_role(place, actor=SYSTEM, user=cast.users[name], role=role, since=LONG_AGO)


def unions(world: World) -> None:
    """Every union with a canary in its name; one in each territory that was proposed and came back with a note."""
    cast = world.cast
    territories = (cast.district, cast.street, cast.next_street, cast.education)
    neighbour = found_union(
        cast.next_street, actor=SYSTEM, name="景山茶庄工会", kind=Kind.OWN, on=LONG_AGO, document="京工发〔2015〕2号"
    )
    cover_employers(neighbour, actor=SYSTEM, employers=[cast.neighbour], since=LONG_AGO)
    returned = []
    for parent, kind in [*((place, Kind.FEDERATION) for place in territories), (cast.own, Kind.BRANCH)]:
        union = propose_union(parent, actor=SYSTEM, name="申请中的", kind=kind, on=today())
        return_union(union, actor=SYSTEM, note=world.word("note of a returned proposal", union.path))
        returned.append(union)
    world.unions = [*territories, cast.own, cast.joint, neighbour, *returned]
    for union in world.unions:
        union.refresh_from_db()
        name = world.word("name of a union", union.path, is_union_name=True)
        if cast.own.path.startswith(union.path):  # a member knows the unions above his own
            world.canaries[name].also = "worker"
        if union in territories:  # an employer may move to another street and is still seen, with the name of the new one
            world.canaries[name].neighbours.update(one.path for one in territories)
        edit_union(union, actor=SYSTEM, name=f"{name}{union.get_kind_display()}")
        world.plant(union, union.path)


def employers(world: World) -> None:
    """At every holder one; the education union has a school in each street."""
    cast = world.cast
    for holder, place in (
        (cast.district, None),
        (cast.street, cast.street),
        (cast.next_street, cast.next_street),
        (cast.education, cast.street),
        (cast.education, cast.next_street),
    ):
        rows = [EmployerRow("单位", LONG_AGO, region=place.region if place else region("110101"), headcount=9)]
        world.employers += enter_employers(holder, actor=SYSTEM, rows=rows)
    world.employers += [cast.firm, cast.shop, cast.mill, cast.neighbour]
    for employer in world.employers:
        employer.refresh_from_db()
        paths = paths_of(employer)
        values = {"name": world.word("name of an employer", *paths), "address": world.word("address of an employer", *paths)}
        if employer == cast.firm:  # a worker knows where he works
            world.canaries[values["name"]].also = "worker"
        edit_employer(employer, actor=SYSTEM, **values)
        world.plant(employer, *paths)
        for canary in world.canaries.values():
            if canary.is_union_name and canary.paths[0] in paths:
                canary.neighbours.update(paths)


def paths_of(record: Any) -> tuple[str, ...]:
    """The paths of a record's holder and street; a union holds itself, a proposal is seen with its employer."""
    if isinstance(record, Organisation):
        return (record.path,)
    if isinstance(record, StrikeOff):
        return paths_of(record.employer)
    return tuple(union.path for union in (record.organisation, record.street) if union)


def contacts(world: World) -> None:
    """One at every union and employer; the number is sealed."""
    holders: list[Organisation | Employer] = [*world.unions, *world.employers]
    for holder in holders:
        paths = paths_of(holder)
        phone = world.word("number of a contact", *paths, pattern="1380000{:04d}", is_sealed=True)
        name = world.word("name of a contact", *paths)
        if holder == world.cast.own:  # a member sees who holds the posts of his union, and may ask for the number
            world.canaries[name].also = "worker"
        contact = add_contact(holder, actor=SYSTEM, post="chair", name=name, phone=phone, since=LONG_AGO)
        world.plant(contact, *paths)


def members(world: World) -> None:
    """At every kind of holder one, with a number that is sealed; those of the enterprise union and of the street asked for elsewhere."""
    cast = world.cast
    for sequence, union in enumerate((cast.own, cast.joint, cast.street, cast.next_street, cast.education, cast.district)):
        phone = world.word("number of a member", union.path, pattern="1380000{:04d}", is_sealed=True)
        name = world.word("name of a member", union.path)
        person = PersonRow(name, checked(f"{ID}{sequence:02d}{check_character(f'{ID}{sequence:02d}')}"), phone)
        retired = "4" if union == cast.joint else "1"  # who has retired waits for his union
        member = admit_member(union, actor=SYSTEM, row=MemberRow(person, LONG_AGO, work_state=retired))
        for rows in (member.person.documents, member.person.employments):
            world.plant(rows.unscoped("of somebody just admitted").get(), union.path)
        world.plant(member.person, union.path)
        if union in (cast.own, cast.next_street):
            transfer = request_transfer(cast.joint, actor=SYSTEM, person=member.person)
            world.canaries[name].neighbours.add(cast.joint.path)
            world.plant(transfer, union.path, cast.joint.path)
            for canary in world.canaries.values():
                if canary.is_union_name and canary.paths[0] in (union.path, cast.joint.path):
                    canary.neighbours.update((union.path, cast.joint.path))
        member.refresh_from_db()
        world.plant(member, union.path)
    number = f"{ID}32{check_character(f'{ID}32')}"
    theirs = admit_member(cast.joint, actor=SYSTEM, row=MemberRow(PersonRow("某会员", checked(number)), LONG_AGO))
    kept = request_transfer(cast.own, actor=SYSTEM, person=theirs.person)
    refuse_transfer(kept, actor=SYSTEM, reason="仍在本单位")
    kept.refresh_from_db()
    world.plant(kept, cast.joint.path, cast.own.path)
    wish = request_own_transfer(cast.member, actor=SYSTEM, target=cast.joint)
    world.plant(wish, cast.own.path, cast.joint.path)
    for canary in world.canaries.values():  # he knows to which union he asks to go
        if canary.is_union_name and canary.paths == (cast.joint.path,):
            canary.also = "worker"


def applications(world: World) -> None:
    """One at each street and one at the enterprise union, from a counter."""
    cast = world.cast
    for sequence, (union, employer) in enumerate(((cast.street, None), (cast.next_street, None), (cast.own, cast.firm)), 20):
        name, place = (world.word(f"{what} of an application", union.path) for what in ("name", "workplace"))
        number = f"{ID}{sequence:02d}{check_character(f'{ID}{sequence:02d}')}"
        row = ApplicationRow(name, number, place, employer=employer)
        world.plant(take_application(union, actor=SYSTEM, row=row), union.path)


def corrections(world: World) -> None:
    """What the worker asks for, which his union sees too."""
    cast = world.cast
    place = world.word("native place that somebody wants corrected", cast.own.path)
    world.canaries[place].also = "worker"
    wish = request_correction(cast.member.person, actor=cast.actor("worker"), values={"native_place": place})
    world.plant(wish, cast.own.path)


def merges(world: World) -> None:
    """In both streets two records that were made one, and two that were told apart."""
    for place, union in enumerate((world.cast.street, world.cast.next_street)):
        rows = []
        for sequence in range(40 + 4 * place, 44 + 4 * place):
            number = f"{ID}{sequence}{check_character(f'{ID}{sequence}')}"
            person = PersonRow(world.word("name of a record", union.path), checked(number))
            rows.append(MemberRow(person, LONG_AGO, workplace="某处"))
        kept, dropped, one, other = (member.person for member in admit_members(union, actor=SYSTEM, rows=rows))
        leave(dropped.memberships.unscoped("of somebody just admitted").get(), actor=SYSTEM, on=today(), reason="测试")
        world.plant(merge_people(kept, actor=SYSTEM, dropped=dropped), union.path)
        world.plant(tell_apart(one, actor=SYSTEM, other=other), union.path)


def alerts(world: World) -> None:
    """As many individual members at one employer as it takes, so that its street is reminded to found a union."""
    cast = world.cast
    numbers = [f"11010119910101{sequence:03d}" for sequence in range(25)]
    people = [PersonRow("某人", checked(number + check_character(number))) for number in numbers]
    admit_members(cast.street, actor=SYSTEM, rows=[MemberRow(person, LONG_AGO, employer=cast.mill) for person in people])
    world.plant(Alert.objects.unscoped("the reminder just raised").get(), cast.street.path)


def strike_offs(world: World) -> None:
    """One of every employer that no union covers."""
    actor = world.cast.actor(INSPECTOR)
    for employer in world.employers:
        employer.refresh_from_db()
        if employer.coverage == "none":
            paths = paths_of(employer)
            evidence = world.word("evidence of a strike-off", *paths)
            proposal = propose_strike_off(employer, actor=actor, reason="unreachable", evidence=evidence)
            world.strike_offs.append(proposal)
            world.plant(proposal, *paths)


def notes(world: World) -> None:
    """One on every record that takes notes, and a reminder of one's own for everybody who may write."""
    cast = world.cast
    for subject in (*world.unions, *world.employers, *world.strike_offs):
        paths = paths_of(subject)
        text = world.word("note", *paths)
        note = write_note(cast.district, actor=cast.actor(INSPECTOR), subject=subject, text=text)
        world.plant(note, *paths)
    for name in world.members:
        actor = cast.actor(name) if name else None
        for union in world.unions:
            if actor and actor.can_at("notices.write_note", union.path):
                text = world.word("reminder", union.path)
                world.plant(write_note(union, actor=actor, subject=union, text=text, remind_on=today()), union.path)
                break


def grants(world: World) -> None:
    """The cast's own, each with a canary in its reason of a reset; one more at the education union."""
    rows = Grant.objects.unscoped("every grant of the cast").exclude(user=world.cast.users[INSPECTOR])
    for grant in rows.select_related("organisation"):
        path = grant.organisation.path
        reason = world.word("reason of a reset", path)
        reset_second_factor(grant, actor=world.cast.actor(INSPECTOR), reason=reason)
        world.plant(grant, path)


def invitations(world: World) -> None:
    """One at every union; and one whose secret is known, at a union that no canary names, for the page that needs no sign-in."""
    for union in world.unions:
        if union.state == "active":
            phone = world.word("number of somebody invited", union.path, pattern="1380000{:04d}", is_sealed=True)
            name = world.word("name of somebody invited", union.path)
            (one,) = invite(union, actor=SYSTEM, invitees=[Invitee(name, phone, "enterprise_chair")])
            world.plant(one, union.path)
    plain = found_union(
        world.cast.street, actor=SYSTEM, name="某某工会", kind=Kind.OWN, on=LONG_AGO, document="京工发〔2015〕9号"
    )
    (one,) = invite(plain, actor=SYSTEM, invitees=[Invitee("某人", "13911112222", "enterprise_chair")])
    rows = Invitation.objects.unscoped("an invitation whose secret the sweep knows").filter(pk=one.pk)
    rows.update(digest=digest(SECRET), expires_on=today() + dt.timedelta(days=9))


def published_figures(world: World) -> None:
    """At every territory one that was frozen, one that a paper told, one that is aimed at."""
    actor = world.cast.actor(INSPECTOR)
    for union in (world.cast.district, world.cast.street, world.cast.next_street, world.cast.education):
        occasion, source, basis = (world.word(f"{what} of a figure", union.path) for what in ("occasion", "source", "basis"))
        year = from_day(today().replace(month=1, day=1), today().replace(year=today().year + 1, month=1, day=1))
        for record in (
            freeze(union, actor=actor, figure="coverage_rate", when=today(), occasion=occasion),
            report(union, actor=actor, figure="coverage_rate", when=today(), number=Decimal(99), source=source),
            set_target(union, actor=actor, figure="coverage_rate", period=year, number=Decimal(98), basis=basis),
        ):
            world.plant(record, union.path)


def parameters(world: World) -> None:
    """Rules that hold for everybody; there are some already."""
    for one in Parameter.objects.unscoped("rules hold for everybody").order_by("key")[:2]:
        world.plant(one)


def second_factors(world: World) -> None:
    """Everybody has set up TOTP and recovery codes."""
    for user in world.cast.users.values():
        TOTP.activate(user, generate_totp_secret())
        RecoveryCodes.activate(user)


def filters(world: World) -> None:
    """Everybody's own, saved through its page; whoever may not save any has none."""
    for name in world.cast.users:
        client = signed_in(world.cast, name)
        label = world.word("name of a filter", owner=name)
        client.post("/filters/", {"sheet": "register.employers", "label": label, "query": "state=active"})
        with acting(SYSTEM):
            saved = SavedFilter.objects.unscoped("the filter just saved").filter(label=label).first()
        if saved is None:
            del world.canaries[label]
        else:
            client.post(f"/filters/{saved.public_id}/pin/")
            world.plant(saved, owner=name)


def files(world: World) -> None:
    """One held by every territory and, for everybody who may store any, one of his own."""
    cast = world.cast
    for place in (cast.district, cast.street, cast.next_street, cast.education):
        store(world, place, SYSTEM, place.path)
    for name in world.cast.users:
        actor = cast.actor(name)
        own = Organisation.objects.changeable_by(actor, "files.store_file").order_by("path").first()
        if own is not None:
            store(world, own, actor, owner=name)


def store(world: World, place: Organisation, actor: Actor, *paths: str, owner: str = "") -> None:
    """A file with a canary in its name and one in its content."""
    name = world.word("name of a file", *paths, owner=owner)
    content = world.word("content of a file", *paths, owner=owner).encode()
    with acting(actor):
        file = store_file(place, actor=actor, name=f"{name}.csv", content=content, purpose="测试", is_private=bool(owner))
    world.plant(file, *paths, owner=owner)


def imports(world: World) -> None:
    """At every territory one that was checked, in both streets one that waits for its columns and one that is done as well; each with
    a row that is wrong."""
    streets = (world.cast.street, world.cast.next_street)
    for place in (world.cast.district, world.cast.education, *streets):
        for steps in range(3) if place in streets else (1,):
            name, wrong = (world.word(f"{what} of an import", place.path) for what in ("file", "wrong row"))
            rows = f"单位名称,职工人数\n{name}店,1\n{wrong},许多\n".encode()
            batch = start_batch(place, actor=SYSTEM, sheet="register.employers", name=f"{name}.csv", content=rows)
            if steps:
                map_batch(batch, actor=SYSTEM, mapping=batch.mapped)
                check_batch(batch, actor=SYSTEM)
            if steps > 1:
                apply_batch(batch, actor=SYSTEM)
                carry_out(batch, SYSTEM)
            batch.refresh_from_db()
            world.plant(batch, place.path)


def works(world: World) -> None:
    """For everybody an export that is done; for whoever may, a bulk action that waits for its form and one that waits to be confirmed."""
    for name in world.cast.users:
        actor = world.cast.actor(name)
        kinds = [(RunKind.EXPORT, "", RunState.DONE)] if actor.can("notices.view") else []
        if actor.can("register.edit_employer"):
            kinds += [(RunKind.BULK, "party", state) for state in (RunState.DRAFT, RunState.CHECKED)]
        for kind, step, state in kinds:
            title = world.word("title of a run", owner=name)
            with acting(actor):
                run = begin(actor, kind=kind, step=step, state=state, title=title, source="list:register.employers", total=0)
            world.plant(run, owner=name)


def tokens(world: World) -> None:
    """One of everybody who may call the API."""
    for name, user in world.cast.users.items():
        actor = world.cast.actor(name)
        if actor.can("access.issue_token"):
            label, expires_on = world.word("label of a token", owner=name), today() + dt.timedelta(days=9)
            with acting(actor):
                token, _secret = issue_token(
                    user, actor=actor, label=label, permissions=["register.view"], expires_on=expires_on
                )
            world.plant(token, owner=name)


def told(world: World) -> None:
    """What everybody was told, in his own inbox."""
    for name, user in world.cast.users.items():
        values = {"union": "某工会", "note": world.word("what somebody was told", owner=name)}
        for message in tell("members.application_returned", user=user, values=values):
            world.plant(message, owner=name)


PLANTS: tuple[Callable[[World], None], ...] = (
    people,
    unions,
    employers,
    contacts,
    members,
    applications,
    corrections,
    told,
    merges,
    register_merges,
    alerts,
    points,
    counter_sessions,
    fieldwork,
    foundings,
    strike_offs,
    lists,
    notes,
    grants,
    invitations,
    published_figures,
    parameters,
    second_factors,
    tokens,
    files,
    imports,
    works,
)


def planted(cast: Cast) -> World:
    """The cast with every kind of record planted."""
    world = World(cast)
    with acting(SYSTEM):
        for plant in PLANTS:
            plant(world)
    filters(world)
    return world
