"""Reviews, what could stand in one, and what comes up. Inside the brand's scope."""

from datetime import date

from django.db.models import Q, QuerySet

from clients.briefings.access import words_shared
from clients.briefings.entries import Licence, licences_of, watch_list_of
from clients.briefings.queries import words_to_compare_with
from clients.disclosure.rules import ORDER, strictness
from clients.mentions.models import Mention
from clients.mentions.rules import MentionKind, Outcome
from clients.people.actor import Actor
from clients.press.models import PressRule, Review, WatchNote

PRESS_MEDIA = ("rss", "feed", "atom")


def reviews(actor: Actor) -> QuerySet[Review]:
    """Newest first."""
    found: QuerySet[Review] = Review.objects.readable_by(actor).order_by("-until", "-id")
    return found


def rule_in_force() -> PressRule | None:
    return PressRule.objects.first()


def pieces_for(review: Review) -> QuerySet[Mention]:
    """What may stand in a review: press found in its days, told once, not found wrong, and no stricter than the review itself."""
    open_to = [str(one) for one in ORDER if strictness(one) <= strictness(review.info_class) and one != "named"]
    found: QuerySet[Mention] = Mention.objects.filter(
        Q(kind=MentionKind.PRESS) | Q(medium__in=PRESS_MEDIA),
        found_at__gte=review.since,
        found_at__lt=review.until,
        copy_of=None,
        info_class__in=open_to,
    ).exclude(outcome=Outcome.WRONG)
    return found.exclude(pk__in=review.entries.values("mention")).order_by("-priority", "-found_at", "-id")


def licences() -> list[Licence]:
    return licences_of(words_to_compare_with())


def topic_words() -> dict[str, str]:
    """What the keys of the watch list are called, where both sides may read it."""
    return {entry.watched.key: entry.label for entry in watch_list_of(words_shared())}


def watch_notes(actor: Actor, since: date, until: date) -> QuerySet[WatchNote]:
    """What comes up in these days, as far as `actor` may read it."""
    found: QuerySet[WatchNote] = WatchNote.objects.readable_by(actor).filter(dropped_at=None)
    return found.filter(day__gte=since, day__lte=until).order_by("day", "id")
