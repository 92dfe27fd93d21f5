"""Another key for what is signed from now on, made here or brought by the brand; what was signed before stays good."""

from dataclasses import dataclass

from django.utils import timezone

from clients.people.access import require, require_step_up
from clients.people.actor import Actor
from clients.people.rules import Verb
from reports.making.models import SealKey
from reports.making.steps import ensure_key, keep_key
from reports.rendering.sealing_keys import BadKey, SigningKey, certificates_in, checked_key
from tenants.errors import Invalid
from tenants.walls.scope import durable

LARGEST_PEM = 64_000
REFUSED = {
    "not_a_key": "seal_not_a_key",
    "locked": "seal_key_locked",
    "too_weak": "seal_key_too_weak",
    "not_a_certificate": "seal_not_a_certificate",
    "not_a_pair": "seal_not_a_pair",
    "not_in_force": "seal_not_in_force",
    "not_for_signing": "seal_not_for_signing",
    "not_a_chain": "seal_not_a_chain",
    "too_large": "seal_too_large",
}
"""What is said of a key that is not taken, by the reason of `BadKey`."""


@dataclass(frozen=True, slots=True)
class Brought:
    """Files as they came, each PEM. `chain`: the certificates above, one after another; b'' for none."""

    key: bytes
    certificate: bytes
    chain: bytes = b""

    def __repr__(self) -> str:
        return "Brought(...)"


def change_seal_key(actor: Actor) -> str:
    """The name of the new key. Raises Refused('not_allowed' | 'step_up_required')."""
    require(actor, Verb.REPORT_RULE)
    require_step_up(actor, timezone.now())
    with durable(actor.brand):
        return ensure_key(actor, anew=True).name


def bring_seal_key(actor: Actor, *, brought: Brought) -> SealKey:
    """The brand's own key signs from now on. It is kept encrypted and given to nobody again.

    Raises Refused('not_allowed' | 'step_up_required'), Invalid('table_missing' | 'seal_too_large' | 'seal_…', field) with the
    field 'key', 'certificate' or 'chain', Invalid('seal_key_known', 'certificate').
    """
    require(actor, Verb.SEAL_KEY_BRING)
    require_step_up(actor, timezone.now())
    key = _checked(brought)
    with durable(actor.brand):
        if key.name in set(SealKey.objects.select_for_update().values_list("name", flat=True)):
            raise Invalid("seal_key_known", "certificate")
        return keep_key(actor, key, brought=True)


def _checked(brought: Brought) -> SigningKey:
    for field in ("key", "certificate", "chain"):
        content = getattr(brought, field)
        if not content and field != "chain":
            raise Invalid("table_missing", field)
        if len(content) > LARGEST_PEM:
            raise Invalid("seal_too_large", field)
    try:
        chain = certificates_in(brought.chain) if brought.chain.strip() else ()
        return checked_key(brought.key, brought.certificate, chain, now=timezone.now())
    except BadKey as error:
        raise Invalid(REFUSED[error.reason], error.part) from None
