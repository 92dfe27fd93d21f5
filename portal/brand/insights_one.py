"""One insight: what said so, whose word is owed or given, what the brand decided, whom one may tell, and what one may do now."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.disclosure.rules import link_lasts, needs_code
from clients.insights import actions
from clients.insights.access import access_insight
from clients.insights.members import Tellable, tellables
from clients.insights.models import Asking, Insight, Released
from clients.insights.queries import askings_of, history, open_asking, themes
from clients.insights.rules import LIFE, State, Step
from clients.people.actor import Actor
from clients.people.queries import people_of_brand
from clients.people.rules import Verb, may
from portal.brand.clocks import moment_typed
from portal.brand.inbox_one import typed_id
from portal.brand.inbox_rows import headed, title_of
from portal.brand.insights_rows import department_choices, department_word, rows_of
from portal.pages import back, brand_act, brand_page, render
from portal.times import when
from portal.wording import ITEM_STATES, ROLES, badge, word
from portal.wording.insights import DECISIONS, STATES, STEPS, WHY_NOT
from tenants.errors import Invalid
from tenants.vocabulary import Role


@brand_page
def insight(request: HttpRequest, insight_id: UUID) -> HttpResponse:
    """Everything about one insight."""
    actor = request.actor
    found = access_insight(actor, insight_id)
    asking = open_asking(found)
    released = Released.objects.filter(insight=found).first()
    context = {
        "row": rows_of([found])[0],
        "insight": found,
        "voices": [_voice(one) for one in tellables(found)],
        "askings": [_asking(one) for one in askings_of(found)],
        "open_asking": asking is not None,
        "by_link": asking is not None and asking.link_id is not None,
        "decided": when(found.decided_at),
        "released": released,
        "history": [_line(step) for step in history(found)],
        "typed": request.POST,
        "pressed": request.POST.get("form", ""),
        "made": getattr(request, "made_asking", None),
        "address": getattr(request, "made_address", ""),
        **_doing(actor, found, released),
    }
    return render(request, "brand/insight.html", context)


def _doing(actor: Actor, found: Insight, released: Released | None) -> dict[str, Any]:
    """Who may do what now: the same table and the same verbs that the acts themselves ask."""
    steps = LIFE[State(found.state)]
    write, decide = may(actor.role, Verb.INSIGHT_WRITE), may(actor.role, Verb.INSIGHT_DECIDE)
    speak = write and may(actor.role, Verb.ITEM_CREATE) and may(actor.role, Verb.CONVERSATION_HOLD)
    return {
        "may_now": {str(step) for step in steps} if write else set(),
        "may_write": write,
        "may_decide": decide and Step.DECIDE in steps,
        "may_tell": speak and Step.TELL in steps,
        "may_release": may(actor.role, Verb.INSIGHT_RELEASE) and (bool(found.decision) or released is not None),
        "may_link": may(actor.role, Verb.LINK_SHARE) and link_lasts(found.info_class) is not None,
        "coded": needs_code(found.info_class),
        "may_classify": may(actor.role, Verb.CLASS_RAISE),
        "decisions": [(code, str(words), code == found.decision) for code, (_t, _i, words) in DECISIONS.items()],
        "departments": department_choices(found.department.key if found.department else "product"),
        "people": _people(),
        "themes": [one.name for one in themes(actor)],
    }


def _people() -> list[tuple[str, str]]:
    """Department contacts first: whom one asks most."""
    found = sorted(people_of_brand(), key=lambda person: person.role != Role.DEPARTMENT_CONTACT)
    return [(str(p.person_id), f"{p.name} · {word(ROLES, p.role)}") for p in found]


def _voice(one: Tellable) -> dict[str, Any]:
    source, talk = one.source, one.source.conversation
    if talk is not None:
        url, title = reverse("conversation", args=[talk.pk]), headed(talk.title, "") if talk.title else talk.member_name
    else:
        assert source.mention is not None
        url, title = reverse("mention", args=[source.mention_id]), title_of(source.mention)
    who = (talk.member_name or talk.handle) if talk else source.mention.author if source.mention else ""
    return {
        "id": source.pk,
        "url": url,
        "title": title or "…",
        "who": who,
        "is_talk": talk is not None,
        "wants_word": source.wants_word,
        "at": when(source.at),
        "item": (reverse("item", args=[one.item.pk]), badge(ITEM_STATES, one.item.state)) if one.item else None,
        "why_not": word(WHY_NOT, one.why_not) if one.why_not and not one.item else "",
        "may_tell": not one.why_not,
    }


def _asking(one: Asking) -> dict[str, Any]:
    return {
        "department": department_word(one.department),
        "to": one.to_name,
        "by_link": one.link_id is not None,
        "views": one.link.views if one.link else 0,
        "note": one.note,
        "by": one.by_name,
        "at": when(one.at),
        "due": when(one.due_at),
        "open": one.closed_at is None,
        "owed": one.closed_at is None and one.answered_at is None,
        "answers": [(answer.name, answer.text, when(answer.at)) for answer in one.answers.all()],
    }


def _line(step: Any) -> dict[str, Any]:
    who = step.by_name if step.by_person else _("by the link") if step.step == Step.ANSWER else _("Relais")
    return {
        "who": who,
        "did": word(STEPS, step.step),
        "now": badge(STATES, step.now),
        "note": step.note,
        "at": when(step.at),
    }


@brand_act(again=insight)
def edit(request: HttpRequest, insight_id: UUID) -> HttpResponse:
    typed = request.POST
    words = {name: typed.get(name, "") for name in ("title", "text", "theme")}
    actions.edit_insight(request.actor, insight_id=insight_id, **words)
    return _done(request, insight_id, _("Kept."))


@brand_act(again=insight)
def decide(request: HttpRequest, insight_id: UUID) -> HttpResponse:
    typed = request.POST
    chosen, why = typed.get("decision", ""), typed.get("why", "")
    actions.decide_insight(request.actor, insight_id=insight_id, decision=chosen, why=why)
    return _done(request, insight_id, _("Decided. You can tell the members it came from."))


@brand_act(again=insight)
def release(request: HttpRequest, insight_id: UUID) -> HttpResponse:
    """A line of 'you said, we did', or off that list."""
    typed = request.POST
    if typed.get("step") == "off":
        actions.take_off_list(request.actor, insight_id=insight_id)
        return _done(request, insight_id, _("Taken off the list."))
    actions.release_insight(request.actor, insight_id=insight_id, said=typed.get("said", ""), did=typed.get("did", ""))
    return _done(request, insight_id, _("It stands in “you said, we did”."))


@brand_act(again=insight)
def tell(request: HttpRequest, insight_id: UUID) -> HttpResponse:
    """A draft for one member; it goes out like any other item."""
    source = typed_id(request.POST.get("source", ""), "source")
    item = actions.begin_closing(
        request.actor, insight_id=insight_id, source_id=source, text=request.POST.get("text", "")
    )
    messages.success(request, _("Written down. Look at it once more, then submit it."))
    return back(reverse("item", args=[item.pk]))


@brand_act(again=insight)
def step(request: HttpRequest, insight_id: UUID) -> HttpResponse:
    """Withdraw the question, give more time, close it, or take it up again."""
    typed, actor = request.POST, request.actor
    chosen = typed.get("step", "")
    if chosen == Step.WITHDRAW:
        actions.withdraw_asking(actor, insight_id=insight_id)
    elif chosen == Step.EXTEND:
        actions.extend_asking(actor, insight_id=insight_id, due=moment_typed(typed.get("due", ""), "due"))
    elif chosen == Step.CLOSE:
        actions.close_insight(actor, insight_id=insight_id, note=typed.get("note", ""))
    elif chosen == Step.REOPEN:
        actions.reopen_insight(actor, insight_id=insight_id)
    else:
        raise Invalid("unknown_choice", "step")
    return _done(request, insight_id, _("Kept."))


def _done(request: HttpRequest, insight_id: UUID, said: str) -> HttpResponse:
    messages.success(request, said)
    return back(reverse("insight", args=[insight_id]))
