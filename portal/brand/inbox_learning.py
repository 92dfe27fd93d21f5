"""What was learnt from corrections: how well the rules sort, how well what was learnt does, and the brand's switch for it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.mentions.actions import switch_learning
from clients.mentions.models import LearntModel
from clients.mentions.queries import corrections, learning_is_on, learnt_models
from clients.mentions.rules import FEWEST_CORRECTIONS, may_propose
from clients.people.access import require
from clients.people.rules import Verb, may
from portal.pages import back, brand_act, brand_page, render
from portal.times import when
from portal.wording import badge
from portal.wording.sorting import KEPT_OFF


@brand_page
def learning_page(request: HttpRequest) -> HttpResponse:
    """For everybody who reads the inbox; the switch is the brand's."""
    require(request.actor, Verb.MENTION_READ)
    models, on = list(learnt_models()), learning_is_on()
    context = {
        "state": badge(KEPT_OFF, _state(models, on)),
        "on": on,
        "newest": _line(models[0]) if models else None,
        "earlier": [_line(model) for model in models[1:]],
        "corrections": corrections().count(),
        "fewest": FEWEST_CORRECTIONS,
        "may_switch": may(request.actor.role, Verb.BRIEFING_WRITE),
    }
    return render(request, "brand/learning.html", context)


@brand_act(again=learning_page)
def learning(request: HttpRequest) -> HttpResponse:
    """On or off."""
    on = request.POST.get("on") == "1"
    switch_learning(request.actor, on=on)
    messages.success(request, _("On: it proposes where it does better.") if on else _("Off: the rules alone sort."))
    return back(reverse("learning"))


def _state(models: list[LearntModel], on: bool) -> str:
    if not models:
        return "nothing"
    if not on:
        return "off"
    newest = models[0]
    return "proposes" if may_propose(newest.held_out, newest.rules_f1, newest.learnt_f1) else "no_better"


def _line(model: LearntModel) -> dict[str, Any]:
    return {
        "rules": round(model.rules_f1 * 100),
        "learnt": round(model.learnt_f1 * 100),
        "corrections": model.corrections,
        "held_out": model.held_out,
        "at": when(model.made_at),
    }
