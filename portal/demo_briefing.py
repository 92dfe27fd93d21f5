"""How the demo's bakery speaks, what it watches, and what it says by itself: a briefing with something in every section."""

from typing import Any

from portal.demo_mentions import WATCHED
from portal.demo_moderation import HOUSE_RULES

OPEN_HOURS = "Nous ouvrons de 7 h à 19 h 30, du mardi au dimanche. À bientôt au comptoir !"
OPEN_HOURS_EN = "We are open from 7 am to 7.30 pm, Tuesday to Sunday. See you soon!"


def goal(figure: str, direction: str, value: int, per: str) -> dict[str, str]:
    """A line of the section of goals; `value` in the figure's own unit."""
    return {"figure": figure, "direction": direction, "value": str(value), "per": per, "since": ""}


AUBIER: dict[str, Any] = {
    "objectives": "Faire vivre la communauté du quartier ; remplir les ateliers du samedi.",
    "goals": [
        goal("acts.done", "at_least", 6, "week"),
        goal("field.ratio", "at_least", 3_000, "month"),
        goal("clocks.in_time;clock=answer", "at_least", 9_000, "week"),
    ],
    "audience": "Habitués du comptoir, familles, amateurs de pain.",
    "tone": "Chaleureux, précis, jamais ironique. On vouvoie, on signe de nos prénoms.",
    "key_facts": ["Farines de la Beauce, moulues sur pierre.", "Fermé le lundi."],
    "house_rules": HOUSE_RULES,
    "approved_answers": [
        {"key": "horaires", "language": "fr", "question": "Quand êtes-vous ouverts ?", "answer": OPEN_HOURS},
        {"key": "horaires", "language": "en", "question": "When are you open?", "answer": OPEN_HOURS_EN},
    ],
    "forbidden_topics": [
        {"words": "boulangerie Martin; concurrent", "then": "approve"},
        {"words": "élection; politique", "then": "refuse"},
    ],
    "sensitive_topics": ["allergène; gluten; intolérance", "prix; augmentation"],
    "embargoes": [{"words": "seconde boutique; rue Nationale", "until": "2027-03-01T08:00"}],
    "watch_list": WATCHED,
    "escalation": [
        {"topic": "Rappel de lot", "name": "Claire Aubier", "contact": "06 12 34 56 78", "hours": "always"},
        {"topic": "Rappel de lot", "name": "Marc Dutilleul", "contact": "marc@aubier.example"},
        {"topic": "Presse", "name": "Sophie Lenoir", "contact": "sophie@aubier.example"},
    ],
    "press_licences": [
        {
            "source": "La Gazette du quartier",
            "licence": "courte citation",
            "excerpt": "200",
            "remark": "Lien obligatoire",
        },
    ],
    "service": [
        {"acknowledge_within": "120", "answer_within": "540"},
        {"topic": "Rappel de lot", "acknowledge_within": "30", "answer_within": "120"},
        {"channel": "email", "acknowledge_within": "240", "answer_within": "1080"},
    ],
}
