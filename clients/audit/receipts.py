"""Receipts: between the commit of a line and its seal, a signed promise that it will be in the tree.

`record` tells whoever listens (`listening`) which lines were committed; the portal answers a press with their receipts. A program
of the brand that keeps them can show that a line is missing, even one that vanished before it was sealed.
"""

import base64
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import DatabaseError, transaction

from clients.audit import keys, lines, tree
from clients.audit.models import Entry, LogKey
from clients.audit.queries import key_in_force
from tenants.errors import RelaisError
from tenants.walls.scope import BrandRef, brand_scope

log = structlog.get_logger(__name__)

MOST = 8
"""In one header: the lines of an act, not of a batch."""
_KEPT_SECONDS = 30.0

_listening: ContextVar[list[Entry] | None] = ContextVar("listening", default=None)
_signers: dict[UUID, tuple[float, tuple[LogKey, Ed25519PrivateKey] | None]] = {}


@contextmanager
def listening() -> Iterator[list[Entry]]:
    """The lines that are written and committed inside."""
    heard: list[Entry] = []
    before = _listening.set(heard)
    try:
        yield heard
    finally:
        _listening.reset(before)


def tell(line: Entry) -> None:
    """Called by `record`: the line counts once its transaction is committed."""
    heard = _listening.get()
    if heard is not None:
        transaction.on_commit(lambda: heard.append(line), robust=True)


def receipts_of(brand: BrandRef, committed: list[Entry]) -> list[str]:
    """One for each of the last lines; none before the brand's log is opened. Never fails: what was done is done."""
    try:
        signer = _signer(brand)
    except (RelaisError, DatabaseError) as error:
        log.warning("no_receipt", brand=str(brand.id), error=type(error).__name__)
        return []
    return [receipt_of(line, *signer) for line in committed[-MOST:]] if signer else []


def receipt_of(line: Entry, key: LogKey, secret: Ed25519PrivateKey) -> str:
    """`<entry id>.<leaf hash>.<moment>.<signature>`, as `lines.receipt_text` has it."""
    leaf, at = tree.leaf_hash(lines.act_line(line)), lines.moment(line.at)
    signed = secret.sign(lines.receipt_text(key.origin, str(line.pk), leaf, at))
    return f"{line.pk}.{leaf.hex()}.{at}.{base64.urlsafe_b64encode(signed).decode().rstrip('=')}"


def forget() -> None:
    """Know no signer any more."""
    _signers.clear()


def _signer(brand: BrandRef) -> tuple[LogKey, Ed25519PrivateKey] | None:
    """Kept for half a minute: a key that was just replaced still is one of the log's."""
    until, signer = _signers.get(brand.id, (0.0, None))
    if until < time.monotonic():
        with brand_scope(brand):
            key = key_in_force()
        signer = (key, keys.signing_key(key, brand.id)) if key else None
        _signers[brand.id] = (time.monotonic() + _KEPT_SECONDS, signer)
    return signer
