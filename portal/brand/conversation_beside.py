"""What stands beside a conversation: its notes, the member and what else was said with them, topics and ready answers."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from clients.briefings.access import words_open_to
from clients.briefings.entries import answers_of
from clients.channels.queries import channels_of_brand
from clients.community.models import Member
from clients.conversations.access import note_reading
from clients.conversations.models import Label
from clients.conversations.queries import last_said, notes_beside, notes_kept_aside, others_with, saved_replies
from clients.custody.access import reading
from clients.custody.models import Conversation
from clients.custody.rules import State
from clients.disclosure.rules import default_class
from clients.disclosure.steps import note_reads
from clients.people.actor import Actor
from clients.people.rules import Verb, may
from portal.brand.conversation_rows import Around, held_by, where_of
from portal.brand.disclosure_classes import class_choices
from portal.brand.inbox_marks import topics_touched
from portal.brand.inbox_rows import headed
from portal.brand.rows import media_url
from portal.times import when
from portal.wording import SIDES, badge, word
from portal.wording.conversations import MACRO_STEPS, STATES
from portal.wording.disclosures import CLASSES
from portal.wording.fields import SECTIONS

MOST_OTHERS, MOST_READY = 20, 6


def beside_of(request: HttpRequest, found: Conversation) -> dict[str, Any]:
    """The member and their history, as far as one may read it; what the briefing says that matters here."""
    actor, last = request.actor, last_said(found)
    others = list(others_with(actor, found)[:MOST_OTHERS])
    note_reads(actor, [reading(one) for one in others])
    sections = words_open_to(actor)
    names = dict(channels_of_brand(revoked=True).values_list("pk", "name"))
    answers = sorted(answers_of(sections), key=lambda one: one.language != found.language)
    text = f"{found.title}\n{last.text if last else ''}"
    return {
        "member": _member(actor, found),
        "others": [
            {
                "id": one.pk,
                "may_take_in": one.state != State.CLOSED and one.holder_side == actor.side,
                "url": reverse("conversation", args=[one.pk]),
                "title": headed(one.title, ""),
                "where": where_of(one, names),
                "said": when(one.last_said_at),
                "state": badge(STATES, one.state),
            }
            for one in others
        ],
        "topics": [
            (word(SECTIONS, section), words) for section, words in topics_touched(sections, text, found.language)
        ],
        "ready": [(one.question, one.answer) for one in answers[:MOST_READY]],
    }


def notes_of(request: HttpRequest, found: Conversation) -> dict[str, Any]:
    """The notes one may read; that the other side wrote some for itself is said, and no more."""
    actor, notes = request.actor, list(notes_beside(request.actor, found))
    note_reads(actor, [note_reading(note) for note in notes], found)
    return {
        "notes": [
            {
                "id": note.pk,
                "who": note.author_name,
                "text": note.text,
                "at": when(note.created_at),
                "aside": word(SIDES, note.aside) if note.aside else "",
                "badge": badge(CLASSES, note.info_class),
                "files": [media_url(file.media.digest) for file in note.files.all()],
            }
            for note in notes
        ],
        "aside": notes_kept_aside(actor, found),
        "may_classify": may(actor.role, Verb.CLASS_RAISE),
        "classes": class_choices(request.POST.get("class", default_class(actor.side))),
        "is_agency": actor.is_agency,
    }


def macros_of(actor: Actor, known: Sequence[Label], around: Around) -> list[dict[str, Any]]:
    """Words kept ready that one may use, each with all that it does where it is used. `known`: labels one may see."""
    names = {str(label.pk): label.name for label in known}
    return [
        {
            "id": one.pk,
            "name": one.name,
            "text": one.text,
            "mine": one.person_id == actor.person_id,
            "labels": [names[pk] for pk in one.labels if pk in names],
            "step": word(MACRO_STEPS, one.step) if one.step else "",
            "to": held_by(around.names, one.to_side, one.to_person, one.to_team) if one.to_side else "",
            "note": one.note,
        }
        for one in saved_replies(actor)
    ]


def _member(actor: Actor, found: Conversation) -> dict[str, str]:
    if found.member is None or not may(actor.role, Verb.MEMBER_READ):
        return {}
    member = Member.objects.readable_by(actor).filter(pk=found.member).first()
    return {"name": member.name, "url": reverse("member", args=[member.pk])} if member else {}
