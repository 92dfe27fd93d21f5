"""Words kept ready and macros: opened in the composer, with their labels and their step; kept under a name, or dropped."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.conversations import actions as talking
from clients.conversations.models import SavedReply
from clients.conversations.rules import IN_MACROS, Move
from clients.custody.access import access_conversation
from clients.custody.rules import Step
from portal.brand.conversation_acts import SAID_OF_STEP, holder_typed, there
from portal.brand.conversation_one import conversation
from portal.brand.inbox_one import typed_id
from portal.pages import back, brand_act
from tenants.errors import Invalid
from tenants.walls.scope import brand_scope


@brand_act(again=conversation)
def ready(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """One of the three, by which button was pressed."""
    typed, actor = request.POST, request.actor
    with brand_scope(request.brand):
        access_conversation(actor, conversation_id)
    if use := typed.get("use", ""):
        saved = talking.use_reply(actor, conversation_id=conversation_id, reply_id=typed_id(use, "use"))
        return _used(request, conversation_id, saved)
    if gone := typed.get("drop", ""):
        talking.drop_reply(actor, reply_id=typed_id(gone, "drop"))
        messages.success(request, _("These words are no longer kept."))
        return there(conversation_id)
    talking.save_reply(
        actor,
        name=typed.get("name", ""),
        text=typed.get("text", ""),
        labels=[typed_id(one, "label") for one in typed.getlist("label")],
        move=_move_typed(request),
        shared=typed.get("shared") == "1",
    )
    messages.success(request, _("Kept ready."))
    return there(conversation_id)


def _used(request: HttpRequest, conversation_id: UUID, saved: SavedReply) -> HttpResponse:
    """On to the composer where it has words, else back to the conversation; what its step did is said on either."""
    if saved.step:
        messages.success(request, SAID_OF_STEP[Step(saved.step)]())
    if not saved.text:
        return there(conversation_id)
    return back(f"{reverse('item_new')}?{urlencode({'reply': str(conversation_id), 'text': saved.text})}")


def _move_typed(request: HttpRequest) -> Move | None:
    """Raises Invalid('unknown_step', 'step'), Invalid('nothing_chosen', 'to')."""
    typed = request.POST
    step = typed.get("then", "")
    if not step:
        return None
    if step not in set(IN_MACROS):
        raise Invalid("unknown_step", "step")
    to = holder_typed(typed.get("then_to", ""), typed.get("then_team", "")) if step == Step.PASS else None
    return Move(Step(step), typed.get("then_note", ""), to)
