"""Whether a version of the briefing is what the brand wrote, or what it agreed to again after an erasure."""

from clients.briefings.models import BriefingVersion
from clients.briefings.rules import briefing_digest
from clients.briefings.seal import REAGREEMENTS, VERSIONS
from clients.seals.queries import untold


def is_sound(version: BriefingVersion) -> bool:
    """By its digest and its seal; what an erasure has changed, by a yes to exactly what is left."""
    now = digest_now(version)
    if not _is_the_brands(version):
        return False
    return now == version.digest or bool(REAGREEMENTS.genuine(version.reagreements.filter(digest=now)))


def digest_now(version: BriefingVersion) -> str:
    """The digest of what a version says at this moment."""
    return briefing_digest(version.number, version.sections, version.calendar)


def _is_the_brands(version: BriefingVersion) -> bool:
    """By its seal; what is older than seals, by the log, which tells of every version that an action wrote."""
    if version.seal:
        return VERSIONS.is_genuine(version)
    return not untold(version._meta.db_table, [version.pk])
