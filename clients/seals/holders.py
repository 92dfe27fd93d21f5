"""Renewed seals hold no word about anybody: names of rows, digests and MACs."""

from clients.audit.erasing.holders import holds_nothing
from clients.seals.models import RenewedSeal

holds_nothing("codes and digests", RenewedSeal, "row_kind", "was", "seal", "key_id")
