"""What stands beside the counts one by one: whose words are told to whom, what belongs to a week, and how much is listed."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from clients.approvals.models import Hold, Verdict
from clients.autonomy.vocabulary import Outcome
from clients.channels.models import Channel
from clients.conversations.models import Reply
from clients.custody.models import Conversation
from clients.disclosure.rules import InfoClass
from clients.gate.models import DecisionRecord, Dispatch, Receipt
from clients.gate.words import DispatchState, Stage
from clients.insights.models import Insight
from clients.items.life import ItemState
from clients.items.models import Item, ItemVersion
from clients.people.actor import Actor
from reports.facts import bounded
from reports.facts.periods import Period, PeriodKind, period_of
from reports.facts.shapes import Cell, Listing
from tenants.models import Person
from tenants.walls.scope import BrandRef, durable
from tests.reports.facts.conftest import told
from tests.world import World, make_world

WEEK = period_of(PeriodKind.WEEK, date(2026, 11, 4), "Europe/Paris")
INSIDE, BEFORE = datetime(2026, 11, 4, 9, tzinfo=UTC), datetime(2026, 10, 29, 9, tzinfo=UTC)
Record = dict[str, Cell]


@pytest.fixture
def world(brand_a: BrandRef, brand_b: BrandRef, person_factory: Callable[..., Person]) -> World:
    """Two brands, in each of which the same happened, told apart by the second one's words."""
    for brand, mark in ((brand_b, "the other’s "), (brand_a, "")):
        with durable(brand):
            _happened(brand, mark)
    return make_world(brand_a, person_factory)


def _happened(brand: BrandRef, mark: str) -> None:
    channel = Channel.objects.create(kind="memory", name=f"{mark}Place")
    trust = act(channel, f"{mark}On trust", INSIDE, level=6, basis="level")
    act(channel, "", INSIDE, text=f"{mark}Untitled words", level=5, basis="level", remote="wrong")
    act(channel, f"{mark}To one", INSIDE, content={"recipient": "@awa"})
    kept = act(channel, f"{mark}In a kept talk", INSIDE, kind="answer")
    talk = Conversation.objects.create(
        medium="comment", title="t", holder_side="brand", info_class=InfoClass.BRAND, owner_side="brand"
    )
    Reply.objects.create(conversation=talk, item_id=kept.item_id, kind="answer", by_person=uuid4())
    act(channel, f"{mark}An old post", BEFORE, remote="old")
    act(channel, f"{mark}Its deletion", INSIDE, kind="delete", content={"target": "old"})
    act(channel, f"{mark}A correction", INSIDE + timedelta(days=30), kind="correct", content={"target": "wrong"})
    for kind, at in (("veto", INSIDE), ("yes", INSIDE), ("veto", BEFORE)):
        Verdict.objects.create(
            item_id=trust.item_id, digest=trust.content_digest, kind=kind, person_id=uuid4(), person_name="Sophie",
            side="brand", role="approver", comment=f"{mark}Not now", at=at, again=at == BEFORE,
        )  # fmt: skip
    hold("channel", str(channel.pk), BEFORE, None)
    hold("item", str(trust.item_id), BEFORE, BEFORE + timedelta(hours=1))
    hold("all", "", INSIDE + timedelta(days=9), None)
    for title, info_class in (("Shared lesson", "shared"), ("Own lesson", "brand")):
        Insight.objects.create(
            title=f"{mark}{title}", by_person=uuid4(), by_name="Inès", side="agency", created_at=INSIDE,
            info_class=info_class, owner_side="brand",
        )  # fmt: skip


def hold(scope: str, value: str, since: datetime, until: datetime | None) -> None:
    Hold.objects.create(
        scope=scope, value=value, reason="To look again", placed_by=uuid4(), placed_by_name="Sophie", placed_at=since,
        lifted_at=until, lifted_by_name="Marc" if until else "",
    )  # fmt: skip


def act(
    channel: Channel,
    title: str,
    at: datetime,
    *,
    kind: str = "publish",
    text: str = "…",
    level: int = 2,
    basis: str = "approval",
    remote: str = "",
    content: dict[str, Any] | None = None,
) -> Receipt:
    """Something that went out."""
    digest = uuid4().hex * 2
    item = Item.objects.create(
        state=ItemState.SENT, title=title, kind=kind, sensitivity="routine", author_id=uuid4(), author_name="Inès",
        author_side="agency",
    )  # fmt: skip
    version = ItemVersion.objects.create(
        item=item, number=1, digest=digest, author_id=uuid4(), author_name="Inès", author_side="agency",
        content={"kind": kind, "text": text, "recipient": "", "target": "", "media": [], **(content or {})},
    )  # fmt: skip
    decision = DecisionRecord.objects.create(
        item_id=item.pk, channel_id=channel.pk, version_number=1, stage=Stage.SEND, question={}, outcome=Outcome.SEND,
        level=level, reasons=[], digest="0" * 64,
    )  # fmt: skip
    sent = Dispatch.objects.create(
        item=item, version=version, channel_id=channel.pk, state=DispatchState.SENT, due_at=at, remote_id=remote
    )
    return Receipt.objects.create(
        dispatch_id=sent.pk, decision=decision, item_id=item.pk, title=title, channel_id=channel.pk,
        channel_name=channel.name, kind=kind, content_digest=digest, person_id=uuid4(), person_name="Inès",
        side="agency", basis=basis, level=level, charter_version=1, briefing_version=1, sent_at=at, remote_id=remote,
    )  # fmt: skip


def listing(world: World, section: str, code: str, actor: Actor, period: Period = WEEK) -> Listing:
    found = told(world, "weekly", period, actor).section(section)
    assert found is not None
    return next(one for one in found.listings if one.code == code)


def records(world: World, section: str, code: str, actor: Actor, period: Period = WEEK) -> list[Record]:
    return list(listing(world, section, code, actor, period).records())


def test_each_act_is_told_with_its_right_and_the_trusted_ones_by_themselves(world: World) -> None:
    acts = records(world, "done", "acts", world.owner)
    assert [one["words"] for one in acts if one["basis"] == "level"] == ["Untitled words", "On trust"]
    assert {one["channel"] for one in acts} == {"Place"} and {one["by"] for one in acts} == {"Inès"}
    assert [one["words"] for one in records(world, "names", "trusted", world.owner)] == ["On trust"]
    assert [one["words"] for one in records(world, "names", "told_at_once", world.owner)] == ["Untitled words"]


def test_who_approved_is_named(world: World) -> None:
    sophie = next(iter(world.people.values()))
    with durable(world.brand):
        channel = Channel.objects.get(name="Place")
        one = act(channel, "With a yes", INSIDE)
        given = Receipt(**{f.attname: getattr(one, f.attname) for f in Receipt._meta.concrete_fields})
        given.pk, given.dispatch_id, given.approved_by = uuid4(), uuid4(), [str(sophie.pk), str(UUID(int=7))]
        given.save(force_insert=True)
    told_by = {one["approved_by"] for one in records(world, "done", "acts", world.cm) if one["words"] == "With a yes"}
    assert told_by == {"", f"{sophie.name}, {UUID(int=7)}"}


def test_words_to_one_person_and_of_a_kept_talk_are_not_told(world: World) -> None:
    mine, theirs = (records(world, "done", "acts", actor) for actor in (world.cm, world.owner))
    assert len(mine) == len(theirs)
    assert {one["words"] for one in theirs} - {one["words"] for one in mine} == {"In a kept talk"}
    assert None in {one["words"] for one in theirs} and "To one" not in {one["words"] for one in theirs}
    found = listing(world, "done", "acts", world.owner)
    [row] = [row for row in found.rows if "In a kept talk" in row.cells]
    assert row.info_class is InfoClass.BRAND and listing(world, "done", "acts", world.cm).info_class is InfoClass.SHARED


def test_a_veto_stands_with_its_reason_in_its_own_week(world: World) -> None:
    [one] = records(world, "brakes", "refusals", world.cm)
    assert (one["words"], one["verdict"], one["by"], one["reason"]) == ("On trust", "veto", "Sophie", "Not now")
    assert len(records(world, "brakes", "refusals", world.cm, WEEK.before)) == 1


def test_why_an_answer_was_refused_is_told_to_whoever_reads_its_conversation(world: World) -> None:
    with durable(world.brand):
        kept = Receipt.objects.get(title="In a kept talk")
        Verdict.objects.create(
            item_id=kept.item_id, digest=kept.content_digest, kind="veto", person_id=uuid4(), person_name="Sophie",
            side="brand", role="approver", comment="Never say so to her", at=INSIDE + timedelta(hours=1),
        )  # fmt: skip
    theirs, mine = (records(world, "brakes", "refusals", actor)[0] for actor in (world.owner, world.cm))
    assert (theirs["words"], theirs["reason"]) == ("In a kept talk", "Never say so to her")
    assert (mine["words"], mine["reason"], mine["verdict"]) == (None, "", "veto")


def test_a_hold_stands_in_every_week_in_which_it_is_on(world: World) -> None:
    assert [(one["scope"], one["held"]) for one in records(world, "brakes", "holds", world.cm)] == [
        ("channel", "Place")
    ]
    before = records(world, "brakes", "holds", world.cm, WEEK.before)
    assert {(one["scope"], one["held"], one["lifted_by"]) for one in before} == {
        ("channel", "Place", ""),
        ("item", "On trust", "Marc"),
    }


def test_an_incident_stands_where_it_happened_and_where_it_was_put_right(world: World) -> None:
    found = {one["words"]: one for one in records(world, "brakes", "incidents", world.cm)}
    assert set(found) == {"An old post", "Untitled words"}
    assert (found["An old post"]["remedy"], found["Untitled words"]["remedy"]) == ("delete", "correct")
    assert found["Untitled words"]["level"] == 5 and found["Untitled words"]["by"] == "Inès"
    before = records(world, "brakes", "incidents", world.cm, WEEK.before)
    assert [one["words"] for one in before] == ["An old post"]
    assert not records(world, "brakes", "incidents", world.cm, WEEK.after)


def test_what_was_learnt_is_told_within_the_class_and_the_rest_is_counted(world: World) -> None:
    mine, theirs = (listing(world, "insights", "noted", actor) for actor in (world.cm, world.owner))
    assert [one["title"] for one in mine.records()] == ["Shared lesson"] and (mine.total, mine.withheld) == (1, 1)
    assert {one["title"] for one in theirs.records()} == {"Shared lesson", "Own lesson"} and not theirs.withheld


def test_no_listing_tells_of_another_brand(world: World) -> None:
    facts = told(world, "weekly", WEEK, world.owner)
    cells = [str(cell) for one in facts.sections for found in one.listings for row in found.rows for cell in row.cells]
    assert len(cells) > 50 and not [cell for cell in cells if "other" in cell]


def test_beyond_the_bound_the_count_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "MOST_LISTED", 2)
    found = listing(world, "done", "acts", world.owner)
    assert (len(found.rows), found.total) == (2, 5)
    newest, next_one = (datetime.fromisoformat(str(one["at"])) for one in found.records())
    assert newest >= next_one


def test_what_is_planned_or_held_keeps_the_same_words(world: World) -> None:
    """An item without a title is called by its first words: to one person, or in a kept conversation, they are not told here."""
    with durable(world.brand):
        _planned("Open plan")
        _planned("To Awa alone", recipient="@awa")
        answer = _planned("Said in a kept talk", kind="answer")
        Reply.objects.create(
            conversation=Conversation.objects.get(), item_id=answer.pk, kind="answer", by_person=uuid4()
        )
        for item in Item.objects.filter(state=ItemState.CLEARED):
            hold("item", str(item.pk), INSIDE, None)
    facts = {
        actor.side: told(world, "dossier", WEEK, actor, chosen=("plans", "coming")) for actor in (world.cm, world.owner)
    }
    shared = told(world, "dossier", WEEK, None, InfoClass.SHARED, chosen=("plans", "coming"))
    for found, kept in ((shared, set()), (facts["agency"], set()), (facts["brand"], {"Said in a kept talk"})):
        for section, code, column in (
            ("plans", "plans", "title"),
            ("coming", "coming", "title"),
            ("plans", "held", "held"),
        ):
            part = found.section(section)
            assert part is not None
            rows = [row for one in part.listings if one.code == code for row in one.rows]
            columns = next(one.columns for one in part.listings if one.code == code)
            cells = [row.cells[columns.index(column)] for row in rows if "all" not in row.cells]
            said = {one for one in cells if one in {"Open plan", "To Awa alone", "Said in a kept talk"}}
            assert (len(rows) >= 3, said) == (True, {"Open plan"} | kept), (code, cells)
    assert {one.ceiling for one in (shared,)} == {InfoClass.SHARED}
    classes = {part.info_class for part in (facts["brand"].section("plans"),) if part}
    assert classes == {InfoClass.BRAND} and shared.info_class is InfoClass.SHARED


def _planned(title: str, kind: str = "publish", recipient: str = "") -> Item:
    """Cleared, for the week that follows."""
    by: dict[str, Any] = {"author_id": uuid4(), "author_name": "Inès", "author_side": "agency"}
    item = Item.objects.create(
        state=ItemState.CLEARED,
        title=title,
        kind=kind,
        sensitivity="routine",
        not_before=INSIDE + timedelta(days=7),
        **by,
    )
    content = {"kind": kind, "text": title, "recipient": recipient, "target": "", "media": []}
    version = ItemVersion.objects.create(item=item, number=1, digest=uuid4().hex * 2, content=content, **by)
    Item.objects.filter(pk=item.pk).update(version=version)
    return item
