"""Ending sessions: those of one person wherever they are, everybody's, and one that nobody has used for too long.

A session is found by what it holds, not by the list that people see of their own: a session that the list had lost would stay.
Each ending is a line of the hub's log, in the transaction that ends it.
"""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.utils import timezone

from tenants.hub_log import note, session_name
from tenants.models import Person
from tenants.walls.scope import hub_scope

SEEN = "seen"
"""When the session was last used, in the session itself: written with it, and anew when a part of the time allowed is over."""
_SLIDES_AFTER = 24


def end_sessions(person: Person, *, why: str, but: Collection[str] = ()) -> int:
    """End a person's sessions, except those with these keys. Returns how many there were."""
    with hub_scope():
        keys = [key for key, whose in _open() if whose == str(person.pk) and key not in but]
        _end(keys)
        UserSession.objects.filter(user=person).exclude(session_key__in=but).delete()
        names = [session_name(key) for key in keys]
        note("sessions_ended", person_id=person.pk, count=len(keys), sessions=names, why=why)
    return len(keys)


def end_all_sessions(*, why: str) -> int:
    """Sign everybody out. Sessions of nobody (a link that is being read) end too. Returns how many there were."""
    with hub_scope():
        count, _ = Session.objects.all().delete()
        UserSession.objects.all().delete()
        note("sessions_ended", person_id=None, count=count, why=why)
    return count


def is_idle(session: SessionBase) -> bool:
    """Whether somebody's session has not been used for `settings.IDLE_AFTER`. One without its moment is used now."""
    return SESSION_KEY in session and _unused_for(session) > settings.IDLE_AFTER


def slide(session: SessionBase) -> None:
    """It is being used. Written only now and then: not every page is a write."""
    if SESSION_KEY in session and _unused_for(session) > settings.IDLE_AFTER / _SLIDES_AFTER:
        session[SEEN] = timezone.now().timestamp()


def end_idle(session: SessionBase) -> UUID:
    """End it for good; an empty one takes its place. Returns whose it was."""
    whose = UUID(session[SESSION_KEY])
    with hub_scope():
        UserSession.objects.filter(session_key=session.session_key).delete()
        name = session_name(session.session_key)
        session.flush()
        note("session_ended", person_id=whose, session=name, why="idle")
    return whose


def _unused_for(session: SessionBase) -> timedelta:
    return timedelta(seconds=timezone.now().timestamp() - float(session.get(SEEN, timezone.now().timestamp())))


def _open() -> list[tuple[str, str | None]]:
    """(key, whose) of every session that has not run out."""
    found = Session.objects.filter(expire_date__gt=timezone.now())
    return [(row.session_key, row.get_decoded().get(SESSION_KEY)) for row in found.iterator()]


def _end(keys: list[str]) -> None:
    Session.objects.filter(session_key__in=keys).delete()
