"""The pages of moderation: the sheet over a mention, the list, one case with its evidence and appeal, raids, letting be."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clients.audit.models import Entry
from clients.disclosure.rules import InfoClass
from clients.moderation.actions import ask_acts, decide_appeal, record_appeal
from clients.moderation.models import Act, Appeal, Calm, Case, Evidence, Raid
from clients.moderation.steps import LETTER
from tenants.models import Membership
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.moderation.conftest import comment, publish_rules, work
from tests.portal.conftest import Browse
from tests.proof._stage import picture
from tests.world import World


def url(name: str, *args: Any) -> str:
    return reverse(name, urlconf="portal.urls_brand", args=args)


def hidden(world: World, manager: Client, *acts: str) -> Case:
    """By page, with a picture; what may leave has left."""
    mention = comment(world)
    shown = SimpleUploadedFile("capture.png", picture("capture"), "image/png")
    typed = {"act": acts or ["hide"], "rule": "1", "why": "Insulte", "picture": shown}
    answer = manager.post(url("mention_moderate", mention.pk), typed)
    assert answer.status_code == 303, answer.content.decode()[:3000]
    work(world)
    world.run_outbox("moderation.follow")
    with brand_scope(world.brand):
        return Case.objects.get(mention=mention.pk)


@pytest.fixture
def manager(world: World, browse: Browse) -> Client:
    publish_rules(world)
    return browse(world.people[Role.BRAND_MANAGER], world.brand)


def read(client: Client, name: str, *args: Any, status: int = 200) -> str:
    answer = client.get(url(name, *args))
    assert answer.status_code == status
    return answer.content.decode()


def test_the_sheet_offers_what_the_channel_can_and_the_rules(world: World, manager: Client, browse: Browse) -> None:
    mention = comment(world)
    page = read(manager, "mention_moderate", mention.pk)
    assert all(
        words in page for words in ("Hide it", "Delete it", "Exclude its author", "Pas de menaces.", "without waiting")
    )
    answer = manager.post(url("mention_moderate", mention.pk), {"act": ["delete"], "rule": "1", "why": "Parce que"})
    assert answer.status_code == 409
    assert "First hide it" in answer.content.decode()
    assert "Parce que" in answer.content.decode()
    answer = manager.post(url("mention_moderate", mention.pk), {"act": ["hide"]})
    assert answer.status_code == 422
    auditor = browse(world.people[Role.AUDITOR], world.brand)
    assert auditor.get(url("mention_moderate", mention.pk)).status_code == 403
    nowhere = comment(world, "Ailleurs", channel=None)
    assert "none of the brand’s channels" in read(manager, "mention_moderate", nowhere.pk)


def test_the_list_tells_the_log_which_kept_cases_were_on_it(world: World, manager: Client) -> None:
    shared, kept = (comment(world, str(one), info_class=one) for one in (InfoClass.SHARED, InfoClass.BRAND))
    by_brand = world.actor(Role.BRAND_MANAGER)
    for mention in (shared, kept):
        (act,) = ask_acts(by_brand, mention_id=mention.pk, acts=["hide"], rule="1")
    page = read(manager, "moderation")
    assert "shared" in page
    with brand_scope(world.brand):
        line = Entry.objects.get(verb="read", subject_kind="")
    assert [one["id"] for one in line.facts["objects"]] == [str(act.case_id)]


def test_an_appeal_on_the_list_is_a_case_read(world: World, browse: Browse, manager: Client) -> None:
    (act,) = ask_acts(
        world.actor(Role.BRAND_MANAGER),
        mention_id=comment(world, info_class=InfoClass.BRAND).pk, acts=["hide"], rule="1",
    )  # fmt: skip
    judge = world.people[Role.BRAND_OWNER]
    record_appeal(world.actor(Role.BRAND_MANAGER), case_id=act.case_id, words="Non", to_person=judge.pk)
    assert browse(judge, world.brand).get(url("moderation") + "?state=gone").status_code == 200
    with brand_scope(world.brand):
        line = Entry.objects.get(verb="read", subject_kind="")
        assert (line.person_id, line.facts["objects"][0]["id"]) == (judge.pk, str(act.case_id))


def test_a_case_says_what_waits_until_when_and_for_whom(world: World, manager: Client) -> None:
    case = hidden(world, manager, "hide", "delete")
    page = read(manager, "moderation_case", case.pk)
    assert all(
        words in page for words in ("Not before", "A second person", "House rule 1", "Insulte", "On reste courtois.")
    )
    listed = read(manager, "moderation")
    assert "a second person" in listed
    assert str(case.pk) in listed
    assert str(case.pk) in manager.get(url("moderation") + "?state=waiting").content.decode()
    assert str(case.pk) not in manager.get(url("moderation") + "?state=gone").content.decode()
    mention_page = read(manager, "mention", case.mention_id)
    assert url("moderation_case", case.pk) in mention_page


def test_evidence_is_for_the_brand_and_its_reading_stands_in_the_log(
    world: World, manager: Client, browse: Browse
) -> None:
    case = hidden(world, manager)
    with brand_scope(world.brand):
        evidence = Evidence.objects.get(case=case)
    page = read(manager, "moderation_evidence", case.pk, evidence.pk)
    assert "Vous êtes tous nuls." in page
    assert manager.get(url("moderation_picture", case.pk, evidence.pk))["Content-Type"] == "image/png"
    with brand_scope(world.brand):
        assert Entry.objects.filter(verb="read", subject_id=evidence.pk).exists()
    agency = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    assert url("moderation_evidence", case.pk, evidence.pk) not in read(agency, "moderation_case", case.pk)
    read(agency, "moderation_evidence", case.pk, evidence.pk, status=404)


def test_an_appeal_by_page_and_showing_again(world: World, manager: Client, browse: Browse) -> None:
    case = hidden(world, manager)
    owner = world.people[Role.BRAND_OWNER]
    typed = {"words": "C’était pour rire.", "to": str(owner.pk)}
    assert manager.post(url("moderation_appeal", case.pk), typed).status_code == 303
    there = browse(owner, world.brand)
    assert "Appeals that wait for you" in read(there, "moderation")
    with brand_scope(world.brand):
        appeal = Appeal.objects.get(case=case)
    answer = {"verdict": "undone", "answer": "Il a raison."}
    assert manager.post(url("moderation_decide", case.pk, appeal.pk), answer).status_code == 403
    assert there.post(url("moderation_decide", case.pk, appeal.pk), answer).status_code == 303
    work(world)
    with brand_scope(world.brand):
        assert list(Act.objects.filter(case=case).values_list("kind", flat=True)) == ["hide", "unhide"]


def test_an_appeal_whose_addressee_has_left_is_given_by_page(world: World, manager: Client, browse: Browse) -> None:
    case = hidden(world, manager)
    owner, agency = world.people[Role.BRAND_OWNER], world.people[Role.AGENCY_MANAGER]
    record_appeal(world.cm, case_id=case.pk, words="Non", to_person=owner.pk)
    with brand_scope(world.brand):
        give = url("moderation_give", case.pk, Appeal.objects.get(case=case).pk)
    assert give not in read(manager, "moderation_case", case.pk)
    assert manager.post(give, {"to": str(agency.pk)}).status_code == 409
    Membership.objects.filter(person=owner).update(ended_at=timezone.now())
    page = read(manager, "moderation_case", case.pk)
    assert give in page and "can no longer answer it" in page
    assert give not in read(browse(world.people[Role.AUDITOR], world.brand), "moderation_case", case.pk)
    assert manager.post(give, {"to": str(agency.pk)}).status_code == 303
    assert give not in read(manager, "moderation_case", case.pk)
    assert "Appeals that wait for you" in read(browse(agency, world.brand), "moderation")


def test_the_member_is_told_in_their_language(world: World, manager: Client) -> None:
    case = hidden(world, manager)
    page = read(manager, "moderation_case", case.pk)
    assert "On reste courtois." in page
    answer = manager.post(url("moderation_tell", case.pk), {"text": "Règle 1."})
    assert answer.status_code == 303
    assert "/items/" in answer["Location"]


def test_a_raid_by_page_and_back(world: World, other: World, manager: Client) -> None:
    mentions = [comment(world, f"Vague {n}") for n in range(3)]
    comment(other, "SECRET ailleurs")
    page = read(manager, "moderation_raid")
    assert "Vague 1" in page
    assert "SECRET" not in page
    assert manager.post(url("moderation_raid"), {"rule": "1"}).status_code == 422
    typed = {"mention": [str(m.pk) for m in mentions], "rule": "1"}
    assert manager.post(url("moderation_raid"), typed).status_code == 303
    work(world)
    with brand_scope(world.brand):
        raid = Raid.objects.get()
        assert Act.objects.filter(raid=raid, item__state="sent").count() == 3
    assert manager.post(url("moderation_raid_undo", raid.pk)).status_code == 303
    work(world)
    with brand_scope(world.brand):
        assert Act.objects.filter(kind="unhide", item__state="sent").count() == 3


def test_letting_be_is_shown_where_the_thing_is(world: World, manager: Client) -> None:
    mention = comment(world)
    soon = timezone.localtime(timezone.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    typed = {"calm": "let_talk", "reason": "Ils se parlent.", "calm_until": soon}
    assert manager.post(url("mention_calm", mention.pk), typed | {"reason": ""}).status_code == 422
    assert manager.post(url("mention_calm", mention.pk), typed).status_code == 303
    assert "Ils se parlent." in read(manager, "mention", mention.pk)
    with brand_scope(world.brand):
        calm = Calm.objects.get()
    assert manager.post(url("calm_end", calm.pk)).status_code == 303
    assert "Ils se parlent." not in read(manager, "mention", mention.pk)


def test_the_list_asks_a_fixed_number_of_queries(
    world: World, manager: Client, django_assert_max_num_queries: Any
) -> None:
    for n in range(2):
        manager.post(url("mention_moderate", comment(world, f"Un {n}").pk), {"act": ["hide"], "rule": "1"})
    read(manager, "moderation")
    with django_assert_max_num_queries(60) as few:
        read(manager, "moderation")
    asked = len(few.captured_queries)
    for n in range(4):
        manager.post(url("mention_moderate", comment(world, f"Deux {n}").pk), {"act": ["hide"], "rule": "1"})
    read(manager, "moderation")  # what the presses said is shown once
    with django_assert_max_num_queries(asked):
        read(manager, "moderation")


def test_another_brands_case_is_not_there(world: World, other: World, manager: Client, browse: Browse) -> None:
    case = hidden(world, manager)
    theirs = browse(other.people[Role.BRAND_OWNER], other.brand)
    read(theirs, "moderation_case", case.pk, status=404)
    assert str(case.pk) not in read(theirs, "moderation")


@pytest.mark.parametrize(
    ("theirs", "begins", "openly"),
    [
        ("en-GB", "We have hidden what you wrote.", ""),
        ("de", "Nous avons masqué votre message.", "German"),
        ("tlh", "Nous avons masqué votre message.", "(tlh)"),
        ("", "Nous avons masqué votre message.", ""),
    ],
)
def test_a_member_whose_language_we_lack_is_told_in_the_brands_and_the_form_says_so(
    world: World, manager: Client, theirs: str, begins: str, openly: str
) -> None:
    assert world.brand.language == "fr"
    case = hidden(world, manager)
    with brand_scope(world.brand):
        Case.objects.filter(pk=case.pk).update(language=theirs, state="hidden")
    page = read(manager, "moderation_case", case.pk)
    assert begins in page
    assert ("They wrote in another language" in page) == bool(openly) and openly in page


def test_whom_an_appeal_waits_for_is_told_by_letter_and_nothing_of_what_was_said(world: World, manager: Client) -> None:
    first, second = hidden(world, manager), hidden(world, manager)
    owner = world.people[Role.BRAND_OWNER]
    for case in (first, second):
        record_appeal(world.cm, case_id=case.pk, words="ZORGLUB", to_person=owner.pk)
    with brand_scope(world.brand):
        Appeal.objects.filter(case=second).update(state="upheld")
    mail.outbox.clear()
    world.run_outbox(LETTER)
    (letter,) = mail.outbox
    assert letter.to == [owner.email] and url("moderation_case", first.pk) in letter.body
    assert "ZORGLUB" not in letter.body + letter.subject and "Vous êtes" not in letter.body


def test_an_appeal_stands_on_the_work_of_whom_it_waits_for_until_it_is_decided(
    world: World, manager: Client, browse: Browse
) -> None:
    case, owner = hidden(world, manager), world.people[Role.BRAND_OWNER]
    appeal = record_appeal(world.cm, case_id=case.pk, words="ZORGLUB", to_person=owner.pk)
    works = [browse(person) for person in (owner, world.people[Role.COMMUNITY_MANAGER])]

    def seen() -> list[bool]:
        pages = [client.get("/").content.decode() for client in works]
        assert not any("ZORGLUB" in page for page in pages)
        return [url("moderation_case", case.pk) in page for page in pages]

    assert seen() == [True, False]
    decide_appeal(world.owner, appeal_id=appeal.pk, verdict="upheld", answer="La règle est claire.")
    assert seen() == [False, False]
