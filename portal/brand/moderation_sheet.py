"""What to do about something that a member wrote: the acts that its channel knows, and the house rule that they cite."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.autonomy.vocabulary import IRREVERSIBLE
from clients.channels.media import MOST_BYTES
from clients.moderation import actions as moderation
from clients.moderation.access import access_subject, require_moderation
from clients.moderation.models import Act, Case
from clients.moderation.queries import acts_of, house_rules, standing_of
from clients.moderation.rules import HIDE, UNHIDE, CaseState, Standing, askable
from clients.moderation.subjects import Subject, channel_of, takes
from clients.people.actor import Actor
from portal.brand.clocks import moment_typed
from portal.brand.conversation_one import conversation as conversation_page
from portal.brand.inbox_one import mention as mention_page
from portal.brand.inbox_rows import headed
from portal.pages import back, brand_act, brand_page, render
from portal.wording.moderation import ASKS, URGENT
from tenants.errors import Invalid


@brand_page
def sheet_of_mention(request: HttpRequest, mention_id: UUID) -> HttpResponse:
    """The sheet over a mention."""
    return _sheet(request, access_subject(request.actor, mention_id=mention_id), reverse("mention", args=[mention_id]))


@brand_page
def sheet_of_turn(request: HttpRequest, turn_id: UUID) -> HttpResponse:
    """The same over what a member said in a conversation."""
    subject = access_subject(request.actor, turn_id=turn_id)
    turn, mention = subject.about.get("turn"), subject.about.get("mention")
    back_url = reverse("conversation", args=[turn.conversation_id]) if turn else reverse("mention", args=[mention.pk])
    return _sheet(request, subject, back_url)


@brand_act(again=sheet_of_mention)
def moderate_mention(request: HttpRequest, mention_id: UUID) -> HttpResponse:
    return _asked(request, mention_id=mention_id)


@brand_act(again=sheet_of_turn)
def moderate_turn(request: HttpRequest, turn_id: UUID) -> HttpResponse:
    return _asked(request, turn_id=turn_id)


def asks_of(standing: Standing, possible: frozenset[Any]) -> list[tuple[str, str, str]]:
    """(code, words, what it means) of the acts that may be asked for now. Deleting is offered beside hiding, for the two go
    together; the action refuses it alone."""
    urgent_or_with_hiding = askable(standing, possible, urgent=True)
    return [(str(act), str(ASKS[act][0]), str(ASKS[act][1])) for act in urgent_or_with_hiding if act is not UNHIDE]


def rules_for(actor: Actor, chosen: str) -> list[dict[str, Any]]:
    """The house rules that this person may cite."""
    return [
        {
            "number": str(rule.number),
            "rule": rule.rule,
            "urgent": str(URGENT) if rule.urgent else "",
            "chosen": chosen == str(rule.number),
        }
        for rule in house_rules(actor)
    ]


@brand_act(again=mention_page)
def calm_mention(request: HttpRequest, mention_id: UUID) -> HttpResponse:
    """Go slow, or let them talk, about a mention."""
    _decide_calm(request, mention_id=mention_id)
    return back(reverse("mention", args=[mention_id]))


@brand_act(again=conversation_page)
def calm_conversation(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """The same about a conversation."""
    _decide_calm(request, conversation_id=conversation_id)
    return back(reverse("conversation", args=[conversation_id]))


def picture_posted(request: HttpRequest) -> dict[str, Any]:
    """A picture that came with the form, or nothing. Raises Invalid('media_too_big', 'picture')."""
    file = request.FILES.get("picture")
    if file is None or not file.size:
        return {}
    if file.size > MOST_BYTES:
        raise Invalid("media_too_big", "picture", limit=MOST_BYTES, actual=file.size)
    return {"picture": file.read(), "declared": file.content_type or ""}


def said(acts: list[Act]) -> str:
    """What a press has brought about, in a sentence: each act stands on the page with what it waits for."""
    count = len(acts)
    words = ngettext(
        "Asked for. The gate says below when.", "%(count)d acts asked for. The gate says below when.", count
    )
    return words % {"count": count}


def _asked(request: HttpRequest, **about: Any) -> HttpResponse:
    typed = request.POST
    acts = moderation.ask_acts(
        request.actor,
        acts=typed.getlist("act"),
        rule=typed.get("rule", ""),
        why=typed.get("why", ""),
        **about,
        **picture_posted(request),
    )
    messages.success(request, said(acts))
    return back(reverse("moderation_case", args=[acts[0].case_id]))


def _sheet(request: HttpRequest, subject: Subject, back_url: str) -> HttpResponse:
    require_moderation(request.actor)
    case = Case.objects.filter(**subject.about).first()
    standing = standing_of(case, acts_of([case.pk]).get(case.pk, [])) if case else Standing(CaseState.VISIBLE)
    possible = takes(channel_of(subject.channel), subject.target, subject.handle)
    typed = request.POST
    context = {
        "title": headed(subject.title, subject.text),
        "subject": subject,
        "by": subject.author or subject.handle,
        "asks": asks_of(standing, possible),
        "for_good": bool(set(possible) & IRREVERSIBLE),
        "hides": HIDE in possible,
        "rules": rules_for(request.actor, typed.get("rule", "")),
        "chosen": typed.getlist("act"),
        "typed": typed,
        "case": case,
        "back_url": back_url,
    }
    return render(request, "brand/moderation_sheet.html", context)


def _decide_calm(request: HttpRequest, **about: Any) -> None:
    typed = request.POST
    moderation.decide_calm(
        request.actor,
        kind=typed.get("calm", ""),
        reason=typed.get("reason", ""),
        until=moment_typed(typed.get("calm_until", ""), "until"),
        **about,
    )
    messages.success(request, _("Kept. Everybody who opens it reads it."))
