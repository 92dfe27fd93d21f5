"""Insights: noted, asked of a department by account and by link, answered, decided, closed back; both sides, two brands."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from clients.audit.erasing.holders import holders
from clients.audit.erasing.values import Sought
from clients.autonomy.vocabulary import EntryPoint
from clients.community.actions import add_member
from clients.community.actions.retaining import run_retention
from clients.community.models import Member
from clients.community.rules import About as AboutMember
from clients.community.rules import Consent
from clients.conversations.actions import open_from_mention
from clients.custody.models import Conversation
from clients.disclosure.actions import exchange, make_link, open_link
from clients.disclosure.models import Disclosure, DisclosureEnd, ShareLink
from clients.disclosure.rules import InfoClass
from clients.insights import actions as insights
from clients.insights.access import access_asking, access_insight, asking_of_link, asking_to_mail
from clients.insights.handed import handed_of
from clients.insights.members import tellables
from clients.insights.models import Asking, Closing, Insight, InsightAnswer, InsightSource, Theme
from clients.insights.queries import Cursor, asked_of, departments, told_lines
from clients.insights.queries import insights as listed
from clients.insights.rules import About, Decision, State, checked_filters, remind_at, why_not_told
from clients.outbox.models import OutboxRow
from clients.outbox.registry import Later
from clients.people.actor import process_of
from tenants.errors import Conflict, Invalid, Missing, Refused, RelaisError
from tenants.models import WorkPointer
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.conversations.conftest import begun, follow, heard, reply, send
from tests.insights.conftest import CONTACT, DAY, again, asked, decided, linked, noted, sources, talked
from tests.world import World


def refused(code: str, kind: type[RelaisError], act: Any) -> None:
    with pytest.raises(kind) as found:
        act()
    assert found.value.code == code


def opened(world: World, made: Any, code: str = "") -> Any:
    """As somebody with the link does: the token for a link, and one view of it."""
    link_id = exchange(world.brand, token=made.token, code=code)
    return open_link(world.brand, link_id=link_id) if link_id else None


def contact(world: World) -> Any:
    return world.actor(CONTACT)


# --- Noting ------------------------------------------------------------------------------------------------------------


def test_an_insight_is_kept_as_strictly_as_what_was_said(world: World) -> None:
    kept = heard(world, "Confidentiel", "k", info_class=InfoClass.BRAND)
    insight = noted(world, world.owner, mention_id=kept.pk)
    assert insight.info_class == InfoClass.BRAND
    refused(
        "kept_more_strictly",
        Conflict,
        lambda: noted(world, world.owner, mention_id=kept.pk, info_class=InfoClass.SHARED),
    )
    refused("mention", Missing, lambda: noted(world, mention_id=kept.pk))
    with brand_scope(world.brand):
        refused("insight", Missing, lambda: access_insight(world.cm, insight.pk))
        assert not listed(world.cm, {}, timezone.now()).exists()
        assert listed(world.owner, {}, timezone.now()).count() == 1
    shared = noted(world)
    refused(
        "kept_more_strictly", Conflict,
        lambda: insights.add_to_insight(world.owner, insight_id=shared.pk, mention_id=kept.pk),
    )  # fmt: skip
    refused("unknown_class", Invalid, lambda: noted(world, text="Autre", info_class=InfoClass.BRAND))


def test_its_class_is_never_lowered_below_what_it_comes_from(world: World) -> None:
    kept = noted(world, world.owner, mention_id=heard(world, "Confidentiel", "k", info_class=InfoClass.BRAND).pk)
    open_up = {"insight_id": kept.pk, "info_class": InfoClass.SHARED, "reason": "Pour l’agence"}
    refused("kept_more_strictly", Conflict, lambda: insights.classify_insight(world.owner, **open_up))
    assert again(world, kept).info_class == InfoClass.BRAND
    shared = noted(world)
    insights.classify_insight(world.owner, insight_id=shared.pk, info_class=InfoClass.BRAND)
    insights.classify_insight(world.owner, **open_up | {"insight_id": shared.pk})
    assert again(world, shared).info_class == InfoClass.SHARED


def test_several_voices_are_under_one_and_each_once(world: World) -> None:
    insight, mention = talked(world), heard(world, "Moi aussi", "2", author_handle="@max")
    more = {"insight_id": insight.pk, "mention_id": mention.pk}
    insights.add_to_insight(world.cm, **more, wants_word=True)
    refused("already_under_it", Conflict, lambda: insights.add_to_insight(world.cm, **more))
    refused("nothing_chosen", Invalid, lambda: insights.add_to_insight(world.cm, insight_id=insight.pk))
    assert len(sources(world, insight)) == 2


def test_another_brand_sees_none_of_it(world: World, other: World) -> None:
    insight, asking = noted(world), asked(world)
    with brand_scope(other.brand):
        assert not listed(other.owner, {}, timezone.now()).exists()
        assert told_lines() == []
        refused("insight", Missing, lambda: access_insight(other.owner, insight.pk))
        refused("asking", Missing, lambda: access_asking(contact(other), asking.pk))
    refused("insight", Missing, lambda: decided(other, insight))
    refused("asking", Missing, lambda: insights.answer_asking(contact(other), asking_id=asking.pk, text="Non"))
    made = linked(world, noted(world, text="Lien"))
    assert exchange(other.brand, token=made.token, code="") is None


# --- Asking somebody with an account -----------------------------------------------------------------------------------


def test_a_department_contact_reads_what_was_handed_to_them_and_answers(world: World) -> None:
    insight = talked(world)
    asking = asked(world, insight, quoted=[sources(world, insight)[0].pk], note="C’est possible ?")
    with brand_scope(world.brand):
        refused("not_allowed", Refused, lambda: access_insight(contact(world), insight.pk))
        shown = handed_of(access_asking(contact(world), asking.pk), InfoClass.SHARED)
        assert shown is not None
        assert (shown.title, shown.note, shown.quotes) == (insight.title, "C’est possible ?", (("Ouverts samedi ?",),))
        refused("asking", Missing, lambda: access_asking(world.approver, asking.pk))
        assert [one.pk for one in asked_of(contact(world))] == [asking.pk]
    assert WorkPointer.objects.filter(kind="asked", assignee_id=world.people[CONTACT].pk).count() == 1
    insights.answer_asking(contact(world), asking_id=asking.pk, text="Oui, dès mars.")
    assert not WorkPointer.objects.filter(kind="asked").exists()
    assert again(world, insight).state == State.ANSWERED
    insights.answer_asking(contact(world), asking_id=asking.pk, text="Et même avant.")
    decided(world, insight)
    refused("asking_closed", Conflict, lambda: insights.answer_asking(contact(world), asking_id=asking.pk, text="Si !"))
    with brand_scope(world.brand):
        assert InsightAnswer.objects.filter(asking=asking).count() == 2


def test_one_answer_is_enough_where_one_was_asked_for(world: World) -> None:
    asking = asked(world, once=True)
    insights.answer_asking(contact(world), asking_id=asking.pk, text="Oui.")
    refused("asking_closed", Conflict, lambda: insights.answer_asking(contact(world), asking_id=asking.pk, text="Non."))


def test_who_may_not_read_it_is_not_asked(world: World) -> None:
    kept = noted(world, world.owner, mention_id=heard(world, "Confidentiel", "k", info_class=InfoClass.BRAND).pk)
    refused("may_not_receive", Refused, lambda: asked(world, kept, world.owner))
    auditor = world.people[Role.AUDITOR].pk
    refused("may_not_receive", Refused, lambda: asked(world, noted(world), to_person=auditor))
    refused("person", Missing, lambda: asked(world, noted(world, text="x"), to_person=world.brand.id))
    refused("department", Missing, lambda: asked(world, noted(world, text="y"), department="nobody"))
    asked(world, kept, world.owner, to_person=world.people[Role.BRAND_MANAGER].pk)


def test_what_is_raised_since_is_no_longer_there_for_whom_it_was_handed_to(world: World) -> None:
    insight = noted(world)
    asking = asked(world, insight)
    insights.classify_insight(world.owner, insight_id=insight.pk, info_class=InfoClass.BRAND)
    with brand_scope(world.brand):
        refused("asking", Missing, lambda: access_asking(contact(world), asking.pk))
    refused("asking", Missing, lambda: insights.answer_asking(contact(world), asking_id=asking.pk, text="Oui"))


# --- Asking by a link --------------------------------------------------------------------------------------------------


def test_a_link_shows_what_was_handed_on_takes_answers_and_stands_in_the_ledger(world: World) -> None:
    insight = talked(world)
    made = linked(world, insight, quoted=[sources(world, insight)[0].pk])
    with brand_scope(world.brand):
        row = Disclosure.objects.get(way="link")
        assert (row.object_kind, row.object_ids) == ("insights.asking", [str(made.asking.pk)])
        assert not ShareLink.objects.filter(token_digest__contains=made.token).exists()
    link = opened(world, made)
    with brand_scope(world.brand):
        asking = asking_of_link(link)
        assert asking is not None
        shown = handed_of(asking, InfoClass(link.info_class))
        assert shown is not None
        assert shown.digest == link.digest
        assert "Léa" not in str(shown)
    insights.answer_by_link(world.brand, link_id=link.pk, text="Rien ne s’y oppose.", name="Me Blanc")
    insights.answer_by_link(world.brand, link_id=link.pk, text="Sous conditions.")
    assert again(world, insight).state == State.ANSWERED
    decided(world, insight)
    with brand_scope(world.brand):
        assert DisclosureEnd.objects.filter(disclosure=row).exists()
    assert opened(world, made) is None
    refused("asking", Missing, lambda: insights.answer_by_link(world.brand, link_id=link.pk, text="Si."))


def test_a_link_that_nobody_opened_takes_no_answer_nor_does_one_that_is_over(world: World) -> None:
    made = linked(world)

    def answer() -> Any:
        return insights.answer_by_link(world.brand, link_id=made.asking.link_id, text="Oui")

    refused("asking", Missing, answer)
    opened(world, made)
    with time_machine.travel(timezone.now() + 11 * DAY):
        refused("asking", Missing, answer)
    insights.withdraw_asking(world.cm, insight_id=made.asking.insight_id)
    refused("asking", Missing, answer)
    foreign = linked(world, noted(world, text="Autre"))
    share = {"kind": "items.item", "object_id": foreign.asking.pk, "digest": "0" * 64, "info_class": InfoClass.SHARED}
    plain = make_link(world.owner, **share, recipient="x", until=timezone.now() + DAY, most_views=2)
    opened(world, plain)
    refused("asking", Missing, lambda: insights.answer_by_link(world.brand, link_id=plain.link.pk, text="Oui"))


def test_what_the_member_says_later_is_not_handed_on_and_does_not_end_the_link(world: World) -> None:
    insight = talked(world)
    made = linked(world, insight, quoted=[sources(world, insight)[0].pk])
    open_from_mention(world.cm, mention_id=heard(world, "Et dimanche ?", "2", "1").pk)
    with brand_scope(world.brand):
        shown = handed_of(Asking.objects.select_related("insight").get(pk=made.asking.pk), InfoClass.SHARED)
        link = ShareLink.objects.get(pk=made.asking.link_id)
    assert shown is not None
    assert (shown.quotes, shown.digest) == ((("Ouverts samedi ?",),), link.digest)
    edit = {"insight_id": insight.pk, "title": "Autre", "text": "", "theme": ""}
    refused("link_open", Conflict, lambda: insights.edit_insight(world.cm, **edit))


def test_links_are_the_brands_and_only_to_what_may_leave(world: World) -> None:
    insight = noted(world)
    by_agency = {"insight_id": insight.pk, "department": "legal", "recipient": "x", "due": timezone.now() + DAY}
    refused("not_allowed", Refused, lambda: insights.ask_by_link(world.cm, **by_agency))
    kept = noted(world, world.owner, mention_id=heard(world, "Confidentiel", "k", info_class=InfoClass.BRAND).pk)
    refused("class_forbids", Refused, lambda: linked(world, kept))
    refused("too_far", Invalid, lambda: linked(world, insight, due=timezone.now() + 200 * DAY))
    refused("link_too_long", Invalid, lambda: linked(world, insight, due=timezone.now() + 40 * DAY))
    refused("name_empty", Invalid, lambda: linked(world, insight, recipient=" "))
    insights.classify_insight(world.owner, insight_id=insight.pk, info_class=InfoClass.NAMED)
    refused("code_missing", Invalid, lambda: linked(world, insight))
    made = linked(world, insight, code="123456")
    assert opened(world, made) is None
    assert opened(world, made, "123456") is not None


# --- Due dates ---------------------------------------------------------------------------------------------------------


def test_a_due_date_warns_lapses_once_and_may_be_put_off(world: World) -> None:
    asking = asked(world)
    house = process_of(world.brand, EntryPoint.WORKER, "insights")
    with pytest.raises(Later):
        insights.lapse_asking(house, asking_id=asking.pk)
    refused("not_allowed", Refused, lambda: insights.lapse_asking(world.cm, asking_id=asking.pk))
    with brand_scope(world.brand):
        soon = OutboxRow.objects.get(kind="insights.letter", key__contains=":soon:")
        assert abs((soon.due_at - asking.due_at + DAY).total_seconds()) < 60
    with time_machine.travel(asking.due_at + timedelta(minutes=1)):
        insights.lapse_asking(house, asking_id=asking.pk)
        insights.lapse_asking(house, asking_id=asking.pk)
        with brand_scope(world.brand):
            late = Insight.objects.get(pk=asking.insight_id)
            assert late.state == State.LATE
            assert listed(world.cm, {"late": "1"}, timezone.now()).count() == 1
            assert OutboxRow.objects.filter(kind="insights.letter", key__contains=":late:").count() == 2
            assert asking_to_mail(asking.pk, About.LATE, asking.by_person) is not None
            assert asking_to_mail(asking.pk, About.SOON, asking.by_person) is None
        insights.extend_asking(world.cm, insight_id=late.pk, due=timezone.now() + DAY)
    assert again(world, late).state == State.ASKED
    insights.answer_asking(contact(world), asking_id=asking.pk, text="Voilà.")
    with time_machine.travel(asking.due_at + 9 * DAY):
        insights.lapse_asking(house, asking_id=asking.pk)
    found = again(world, late)
    assert (found.state, found.due_at) == (State.ANSWERED, None)
    with brand_scope(world.brand):
        assert asking_to_mail(asking.pk, About.ASKED, world.people[CONTACT].pk) is None
        assert asking_to_mail(asking.pk, About.ANSWERED, asking.by_person) is not None


def test_a_link_is_not_put_off_beyond_its_own_end(world: World) -> None:
    made = linked(world)
    later = timezone.now() + 20 * DAY
    refused(
        "link_ends_before",
        Conflict,
        lambda: insights.extend_asking(world.cm, insight_id=made.asking.insight_id, due=later),
    )


# --- Deciding, themes, the list ----------------------------------------------------------------------------------------


def test_the_brand_decides_and_says_why(world: World) -> None:
    insight = noted(world)
    refused(
        "not_allowed", Refused, lambda: insights.decide_insight(world.cm, insight_id=insight.pk, decision="no", why="x")
    )
    refused(
        "words_missing",
        Invalid,
        lambda: insights.decide_insight(world.owner, insight_id=insight.pk, decision="no", why=" "),
    )
    refused(
        "unknown_choice",
        Invalid,
        lambda: insights.decide_insight(world.owner, insight_id=insight.pk, decision="?", why="x"),
    )
    refused("words_missing", Invalid, lambda: insights.close_insight(world.cm, insight_id=insight.pk))
    decided(world, insight)
    assert decided(world, insight, "done").decision == Decision.DONE
    insights.close_insight(world.cm, insight_id=insight.pk)
    reopened = insights.reopen_insight(world.cm, insight_id=insight.pk)
    assert (reopened.state, reopened.decision) == (State.NOTED, "")


def test_the_list_says_what_the_brand_released_and_nothing_else(world: World) -> None:
    shared, kept = (
        noted(world),
        noted(world, world.owner, mention_id=heard(world, "K", "k", info_class=InfoClass.BRAND).pk),
    )
    line = {"said": "Du sans gluten", "did": "Deux pains dès mars"}
    refused("decide_first", Conflict, lambda: insights.release_insight(world.owner, insight_id=kept.pk, **line))
    decided(world, kept)
    decided(world, shared)
    refused("not_allowed", Refused, lambda: insights.release_insight(world.approver, insight_id=kept.pk, **line))
    insights.release_insight(world.owner, insight_id=kept.pk, **line)
    with brand_scope(world.brand):
        (one,) = told_lines()
        assert (one.said, one.did, one.theme, one.decision) == (*line.values(), "Allergies", "will_do")
        assert told_lines(until=one.at) == []
        assert len(told_lines(since=one.at)) == 1
    insights.release_insight(world.owner, insight_id=kept.pk, said="Autrement", did="dit")
    with brand_scope(world.brand):
        assert [one.said for one in told_lines()] == ["Autrement"]
    insights.take_off_list(world.owner, insight_id=kept.pk)
    with brand_scope(world.brand):
        assert told_lines() == []


def test_themes_are_found_by_name_renamed_and_merged(world: World) -> None:
    first, same, second = (
        noted(world),
        noted(world, text="b", theme=" ALLERGIES "),
        noted(world, text="c", theme="Gluten"),
    )
    assert first.theme_id == same.theme_id != second.theme_id
    refused(
        "name_taken", Conflict, lambda: insights.rename_theme(world.owner, theme_id=second.theme_id, name="allergies")
    )
    refused(
        "merge_with_itself",
        Conflict,
        lambda: insights.merge_themes(world.owner, theme_id=second.theme_id, into_id=second.theme_id),
    )
    insights.merge_themes(world.owner, theme_id=second.theme_id, into_id=first.theme_id)
    assert again(world, second).theme_id == first.theme_id
    refused("theme", Missing, lambda: insights.rename_theme(world.owner, theme_id=second.theme_id, name="x"))
    fresh = noted(world, text="d", theme="Gluten")
    assert fresh.theme_id not in {first.theme_id, second.theme_id}
    with brand_scope(world.brand):
        assert Theme.objects.filter(merged_into=None).count() == 2


def test_departments_that_the_brand_names(world: World) -> None:
    made = insights.name_department(world.owner, name="Boutiques")
    refused("name_taken", Conflict, lambda: insights.name_department(world.owner, name="boutiques"))
    refused("name_taken", Conflict, lambda: insights.name_department(world.owner, name="Legal"))
    asked(world, department="boutiques")
    insights.end_department(world.owner, department_id=made.pk)
    refused("department", Missing, lambda: asked(world, noted(world, text="b"), department="boutiques"))
    assert insights.name_department(world.owner, name="Boutiques").pk == made.pk
    with brand_scope(world.brand):
        assert [one.key for one in departments()] == ["product", "service", "legal", "press", "boutiques"]


# --- Closing it back ---------------------------------------------------------------------------------------------------


def test_a_member_is_told_through_the_gate_once(world: World) -> None:
    insight = talked(world)
    (source,) = sources(world, insight)
    tell = {"insight_id": insight.pk, "source_id": source.pk, "text": "C’est décidé : dès mars !"}
    refused("insight_not_in_this_state", Conflict, lambda: insights.begin_closing(world.cm, **tell))
    decided(world, insight)
    item = insights.begin_closing(world.cm, **tell)
    assert (world.state_of(item), world.on_the_wall()) == ("draft", [])
    send(world, item)
    follow(world, item)
    assert world.on_the_wall() == ["C’est décidé : dès mars !"]
    refused("already_told", Conflict, lambda: insights.begin_closing(world.cm, **tell))
    with brand_scope(world.brand):
        closing = Closing.objects.get(item=item)
        assert closing.conversation_id == source.conversation_id
        assert Conversation.objects.get(pk=closing.conversation_id).turns.filter(item=item.pk).exists()


def test_a_mention_becomes_a_conversation_and_its_author_is_told_in_one_place(world: World) -> None:
    insight, mention = talked(world), heard(world, "Moi, Léa, encore", "9")
    insights.add_to_insight(world.cm, insight_id=insight.pk, mention_id=mention.pk)
    decided(world, insight)
    talk, alone = sources(world, insight)
    insights.begin_closing(world.cm, insight_id=insight.pk, source_id=alone.pk, text="Voilà.")
    refused(
        "told_elsewhere", Conflict,
        lambda: insights.begin_closing(world.cm, insight_id=insight.pk, source_id=talk.pk, text="Voilà."),
    )  # fmt: skip


def test_who_was_answered_is_spoken_to_again_only_where_they_allow_it(world: World) -> None:
    conversation = begun(world)
    item = reply(world, conversation)
    send(world, item)
    follow(world, item)
    insight = decided(world, noted(world, conversation_id=conversation.pk))
    (source,) = sources(world, insight)
    tell = {"insight_id": insight.pk, "source_id": source.pk, "text": "Voilà."}
    refused("consent_missing", Refused, lambda: insights.begin_closing(world.cm, **tell))
    member = add_member(world.cm, about=AboutMember("Léa", consent=Consent.WITHDRAWN))
    with brand_scope(world.brand):
        Conversation.objects.filter(pk=conversation.pk).update(member=member.pk)
        InsightSource.objects.filter(pk=source.pk).update(wants_word=True)
    refused("consent_withdrawn", Refused, lambda: insights.begin_closing(world.cm, **tell))
    with brand_scope(world.brand):
        Member.objects.filter(pk=member.pk).update(consent=Consent.NONE)
    insights.begin_closing(world.cm, **tell)


@pytest.mark.parametrize("answered", [False, True])
@pytest.mark.parametrize("wants", [False, True])
@pytest.mark.parametrize("consent", ["", "none", "given", "withdrawn"])
def test_the_rule_of_telling(answered: bool, wants: bool, consent: str) -> None:
    why = why_not_told(answered=answered, consent=consent, wants_word=wants)
    if not answered or consent == "given":
        assert why == ""
    elif consent == "withdrawn":
        assert why == "consent_withdrawn"
    else:
        assert (why == "") is wants


def test_where_nothing_can_be_sent_nobody_is_told(world: World) -> None:
    mention = heard(world, "Par la presse", "p", channel=None)
    insight = decided(world, noted(world, mention_id=mention.pk))
    tell = {"insight_id": insight.pk, "source_id": sources(world, insight)[0].pk, "text": "Voilà."}
    refused("cannot_tell_there", Conflict, lambda: insights.begin_closing(world.cm, **tell))


# --- Lists, counts, erasure --------------------------------------------------------------------------------------------


def test_the_list_goes_on_where_it_ended_and_asks_as_often_however_long(
    world: World, django_assert_num_queries: Any
) -> None:
    made = [noted(world, text=f"n {n}") for n in range(5)]
    actor = world.cm
    with brand_scope(world.brand):
        with django_assert_num_queries(1):
            first = list(listed(actor, {"state": "open"}, timezone.now())[:2])
        rest = list(listed(actor, {}, timezone.now(), Cursor.read(str(Cursor.of(first[-1])))))
        assert [one.pk for one in [*first, *rest]] == [one.pk for one in reversed(made)]
        by_theme = checked_filters({"theme": str(made[0].theme_id), "state": "nonsense", "late": "1"})
        assert by_theme == {"theme": str(made[0].theme_id), "late": "1"}


def test_who_may_be_told_takes_as_many_queries_for_three_as_for_one(
    world: World, django_assert_max_num_queries: Any
) -> None:
    insight = talked(world)
    for n in range(3):
        insights.add_to_insight(world.cm, insight_id=insight.pk, mention_id=heard(world, f"Aussi {n}", f"x{n}").pk)
    with brand_scope(world.brand), django_assert_max_num_queries(6):
        assert len(tellables(insight)) == 4


def test_an_erasure_finds_what_insights_say_about_a_member(world: World) -> None:
    insight = talked(world, title="Zébulon Quark veut du pain", text="Zébulon Quark l’a dit.")
    made = linked(world, insight, note="Demandé par Zébulon Quark", recipient="Zébulon Quark")
    opened(world, made)
    insights.answer_by_link(
        world.brand, link_id=made.asking.link_id, text="Zébulon Quark a raison.", name="Zébulon Quark"
    )
    sought = Sought(("Zébulon Quark",))
    ours = [holder for holder in holders() if holder.kind == "insights"]
    with brand_scope(world.brand):
        for holder in ours:
            for row in holder.model.objects.all():
                for column in holder.fields:
                    assert "Zébulon" not in sought.without(getattr(row, column))
    assert {holder.model.__name__ for holder in ours} >= {
        "Insight",
        "InsightAnswer",
        "InsightStep",
        "Asking",
        "Released",
    }


def test_words_of_what_was_closed_long_ago_go_and_the_rest_stays(world: World) -> None:
    insight, fresh = talked(world), noted(world, text="x")
    asking = asked(world, insight)
    insights.answer_asking(contact(world), asking_id=asking.pk, text="Oui, dès mars.")
    decided(world, insight)
    insights.release_insight(world.owner, insight_id=insight.pk, said="Du pain", did="Deux pains")
    insights.close_insight(world.cm, insight_id=insight.pk)
    with time_machine.travel(timezone.now() + 1100 * DAY):
        run_retention(process_of(world.brand, EntryPoint.WORKER, "retention"))
    found = again(world, insight)
    assert (found.title, found.text, found.why, found.decision) == ("", "", "", "will_do")
    assert again(world, fresh).title
    with brand_scope(world.brand):
        assert InsightAnswer.objects.get(asking=asking).text == ""
        assert len(told_lines()) == 1


def test_a_reminder_comes_before_it_is_due_and_after_it_was_asked() -> None:
    now = timezone.now()
    for days in (0.1, 1, 1.9, 2, 3, 90):
        due = now + timedelta(days=days)
        assert now < remind_at(now, due) < due
