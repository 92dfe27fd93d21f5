"""The seals on a version of the briefing, on a yes to a proposal, and on one to what an erasure left. See `clients.seals.kinds`.

The gate takes approved answers for the brand's own yes and topics for its no: both come out of the version in force, so words
that no action of the brand wrote count for neither.
"""

from typing import Any

from django.db.models import Q

from clients.briefings.models import Agreement, BriefingVersion, Reagreement
from clients.briefings.sides import Said
from clients.seals.kinds import Sealed


def _says(version: BriefingVersion) -> list[Any]:
    return [version.id, version.number, version.digest, version.written_by, version.created_at.timestamp()]


def _says_yes(word: Agreement) -> list[Any]:
    return [
        word.id,
        word.proposal_id,
        word.said,
        word.digest,
        word.side,
        word.person_id,
        word.role,
        word.at.timestamp(),
    ]


def _says_again(word: Reagreement) -> list[Any]:
    return [word.id, word.version_id, word.digest, word.person_id, word.at.timestamp()]


VERSIONS = Sealed(BriefingVersion, "clients.briefings.version", _says, carries=Q())
AGREEMENTS = Sealed(Agreement, "clients.briefings.agreement", _says_yes, carries=Q(said=Said.AGREE))
REAGREEMENTS = Sealed(Reagreement, "clients.briefings.reagreement", _says_again, carries=Q())
