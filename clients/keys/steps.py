"""What several actions do with keys in their open transaction: seal and save, end, hand out tokens, ask for letters."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.keys.models import Family, Key, Token
from clients.keys.rules import ACCESS_LASTS, FAMILY_LASTS, REFRESH_LASTS, Ended, Kind
from clients.keys.seal import FAMILIES, KEYS, TOKENS
from clients.keys.tokens import Mark, digest_of, new_secret
from clients.outbox.actions import enqueue
from clients.people.actor import Actor

LETTER = "keys.letter"
"""Kind of the outbox row of one letter; payload {"key", "about"}: expiring, network, reused, unanswered, ended; and more."""


@dataclass(frozen=True, slots=True)
class Issued:
    """Tokens as they are told this once. `refresh` is '' where there is none."""

    access: str
    refresh: str
    lasts: timedelta
    scopes: tuple[str, ...]


def seal_key(key: Key) -> None:
    """Save a key as somebody has just decided it."""
    key.seal = KEYS.seal_of(key)
    key.save()


def end_key(actor: Actor, key: Key, why: Ended) -> None:
    """INVARIANT: from the commit on nothing opens: each request reads the row. The key and every family of its tokens."""
    now = timezone.now()
    key.revoked_at, key.revoked_why = now, why
    key.save(update_fields=("revoked_at", "revoked_why"))
    families = Family.objects.filter(key=key, ended_at=None).update(ended_at=now, ended_why=why)
    record(actor, "key.revoked", key, why=str(why), families=families)


def end_family(actor: Actor, family: Family, why: Ended) -> bool:
    """Every token of one consent is over. False where it had ended already."""
    if family.ended_at is not None:
        return False
    family.ended_at, family.ended_why = timezone.now(), why
    family.save(update_fields=("ended_at", "ended_why"))
    record(actor, "key.tokens_ended", family, why=str(why), of=str(family.key_id))
    if why is Ended.REUSED:
        tell(family.key_id, "reused", family=str(family.pk))
    return True


def begin_family(key: Key, person_id: UUID, person_name: str, scopes: list[str], lasts: timedelta) -> Family:
    """What one consent leads to, sealed. It ends with its key at the latest."""
    now = timezone.now()
    until = min(now + lasts, key.expires_at)
    family = Family(key=key, person_id=person_id, person_name=person_name, scopes=scopes, at=now, until=until)
    family.seal = FAMILIES.seal_of(family)
    family.save(force_insert=True)
    return family


def hand_out(family: Family, scopes: list[str], *, refresh: bool) -> Issued:
    """The next tokens of a family: an access token for an hour, and where asked a refresh token."""
    now = timezone.now()
    until = min(now + ACCESS_LASTS, family.until)
    access = _token(family, Mark.ACCESS, scopes, now, until)
    # A narrower access token leaves the refresh token as wide as the consent (RFC 6749 6).
    wide = min(now + REFRESH_LASTS, family.until)
    following = _token(family, Mark.REFRESH, family.scopes, now, wide) if refresh else ""
    return Issued(access, following, until - now, tuple(scopes))


def _token(family: Family, mark: Mark, scopes: list[str], now: datetime, until: datetime) -> str:
    text = new_secret(mark)
    token = Token(
        family=family, refresh=mark is Mark.REFRESH, digest=digest_of(text), scopes=scopes, at=now, expires_at=until
    )
    token.seal = TOKENS.seal_of(token)
    token.save(force_insert=True)
    return text


def family_lasts(kind: str) -> timedelta:
    """How long what follows from one consent, or from one request of a service, may live."""
    return FAMILY_LASTS if kind == Kind.APP else ACCESS_LASTS


def tell(key_id: UUID, about: str, **more: Any) -> None:
    """Ask for the letter; the same one twice is one."""
    named = ":".join([str(key_id), about, *(str(value) for value in more.values())])
    enqueue(LETTER, {"key": str(key_id), "about": about, **more}, key=named)
