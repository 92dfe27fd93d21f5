"""The inbox as people see it: what one may read and do, with script and without, and nothing of the brand next door."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from clients.audit.models import Entry
from clients.custody.models import Turn
from clients.custody.steps import LETTER
from clients.disclosure.rules import InfoClass
from clients.items.models import Item
from clients.mentions.models import Mention
from clients.outbox.models import OutboxRow
from clients.people.rules import MAY, Verb
from clients.triage.actions import hand_mention, hold_mention, undo_ruling
from clients.triage.models import Answer, Handing, Presence, Ruling, SavedView
from portal.brand.inbox_marks import Piece, marked
from tenants.vocabulary import ROLES_OF, Role, Side
from tenants.walls.scope import brand_scope
from tests.portal.conftest import Browse
from tests.portal.test_lists import queries_of
from tests.triage.conftest import handed_before, said, standing
from tests.world import World

CM, APPROVER, CONTACT = Role.COMMUNITY_MANAGER, Role.APPROVER, Role.DEPARTMENT_CONTACT
HX = {"HX-Request": "true"}


def press(client: Client, mention: Mention, step: str, **typed: str) -> int:
    return client.post(f"/inbox/{mention.pk}/rule", {"step": step, **typed}).status_code


def test_one_row_costs_as_many_queries_as_three(world: World, other: World, browse: Browse) -> None:
    said(other.brand, "SECRET", priority=100)
    client = browse(world.people[CM], world.brand)
    said(world.brand, "Une question ?", matched=["horaires"])
    one, page = queries_of(client, "/inbox/")
    for n in range(2):
        hold_mention(world.cm, mention_id=said(world.brand, f"Encore {n}").pk)
    three, full = queries_of(client, "/inbox/")
    assert one == three
    assert "Encore 1" in full
    assert "SECRET" not in page + full


@pytest.mark.parametrize("role", list(Role))
def test_who_reads_and_who_presses(world: World, browse: Browse, role: Role) -> None:
    mention, kept = said(world.brand, "Une question ?"), said(world.brand, "GARDÉ", info_class=InfoClass.BRAND)
    client = browse(world.people[role], world.brand)
    page = client.get("/inbox/")
    assert page.status_code == (200 if role in MAY[Verb.MENTION_READ] else 403)
    reads_kept = role in MAY[Verb.MENTION_READ] and role in ROLES_OF[Side.BRAND]
    assert ("GARDÉ" in page.content.decode()) == reads_kept
    assert (client.get(f"/inbox/{kept.pk}/").status_code == 200) == reads_kept
    assert press(client, mention, "wrong") == (303 if role in MAY[Verb.MENTION_TRIAGE] else 403)
    assert standing(world.brand, mention)[0] == ("done" if role in MAY[Verb.MENTION_TRIAGE] else "open")


def test_what_others_said_is_text_with_the_watched_words_marked(world: World, browse: Browse) -> None:
    mention = said(
        world.brand, "<script>alert(1)</script> \u202e horaires", url="javascript:alert(1)", author="<b>x</b>"
    )
    page = browse(world.people[CM], world.brand).get(f"/inbox/{mention.pk}/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "javascript:" not in page
    assert "<b>x</b>" not in page
    there = said(world.brand, "ici", url="https://example.org/a")
    page = browse(world.people[CM], world.brand).get(f"/inbox/{there.pk}/").content.decode()
    assert 'href="https://example.org/a" rel="noopener noreferrer nofollow external"' in page


def test_marks_are_cut_in_order_and_never_outside() -> None:
    cut = [Piece("a", False), Piece("bcd", True), Piece("e", True), Piece("f", True)]
    assert marked("abcdef", [(3, 5), (1, 4), (5, 9)]) == cut
    assert marked("abc", []) == [Piece("abc", False)]
    assert marked("", [(0, 3)]) == []


def test_one_press_in_the_list_and_its_undoing_without_a_page(world: World, browse: Browse) -> None:
    mention = said(world.brand, "Merci !")
    client = browse(world.people[CM], world.brand)
    done = client.post(f"/inbox/{mention.pk}/rule", {"step": "no_reply", "reason": "thanks"}, headers=HX)
    assert b"data-undo" in done.content
    assert standing(world.brand, mention) == ("done", "no_reply")
    again = client.post(f"/inbox/{mention.pk}/undo", headers=HX)
    assert b"data-row" in again.content
    assert standing(world.brand, mention) == ("open", "")


def test_without_script_back_to_the_same_list_with_a_way_to_undo(world: World, browse: Browse) -> None:
    mention = said(world.brand, "Merci !", kind="praise")
    client = browse(world.people[CM], world.brand)
    answer = client.post(f"/inbox/{mention.pk}/rule?kind=praise", {"step": "no_reply", "reason": "thanks"})
    assert answer["Location"] == "/inbox/?kind=praise"
    page = client.get(answer["Location"]).content.decode()
    assert f'action="/inbox/{mention.pk}/undo"' in page


def test_bad_input_keeps_what_was_typed(world: World, browse: Browse) -> None:
    mention = said(world.brand, "Une question ?")
    client = browse(world.people[CM], world.brand)
    answer = client.post(f"/inbox/{mention.pk}/rule", {"step": "snooze", "moment": "2020-01-01T10:00"})
    assert answer.status_code == 422
    assert "This moment is past." in answer.content.decode()
    assert "2020-01-01T10:00" in answer.content.decode()
    assert press(client, mention, "dance") == 422
    assert client.post(f"/inbox/{mention.pk}/hand", {"to": "nobody"}).status_code == 422
    assert client.post(f"/inbox/{mention.pk}/merge", {}).status_code == 422
    assert client.post("/inbox/together", {"step": "wrong"}).status_code == 422


def test_somebody_else_is_warned_in_the_row(world: World, browse: Browse) -> None:
    mention = said(world.brand, "Une plainte")
    hold_mention(world.cm, mention_id=mention.pk)
    client = browse(world.people[APPROVER], world.brand)
    warned = client.post(f"/inbox/{mention.pk}/rule", {"step": "wrong"}, headers=HX)
    assert b"Somebody else has it in hand" in warned.content
    assert standing(world.brand, mention) == ("open", "")
    holder = re.search(r'data-holder="([^"]+)"', warned.content.decode())
    assert holder
    client.post(f"/inbox/{mention.pk}/rule", {"step": "wrong", "seen_holder": holder[1]}, headers=HX)
    assert standing(world.brand, mention) == ("done", "wrong")


def test_who_has_it_open_too(world: World, browse: Browse) -> None:
    mention = said(world.brand, "Une plainte")
    path = f"/inbox/{mention.pk}/"
    assert b"has this open" not in browse(world.people[CM], world.brand).get(path).content
    assert b"Community Manager has this open" in browse(world.people[APPROVER], world.brand).get(path).content
    assert browse(world.people[CM], world.brand).get(f"{path}present").status_code == 204
    with brand_scope(world.brand):
        Presence.objects.update(seen_at=timezone.now() - timedelta(hours=1))
    assert b"has this open" not in browse(world.people[APPROVER], world.brand).get(path).content


def test_several_and_all_of_them_back(world: World, other: World, browse: Browse) -> None:
    mentions = [said(world.brand, f"Spam {n}") for n in range(3)]
    theirs = said(other.brand, "SECRET")
    client = browse(world.people[CM], world.brand)
    ids = [str(m.pk) for m in mentions]
    assert client.post("/inbox/together", {"mention": [*ids, str(theirs.pk)], "step": "wrong"}).status_code == 404
    client.post("/inbox/together", {"mention": ids, "step": "no_reply:spam"})
    assert [standing(world.brand, m) for m in mentions] == [("done", "no_reply")] * 3
    undo = re.search(r'action="(/inbox/together/[^"]+/undo)"', client.get("/inbox/").content.decode())
    assert undo
    client.post(undo[1])
    assert [standing(world.brand, m) for m in mentions] == [("open", "")] * 3
    client.post("/inbox/together", {"mention": ids, "step": "merge"})
    assert sorted(standing(world.brand, m)[1] for m in mentions) == ["", "merged", "merged"]


def test_answered_from_the_composer_with_everything_filled_in(world: World, browse: Browse) -> None:
    mention = said(world.brand, "Ouverts samedi ?", channel=world.wall.pk, remote_id="42", sensitivity="sensitive")
    client = browse(world.people[CM], world.brand)
    form = client.get(f"/items/new?answer={mention.pk}").content.decode()
    assert f'name="mention" value="{mention.pk}"' in form
    assert "Ouverts samedi ?" in form
    typed = {
        "kind": "answer",
        "sensitivity": "sensitive",
        "channels": [str(world.wall.pk)],
        "target": "42",
        "text": "Oui.",
    }
    answer = client.post("/items/new", {**typed, "mention": str(mention.pk)})
    assert answer.status_code == 303
    with brand_scope(world.brand):
        assert Answer.objects.get().item == Item.objects.get()
        assert Answer.objects.get().mention_id == mention.pk
        assert Item.objects.get().kind == "answer"
    assert standing(world.brand, mention) == ("open", "")


def test_the_composer_answers_nothing_of_another_brand(world: World, other: World, browse: Browse) -> None:
    theirs = said(other.brand, "SECRET")
    client = browse(world.people[CM], world.brand)
    assert client.get(f"/items/new?answer={theirs.pk}").status_code == 404
    typed = {"kind": "answer", "sensitivity": "routine", "text": "Oui.", "mention": str(theirs.pk)}
    assert client.post("/items/new", typed).status_code == 404


def handed(world: World, mention: Mention, to: Role = CONTACT) -> Ruling:
    return hand_mention(world.cm, mention_id=mention.pk, to_person=world.people[to].pk, note="Vous ?")


def test_a_department_reads_what_was_handed_to_it_and_nothing_else(world: World, browse: Browse) -> None:
    mention, other_one = said(world.brand, "Le four est-il bio ?"), said(world.brand, "AUTRE")
    handing = handed_before(world, mention)
    client = browse(world.people[CONTACT], world.brand)
    home = client.get("/").content.decode()
    assert f'href="/handed/{handing.pk}/"' in home
    page = client.get(f"/handed/{handing.pk}/").content.decode()
    assert "Le four est-il bio ?" in page
    assert "Pour vous" in page
    assert "AUTRE" not in home + page
    assert client.get(f"/inbox/{mention.pk}/").status_code == 403
    assert client.get(f"/inbox/{other_one.pk}/").status_code == 403
    assert browse(world.people[APPROVER], world.brand).get(f"/handed/{handing.pk}/").status_code == 404
    assert client.post(f"/handed/{handing.pk}/", {"answer": " "}).status_code == 422
    assert client.post(f"/handed/{handing.pk}/", {"answer": "Oui."}).status_code == 303
    with brand_scope(world.brand):
        assert Handing.objects.get().answer == "Oui."


def test_a_view_is_kept_from_the_filters_one_is_on(world: World, browse: Browse) -> None:
    client = browse(world.people[CM], world.brand)
    assert client.post("/inbox/views?kind=complaint&zzz=1", {"name": "Plaintes", "shared": "1"}).status_code == 303
    with brand_scope(world.brand):
        view = SavedView.objects.get()
    assert (view.filters, view.shared) == ({"kind": "complaint"}, True)
    assert "Plaintes" in browse(world.people[Role.AGENCY_MANAGER], world.brand).get("/inbox/").content.decode()
    assert "Plaintes" not in browse(world.people[APPROVER], world.brand).get("/inbox/").content.decode()
    assert client.post(f"/inbox/views/{view.pk}/drop").status_code == 303


def test_over_all_brands_only_ones_own_and_only_what_both_sides_read(
    world: World, other: World, browse: Browse
) -> None:
    said(other.brand, "SECRET", priority=100)
    said(world.brand, "Une question ?", priority=5)
    said(world.brand, "GARDÉ", info_class=InfoClass.BRAND)
    client = browse(world.people[CM])
    one, page = queries_of(client, "/brands/inbox")
    assert "Une question ?" in page
    assert f"{world.brand.slug}." in page
    for n in range(2):
        said(world.brand, f"Encore {n}", priority=50)
    three, full = queries_of(client, "/brands/inbox")
    assert one == three
    assert full.index("Encore 0") < full.index("Une question ?")
    assert "SECRET" not in page + full
    assert "GARDÉ" not in full
    assert "Une question ?" not in browse(world.people[CONTACT]).get("/brands/inbox").content.decode()


def test_what_is_handed_over_stands_on_that_persons_work_alone_until_they_accept(
    world: World, other: World, browse: Browse
) -> None:
    handed(world, said(world.brand, "Bio ?"))
    handed(other, said(other.brand, "SECRET"))
    mine, approver = browse(world.people[CONTACT]), browse(world.people[APPROVER])
    there = browse(world.people[CONTACT], world.brand)
    one, page = queries_of(mine, "/")
    quiet, home = queries_of(there, "/")
    for shown in (page, home):
        assert "Bio ?" in shown and "Accept or decline" in shown and "SECRET" not in shown
    assert "Bio ?" not in approver.get("/").content.decode()
    for n in range(2):
        handed(world, said(world.brand, f"Encore {n}"))
    three, full = queries_of(mine, "/")
    assert (one, quiet) == (three, queries_of(there, "/")[0])
    assert "Encore 1" in full
    with brand_scope(world.brand):
        talk = Turn.objects.get(text="Bio ?").conversation_id
    assert there.post(f"/conversations/{talk}/step", {"step": "accept"}).status_code == 303
    assert f"/conversations/{talk}/" in there.get("/").content.decode()  # held now: still the way to it
    assert "Bio ?" in mine.get("/").content.decode()


def test_both_pages_show_to_whom_it_was_handed_and_why(world: World, browse: Browse) -> None:
    first = said(world.brand, "Bonjour", channel=world.wall.pk, remote_id="1", author_handle="@lea")
    again = said(world.brand, "Le four est-il bio ?", channel=world.wall.pk, remote_id="2", author_handle="@lea")
    client = browse(world.people[CM], world.brand)
    assert client.post(f"/inbox/{first.pk}/conversation").status_code == 303
    before = client.get(f"/inbox/{again.pk}/").content.decode()
    assert "It joins the conversation with this member that is open:" in before
    person = str(world.people[CONTACT].pk)
    assert client.post(f"/inbox/{again.pk}/hand", {"to": person, "words": ""}).status_code == 422
    assert client.post(f"/inbox/{again.pk}/hand", {"to": person, "words": "Que dire ?"}).status_code == 303
    with brand_scope(world.brand):
        talk = Turn.objects.get(mention=again.pk).conversation_id
        assert Turn.objects.filter(conversation=talk).count() == 2
    name = world.people[CONTACT].name
    mention = client.get(f"/inbox/{again.pk}/").content.decode()
    assert f"/conversations/{talk}/" in mention and "“Que dire ?”" in mention and f"offered to {name}" in mention
    page = client.get(f"/conversations/{talk}/").content.decode()
    assert "“Que dire ?”" in page and name in page and f"/inbox/{again.pk}/" in page
    assert f"with {name}" in client.get("/inbox/?state=done").content.decode()


def test_the_letter_tells_who_asks_and_nothing_of_what_was_said(world: World) -> None:
    handed(world, said(world.brand, "ZORGLUB"), APPROVER)
    undone = handed(world, said(world.brand, "Autre"), APPROVER)
    undo_ruling(world.cm, mention_id=undone.mention_id)
    with brand_scope(world.brand):
        OutboxRow.objects.filter(kind=LETTER).update(due_at=timezone.now())
        talk = Turn.objects.get(text="ZORGLUB").conversation_id
    mail.outbox.clear()
    world.run_outbox(LETTER)
    (letter,) = mail.outbox
    assert f"/conversations/{talk}" in letter.body
    assert "ZORGLUB" not in letter.body + letter.subject


def test_what_is_kept_strictly_shows_no_word_on_ones_work_and_its_reading_is_written_down(
    world: World, browse: Browse
) -> None:
    kept = said(world.brand, "GARDÉ", info_class=InfoClass.BRAND)
    hand_mention(world.owner, mention_id=kept.pk, to_person=world.people[APPROVER].pk, note="Vous ?")
    with brand_scope(world.brand):
        talk = Turn.objects.get(mention=kept.pk).conversation_id
    page = browse(world.people[APPROVER]).get("/").content.decode()
    assert f"/conversations/{talk}/" in page
    assert "GARDÉ" not in page
    assert "GARDÉ" in browse(world.people[APPROVER], world.brand).get(f"/conversations/{talk}/").content.decode()
    with brand_scope(world.brand):
        read = [one["id"] for line in Entry.objects.filter(verb="read") for one in line.facts["objects"]]
    assert str(talk) in read
