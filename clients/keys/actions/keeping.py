"""Once a day: who answers is warned before a key is over, what ended elsewhere ends here too, and what is over is let go of."""

from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from clients.keys.models import Code, Key, KeyDay, Token
from clients.keys.rules import WARNED_BEFORE, Ended
from clients.keys.steps import end_key, tell
from clients.people.access import require_process
from clients.people.actor import Actor
from tenants.models import BrandPerson
from tenants.walls.scope import durable

KEPT = timedelta(days=30)
"""Spent codes and tokens, after their end: so long a second use is known for one."""
DAYS_KEPT = timedelta(days=400)


def keep_keys(actor: Actor) -> int:
    """Letters and ends that are due; how many keys ended. For a worker. Raises Refused('not_allowed')."""
    require_process(actor)
    ended = 0
    with durable(actor.brand):
        now = timezone.now()
        for key in Key.objects.select_for_update(of=("self",)).select_related("policy").filter(revoked_at=None):
            if why := _is_over(key, now):
                end_key(actor, key, why)
                tell(key.pk, "ended", why=str(why))
                ended += 1
            else:
                _warn(key, now)
        _let_go(now)
    return ended


def _is_over(key: Key, now: datetime) -> Ended | None:
    if now >= key.expires_at:
        return Ended.EXPIRED
    return None if key.policy.holds(now) else Ended.POLICY


def _warn(key: Key, now: datetime) -> None:
    """Two letters before the end, each once; and one when nobody answers for it any more."""
    for before in sorted(WARNED_BEFORE):
        if key.expires_at - before <= now:
            _tell_once(key, "expiring", str(before.days))
            break
    if not BrandPerson.objects.filter(live=True, side=key.side, person_id=key.answered_by).exists():
        _tell_once(key, "unanswered", str(key.answered_by))


def _tell_once(key: Key, about: str, which: str) -> None:
    if f"{about}:{which}" not in key.told:
        key.told = [*key.told, f"{about}:{which}"]
        key.save(update_fields=("told",))
        tell(key.pk, about, which=which)


def _let_go(now: datetime) -> None:
    """Codes and tokens long over go; those of a family that lives stay, so that a second use is known for one."""
    Code.objects.filter(expires_at__lt=now - KEPT).delete()
    over = Token.objects.filter(expires_at__lt=now - KEPT)
    over.filter(refresh=False).delete()
    over.filter(family__until__lt=now - KEPT).delete()
    over.exclude(family__ended_at=None).filter(expires_at__lt=F("family__ended_at")).delete()
    KeyDay.objects.filter(day__lt=(now - DAYS_KEPT).date()).delete()
