"""What a request presented, and all that its door asks about it, in one statement: key, policy, token, who answers for it.

By hand, because every request of every other system begins with it: the ORM took five times as long to write the same questions
as the server to answer them all. The columns are those of the models, so what is added there comes along. What is read here is
not believed yet: the seals are verified in Python, and whether anything opens is decided in `clients.keys.access`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import JSONField, Model

from clients.disclosure.models import IntegrationPolicy
from clients.keys.models import Family, Key, Token
from clients.keys.rules import NOTED_EACH, Kind, network_of
from clients.keys.seal import FAMILIES, KEYS, TOKENS
from clients.keys.tokens import Mark, digest_of, mark_of
from tenants.memberships import STANDING_COLUMNS, Standing, standing_from
from tenants.walls.backend.together import Question

_M = TypeVar("_M", bound=Model)


@dataclass(frozen=True, slots=True)
class Presented:
    """A genuine key, by itself or by an access token of one of its families; `standing` of whom it acts as, None without a place.

    `to_note`: its use is not written down for this minute, or it comes from a network that is new.
    """

    key: Key
    family: Family | None
    token: Token | None
    standing: Standing | None
    to_note: bool


def presented(text: str, ip: str, now: datetime) -> tuple[Presented, str] | None:
    """The genuine key behind what a request brought: a key itself, or an access token; and which version of its rows that is.

    None for anything else. One query for whatever has the form of a secret, so that a wrong one with a known beginning takes as
    long as any.
    """
    mark = mark_of(text)
    if mark not in _STATEMENTS:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENTS[mark], values_of(digest_of(text), ip, now))
        row = cursor.fetchone()
    found = None if row is None else _genuine(row, has_token=mark is Mark.ACCESS, is_placed=bool(ip))
    return None if found is None else (found, row[2])


def values_of(digest: str, ip: str, now: datetime) -> tuple[Any, ...]:
    """What the statements ask with, in their order."""
    return now - NOTED_EACH, network_of(ip), digest


def is_by_own_seals(found: Presented) -> bool:
    """Whether all that opens carries a seal that fits by itself, and none that was renewed in another place."""
    sealed: list[tuple[Any, Any]] = [(KEYS, found.key), (FAMILIES, found.family), (TOKENS, found.token)]
    return all(kind.fits(row, row.seal) for kind, row in sealed if row is not None)


def _genuine(row: Sequence[Any], *, has_token: bool, is_placed: bool) -> Presented | None:
    """The row as models, where every seal on it is ours."""
    is_noted, is_known, _printed, *rest = row
    standing, rest = rest[:_STANDING], rest[_STANDING:]
    key, rest = _read(Key, rest)
    policy, rest = _read(IntegrationPolicy, rest)
    key.policy = policy
    family, token = None, None
    if has_token:
        family, rest = _read(Family, rest)
        token, rest = _read(Token, rest)
        token.family = family
        if not TOKENS.is_genuine(token) or not FAMILIES.is_genuine(family):
            return None
    if not KEYS.is_genuine(key):
        return None
    to_note = not (is_noted and (is_known or not is_placed))
    return Presented(key, family, token, standing_from(standing) if standing[0] else None, to_note)


def _read(model: type[_M], values: list[Any]) -> tuple[_M, list[Any]]:
    """The row of one model from the front of these values, and the values behind it. JSON comes as text."""
    names, json_at = _NAMES[model]
    own = list(values[: len(names)])
    for at in json_at:
        own[at] = json.loads(own[at])
    return model.from_db(DEFAULT_DB_ALIAS, names, own), values[len(names) :]


_STANDING = len(STANDING_COLUMNS)
_ALIASES: dict[type[Model], str] = {Key: "key", IntegrationPolicy: "policy", Family: "family", Token: "token"}
_NAMES = {
    model: (
        [field.attname for field in model._meta.concrete_fields],
        [at for at, field in enumerate(model._meta.concrete_fields) if isinstance(field, JSONField)],
    )
    for model in _ALIASES
}


def _statement(told: tuple[type[Model], ...], source: str, person: str, which: str) -> tuple[str, str]:
    """The columns of a row and what says which version of it that is; and the same without the columns.

    PostgreSQL gives each version of a row its own (xmin, ctid). Beside them stand the seals and whatever ends something, so that
    not even a database that was set back to an earlier hour can pass one version off as another.
    """
    columns = [f"standing.{name}" for name in STANDING_COLUMNS]
    columns += [f'{_ALIASES[model]}."{field.column}"' for model in told for field in model._meta.concrete_fields]
    standing, said = ", ".join(STANDING_COLUMNS), ", ".join(columns)
    versions = [f"{_ALIASES[model]}.{name}" for model in told for name in ("xmin", "ctid", *_ENDING[model])]
    printed = f"ROW({', '.join([*versions, *(f'standing.{name}' for name in STANDING_COLUMNS)])})::text"
    # The view of the brand's people keeps one row a person: asked from within, so that it is asked about this one alone.
    noted = """
        SELECT EXISTS(SELECT FROM keys_keyday WHERE key_id = key.id AND last_at > %s),
               EXISTS(SELECT FROM keys_keynetwork WHERE key_id = key.id AND network = %s),"""
    behind = f"""
        FROM {source} JOIN disclosure_integrationpolicy policy ON policy.id = key.policy_id
        LEFT JOIN LATERAL (
            SELECT {standing} FROM brand_people WHERE person_id = {person} AND live OFFSET 0
        ) standing ON true
        WHERE {which}"""  # noqa: S608  names of our own
    return f"{noted} {printed}, {said} {behind}", f"{noted} {printed} {behind}"


_ENDING: dict[type[Model], tuple[str, ...]] = {
    Key: ("seal", "revoked_at", "expires_at"),
    IntegrationPolicy: ("most_class", "until", "ended_at"),
    Family: ("seal", "ended_at"),
    Token: ("seal", "used_at"),
}
_OF_MARK = {
    Mark.KEY: _statement(
        (Key, IntegrationPolicy),
        "keys_key key",
        "key.answered_by",
        f"key.digest = %s AND key.kind = '{Kind.STATIC}'",
    ),
    Mark.ACCESS: _statement(
        (Key, IntegrationPolicy, Family, Token),
        "keys_token token JOIN keys_family family ON family.id = token.family_id JOIN keys_key key ON key.id = family.key_id",
        "family.person_id",
        "token.digest = %s AND NOT token.refresh",
    ),
}
_STATEMENTS = {mark: whole for mark, (whole, _) in _OF_MARK.items()}
PRINTED = {mark: Question(printed, ("timestamptz", "text", "text")) for mark, (_, printed) in _OF_MARK.items()}
"""How the row reads now, for whoever knows what that means: `clients.keys.foreseen`."""
