"""What is handed over becomes mentions: once, matched, sorted, copies told apart, counted; one line of the log tells of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clients.audit.models import Entry
from clients.audit.queries import unattributed
from clients.briefings.actions import publish_briefing
from clients.crisis.models import HourCount
from clients.disclosure.rules import InfoClass
from clients.mentions.actions import TakenIn, take_in
from clients.mentions.models import Mention
from clients.mentions.raw import RawMention
from clients.mentions.rules import MentionKind, MentionState, Outcome
from tenants.ids import uuid7
from tenants.models import Person
from tenants.walls.scope import BrandRef, brand_scope
from tests.world import SECTIONS, World, make_world

SOURCE = uuid7()
LIST = [
    {"key": "eau", "label": "Eau", "phrases": "pollution de l'eau; rivière", "exclusions": "rivière sans retour"},
    {"key": "only", "label": "Un seul mur", "phrases": "fraise", "sources": "Le journal"},
]
STORY = (
    "La mairie annonce la fermeture de la piscine municipale pendant six mois pour des travaux de rénovation qui "
    "coûteront deux millions d'euros, ont indiqué mardi les services techniques près de la rivière."
)


@pytest.fixture
def world(brand_a: BrandRef, person_factory: Callable[..., Person]) -> World:
    """A brand whose briefing watches for a few things and calls one delicate."""
    world = make_world(brand_a, person_factory)
    sections = SECTIONS | {"watch_list": LIST, "sensitive_topics": [{"words": "licenciement"}]}
    publish_briefing(actor=world.owner, after=1, sections=sections, calendar={})
    return world


def taken(world: World, *texts: str, all_kept: bool = False, medium: str = "mastodon", **more: Any) -> TakenIn:
    raws = [RawMention(own_id=text, text=text) for text in texts]
    return take_in(world.brand, more.pop("source", SOURCE), medium, raws, all_kept=all_kept, **more)


def stored(world: World) -> list[Mention]:
    with brand_scope(world.brand):
        return list(Mention.objects.order_by("found_at", "id"))


def test_only_what_is_watched_for_is_kept(world: World) -> None:
    assert taken(world, "Les rivières débordent chez nous", "Rien à voir", "La rivière sans retour") == TakenIn(
        new=1, unmatched=2
    )
    (mention,) = stored(world)
    assert (mention.matched, mention.language, mention.state) == (["eau"], "fr", MentionState.OPEN)


def test_what_is_addressed_to_the_brand_is_kept_whatever_it_says(world: World) -> None:
    assert taken(world, "Rien à voir", all_kept=True) == TakenIn(new=1)
    assert stored(world)[0].matched == []


def test_what_was_brought_before_is_known(world: World) -> None:
    assert taken(world, "La rivière", "La rivière") == TakenIn(new=1)
    assert taken(world, "La rivière", "Une autre rivière") == TakenIn(new=1, known=1)
    assert taken(world, "La rivière", source=uuid7()) == TakenIn(new=1)


def test_an_entry_may_mean_one_source_only(world: World) -> None:
    assert taken(world, "Des fraises") == TakenIn(unmatched=1)
    assert taken(world, "Des fraises", source_name="Le journal") == TakenIn(new=1)


def test_the_same_story_elsewhere_is_a_copy_of_the_first(world: World) -> None:
    taken(world, STORY)
    again = f"URGENT. {STORY} Plus d'informations à suivre."
    assert taken(world, again, source=uuid7()) == TakenIn(new=1, copies=1)
    assert taken(world, "Une piscine et une rivière : la mairie ferme, mais rouvre aussi. " * 3) == TakenIn(new=1)
    first, copy, _ = stored(world)
    assert (copy.copy_of_id, copy.state, copy.outcome) == (first.pk, MentionState.DONE, Outcome.MERGED)


def test_copies_within_a_batch_and_short_words_that_tell_no_story(world: World) -> None:
    assert taken(world, STORY, STORY + " Fin.") == TakenIn(new=2, copies=1)
    assert taken(world, "Bravo la rivière", "Bravo la rivière !") == TakenIn(new=2)


def test_a_topic_that_needs_care_makes_it_sensitive_and_more_urgent(world: World) -> None:
    taken(world, "Des licenciements à la rivière", "Une rivière")
    careful, plain = stored(world)
    assert (careful.sensitivity, plain.sensitivity) == ("sensitive", "routine")
    assert careful.priority > plain.priority and "sensitive +20" in careful.priority_why


def test_it_is_sorted_with_a_reason(world: World) -> None:
    taken(world, "Scandaleux, cette rivière !", "Où est la rivière ?")
    one, other = stored(world)
    assert (one.kind, one.kind_why) == (MentionKind.COMPLAINT, ["complaint: scandaleux"])
    assert (other.kind, other.sorted_by) == (MentionKind.QUESTION, "rules")


def test_hours_are_counted_without_spam_and_without_what_is_old(world: World) -> None:
    now = timezone.now()
    raws = [
        RawMention("1", text="Scandaleux, la rivière", published_at=now - timedelta(hours=3)),
        RawMention("2", text="La rivière", published_at=now - timedelta(days=9)),
        RawMention("3", text="La rivière d'argent facile, cliquez ici https://spam.example", published_at=now),
        RawMention("4", text="Boycott de la rivière", published_at=now + timedelta(days=3)),
    ]
    take_in(world.brand, SOURCE, "mastodon", raws, all_kept=False)
    with brand_scope(world.brand):
        counted = {
            (c.key, c.total, c.negative, c.hour > now - timedelta(hours=1, minutes=1)) for c in HourCount.objects.all()
        }
    assert ("", 1, 1, False) in counted and ("", 1, 1, True) in counted
    assert {key for key, *_ in counted} == {"", "eau", "!boycott"}


def test_one_line_of_the_log_tells_of_a_batch_and_quotes_nothing(world: World) -> None:
    taken(world, "La rivière", "Une autre rivière")
    taken(world, "La rivière")
    with brand_scope(world.brand):
        lines = list(Entry.objects.filter(verb="mention.taken_in"))
        assert [line.facts for line in lines] == [
            {"source": str(SOURCE), "new": 2, "known": 0, "unmatched": 0, "copies": 0}
        ]
        assert not unattributed().exists()


def test_as_many_statements_for_thirty_as_for_one(world: World) -> None:
    taken(world, "La rivière de l'été")

    def statements(*texts: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert taken(world, *texts).new == len(texts)
        return len(seen)

    few = statements(f"{STORY} Zéro.")
    assert statements(*(f"rivière {n} " + " ".join(f"mot{n}x{m}" for m in range(20)) for n in range(30))) <= few


def test_another_brand_sees_nothing_of_it(world: World, brand_b: BrandRef) -> None:
    taken(world, STORY)
    assert take_in(brand_b, SOURCE, "mastodon", [RawMention("1", text=STORY)], all_kept=True) == TakenIn(new=1)
    with brand_scope(brand_b):
        assert Mention.objects.get().matched == [] and Mention.objects.get().copy_of_id is None


def test_class_and_side_are_those_of_the_source(world: World) -> None:
    taken(world, "La rivière", info_class=InfoClass.BRAND)
    assert (stored(world)[0].info_class, stored(world)[0].owner_side) == (InfoClass.BRAND, "brand")


def test_what_is_odd_is_kept_as_text(world: World) -> None:
    raw = RawMention(
        "", title="t" * 600, text="rivie\u0300re\x00\x07 \ud800<script>", url="https://x.example/" + "y" * 2_000
    )
    take_in(world.brand, SOURCE, "feed", [raw], all_kept=False)
    (mention,) = stored(world)
    assert mention.text == "rivière <script>" and mention.url == ""
    assert len(mention.title) == 500 and mention.title.endswith("…")


def test_without_a_briefing_nothing_is_watched_for(brand_b: BrandRef) -> None:
    assert take_in(brand_b, SOURCE, "feed", [RawMention("1", text="La rivière")], all_kept=False) == TakenIn(
        unmatched=1
    )
