"""Sources as people see them: who reads whom, first entries before anything is kept, tables, the door for programs."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from clients.channels.webhook import signature
from clients.disclosure.rules import InfoClass
from clients.mentions.models import Mention
from clients.sources.actions import add_source, look_at_source, make_secret
from clients.sources.models import Source, SourceHealth
from portal.source_letters import mail_about_source
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.portal.conftest import Browse
from tests.portal.test_lists import queries_of
from tests.proof._pages import host_of
from tests.sources.serving import Site, site
from tests.world import World

OWNER, CM, AGENCY = Role.BRAND_OWNER, Role.COMMUNITY_MANAGER, Role.AGENCY_MANAGER
ITEM = "<guid>{0}</guid><title>Article {0}</title><link>https://x.example/{0}</link>"


@pytest.fixture
def web() -> Iterator[Site]:
    with site() as found:
        yield found


def source(world: World, kind: str = "feed", name: str = "Le journal", **more: Any) -> Source:
    settings = {
        "feed": {"url": "https://journal.example/feed"},
        "hand": {"what": "phone"},
        "table": {"keep": "all"},
        "webhook": {"keep": "all"},
    }[kind]
    given = {"settings": settings, "info_class": InfoClass.SHARED} | more
    return add_source(actor=world.owner, kind=kind, name=name, **given)


def mentions(world: World) -> list[str]:
    with brand_scope(world.brand):
        return sorted(Mention.objects.values_list("text", flat=True))


def test_the_list_is_for_who_may_read_it(world: World, other: World, browse: Browse) -> None:
    source(world, name="Pour tous")
    source(world, name="À la marque", info_class=InfoClass.BRAND)
    source(other, name="Du voisin")
    for role, seen in ((OWNER, 2), (CM, 1), (AGENCY, 1)):
        page = browse(world.people[role], world.brand).get("/sources/").content.decode()
        assert page.count("data-row") == seen and "Du voisin" not in page
    assert browse(world.people[Role.DEPARTMENT_CONTACT], world.brand).get("/sources/").status_code == 403


def test_three_cost_what_one_costs(world: World, browse: Browse) -> None:
    client = browse(world.people[OWNER], world.brand)
    source(world)
    one, _ = queries_of(client, "/sources/")
    source(world, name="Deux")
    source(world, name="Trois")
    three, page = queries_of(client, "/sources/")
    assert one == three and page.count("data-row") == 3


def test_the_first_entries_are_seen_before_anything_is_kept(world: World, web: Site, browse: Browse) -> None:
    client = browse(world.people[OWNER], world.brand)
    form = {"name": "Blog", "url": web.feed(*[ITEM.format(n) for n in range(3)]), "every": "30", "class": "shared"}
    tried = client.post("/sources/new/feed", form | {"try": "1"})
    assert tried.status_code == 200 and tried.content.decode().count("Article ") == 3
    with brand_scope(world.brand):
        assert not Source.objects.exists() and not Mention.objects.exists()
    assert client.post("/sources/new/feed", form).status_code == 303
    with brand_scope(world.brand):
        kept = Source.objects.get()
    assert (kept.name, kept.every, kept.info_class) == ("Blog", 30, "shared")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"url": "ftp://x.example"}, "Address"),
        ({"name": ""}, "Name"),
        ({"every": "1"}, "5"),
        ({"every": "often"}, "number"),
    ],
)
def test_what_is_typed_wrong_is_said_and_nothing_typed_is_lost(
    world: World, browse: Browse, change: dict[str, str], words: str
) -> None:
    form = {"name": "Blog", "url": "https://x.example/feed", "every": "30", "class": "shared"} | change
    answer = browse(world.people[OWNER], world.brand).post("/sources/new/feed", form)
    page = answer.content.decode()
    assert answer.status_code == 422 and "aria-invalid" in page and words.lower() in page.lower()
    assert form["url"] in page


def test_a_broken_source_says_one_thing(world: World, web: Site, browse: Browse) -> None:
    web.pages["/feed"] = (200, {}, b"<html>Accueil</html>")
    kept = source(world, settings={"url": web.url + "/feed"})
    for _ in range(3):
        look_at_source(actor=world.owner, source_id=kept.pk)
    page = browse(world.people[OWNER], world.brand).get(f"/sources/{kept.pk}/").content.decode()
    assert page.count("There is no feed at this address") == 1 and "does not answer" in page


def test_the_signing_secret_is_on_one_answer_only(world: World, browse: Browse) -> None:
    hook = source(world, "webhook")
    client = browse(world.people[OWNER], world.brand)
    assert "whsec_" in client.post(f"/sources/{hook.pk}/secret", {"make": "1"}).content.decode()
    assert "whsec_" not in client.get(f"/sources/{hook.pk}/").content.decode()
    assert (
        browse(world.people[AGENCY], world.brand).post(f"/sources/{hook.pk}/secret", {"make": "1"}).status_code == 403
    )


def test_a_table_is_looked_at_first(world: World, browse: Browse) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    kept = source(world, "table")
    client = browse(world.people[CM], world.brand)
    data = "id;texte;auteur;inconnu\n1;Bonjour <script>alert(1)</script>;Léa;x\n2;;;\n3;Merci;Zoé;y\n".encode("cp1252")
    shown = client.post(f"/sources/{kept.pk}/table", {"file": SimpleUploadedFile("t.csv", data)})
    page = shown.content.decode()
    assert "Bonjour" in page and "Line 3" in page and "<script>alert" not in page and not mentions(world)
    table = page.split('<textarea name="table" hidden>')[1].split("</textarea>")[0]
    import html

    assert client.post(f"/sources/{kept.pk}/table", {"table": html.unescape(table)}).status_code == 303
    assert mentions(world) == ["Bonjour", "Merci"]
    client.post(f"/sources/{kept.pk}/table", {"table": html.unescape(table)})
    assert len(mentions(world)) == 2


@pytest.mark.parametrize("data", [b"", b"a;b\n1;2\n", b"text\n", b"\x00\x01", b"text\n" + b"x\n" * 1001])
def test_a_table_that_cannot_be_read_is_refused_with_a_reason(world: World, browse: Browse, data: bytes) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    kept = source(world, "table")
    answer = browse(world.people[CM], world.brand).post(
        f"/sources/{kept.pk}/table", {"file": SimpleUploadedFile("t.csv", data)}
    )
    assert answer.status_code == 422 and 'id="failure"' in answer.content.decode()


def test_what_was_heard_becomes_a_mention_once(world: World, browse: Browse) -> None:
    kept = source(world, "hand")
    client = browse(world.people[CM], world.brand)
    form = {"token": "abc", "text": "Elle demande une livraison", "author": "Mme Petit", "said_at": "2026-11-19T10:00"}
    for _ in range(2):
        assert client.post(f"/sources/{kept.pk}/write", form).status_code == 303
    with brand_scope(world.brand):
        (found,) = Mention.objects.all()
    assert found.text == "Elle demande une livraison" and found.published_at is not None
    assert client.post(f"/sources/{kept.pk}/write", form | {"text": " "}).status_code == 422
    analyst = browse(world.people[Role.ANALYST], world.brand)
    assert analyst.post(f"/sources/{kept.pk}/write", form).status_code == 403


class TestInbound:
    BODY = json.dumps({"data": {"id": "42", "text": "Bonjour à tous"}}).encode()

    def post(
        self, world: World, hook: Source, secret: str, body: bytes = BODY, key: str = "msg_1", **heads: str
    ) -> Any:
        moment = int(datetime.now(UTC).timestamp())
        signed = signature.headers([secret], key=key, moment=moment, body=body) | heads
        client = Client(HTTP_HOST=host_of(world), enforce_csrf_checks=True)
        return client.post(f"/in/{hook.pk}", body, content_type="application/json", headers=signed)

    def test_signed_once_and_again(self, world: World) -> None:
        hook = source(world, "webhook")
        secret = make_secret(actor=world.owner, source_id=hook.pk)
        assert [self.post(world, hook, secret).status_code for _ in range(2)] == [204, 204]
        assert mentions(world) == ["Bonjour à tous"]
        with brand_scope(world.brand):
            assert SourceHealth.objects.get(source=hook).found == 1

    def test_everything_else_is_the_same_nothing(self, world: World, other: World) -> None:
        hook, foreign = source(world, "webhook"), source(other, "webhook")
        secret = make_secret(actor=world.owner, source_id=hook.pk)
        wrong = "whsec_" + "A" * 43 + "="
        answers = [
            self.post(world, hook, wrong),
            self.post(world, foreign, secret),
            self.post(other, hook, secret),
            self.post(world, hook, secret, **{"webhook-timestamp": "1"}),
            self.post(world, source(world, "webhook", "Sans secret"), secret),
        ]
        assert {(a.status_code, a.content) for a in answers} == {(404, b"404\n")}
        assert not mentions(world)

    def test_what_is_signed_and_cannot_be_read_is_said(self, world: World) -> None:
        hook = source(world, "webhook")
        secret = make_secret(actor=world.owner, source_id=hook.pk)
        assert self.post(world, hook, secret, b"{").status_code == 422
        assert self.post(world, hook, secret, b"x" * 300_000).status_code == 413


def test_a_letter_goes_to_who_looks_after_it_while_it_is_true(world: World, mailoutbox: list[Any]) -> None:
    kept = source(world)
    payload = {"source": str(kept.pk), "about": "silent"}
    with brand_scope(world.brand):
        SourceHealth.objects.filter(source=kept).update(trouble="silent", moments=[1, 100_000, 200_000])
    for role in (OWNER, AGENCY, CM):
        mail_about_source(world.brand, payload | {"person": str(world.people[role].pk)})
    assert len(mailoutbox) == 2 and all("Le journal" in letter.subject for letter in mailoutbox)
    with brand_scope(world.brand):
        SourceHealth.objects.filter(source=kept).update(trouble="")
    mail_about_source(world.brand, payload | {"person": str(world.people[OWNER].pk)})
    assert len(mailoutbox) == 2
    mail_about_source(world.brand, payload | {"about": "recovered", "person": str(world.people[OWNER].pk)})
    assert len(mailoutbox) == 3
