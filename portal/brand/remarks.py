"""Remarks beside an item: what the reader may read of them, and writing one."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from clients.disclosure.rules import default_class
from clients.disclosure.steps import Reading, note_reads
from clients.items.actions import write_note
from clients.items.models import Item, ItemNote
from clients.items.queries import notes_on
from clients.people.rules import Verb, may
from portal.brand.disclosure_classes import class_choices, class_typed
from portal.times import when
from portal.wording import badge
from portal.wording.disclosures import CLASSES


def remarks_of(request: HttpRequest, item: Item) -> dict[str, Any]:
    """What `components/remarks.html` draws. One query, and a line in the log where a remark is not open to all."""
    actor, notes = request.actor, list(notes_on(request.actor, item.pk))
    kind = ItemNote._meta.label_lower
    note_reads(actor, [Reading(kind, note.pk, "1", note.info_class) for note in notes], item)
    return {
        "lines": [
            {
                "id": note.pk,
                "who": note.author_name,
                "text": note.text,
                "when": when(note.created_at),
                "badge": badge(CLASSES, note.info_class),
            }
            for note in notes
        ],
        "may_share": may(actor.role, Verb.LINK_SHARE),
        "may_write": may(actor.role, Verb.ITEM_EDIT),
        "may_classify": may(actor.role, Verb.CLASS_RAISE),
        "classes": class_choices(request.POST.get("class", default_class(actor.side))),
        "typed": request.POST.get("remark", ""),
    }


def keep_remark(request: HttpRequest, item_id: UUID) -> None:
    """What was typed, for whom was chosen."""
    chosen = class_typed(typed) if (typed := request.POST.get("class")) else None
    write_note(request.actor, item_id=item_id, text=request.POST.get("remark", ""), info_class=chosen)
