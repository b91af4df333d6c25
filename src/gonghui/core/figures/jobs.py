"""Working in what the database has noted for figures."""

from gonghui.core.access.jobs import nightly
from gonghui.core.actions.actor import Actor
from gonghui.core.figures.kept import work_in
from gonghui.kit.dates import today


@nightly("figures.work_in", cron="*/10 * * * *")
def work_in_changes(actor: Actor) -> None:
    """So that figures have little to count besides."""
    work_in(today())
