"""One reader's copy of a report: marked with whose it is, then signed; and what is said of a file that somebody brings back.

INVARIANT: only what the brand has let out is signed. Of all else a copy says across every page that it is a draft, or withdrawn.

What marks, signs and verifies is imported where it is needed first: it takes most of a second, and most processes never do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from reports.making.rules import ReportState
from reports.making.sealing import certificates, chains, key_in_force
from reports.sharing.queries import standing_of
from reports.sharing.rules import Mark, is_signed, mark_of
from tenants.walls.scope import BrandRef, brand_scope


@dataclass(frozen=True, slots=True)
class CopyWords:
    """What stands `across` each page and on the `line` at its foot; how the seal is called, and why it was set."""

    across: str
    line: str
    seal: str = ""
    reason: str = ""


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


def copy_of(brand: BrandRef, paper: bytes, state: ReportState, words: Callable[[Mark], CopyWords]) -> Copy:
    """`words`: what a copy of each sort says. Raises Conflict('secret_unreadable' | 'seal_key_over') where no key opens,
    or the last has run out: of what is out, an unsigned copy never leaves."""
    from reports.rendering.signing import sign
    from reports.rendering.stamping import Watermark, copy_for

    said = words(mark_of(state))
    mark = Watermark(said.across, said.line)
    if not is_signed(state):
        content = copy_for(paper, mark)
        return Copy(content, sha256(content).hexdigest(), signed=False)
    with brand_scope(brand):
        key = key_in_force()
    content = sign(copy_for(paper, mark, seal=said.seal), key, reason=said.reason)
    return Copy(content, sha256(content).hexdigest(), signed=True)


def checked_file(brand: BrandRef, content: bytes) -> Checked | None:
    """What a file is; None for one that no key of this brand ever signed."""
    from reports.rendering.verifying import Fault, verify

    with brand_scope(brand):
        known, above = certificates(), chains()
    verdict = verify(content, known, above)
    if verdict.fault in {Fault.NOT_A_PDF, Fault.NOT_SIGNED, Fault.UNKNOWN_KEY} or not verdict.key:
        return None
    if not verdict.whole or verdict.at is None:
        return Checked(verdict.key, None, unchanged=False)
    with brand_scope(brand):
        standing = standing_of(sha256(content).hexdigest(), verdict.at)
    return Checked(verdict.key, verdict.at, unchanged=True, standing=standing)
