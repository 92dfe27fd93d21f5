"""The seal on a charter's signature: a charter that no owner signed stays without force. See `clients.seals.kinds`."""

from typing import Any

from django.db.models import Q

from clients.mandates.models import CharterSignature
from clients.seals.kinds import Sealed


def _says(s: CharterSignature) -> list[Any]:
    """Every one of its other values."""
    times = [t and t.timestamp() for t in (s.signed_at, s.step_up_at)]
    people = [s.person_id, s.person_name, s.side, s.role]
    return [s.id, s.mandate_id, s.charter_id, s.number, s.digest, s.kind, *people, *times]


SIGNATURES = Sealed(CharterSignature, "clients.mandates.signature", _says, carries=Q())
seal_of, is_genuine = SIGNATURES.seal_of, SIGNATURES.is_genuine
