"""The day's checkpoint by mail, to the addresses that the brand's owner chose: the note itself, and how to keep it."""

from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from clients.audit.notes import fingerprint, parse_checkpoint
from clients.evidence.actions import LETTER, note_checkpoint_mailed
from clients.outbox.registry import handles
from portal.links import brand_url
from portal.mail import Delivery, Letter, post
from portal.notices import NotYet
from tenants.walls.scope import BrandRef


@handles(LETTER)
def mail_checkpoint(brand: BrandRef, payload: dict[str, Any]) -> None:
    """On record before it leaves; an address that is gone by now gets nothing."""
    found = note_checkpoint_mailed(brand, address_id=UUID(payload["address"]))
    if found is None:
        return
    address, note = found
    with translation.override(address.language):
        letter = _letter(brand, note)
    if post(letter, address.email, address.language) is Delivery.LATER:
        raise NotYet


def _letter(brand: BrandRef, note: str) -> Letter:
    size = parse_checkpoint(note).size
    facts = {"brand": brand.name, "size": size}
    return Letter(
        subject=_("%(brand)s: checkpoint of the log, %(size)d lines") % facts,
        paragraphs=(
            _("The log of %(brand)s is sealed up to line %(size)d. The checkpoint is attached: please keep it.")
            % facts,
            _("Whoever has it can show later that nothing before it was changed, taken out or put in."),
            _("Fingerprint, to compare over the telephone: %(fingerprint)s") % {"fingerprint": fingerprint(note)},
        ),
        button=_("To the seal of the log"),
        link=brand_url(brand.slug, "log_seal"),
        footer=_("You receive this because the owner of %(brand)s chose this address for checkpoints.") % facts,
        attachments=((f"checkpoint-{size}.txt", note),),
    )
