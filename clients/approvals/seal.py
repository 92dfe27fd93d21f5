"""The seals on the brand's yes: a verdict, and a standing approval as it was signed. See `clients.seals.kinds`.

A no needs no seal: it only takes away.
"""

from typing import Any

from django.db.models import Q

from clients.approvals.models import StandingApproval, Verdict
from clients.approvals.words import StandingState, VerdictKind
from clients.seals.kinds import Sealed


def _says_yes(v: Verdict) -> list[Any]:
    return [v.id, v.item_id, v.digest, v.kind, v.person_id, v.side, v.role, v.at.timestamp()]


def _says_in_advance(s: StandingApproval) -> list[Any]:
    return [s.id, s.digest, s.signed_by, s.signed_at and s.signed_at.timestamp()]


VERDICTS = Sealed(Verdict, "clients.approvals.verdict", _says_yes, carries=Q(kind=VerdictKind.YES))
STANDING = Sealed(
    StandingApproval, "clients.approvals.standingapproval", _says_in_advance, carries=Q(state=StandingState.SIGNED)
)
