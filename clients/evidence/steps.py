"""Reading the log is a line of the log: once per session and hour. A page that shows the log takes this step first."""

from datetime import timedelta

from django.utils import timezone

from clients.audit.actions import record
from clients.audit.models import Entry
from clients.people.actor import Actor

COUNTS_ONCE = timedelta(hours=1)
READ = "log.read"


def note_log_read(actor: Actor) -> None:
    """In the transaction of the page: no line, no page."""
    since = timezone.now() - COUNTS_ONCE
    before = Entry.objects.filter(person_id=actor.somebody, verb=READ, at__gt=since, facts__session=actor.session)
    if not actor.session or not before.exists():
        record(actor, "log.read", None, session=actor.session)
