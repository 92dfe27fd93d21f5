"""The seals on what lets another system in: a key, a consent, a code, a token. See `clients.seals.kinds`.

What ends one of them needs no seal: it only takes away.
"""

from typing import Any

from django.db.models import Q

from clients.keys.models import Code, Family, Key, Token
from clients.seals.kinds import Sealed


def _says_who_may(k: Key) -> list[Any]:
    bounds = [k.scopes, k.networks, k.redirect_uris, k.policy_id, k.side, k.answered_by, k.expires_at.timestamp()]
    return [k.id, k.kind, k.prefix, k.digest, *bounds]


def _says_who_consented(f: Family) -> list[Any]:
    return [f.id, f.key_id, f.person_id, f.scopes, f.until.timestamp()]


def _says_what_was_sent(c: Code) -> list[Any]:
    return [c.id, c.key_id, c.digest, c.redirect_uri, c.challenge, c.scopes, c.person_id, c.expires_at.timestamp()]


def _says_what_opens(t: Token) -> list[Any]:
    return [t.id, t.family_id, t.refresh, t.digest, t.scopes, t.expires_at.timestamp()]


KEYS = Sealed(Key, "clients.keys.key", _says_who_may, carries=Q(revoked_at=None))
FAMILIES = Sealed(Family, "clients.keys.family", _says_who_consented, carries=Q(ended_at=None))
CODES = Sealed(Code, "clients.keys.code", _says_what_was_sent, carries=Q(used_at=None))
TOKENS = Sealed(Token, "clients.keys.token", _says_what_opens, carries=Q(used_at=None))
