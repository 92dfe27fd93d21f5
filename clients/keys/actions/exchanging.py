"""Codes and refresh tokens become tokens: each once. What is used twice has been in two hands, and ends all that came of it.

INVARIANT: the row that was presented is locked before it is looked at, so of two who bring the same one at the same moment one
is the second. What a wrong attempt leads to is committed before it is refused.
"""

from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.keys.models import Code, Family, Key, Token
from clients.keys.queries import client_called
from clients.keys.rules import Ended, Kind, proves
from clients.keys.scopes import in_order
from clients.keys.seal import CODES, FAMILIES, TOKENS
from clients.keys.steps import Issued, begin_family, end_family, family_lasts, hand_out
from clients.keys.tokens import digest_of
from clients.people.actor import Actor
from tenants.errors import Refused
from tenants.models import BrandPerson
from tenants.walls.scope import durable

NO_GRANT, NO_SCOPE, NO_CLIENT = "grant_invalid", "scope_invalid", "client_unknown"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a client brings for a code: itself, where the code was sent, and the proof that it is who asked."""

    client: str
    code: str
    redirect_uri: str
    verifier: str


def exchange_code(actor: Actor, *, shown: Shown) -> Issued:
    """The first tokens of a consent. A code that comes again ends what it led to; one with a wrong proof is spent.

    Raises Refused('client_unknown' | 'grant_invalid').
    """
    with durable(actor.brand):
        key = _client(shown.client, Kind.APP)
        code = Code.objects.select_for_update(of=("self",)).select_related("family").filter(
            digest=digest_of(shown.code), key=key
        ).first()  # fmt: skip
        issued = _exchanged(actor, key, code, shown) if code is not None and CODES.is_genuine(code) else None
    if issued is None:
        raise Refused(NO_GRANT)
    return issued


def _exchanged(actor: Actor, key: Key, code: Code, shown: Shown) -> Issued | None:
    now = timezone.now()
    if code.used_at is not None:
        if code.family is not None:
            end_family(actor, code.family, Ended.REUSED)
        return None
    code.used_at = now
    fine = now < code.expires_at and shown.redirect_uri == code.redirect_uri and proves(shown.verifier, code.challenge)
    scopes = [scope for scope in code.scopes if scope in key.scopes]
    if not fine or not scopes or not _has_place(code.person_id, key.side):
        code.save(update_fields=("used_at",))
        return None
    family = begin_family(key, code.person_id, code.person_name, scopes, family_lasts(key.kind))
    code.family = family
    code.save(update_fields=("used_at", "family"))
    record(actor, "key.tokens_given", family, of=str(key.pk), person=str(family.person_id), scopes=scopes)
    return hand_out(family, scopes, refresh=True)


def refresh_tokens(actor: Actor, *, client: str, token: str, scopes: list[str] | None = None) -> Issued:
    """The next tokens, in place of the refresh token that was brought. `scopes` narrows them; what it leaves out stays consented.

    A refresh token that comes again ends the family: it has been in two hands, and which is the thief's nobody can tell.
    Raises Refused('client_unknown' | 'grant_invalid' | 'scope_invalid').
    """
    with durable(actor.brand):
        key = _client(client, Kind.APP)
        family = _family_of(key, token)
        issued = _refreshed(actor, key, family, token, scopes) if family is not None else NO_GRANT
    if isinstance(issued, str):
        raise Refused(issued)
    return issued


def _family_of(key: Key, token: str) -> Family | None:
    """The family that a refresh token of this client is of, locked: one after the other, whatever token they bring."""
    rows = Token.objects.filter(digest=digest_of(token), refresh=True, family__key=key)
    family_id = rows.values_list("family_id", flat=True).first()
    found = Family.objects.select_for_update(of=("self",)).filter(pk=family_id).first() if family_id else None
    return found if found is not None and FAMILIES.is_genuine(found) else None


def _refreshed(actor: Actor, key: Key, family: Family, text: str, scopes: list[str] | None) -> Issued | str:
    token, now = Token.objects.get(digest=digest_of(text)), timezone.now()
    if not TOKENS.is_genuine(token) or family.ended_at is not None:
        return NO_GRANT
    if token.used_at is not None:  # however long ago it was over
        end_family(actor, family, Ended.REUSED)
        return NO_GRANT
    if now >= min(family.until, token.expires_at) or not _has_place(family.person_id, key.side):
        return NO_GRANT
    left = [scope for scope in family.scopes if scope in key.scopes]
    wanted = in_order(scopes) if scopes else left
    if not wanted or set(scopes or wanted) - set(left):
        return NO_SCOPE
    token.used_at = now
    token.save(update_fields=("used_at",))
    # What was handed out before it is over with it: at any moment one access token of a family opens.
    Token.objects.filter(family=family, refresh=False, used_at=None).update(used_at=now)
    record(actor, "key.tokens_refreshed", family, of=str(key.pk), scopes=wanted)
    return hand_out(family, wanted, refresh=True)


def give_to_service(actor: Actor, *, client: str, scopes: list[str] | None = None) -> Issued:
    """An access token for a client that acts for itself, on behalf of whoever answers for it.

    Raises Refused('client_unknown' | 'scope_invalid').
    """
    with durable(actor.brand):
        key = _client(client, Kind.SERVICE)
        if not _has_place(key.answered_by, key.side):
            raise Refused(NO_CLIENT)
        wanted = in_order(scopes) if scopes else list(key.scopes)
        if set(scopes or wanted) - set(key.scopes):
            raise Refused(NO_SCOPE)
        family = begin_family(key, key.answered_by, key.answered_name, wanted, family_lasts(key.kind))
        record(actor, "key.tokens_given", family, of=str(key.pk), person=str(family.person_id), scopes=wanted)
        return hand_out(family, wanted, refresh=False)


def return_token(actor: Actor, *, client: str, token: str) -> bool:
    """A client says that it needs a token no more (RFC 7009): a refresh token ends its family. False where there is none of its.

    Raises Refused('client_unknown').
    """
    with durable(actor.brand):
        key = client_called(client)
        if key is None:
            raise Refused(NO_CLIENT)
        found = Token.objects.select_related("family").filter(digest=digest_of(token), family__key=key).first()
        if found is None:
            return False
        if found.refresh or key.kind == Kind.SERVICE:
            family = Family.objects.select_for_update().get(pk=found.family_id)
            return end_family(actor, family, Ended.CLIENT)
        done = Token.objects.filter(pk=found.pk, used_at=None).update(used_at=timezone.now())
        record(actor, "key.token_given_back", found.family, of=str(key.pk))
        return bool(done)


def _client(client: str, kind: Kind) -> Key:
    """The client under a share of its lock: a revocation waits, or is seen."""
    found = client_called(client)
    if found is None:
        raise Refused(NO_CLIENT)
    key = Key.objects.select_for_update(of=("self",)).select_related("policy").filter(pk=found.pk, kind=kind).first()
    if key is None or not key.is_live(timezone.now()):
        raise Refused(NO_CLIENT)
    return key


def _has_place(person_id: UUID, side: str) -> bool:
    return BrandPerson.objects.filter(live=True, side=side, person_id=person_id).exists()
