"""The brand's page of the operator's accesses, the button, the letters in both languages, and the command on a terminal."""

import re
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from clients.audit.models import Entry
from clients.breakglass.actions import end_glass
from clients.breakglass.models import Look, Opening
from clients.breakglass.steps import LAPSE, LETTER, SHUT
from clients.outbox.models import OutboxRow
from portal.wording.openings import PARTS
from tenants import glass
from tenants.brandref import BrandRef
from tenants.vocabulary import Role
from tenants.walls.router import brand_labels
from tenants.walls.scope import brand_scope
from tests.breakglass.opened import WHY, opened, operator, standing, told
from tests.portal.conftest import Browse
from tests.portal.test_lists import queries_of
from tests.world import World

READERS = {Role.BRAND_OWNER, Role.BRAND_MANAGER, Role.AUDITOR}
ENDERS = {Role.BRAND_OWNER, Role.BRAND_MANAGER}
PAGE = "/log/operators"


def ended(brand: BrandRef) -> int:
    with brand_scope(brand):
        return Opening.objects.exclude(end=None).count()


@pytest.mark.parametrize("role", list(Role))
def test_who_reads_the_page_and_who_presses(world: World, browse: Browse, role: Role) -> None:
    opening = opened(world.brand)
    client = browse(world.people[role], world.brand)
    page = client.get(PAGE)
    assert page.status_code == (200 if role in READERS else 403)
    assert ("End it now" in page.content.decode()) is (role in ENDERS)
    assert client.post(f"{PAGE}/{opening.pk}/end").status_code == (303 if role in ENDERS else 403)
    assert ended(world.brand) == (1 if role in ENDERS else 0)


def test_it_tells_who_why_until_when_and_what_was_read(world: World, other: World, browse: Browse) -> None:
    opened(other.brand, who="Somebody Else", reason="SECRET of the other brand")
    world.draft("Texte", title="Titre secret")
    opening = opened(world.brand, reason="Un <b>article</b> reste bloqué.")
    told(world.brand, opening, where=(("title", "Titre secret"),))
    page = browse(world.people[Role.BRAND_OWNER], world.brand).get(PAGE).content.decode()
    for words in (
        "Noé Martin",
        "Un &lt;b&gt;article&lt;/b&gt;",
        "T-12",
        "items, work that waits",
        "items_item",
        "1 row, 1 page",
    ):
        assert words in page
    assert "open now" in page and "SECRET" not in page and "Titre secret" not in page


def test_the_log_tells_it_in_words(world: World, browse: Browse) -> None:
    world.draft("Texte", title="Titre secret")
    opening = opened(world.brand)
    told(world.brand, opening, where=(("title", "Titre secret"),))
    end_glass(operator(world.brand), opening_id=opening.pk)
    page = browse(world.people[Role.AUDITOR], world.brand).get("/log/").content.decode()
    assert "the operator" in page and 'href="/log/operators"' in page and "Access of the operator" in page
    for words in (
        "items (items_item): 1 row",
        "ended by the operator",
        "Who looked",
        "Noé Martin",
        WHY,
        "Only rows that read",
    ):
        assert words in page
    reads = browse(world.people[Role.AUDITOR], world.brand).get("/log/reads").content.decode()
    assert "read a page of a table, as the operator" in reads


def test_the_button_ends_it_once(world: World, browse: Browse) -> None:
    opening = opened(world.brand)
    client = browse(world.people[Role.BRAND_OWNER], world.brand)
    answer = client.post(f"{PAGE}/{opening.pk}/end", follow=True)
    assert "Nothing more can be read" in answer.content.decode() and "ended by the brand" in answer.content.decode()
    again = client.post(f"{PAGE}/{opening.pk}/end")
    assert again.status_code == 409 and "has ended already" in again.content.decode()
    assert client.get(f"{PAGE}/{opening.pk}/end").status_code == 200


def test_another_brands_opening_is_not_there(world: World, other: World, browse: Browse) -> None:
    opening = opened(other.brand)
    answer = browse(world.people[Role.BRAND_OWNER], world.brand).post(f"{PAGE}/{opening.pk}/end")
    assert answer.status_code == 404 and ended(other.brand) == 0


def test_the_page_costs_the_same_for_one_and_for_three(world: World, browse: Browse) -> None:
    client = browse(world.people[Role.BRAND_OWNER], world.brand)
    costs = []
    for _ in range(3):
        told(world.brand, opened(world.brand))
        costs.append(queries_of(client, PAGE)[0])
    assert costs[0] == costs[2]


def test_every_part_of_a_brand_has_its_word() -> None:
    assert set(brand_labels()) - set(PARTS) == set()


def test_an_empty_page(world: World, browse: Browse) -> None:
    assert "The operator has never looked" in browse(world.people[Role.AUDITOR], world.brand).get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("language", "begins", "ends", "nothing"),
    [
        ("en", "is looking into your space", "access has ended", "items (items_item): 2 rows on 1 page"),
        (
            "fr",
            "regarde dans votre espace",
            "accès de l’exploitant est terminé",
            "contenus (items_item)\N{NO-BREAK SPACE}: 2 lignes sur 1 page",
        ),
    ],
)
def test_the_owner_is_told_at_both_ends(world: World, language: str, begins: str, ends: str, nothing: str) -> None:
    owner = world.people[Role.BRAND_OWNER]
    owner.language = language
    owner.save()
    world.draft("Un")
    world.draft("Deux")
    opening = opened(world.brand)
    world.run_outbox(LETTER)
    told(world.brand, opening)
    end_glass(operator(world.brand), opening_id=opening.pk)
    world.run_outbox(LETTER)
    first, last = mail.outbox
    assert first.to == last.to == [owner.email]
    assert begins in first.subject and WHY in str(first.body) and "Noé Martin" in str(first.body)
    assert ends in last.subject and nothing in str(last.body)
    assert "/log/operators" in str(first.body)


def test_a_letter_that_fails_stops_no_line_and_comes_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core.mail.backends.locmem import EmailBackend

    def down(*_args: Any) -> int:
        raise OSError

    with monkeypatch.context() as broken:
        broken.setattr(EmailBackend, "send_messages", down)
        opened(world.brand)
        world.run_outbox(LETTER, rounds=1)
    with brand_scope(world.brand):
        assert Entry.objects.filter(verb="break_glass.opened").count() == 1
        assert OutboxRow.objects.filter(kind=LETTER, done_at=None).count() == 1
        OutboxRow.objects.filter(kind=LETTER, done_at=None).update(due_at="2020-01-01T00:00Z")
    world.run_outbox(LETTER, rounds=1)
    assert len(mail.outbox) == 1


def command(*words: str) -> None:
    call_command("break_glass", *words)


def test_the_operator_looks(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(3):
        world.draft("Texte", title=f"Titre {number} \x1b[31m\u202e")
    slug = world.brand.slug
    command("open", slug, "--who", "Noé Martin", "--reason", WHY, "--part", "items", "--hours", "0.5")
    opening = capsys.readouterr().out.split()[0]
    command("look", slug, opening)
    tables = capsys.readouterr().out
    assert "items_item: id, " in tables and "audit_private" not in tables and "outbox" not in tables
    command("look", slug, opening, "items_item")
    rows = capsys.readouterr().out
    assert len(re.findall("Titre", rows)) == 3 and "\x1b" not in rows and "\u202e" not in rows
    command("look", slug, opening, "items_item", "--where", "title=Titre 9")
    assert capsys.readouterr().out.startswith("0 rows of items_item")
    command("list", slug)
    assert re.search(r"open .* 2 pages  Noé Martin", capsys.readouterr().out)
    command("end", slug, opening)
    with pytest.raises(CommandError, match="opening_over"):
        command("look", slug, opening, "items_item")
    with brand_scope(world.brand):
        assert Look.objects.count() == 2
        said = list(Entry.objects.filter(verb__startswith="break_glass").order_by("seq").values_list("verb", flat=True))
    assert said == ["break_glass.opened", "break_glass.read", "break_glass.read", "break_glass.ended"]


def test_no_line_no_page(world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    world.draft("Texte", title="Titre")
    with standing(world.brand) as opening:

        def no_line(*_args: Any, **_facts: Any) -> None:
            raise RuntimeError

        monkeypatch.setattr("clients.breakglass.actions.record", no_line)
        with pytest.raises(RuntimeError):
            command("look", world.brand.slug, str(opening.pk), "items_item")
        assert "Titre" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("open", "maison-a", "--who", "x", "--reason", WHY, "--part", "items", "--hours", "5"), "opening_too_long"),
        (("open", "maison-a", "--who", "x", "--reason", "kurz", "--part", "items"), "opening_reason_missing"),
        (("open", "nobody", "--who", "x", "--reason", WHY, "--part", "items"), "no brand nobody"),
        (("look", "maison-a", "01a1fe15-9ca6-7119-a71d-224632f10939", "items_item"), "opening"),
        (("end", "maison-a", "01a1fe15-9ca6-7119-a71d-224632f10939"), "opening"),
    ],
)
def test_it_says_what_is_wrong(world: World, words: tuple[str, ...], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        command(*words)
    with brand_scope(world.brand):
        assert not Opening.objects.exists()


def test_what_the_database_does_not_make_is_told_as_never_begun(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import DatabaseError

    def refused(*_args: Any) -> None:
        raise DatabaseError("no right")

    monkeypatch.setattr("tenants.glass.put_up", refused)
    with pytest.raises(CommandError, match="the database refuses: no right"):
        command("open", world.brand.slug, "--who", "x", "--reason", WHY, "--part", "items")
    with brand_scope(world.brand):
        assert Entry.objects.get(verb="break_glass.ended").facts == {"how": "failed", "read": []}


def test_when_its_time_is_over_a_worker_tells_and_tidies(world: World) -> None:
    import time_machine

    from tests.breakglass.test_walls import nothing_stands

    with standing(world.brand) as opening:
        assert not nothing_stands()
        with time_machine.travel(opening.until, tick=True):
            world.run_outbox(LAPSE, SHUT)
        assert nothing_stands()
    with brand_scope(world.brand):
        assert Entry.objects.get(verb="break_glass.ended").facts["how"] == "time"


def test_after_a_release_it_says_that_the_views_are_gone(world: World) -> None:
    with standing(world.brand) as opening:
        glass.shut(opening.pk)
        with pytest.raises(CommandError, match=r"the database refuses: .* does not exist"):
            command("look", world.brand.slug, str(opening.pk), "items_item")


def test_tidying_leaves_what_is_open(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    with standing(world.brand), standing(world.brand) as over:
        end_glass(operator(world.brand), opening_id=over.pk)
        command("tidy", world.brand.slug)
        assert capsys.readouterr().out.startswith("1 taken away")
