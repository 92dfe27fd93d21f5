"""One reader's copy of a report: marked with whose it is, then signed; and what is said of a file that somebody brings back.

INVARIANT: only what the brand has let out is signed. Of all else a copy says across every page that it is a draft, or withdrawn.

What marks, signs and verifies is imported where it is needed first: it takes most of a second, and most processes never do.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reports.making.rules import ReportState
from reports.making.sealing import certificates, key_in_force
from reports.sharing.queries import standing_of
from tenants.walls.scope import BrandRef, brand_scope


@dataclass(frozen=True, slots=True)
class Copy:
    """The bytes that leave, their digest for the ledger, and whether a key of the brand signed them."""

    content: bytes
    digest: str
    signed: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that was signed here: by which key, when, whether it is still the same, and what became of the report."""

    key: str
    signed_at: datetime | None
    unchanged: bool
    standing: ReportState | None = None


def copy_for(
    brand: BrandRef, paper: bytes, recipient: str, language: str, state: ReportState = ReportState.RELEASED
) -> Copy:
    """Raises Conflict('secret_unreadable') where no key opens: of what is out, an unsigned copy never leaves."""
    if state is not ReportState.RELEASED:
        return _unsigned(brand, paper, recipient, language, state)
    from reports.rendering.signing import sign
    from reports.rendering.stamping import Watermark
    from reports.rendering.stamping import copy_for as stamped

    with brand_scope(brand):
        key = key_in_force()
    with translation.override(language), timezone.override(brand.time_zone):
        line = _("Copy for %(recipient)s, taken on %(day)s. %(brand)s") % _facts(brand, recipient)
        seal, reason = (
            _("Signature of %(brand)s") % {"brand": brand.name},
            _("Issued by %(brand)s") % {"brand": brand.name},
        )
    content = sign(stamped(paper, Watermark(recipient, line), seal=seal), key, reason=reason)
    return Copy(content, sha256(content).hexdigest(), signed=True)


def _unsigned(brand: BrandRef, paper: bytes, recipient: str, language: str, state: ReportState) -> Copy:
    """Of what the brand has not let out, or has taken back: marked as that on every page, and signed by nobody."""
    from reports.rendering.stamping import Watermark
    from reports.rendering.stamping import copy_for as stamped

    with translation.override(language), timezone.override(brand.time_zone):
        facts = _facts(brand, recipient)
        if state is ReportState.WITHDRAWN:
            across = _("Withdrawn – %(recipient)s") % facts
            line = _("Withdrawn report, copy for %(recipient)s, taken on %(day)s. Not signed. %(brand)s") % facts
        else:
            across = _("Draft – %(recipient)s") % facts
            line = _("Draft for %(recipient)s, taken on %(day)s. Not released, not signed. %(brand)s") % facts
    content = stamped(paper, Watermark(across, line))
    return Copy(content, sha256(content).hexdigest(), signed=False)


def _facts(brand: BrandRef, recipient: str) -> dict[str, str]:
    return {"recipient": recipient, "day": date_format(timezone.localdate(), "j F Y"), "brand": brand.name}


def checked_file(brand: BrandRef, content: bytes) -> Checked | None:
    """What a file is; None for one that no key of this brand ever signed."""
    from reports.rendering.verifying import Fault, verify

    with brand_scope(brand):
        known = certificates()
    verdict = verify(content, known)
    if verdict.fault in {Fault.NOT_A_PDF, Fault.NOT_SIGNED, Fault.UNKNOWN_KEY} or not verdict.key:
        return None
    if not verdict.whole or verdict.at is None:
        return Checked(verdict.key, None, unchanged=False)
    with brand_scope(brand):
        standing = standing_of(sha256(content).hexdigest(), verdict.at)
    return Checked(verdict.key, verdict.at, unchanged=True, standing=standing)
