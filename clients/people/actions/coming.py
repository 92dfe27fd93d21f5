"""A brand's log says who came into its space, how they had signed in and from where: a line per session, not per page.

One session spans the hub and all its brands, so each brand is told when somebody first comes to it; and again when the same
session goes on from another place, which is how a stolen one shows. What happens on the hub (signing out, failing to sign in)
comes after, by `hearing`.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from clients.audit.actions import record
from clients.audit.models import Entry
from clients.people.actor import Actor
from clients.people.coming import Origin, Proof
from tenants.errors import Refused
from tenants.walls.scope import durable

LOOKS_BACK = timedelta(days=60)
"""No session is older."""


def come_in(actor: Actor, *, origin: Origin, signed_in: Sequence[Proof], proved: Proof | None = None) -> None:
    """Write down what the log does not say yet: that this session came in, from here, and the newest proof given in it.

    INVARIANT: the log itself is asked, with the session locked: many pages at once are one line, and what the caller remembers of
    it spares a question and decides nothing. Raises Refused('not_allowed') for whoever has no session.
    """
    if not actor.session or actor.person_id is None:
        raise Refused("not_allowed")
    with durable(actor.brand):
        _alone(actor)
        came = _lines_of(actor).filter(verb__in=("session.entered", "session.moved"))
        known = set(came.values_list("facts__origin", flat=True))
        if not known:
            how = [proof.how for proof in signed_in]
            since = signed_in[0].at.isoformat(timespec="seconds") if signed_in else ""
            private = origin.private()
            record(actor, "session.entered", None, private=private, how=how, since=since, origin=origin.mark)
        elif origin.mark not in known:
            record(actor, "session.moved", None, private=origin.private(), origin=origin.mark)
        if proved:
            _note_proof(actor, proved)


def _lines_of(actor: Actor) -> QuerySet[Entry]:
    """The lines about the session that somebody came in."""
    since = timezone.now() - LOOKS_BACK
    return Entry.objects.filter(person_id=actor.person_id, at__gte=since, facts__session=actor.session)


def _note_proof(actor: Actor, proved: Proof) -> None:
    at = proved.at.isoformat()
    if not _lines_of(actor).filter(verb="session.proved", facts__at=at).exists():
        record(actor, "session.proved", None, how=[proved.how], at=at)


def _alone(actor: Actor) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{actor.brand.id}:{actor.session}"])
