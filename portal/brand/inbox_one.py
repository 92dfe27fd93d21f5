"""One mention, whole: what was said, why it was found and sorted so, its copies, what was done with it, and what one may do."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.briefings.entries import WatchEntry
from clients.conversations.queries import conversations_of_mentions, where_it_goes
from clients.custody.queries import readable_conversations
from clients.mentions.access import access_mention
from clients.mentions.actions import correct_kind
from clients.mentions.models import Mention
from clients.mentions.rules import MentionKind, MentionState
from clients.people.actor import Actor
from clients.people.rules import Verb, may
from clients.sources.queries import sources
from clients.triage import actions as triage
from clients.triage.models import Ruling
from clients.triage.queries import copies, history, inbox, last_step, others_present
from clients.triage.rules import Step, may_undo, place_of
from clients.triage.steps import see
from portal.brand.conversation_rows import conversation_rows
from portal.brand.inbox import sheets_of
from portal.brand.inbox_marks import marks_of, topics_in, watch_list
from portal.brand.inbox_rows import rows_of, said_by, title_of
from portal.brand.moderation_marks import beside_mention
from portal.pages import back, brand_act, brand_page, render
from portal.times import when
from portal.wording import badge, word
from portal.wording.fields import SECTIONS
from portal.wording.sorting import because, priority_parts
from portal.wording.triage import MENTION_KINDS, NO_REPLY, PLACES, SORTED_BY, STEPS, TO_CONVERSATION
from tenants.errors import Invalid

CANDIDATES, MOST_COPIES = 8, 50


@brand_page
def mention(request: HttpRequest, mention_id: UUID) -> HttpResponse:
    """One mention. Whoever sorts is seen to be here: the next one who opens it is told."""
    found, actor = access_mention(request.actor, mention_id), request.actor
    entries = watch_list(actor)
    if may(actor.role, Verb.MENTION_TRIAGE):
        see(actor, found)
    done = list(history(found))
    context = {
        "row": rows_of(actor, [found])[0],
        "mention": found,
        "pieces": marks_of(found, entries),
        "source": sources(actor).filter(pk=found.source).values_list("name", flat=True).first() or "",
        "link": found.url if found.url.startswith(("https://", "http://")) else "",
        "kind_why": _why(found, entries),
        "topics": [(word(SECTIONS, section), words) for section, words in topics_in(actor, found)],
        "copies": [(c.pk, title_of(c), said_by(c), when(c.found_at)) for c in copies(actor, found)[:MOST_COPIES]],
        "original": found.copy_of,
        "history": [_line(ruling) for ruling in done],
        "present": [presence.person_name for presence in others_present(actor, found, timezone.now())],
        "candidates": _candidates(actor, found),
        "kinds": [(str(k), str(MENTION_KINDS[k][2]), k == found.kind) for k in MentionKind],
        "may_undo": bool(done) and may_undo(last_step(done[0]), actor.person_id, timezone.now()),
        "may_split": found.outcome == "merged",
        "typed": request.POST,
    }
    context |= sheets_of(actor) | beside_mention(actor, found) | _talk_of(actor, found)
    return render(request, "brand/mention.html", context)


@brand_act(again=mention)
def hand(request: HttpRequest, mention_id: UUID) -> HttpResponse:
    """To somebody of the other side, or to a department."""
    typed = request.POST
    person = typed_id(typed.get("to", ""), "to")
    ruling = triage.hand_mention(
        request.actor,
        mention_id=mention_id,
        to_person=person,
        note=typed.get("words", ""),
        seen_holder=typed.get("seen_holder", ""),
    )
    return pressed(
        request, ruling.mention, _("Handed over: its conversation is offered to them, and a letter is on its way.")
    )


@brand_act(again=mention)
def merge(request: HttpRequest, mention_id: UUID) -> HttpResponse:
    """The same story as another."""
    into = typed_id(request.POST.get("into", ""), "into")
    seen = request.POST.get("seen_holder", "")
    ruling = triage.merge_mention(request.actor, mention_id=mention_id, into_id=into, seen_holder=seen)
    return pressed(request, ruling.mention, _("Merged: it goes where the other goes."))


@brand_act(again=mention)
def correct(request: HttpRequest, mention_id: UUID) -> HttpResponse:
    """What kind it is, by a person's word."""
    kind = request.POST.get("kind", "")
    if kind not in set(MentionKind):
        raise Invalid("unknown_kind", "kind")
    correct_kind(request.actor, mention_id=mention_id, kind=MentionKind(kind))
    messages.success(request, _("Kept: your word counts, and Relais learns from it."))
    return back(reverse("mention", args=[mention_id]))


def pressed(request: HttpRequest, found: Mention, said: str, *, undo: bool = True) -> HttpResponse:
    """After a press: a line in place of the row, or back to the list with the same words. Both can be undone."""
    undo_url = reverse("mention_undo", args=[found.pk]) if undo else ""
    if request.htmx:
        context = {"title": title_of(found), "url": reverse("mention", args=[found.pk]), "said": said, "undo": undo_url}
        return render(request, "components/mention_done.html", context)
    messages.success(request, said, extra_tags=undo_url)
    query = request.GET.urlencode()
    return back(reverse("inbox") + (f"?{query}" if query else ""))


def typed_id(typed: str, field: str) -> UUID:
    """Raises Invalid('nothing_chosen', field)."""
    try:
        return UUID(typed)
    except ValueError:
        raise Invalid("nothing_chosen", field) from None


def _talk_of(actor: Actor, found: Mention) -> dict[str, Any]:
    """The conversation it belongs to, or that it would join if handed over: who holds it, to whom it is offered."""
    stands = conversations_of_mentions([found.pk]).get(found.pk)
    known = (
        where_it_goes(found, actor.side) if actor.side and stands is None and found.state != MentionState.DONE else None
    )
    asked = stands or (known.pk if known else None)
    talk = readable_conversations(actor).filter(pk=asked).first() if asked else None
    if talk is None:
        return {}
    return {"talk": conversation_rows(actor, [talk])[0], "joins": stands is None}


def _why(found: Mention, entries: Sequence[WatchEntry]) -> dict[str, Any]:
    labels = {entry.watched.key: entry.label for entry in entries}
    return {
        "sorted_by": word(SORTED_BY, found.sorted_by),
        "because": because(found.kind_why),
        "keys": [labels[key] for key in found.matched if key in labels],
        "priority": priority_parts(found.priority_why),
    }


def _line(ruling: Ruling) -> dict[str, Any]:
    return {
        "at": when(ruling.at),
        "who": ruling.by_name if ruling.by_person else _("Relais"),
        "did": word(STEPS, ruling.step),
        "place": badge(PLACES, ruling.now),
        "reason": word(NO_REPLY | TO_CONVERSATION, ruling.reason) if ruling.reason else "",
        "words": ruling.words,
        "to": ruling.to_name,
        "until": when(ruling.until) if ruling.step == Step.SNOOZE else "",
        "into": ruling.into,
    }


def _candidates(actor: Actor, found: Mention) -> list[tuple[UUID, str, str, str]]:
    """Open ones that it could be the same story as: those found for the same, else the most urgent."""
    if place_of(found.state, found.outcome) not in {"open", "snoozed"}:
        return []
    filters = {"key": found.matched[0]} if found.matched else {}
    others = inbox(actor, filters).exclude(pk=found.pk)[:CANDIDATES]
    return [(one.pk, title_of(one), said_by(one), when(one.found_at)) for one in others]
