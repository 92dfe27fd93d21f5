"""The seal on a signature: a MAC with a key that the database does not hold.

Whoever can write SQL inside a brand's schema can add rows, a signature included. They cannot make its seal, so a charter
that no owner signed stays without force. Former keys still verify (SECRET_KEY_FALLBACKS), so keys can be changed.
"""

from django.core.signing import BadSignature, Signer

from clients.autonomy.decision import canonical
from clients.mandates.models import CharterSignature


def seal_of(signature: CharterSignature) -> str:
    """The seal that belongs on `signature`, over every one of its other values."""
    return _signer().signature(_sealed(signature))


def is_genuine(signature: CharterSignature) -> bool:
    try:
        _signer().unsign(f"{_sealed(signature)}:{signature.seal}")
    except BadSignature:
        return False
    return True


def _signer() -> Signer:
    return Signer(salt="clients.mandates.signature")


def _sealed(s: CharterSignature) -> str:
    times = [t and t.timestamp() for t in (s.signed_at, s.step_up_at)]
    people = [s.person_id, s.person_name, s.side, s.role]
    return canonical([s.id, s.mandate_id, s.charter_id, s.number, s.digest, s.kind, *people, *times]).decode()
