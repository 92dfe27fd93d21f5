"""What the hub forgets, once a day: from where people came, when `settings.ORIGINS_KEPT` is over, and sessions that ran out.

The lines of the hub's log stay, and so does who did what and when. A brand's own log has a rule of its own for the same
(`clients.community.retention`).
"""

from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from tenants.walls.scope import hub_scope


def forget_origins() -> dict[str, int]:
    """How many lines of the hub's log lost their origin, tries to sign in were dropped, and sessions."""
    now = timezone.now()
    older = now - settings.ORIGINS_KEPT
    with hub_scope():
        with connection.cursor() as cursor:
            cursor.execute("SELECT tenants_forget_origins(%s)", [older])
            lines = int(cursor.fetchone()[0])
        tries = sum(
            model.objects.filter(attempt_time__lt=older).delete()[0]
            for model in (AccessAttempt, AccessFailureLog, AccessLog)
        )
        sessions, _ = Session.objects.filter(expire_date__lt=now).delete()
        # What people see of their own sessions: where each came from.
        UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return {"lines": lines, "tries": tries, "sessions": sessions}
