"""The seal on the brand's yes: a MAC with a key that the database does not hold, as on a charter's signature.

Whoever can write SQL inside a brand's schema can add or change rows. They cannot make a seal, so a yes that nobody of the brand
said counts for nothing. A no needs no seal: it only takes away. Former keys still verify (SECRET_KEY_FALLBACKS).
"""

from django.core.signing import BadSignature, Signer

from clients.approvals.models import StandingApproval, Verdict
from clients.autonomy.decision import canonical


def seal_of(word: Verdict | StandingApproval) -> str:
    """The seal that belongs on a verdict, or on a standing approval as it was signed."""
    return _signer(word).signature(_sealed(word))


def is_genuine(word: Verdict | StandingApproval) -> bool:
    try:
        _signer(word).unsign(f"{_sealed(word)}:{word.seal}")
    except BadSignature:
        return False
    return True


def _signer(word: Verdict | StandingApproval) -> Signer:
    return Signer(salt=f"clients.approvals.{word._meta.model_name}")


def _sealed(word: Verdict | StandingApproval) -> str:
    if isinstance(word, Verdict):
        facts = [word.item_id, word.digest, word.kind, word.person_id, word.side, word.role, word.at.timestamp()]
    else:
        facts = [word.digest, word.signed_by, word.signed_at and word.signed_at.timestamp()]
    return canonical([word.id, *facts]).decode()
