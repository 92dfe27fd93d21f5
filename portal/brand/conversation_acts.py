"""What a press does with a conversation: steps of custody, notes, labels, words on their way."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.channels.media import MOST_BYTES
from clients.conversations import actions as talking
from clients.conversations.rules import LONGEST_NOTE, checked_text
from clients.conversations.steps import look_at
from clients.custody import actions as custody
from clients.custody.access import access_conversation
from clients.custody.rules import Holder, LapseTo, Step
from clients.disclosure.rules import InfoClass
from clients.items.actions import add_media
from clients.people.access import require
from clients.people.rules import Verb
from clients.triage.actions import take_up
from portal.brand.clocks import moment_typed
from portal.brand.conversation_one import conversation
from portal.brand.conversation_promise import acknowledge_now
from portal.brand.disclosure_classes import class_typed
from portal.brand.inbox_one import mention, typed_id
from portal.pages import back, brand_act, brand_page
from tenants.errors import Conflict, Invalid
from tenants.vocabulary import Side
from tenants.walls.scope import brand_scope

Press = Callable[[HttpRequest, UUID, str], object]


@brand_act(again=conversation)
def step(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """One step of custody."""
    require(request.actor, Verb.CONVERSATION_HELD)
    pressed = request.POST.get("step", "")
    if pressed not in _PRESSES:
        raise Invalid("unknown_step", "step")
    _PRESSES[pressed](request, conversation_id, request.POST.get("note", ""))
    messages.success(request, SAID_OF_STEP[pressed]())
    return there(conversation_id)


@brand_act(again=conversation)
def hand_on(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Offer it: to a person, a team or a whole side; until they accept, it is held here."""
    require(request.actor, Verb.CONVERSATION_HELD)
    typed = request.POST
    lapse = typed.get("lapse", str(LapseTo.GIVER))
    if lapse not in set(LapseTo):
        raise Invalid("unknown_choice", "lapse")
    custody.pass_on(
        request.actor,
        conversation_id=conversation_id,
        to=holder_typed(typed.get("to", ""), typed.get("team", "")),
        note=typed.get("note", ""),
        accept_by=moment_typed(typed.get("accept_by", ""), "accept_by"),
        lapse_to=LapseTo(lapse),
    )
    messages.success(request, SAID_OF_STEP[Step.PASS]())
    return there(conversation_id)


@brand_act(again=conversation)
def merge(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """The same matter as another, or on its own again; or one thing that was said in it on its own."""
    require(request.actor, Verb.CONVERSATION_HOLD)
    typed = request.POST
    if turn := typed.get("turn", ""):
        apart = talking.split_off(request.actor, conversation_id=conversation_id, turn_id=typed_id(turn, "turn"))
        messages.success(request, _("It has a conversation of its own now."))
        return there(apart.pk)
    if typed.get("step") == Step.SPLIT:
        custody.part(request.actor, conversation_id=conversation_id)
        messages.success(request, _("It stands on its own again."))
        return there(conversation_id)
    into = typed_id(typed.get("into", ""), "into")
    custody.merge(request.actor, conversation_id=conversation_id, into_id=into)
    messages.success(request, _("Merged: it goes where the other goes."))
    return there(into)


@brand_act(again=conversation)
def note(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """A note, for whom was chosen, with a picture for the same people if one came along."""
    require(request.actor, Verb.CONVERSATION_HOLD)
    chosen = request.POST.get("class", "")
    aside = chosen == "aside"
    info_class = class_typed(chosen) if chosen and not aside else None
    with brand_scope(request.brand):
        access_conversation(request.actor, conversation_id)
    text = checked_text(request.POST.get("note", ""), LONGEST_NOTE)  # before a picture is kept that belongs to no note
    talking.note_beside(
        request.actor,
        conversation_id=conversation_id,
        text=text,
        info_class=info_class,
        aside=aside,
        media=_pictures(request, info_class, aside=aside),
    )
    messages.success(request, _("Noted."))
    return there(conversation_id)


@brand_act(again=conversation)
def label(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """A label on, or off."""
    if gone := request.POST.get("off", ""):
        talking.take_label_off(request.actor, conversation_id=conversation_id, label_id=typed_id(gone, "label"))
    else:
        talking.put_label(request.actor, conversation_id=conversation_id, name=request.POST.get("name", ""))
    return there(conversation_id)


@brand_act(again=conversation)
def sketch(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Words on their way: kept, shown to the other side, or dropped."""
    kept = talking.keep_sketch(
        request.actor,
        conversation_id=conversation_id,
        text=request.POST.get("text", ""),
        shared=request.POST.get("shared") == "1",
    )
    messages.success(request, _("Kept as a draft.") if kept else _("The draft is gone."))
    return there(conversation_id)


@brand_act(again=conversation)
def acknowledge(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """'We saw you', and by when there is an answer."""
    return acknowledge_now(request, conversation_id)


@brand_act(again=mention)
def begin(request: HttpRequest, mention_id: UUID) -> HttpResponse:
    """A mention is looked after as a conversation."""
    opened = take_up(request.actor, mention_id=mention_id)
    messages.success(request, _("It is a conversation now, and your side holds it."))
    return there(opened.pk)


@brand_page
def present(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """A sign of life from an open page."""
    require(request.actor, Verb.CONVERSATION_HOLD)
    look_at(request.actor, access_conversation(request.actor, conversation_id))
    return HttpResponse(status=204)


def _pictures(request: HttpRequest, info_class: InfoClass | None, *, aside: bool) -> list[str]:
    """The digest of what came along, kept as any picture of the brand is; nothing comes along with what is for one side alone."""
    file = request.FILES.get("picture")
    if file is None:
        return []
    if aside:
        raise Conflict("aside_without_files")
    data = file.read(MOST_BYTES + 1)
    kept = add_media(
        request.actor,
        data=data,
        declared=file.content_type or "",
        alt=request.POST.get("alt", ""),
        info_class=info_class,
    )
    return [kept.digest]


def there(conversation_id: UUID) -> HttpResponse:
    return back(reverse("conversation", args=[conversation_id]))


def holder_typed(to: str, team: str) -> Holder:
    """'brand', 'agency', or a side and somebody of it. Raises Invalid('nothing_chosen', 'to')."""
    side, _sign, person = to.partition(":")
    if side not in set(Side):
        raise Invalid("nothing_chosen", "to")
    if person:
        return Holder(Side(side), typed_id(person, "to"))
    return Holder(Side(side), None, team)


def _snooze(request: HttpRequest, conversation_id: UUID, words: str) -> object:
    until = moment_typed(request.POST.get("until") or request.POST.get("moment", ""), "until")
    if until is None:
        raise Invalid("not_a_moment", "until")
    return custody.snooze(request.actor, conversation_id=conversation_id, until=until, note=words)


def _decline(request: HttpRequest, conversation_id: UUID, words: str) -> object:
    return custody.decline(request.actor, conversation_id=conversation_id, reason=request.POST.get("reason", words))


def _with_note(act: Callable[..., object]) -> Press:
    return lambda request, pk, words: act(request.actor, conversation_id=pk, note=words)


def _plain(act: Callable[..., object]) -> Press:
    return lambda request, pk, _words: act(request.actor, conversation_id=pk)


_PRESSES: dict[str, Press] = {
    Step.TAKE: _plain(custody.take),
    Step.LET_GO: _plain(custody.let_go),
    Step.ACCEPT: _plain(custody.accept),
    Step.DECLINE: _decline,
    Step.WITHDRAW: _plain(custody.withdraw),
    Step.TAKE_BACK: _with_note(custody.take_back),
    Step.RETURN: _with_note(custody.give_back),
    Step.LOCK: _with_note(custody.lock),
    Step.UNLOCK: _with_note(custody.unlock),
    Step.WAIT: _with_note(custody.wait_for_member),
    Step.SNOOZE: _snooze,
    Step.WAKE: _plain(custody.wake),
    Step.CLOSE: _with_note(custody.close),
    Step.REOPEN: _with_note(custody.reopen),
}
SAID_OF_STEP: dict[str, Callable[[], str]] = {
    Step.TAKE: lambda: _("You have it."),
    Step.LET_GO: lambda: _("It is with your side; nobody in particular has it now."),
    Step.PASS: lambda: _("Offered. Until they accept, it is held here."),
    Step.ACCEPT: lambda: _("Accepted: you hold it now."),
    Step.DECLINE: lambda: _("Declined: it stays with whoever offered it."),
    Step.WITHDRAW: lambda: _("The offer is withdrawn."),
    Step.TAKE_BACK: lambda: _("Taken back: your side holds it now."),
    Step.RETURN: lambda: _("Given back."),
    Step.LOCK: lambda: _("Locked: the agency may not take it back."),
    Step.UNLOCK: lambda: _("Unlocked."),
    Step.WAIT: lambda: _("It waits for the member, and so do the clocks."),
    Step.SNOOZE: lambda: _("Put off. It comes back by itself."),
    Step.WAKE: lambda: _("It is back."),
    Step.CLOSE: lambda: _("Closed."),
    Step.REOPEN: lambda: _("Open again."),
}
