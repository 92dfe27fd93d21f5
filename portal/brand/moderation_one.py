"""One case: what was asked for and what it waits for, its evidence, telling the member, and appeals."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from clients.disclosure.access import can_read
from clients.moderation import actions as moderation
from clients.moderation.access import access_case, open_evidence
from clients.moderation.actions.appealing import eligible, is_in_hand
from clients.moderation.actions.telling import way_of_telling
from clients.moderation.models import Appeal, Case, Evidence
from clients.moderation.queries import acts_of, people_who_acted, standing_of
from clients.moderation.rules import UNHIDE, AppealState, askable
from clients.moderation.subjects import channel_of, takes
from clients.people.actor import Actor
from portal.brand.inbox_one import typed_id
from portal.brand.moderation import may_moderate
from portal.brand.moderation_rows import rows_of
from portal.brand.moderation_sheet import asks_of, picture_posted, rules_for, said
from portal.pages import back, brand_act, brand_page, render
from portal.times import when
from portal.wording import ITEM_STATES, ROLES, badge, kind_word, word
from portal.wording.moderation import APPEAL_STATES
from tenants.errors import Missing
from tenants.models import BrandPerson
from tenants.walls.scope import brand_scope

LANGUAGES = ("fr", "en")


@brand_page
def case_page(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Everything about one case, and what one may do."""
    actor, case = request.actor, access_case(request.actor, case_id)
    channel = channel_of(case.channel)
    standing = standing_of(case, acts_of([case.pk]).get(case.pk, []))
    possible = takes(channel, case.target, case.handle)
    appeals, people = list(case.appeals.order_by("-at", "-id")), eligible(case)
    context = {
        "row": rows_of([case])[0],
        "case": case,
        "channel": channel.name if channel else "",
        "about_url": _about(case),
        "asks": asks_of(standing, possible),
        "may_show": UNHIDE in askable(standing, possible),
        "rules": rules_for(actor, request.POST.get("rule", case.rule)),
        "chosen": request.POST.getlist("act"),
        "evidence": [_evidence(one) for one in case.evidence.order_by("taken_at") if can_read(actor, one)],
        "tellings": [
            (reverse("item", args=[t.item_id]), kind_word(t.kind), badge(ITEM_STATES, t.item.state))
            for t in case.tellings.select_related("item").order_by("at")
        ],
        "telling": request.POST.get("text") or words_for_member(case, request.brand.language),
        "told_in": language_for_member(case, request.brand.language),
        "not_theirs": _language_we_lack(case, request.brand.language),
        "way": _way(case, channel),
        "appeals": [_appeal(one, actor, case, people) for one in appeals],
        "appeal_open": any(one.state == AppealState.OPEN for one in appeals),
        "people": [(str(p.person_id), f"{p.name} · {word(ROLES, p.role)}") for p in people],
        "may_moderate": may_moderate(actor),
        "typed": request.POST,
    }
    return render(request, "brand/moderation_case.html", context)


@brand_act(again=case_page)
def ask(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """More acts upon the same thing, or showing it again."""
    typed = request.POST
    if typed.getlist("act") == [UNHIDE]:
        acts = [moderation.show_again(request.actor, case_id=case_id, why=typed.get("why", ""))]
    else:
        acts = moderation.ask_acts(
            request.actor,
            acts=typed.getlist("act"),
            rule=typed.get("rule", ""),
            why=typed.get("why", ""),
            **_thing(request, case_id),
            **picture_posted(request),
        )
    messages.success(request, said(acts))
    return back(reverse("moderation_case", args=[case_id]))


@brand_act(again=case_page)
def tell(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """A draft for the member; it goes out like any other item."""
    item = moderation.begin_telling(request.actor, case_id=case_id, text=request.POST.get("text", ""))
    messages.success(request, _("Written down. Look at it once more, then submit it."))
    return back(reverse("item", args=[item.pk]))


@brand_act(again=case_page)
def appeal(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """What the member says against it, for somebody who had no part in it."""
    typed = request.POST
    person = typed_id(typed.get("to", ""), "to")
    moderation.record_appeal(request.actor, case_id=case_id, words=typed.get("words", ""), to_person=person)
    messages.success(request, _("Kept. It waits for somebody who had no part in it."))
    return back(reverse("moderation_case", args=[case_id]))


@brand_act(again=case_page)
def decide(request: HttpRequest, case_id: UUID, appeal_id: UUID) -> HttpResponse:
    typed = request.POST
    moderation.decide_appeal(
        request.actor, appeal_id=appeal_id, verdict=typed.get("verdict", ""), answer=typed.get("answer", "")
    )
    messages.success(request, _("Answered. You can tell the member."))
    return back(reverse("moderation_case", args=[case_id]))


@brand_act(again=case_page)
def give(request: HttpRequest, case_id: UUID, appeal_id: UUID) -> HttpResponse:
    """To somebody else, where whoever it waits for can no longer answer it."""
    person = typed_id(request.POST.get("to", ""), "to")
    moderation.give_appeal(request.actor, appeal_id=appeal_id, to_person=person)
    messages.success(request, _("Kept. It waits for somebody who had no part in it."))
    return back(reverse("moderation_case", args=[case_id]))


@brand_page
def evidence(request: HttpRequest, case_id: UUID, evidence_id: UUID) -> HttpResponse:
    """The thing as it was. That it is read stands in the log before it is shown."""
    row, kept = open_evidence(request.actor, case_id, evidence_id)
    context = {
        "kept": kept,
        "link": kept.url if kept.url.startswith(("https://", "http://")) else "",
        "said_at": when(parse_datetime(kept.said_at)) if kept.said_at else "",
        "taken": when(row.taken_at),
        "who": row.by_name,
        "digest": row.digest,
        "picture_url": reverse("moderation_picture", args=[case_id, evidence_id]) if kept.picture else "",
        "case_url": reverse("moderation_case", args=[case_id]),
    }
    return render(request, "brand/moderation_evidence.html", context)


@brand_page
def evidence_picture(request: HttpRequest, case_id: UUID, evidence_id: UUID) -> HttpResponse:
    """The picture that was kept with it. Missing('evidence') where there is none."""
    _row, kept = open_evidence(request.actor, case_id, evidence_id)
    if not kept.picture:
        raise Missing("evidence")
    return HttpResponse(kept.picture, content_type=kept.mime)


def language_for_member(case: Case, of_brand: str) -> str:
    """The member's where we have words in it, else the brand's: its house rules are written in that, too."""
    theirs = case.language.partition("-")[0].lower()
    return theirs if theirs in LANGUAGES else of_brand


def words_for_member(case: Case, of_brand: str) -> str:
    """Which rule was cited and what was done."""
    with translation.override(language_for_member(case, of_brand)):
        return _told(case)


def _language_we_lack(case: Case, of_brand: str) -> str:
    """Said openly to whoever tells the member: these words are in another language than theirs. '' where they are not."""
    used = language_for_member(case, of_brand)
    if not case.language or case.language.partition("-")[0].lower() == used:
        return ""
    names = {"theirs": _name_of(case.language), "used": _name_of(used)}
    return (
        _("They wrote in another language (%(theirs)s). We have no words in it: these are in the brand’s (%(used)s).")
        % names
    )


def _name_of(language: str) -> str:
    """As people call it; a code that nobody knows stays a code."""
    try:
        return str(translation.get_language_info(language)["name_translated"])
    except KeyError:
        return language


def _told(case: Case) -> str:
    done = {
        "hidden": _("We have hidden what you wrote."),
        "gone": _("We have deleted what you wrote."),
        "visible": _("What you wrote goes against one of our house rules."),
    }[case.state]
    rule = _("Our house rule no. %(number)s says: “%(rule)s”") % {"number": case.rule, "rule": case.rule_words}
    return f"{done} {rule} {_('If you think that we are wrong, please tell us: somebody else will look at it.')}"


def _thing(request: HttpRequest, case_id: UUID) -> dict[str, Any]:
    """Which thing a case is about, as the action asks for it."""
    with brand_scope(request.brand):
        case = access_case(request.actor, case_id)
        return {"mention_id": case.mention_id, "turn_id": case.turn_id}


def _about(case: Case) -> str:
    if case.mention_id:
        return reverse("mention", args=[case.mention_id])
    assert case.turn is not None
    return reverse("conversation", args=[case.turn.conversation_id])


def _way(case: Case, channel: Any) -> str:
    kind = way_of_telling(case, channel)
    return kind_word(kind) if kind else ""


def _evidence(one: Evidence) -> dict[str, Any]:
    return {
        "url": reverse("moderation_evidence", args=[one.case_id, one.pk]),
        "when": when(one.taken_at),
        "who": one.by_name,
        "picture": one.picture,
    }


def _appeal(one: Appeal, actor: Actor, case: Case, people: list[BrandPerson]) -> dict[str, Any]:
    open_here = one.state == AppealState.OPEN and may_moderate(actor)
    return {
        "words": one.words,
        "badge": badge(APPEAL_STATES, one.state),
        "when": when(one.at),
        "by": one.by_name,
        "to": one.to_name,
        "answer": one.answer,
        "decided": when(one.decided_at),
        "decided_by": one.decided_name,
        "give_url": reverse("moderation_give", args=[case.pk, one.pk])
        if open_here and people and not is_in_hand(one, people)
        else "",
        "url": reverse("moderation_decide", args=[case.pk, one.pk])
        if open_here and actor.person_id not in people_who_acted(case)
        else "",
    }
