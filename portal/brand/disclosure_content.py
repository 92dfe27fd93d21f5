"""What a link can lead to, and how somebody without an account sees it: a version of the briefing, an item with its receipts.

Each `Sharable` says what its content is under a link's class and digests that: another content, or a section that has been
restricted since, is no longer what was shared, and the link shows nothing.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from clients.briefings.access import access_version, sections_up_to
from clients.briefings.models import BriefingVersion
from clients.briefings.rules import SHAPES
from clients.disclosure.models import ShareLink
from clients.disclosure.rules import InfoClass
from clients.gate.models import Receipt
from clients.items.access import access_item
from clients.items.content import MediaRef
from clients.items.models import Item
from clients.items.queries import media_by_digest
from clients.items.rules import ITEM_CLASS
from clients.people.actor import Actor
from portal.brand.rows import channel_names, content_of, names_of
from portal.times import exact, when
from portal.wording import BASES, kind_word, word
from portal.wording.fields import COLUMNS, SECTIONS
from tenants.errors import Invalid


@dataclass(frozen=True, slots=True)
class Shown:
    """What a reader without an account sees, and its digest."""

    title: str
    facts: list[tuple[str, str]]
    parts: list[dict[str, Any]]
    digest: str
    pictures: tuple[MediaRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Sharable:
    """One kind of thing that a link can lead to: its door for whoever makes the link, and what the link shows."""

    kind: str
    access: Callable[[Actor, UUID], Any]
    classes: tuple[InfoClass, ...]
    page: str
    show: Callable[[UUID, InfoClass], Shown | None]


def content_of_link(link: ShareLink) -> Shown | None:
    """What this link shows now; None when that is no longer what it was made for. Inside the brand's scope."""
    known = next((one for one in SHARABLES.values() if one.kind == link.object_kind), None)
    shown = known.show(link.object_id, InfoClass(link.info_class)) if known else None
    return shown if shown and shown.digest == link.digest else None


def _briefing(version_id: UUID, info_class: InfoClass) -> Shown | None:
    version = BriefingVersion.objects.filter(pk=version_id).first()
    if version is None:
        return None
    found = sections_up_to(version, info_class)
    if not found:
        return None
    said = {"number": version.number, "sections": {str(one.section): one.value for one in found}}
    return Shown(
        title=_("Briefing, version %(number)s") % {"number": version.number},
        facts=[(_("Written"), when(version.created_at))],
        parts=[_part(word(SECTIONS, one.section), one.value, SHAPES[one.section].columns) for one in found],
        digest=_digest(said),
    )


def _part(label: str, value: Any, columns: tuple[str, ...]) -> dict[str, Any]:
    if columns:
        return {
            "label": label,
            "heads": [word(COLUMNS, column) for column in columns],
            "rows": [[line[column] for column in columns] for line in value],
        }
    return {"label": label, "lines": value} if isinstance(value, list) else {"label": label, "text": value}


def _item(item_id: UUID, info_class: InfoClass) -> Shown | None:
    item = Item.objects.select_related("version").filter(pk=item_id).first()
    if item is None or item.version is None:
        return None
    content = content_of(item)
    parts: list[dict[str, Any]] = [{"label": _("Text"), "text": content.text}]
    if content.link:
        parts.append({"label": _("Link"), "text": content.link})
    stored = media_by_digest(ref.digest for ref in content.media)
    parts += [_receipt(one) for one in Receipt.objects.filter(item_id=item_id).order_by("sent_at", "id")]
    facts = [(_("Action"), kind_word(item.kind)), (_("Channels"), names_of(content.channels, channel_names()))]
    return Shown(item.title, facts, parts, item.version.digest, tuple(r for r in content.media if r.digest in stored))


def _receipt(receipt: Receipt) -> dict[str, Any]:
    facts = [
        (_("Channel"), receipt.channel_name),
        (_("Sent"), exact(receipt.sent_at)),
        (_("By what right"), word(BASES, receipt.basis)),
        (_("Digest of the content"), receipt.content_digest),
    ]
    return {"label": _("Receipt"), "facts": facts}


def _digest(said: dict[str, Any]) -> str:
    return sha256(json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


SHARABLES = {
    "briefing": Sharable(
        BriefingVersion._meta.label_lower,
        access_version,
        (InfoClass.PUBLIC, InfoClass.SHARED, InfoClass.NAMED),
        "briefing",
        _briefing,
    ),
    "item": Sharable(Item._meta.label_lower, access_item, (ITEM_CLASS,), "item", _item),
}


def shown_or_refused(known: Sharable, object_id: UUID, info_class: InfoClass) -> Shown:
    """What a new link would show. Raises Invalid('unknown_class' | 'nothing_to_share', 'class')."""
    if info_class not in known.classes:
        raise Invalid("unknown_class", "class")
    shown = known.show(object_id, info_class)
    if shown is None:
        raise Invalid("nothing_to_share", "class")
    return shown
