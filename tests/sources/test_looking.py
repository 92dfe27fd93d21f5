"""A look at a source from end to end: asked politely, handed over, noted; a trouble is told once, and once that it is over."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from clients.audit.models import Entry
from clients.autonomy.vocabulary import EntryPoint
from clients.outbox.actions import perform
from clients.outbox.models import OutboxRow
from clients.outbox.registry import Later
from clients.people.actor import process_of
from clients.sources.actions import accept_shape, add_source, look_at_source, pause_source, resume_source
from clients.sources.models import Source, SourceHealth
from clients.sources.steps import LETTER, LOOK
from tenants.errors import RelaisError
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.sources.conftest import Mentions
from tests.sources.serving import Site, site
from tests.world import World

ITEM = "<guid>{0}</guid><title>Article {0}</title><link>https://x.example/{0}</link>"


@pytest.fixture
def web() -> Iterator[Site]:
    with site() as found:
        yield found


def feed(world: World, url: str, **more: Any) -> Source:
    return add_source(actor=world.owner, kind="feed", name="Le journal", settings={"url": url}, **more)


def look(world: World, source: Source) -> Any:
    from django.core.cache import cache

    cache.clear()  # politeness is another test's
    return look_at_source(actor=process_of(world.brand, EntryPoint.WORKER, "sources"), source_id=source.pk)


def health(world: World, source: Source) -> SourceHealth:
    with brand_scope(world.brand):
        return SourceHealth.objects.get(source=source)


def letters(world: World) -> list[str]:
    with brand_scope(world.brand):
        return sorted(r.payload["about"] for r in OutboxRow.objects.filter(kind=LETTER))


def lines(world: World, verb: str) -> int:
    with brand_scope(world.brand):
        return Entry.objects.filter(verb=verb).count()


def test_a_second_look_brings_nothing_new(world: World, web: Site, mentions: Mentions) -> None:
    source = feed(world, web.feed(*[ITEM.format(n) for n in range(3)]))
    assert look(world, source) > timezone.now()
    assert len(mentions.known) == 3
    look(world, source)
    assert len(mentions.known) == 3 and health(world, source).found == 3
    web.feed(*[ITEM.format(n) for n in range(4)])
    look(world, source)
    assert len(mentions.known) == 4 and mentions.kept_all == [False] * 3


def test_it_asks_for_what_is_new_only(world: World, web: Site, mentions: Mentions) -> None:
    """By the two marks that servers give, and by a digest where they give none."""
    body = web.feed(ITEM.format(1), ETag='"v1"', **{"Last-Modified": "Thu, 19 Nov 2026 10:00:00 GMT"})
    whole = web.pages["/feed"]
    assert isinstance(whole, tuple)
    web.pages["/feed"] = lambda heads: (304, {}, b"") if heads.get("if-none-match") == '"v1"' else whole
    source = feed(world, body)
    look(world, source)
    look(world, source)
    (_, first), (_, second) = web.asked
    assert "if-none-match" not in first and second["if-none-match"] == '"v1"'
    assert second["if-modified-since"] == "Thu, 19 Nov 2026 10:00:00 GMT" and second["accept-encoding"] == "identity"
    assert len(mentions.known) == 1 and not health(world, source).code


def test_an_entry_older_than_the_source_looks_back_is_left_out(world: World, web: Site, mentions: Mentions) -> None:
    dated = "<guid>{0}</guid><title>{0}</title><pubDate>{1:%a, %d %b %Y %H:%M:%S} GMT</pubDate>"
    now = timezone.now()
    source = feed(
        world, web.feed(dated.format("neu", now - timedelta(days=2)), dated.format("alt", now - timedelta(days=90)))
    )
    look(world, source)
    assert mentions.texts == ["neu"]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((404, {}, b""), "target_gone"),
        ((500, {}, b""), "service_refused"),
        ((200, {}, b"<html><body>Bonjour</body></html>"), "not_a_feed"),
        ((302, {"Location": "/feed"}, b""), "redirected"),
        ((200, {"Content-Encoding": "gzip"}, b"\x1f\x8b"), "answer_unreadable"),
    ],
)
def test_a_failure_is_one_message_and_the_third_in_a_row_is_told_once(
    world: World, web: Site, mentions: Mentions, answer: Any, code: str
) -> None:
    source = feed(world, web.url + "/feed")
    web.pages["/feed"] = answer
    for _ in range(6):
        look(world, source)
    told = health(world, source)
    assert (told.code, told.failures, told.trouble) == (code, 6, "failing")
    assert lines(world, "source.alarmed") == 1
    heads = 4  # owner and manager of either side: the source is the brand's own until it is shared
    assert letters(world) == ["failing"] * (heads // 2)
    web.feed(ITEM.format(1))
    look(world, source)
    assert (health(world, source).trouble, lines(world, "source.recovered")) == ("", 1)
    assert letters(world) == ["failing"] * 2 + ["recovered"] * 2 and len(mentions.known) == 1


def test_a_feed_of_fifty_megabytes_is_read_as_far_as_it_may_be(
    world: World, web: Site, mentions: Mentions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clients.sources.kinds.feed.MOST_BYTES", 20_000)
    source = feed(world, web.feed(*[ITEM.format(n) for n in range(2000)]))
    look(world, source)
    assert 100 < len(mentions.known) < 400
    assert (health(world, source).code, health(world, source).failures) == ("feed_cut", 0) and not letters(world)


def test_a_source_that_goes_silent_is_told_once_and_when_it_speaks_again(
    world: World, web: Site, mentions: Mentions
) -> None:
    dated = "<guid>{0}</guid><title>{0}</title><pubDate>{1:%a, %d %b %Y %H:%M:%S} GMT</pubDate>"
    now = timezone.now()
    items = [dated.format(n, now - timedelta(hours=6 * n)) for n in range(12)]
    source = feed(world, web.feed(*items))
    with time_machine.travel(now, tick=False) as clock:
        look(world, source)
        clock.shift(timedelta(hours=7))  # late, and not yet silent
        look(world, source)
        assert health(world, source).trouble == ""
        clock.shift(timedelta(hours=4, minutes=30))  # before the same time has passed again
        for _ in range(5):
            look(world, source)
            clock.shift(timedelta(minutes=15))
        assert health(world, source).trouble == "silent" and letters(world) == ["silent"] * 2
        web.feed(dated.format("neu", timezone.now()), *items)
        look(world, source)
    assert health(world, source).trouble == "" and letters(world) == ["recovered"] * 2 + ["silent"] * 2


def test_a_source_that_changes_shape_is_told_until_somebody_says_that_it_is_right(
    world: World, web: Site, mentions: Mentions
) -> None:
    source = feed(world, web.feed(ITEM.format(1), ITEM.format(2)))
    look(world, source)
    web.feed("<guid>3</guid><description>Sans titre</description>")
    look(world, source)
    look(world, source)
    assert health(world, source).trouble == "shape" and lines(world, "source.alarmed") == 1
    accept_shape(actor=world.owner, source_id=source.pk)
    look(world, source)
    assert health(world, source).trouble == "" and letters(world) == ["shape"] * 2


def test_the_server_says_when_to_come_back_to_all_brands(
    world: World, other: World, web: Site, mentions: Mentions
) -> None:
    web.pages["/feed"] = (429, {"Retry-After": "3600"}, b"")
    mine, theirs = feed(world, web.url + "/feed"), feed(other, web.url + "/feed")
    at = look(world, mine)
    assert timedelta(minutes=59) < at - timezone.now() < timedelta(minutes=61)
    with pytest.raises(Later) as later:
        look_at_source(actor=process_of(other.brand, EntryPoint.WORKER, "sources"), source_id=theirs.pk)
    assert later.value.due_at - timezone.now() > timedelta(minutes=59)
    assert len(web.asked) == 1


def test_one_question_at_a_time_and_host_over_all_brands(
    world: World, other: World, web: Site, mentions: Mentions
) -> None:
    mine, theirs = feed(world, web.feed(ITEM.format(1))), feed(other, web.url + "/feed")
    look(world, mine)
    with pytest.raises(Later):
        look_at_source(actor=process_of(other.brand, EntryPoint.WORKER, "sources"), source_id=theirs.pk)


def test_the_row_of_the_outbox_is_put_off_for_ever_and_counts_no_attempts(
    world: World, web: Site, mentions: Mentions
) -> None:
    source = feed(world, web.feed(ITEM.format(1)))
    with brand_scope(world.brand):
        row = OutboxRow.objects.get(kind=LOOK, key=str(source.pk))
    perform(world.brand, row.pk)
    with brand_scope(world.brand):
        row.refresh_from_db()
    assert row.done_at is None and row.attempts == 0 and row.due_at > timezone.now() + timedelta(minutes=10)
    assert not row.last_error


def test_what_is_paused_is_not_looked_at(world: World, web: Site, mentions: Mentions) -> None:
    source = feed(world, web.feed(ITEM.format(1)))
    pause_source(actor=world.owner, source_id=source.pk)
    assert look(world, source) is None and not web.asked
    with brand_scope(world.brand):
        assert not OutboxRow.objects.filter(kind=LOOK, done_at=None).exists()
    resume_source(actor=world.owner, source_id=source.pk)
    look(world, source)
    assert len(mentions.known) == 1


def test_who_may_ask_for_a_look(world: World, web: Site, mentions: Mentions) -> None:
    source = feed(world, web.feed(ITEM.format(1)))
    look_at_source(actor=world.actor(Role.BRAND_MANAGER), source_id=source.pk)
    assert lines(world, "source.looked") == 1
    for role in (Role.APPROVER, Role.COMMUNITY_MANAGER, Role.AGENCY_OWNER):
        with pytest.raises(RelaisError):
            look_at_source(actor=world.actor(role), source_id=source.pk)
    with pytest.raises(RelaisError):
        look_at_source(actor=process_of(world.brand, EntryPoint.COMMAND, "x"), source_id=source.pk)
