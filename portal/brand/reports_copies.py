"""One reader's copy of a report: marked with whose it is, then signed; and what is said of a file that somebody brings back.

What marks, signs and verifies is imported where it is needed first: it takes most of a second, and most processes never do.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reports.making.sealing import certificates, key_in_force
from tenants.walls.scope import BrandRef, brand_scope


@dataclass(frozen=True, slots=True)
class Copy:
    """The bytes that leave, and their digest for the ledger."""

    content: bytes
    digest: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that was signed here: by which key, when, and whether it is still the same."""

    key: str
    signed_at: datetime | None
    unchanged: bool


def copy_for(brand: BrandRef, paper: bytes, recipient: str, language: str) -> Copy:
    """Raises Conflict('secret_unreadable') where no key opens: an unsigned copy never leaves."""
    from reports.rendering.signing import sign
    from reports.rendering.stamping import Watermark
    from reports.rendering.stamping import copy_for as stamped

    with brand_scope(brand):
        key = key_in_force()
    with translation.override(language), timezone.override(brand.time_zone):
        day = date_format(timezone.localdate(), "j F Y")
        line = _("Copy for %(recipient)s, taken on %(day)s. %(brand)s") % {
            "recipient": recipient,
            "day": day,
            "brand": brand.name,
        }
        seal, reason = (
            _("Signature of %(brand)s") % {"brand": brand.name},
            _("Issued by %(brand)s") % {"brand": brand.name},
        )
    content = sign(stamped(paper, Watermark(recipient, line), seal=seal), key, reason=reason)
    return Copy(content, sha256(content).hexdigest())


def checked_file(brand: BrandRef, content: bytes) -> Checked | None:
    """What a file is; None for one that no key of this brand ever signed."""
    from reports.rendering.verifying import Fault, verify

    with brand_scope(brand):
        known = certificates()
    verdict = verify(content, known)
    if verdict.fault in {Fault.NOT_A_PDF, Fault.NOT_SIGNED, Fault.UNKNOWN_KEY} or not verdict.key:
        return None
    return Checked(verdict.key, verdict.at, verdict.whole)
