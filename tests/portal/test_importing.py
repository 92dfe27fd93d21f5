"""A table is shown with everything that is wrong in it, and becomes drafts by a press: once, whole, and nothing but drafts."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from clients.channels.models import Channel
from clients.items.actions import add_media, confirm_import, read_import
from clients.items.models import Item, ItemImport
from clients.items.tables import read_table
from tenants.errors import Conflict
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope, durable
from tests.portal.conftest import Browse
from tests.world import World, at

GOOD = """date;time;channels;kind;title;text;link
2031-03-10;9:30;Le mur;publication;Lundi;Bonjour;https://a.example
11/03/2031;10h;le mur;publish;;Mardi;
;;Le mur;;;Sans moment;
"""
BAD = """date;time;channels;kind;title;text;link
2031-03-10;9:30;Le mur;publish;;Bien;
2031-03-30;2:30;Le mur;publish;;Cette heure n’existe pas;
2031-10-26;2:30;Le mur;publish;;Cette heure revient;
2031-10-26;02:30+01:00;Le mur;publish;;La seconde;
31/02/2031;9:30;Nulle part;dance;;Trois fautes;
2031-03-10;midi;Le mur;publish;;Midi;javascript:alert(1)
2031-03-10;9:30;Le mur;phone_call;;Appel;
"""


def bring(client: object, text: str, name: str = "plan.csv", encoding: str = "utf-8") -> str:
    file = SimpleUploadedFile(name, text.encode(encoding), "text/csv")
    answer = client.post("/calendar/import", {"file": file})  # type: ignore[attr-defined]
    assert answer.status_code == 303, answer.content
    return str(answer["Location"])


def items_of(world: World) -> list[Item]:
    with brand_scope(world.brand):
        return list(Item.objects.select_related("version").order_by("created_at"))


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_shown_first_then_drafts(world: World, browse: Browse, encoding: str) -> None:
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    path = bring(client, GOOD.replace("Bonjour", "Déjà"), encoding=encoding)
    page = client.get(path).content.decode()
    assert "3 rows can become drafts." in page and "Déjà" in page
    assert items_of(world) == []
    assert client.post(path).status_code == 303
    made = items_of(world)
    assert [item.state for item in made] == ["draft"] * 3
    assert [item.not_before for item in made] == [at("2031-03-10T09:30+01:00"), at("2031-03-11T10:00+01:00"), None]
    assert made[0].version.exact_content().link == "https://a.example" and made[0].author_side == "agency"
    again = client.post(path)
    assert again.status_code == 409 and len(items_of(world)) == 3


def test_every_trouble_by_line_and_column(world: World, browse: Browse) -> None:
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    path = bring(client, BAD)
    page = client.get(path).content.decode()
    told = {part.split("<")[0]: part for part in page.split("<h3>Line ")[1:]}
    assert sorted(told) == ["3", "4", "6", "7", "8"]
    assert "03:30" in told["3"] and "comes twice" in told["4"]
    assert all(word in told["6"] for word in ("not a date", "no such channel", "no such action"))
    assert "not a time of the day" in told["7"] and "cannot do this" in told["8"]
    assert client.post(path).status_code == 303
    made = items_of(world)
    assert [item.title for item in made] == ["Bien", "La seconde"]
    assert made[1].not_before == at("2031-10-26T01:30+00:00")


def test_the_same_file_again_is_told(world: World, browse: Browse) -> None:
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    first = bring(client, GOOD)
    assert "imported before" not in client.get(bring(client, GOOD)).content.decode()
    client.post(first)
    assert "imported before" in client.get(bring(client, GOOD, "other name.csv")).content.decode()
    assert "imported before" not in client.get(bring(client, GOOD + ";;;;;Plus;\n")).content.decode()


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\0", b"a;b\n1;2\n", b'text\n"open\n'])
def test_what_is_no_table_is_refused_on_the_page(world: World, browse: Browse, data: bytes) -> None:
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    answer = client.post("/calendar/import", {"file": SimpleUploadedFile("x.csv", data, "text/csv")})
    assert answer.status_code == 422 and 'aria-describedby="failure"' in answer.content.decode()
    assert client.post("/calendar/import", {}).status_code == 422
    with brand_scope(world.brand):
        assert not ItemImport.objects.exists()


def test_a_table_is_its_bringers_alone(world: World, other: World, browse: Browse) -> None:
    path = bring(browse(world.people[Role.COMMUNITY_MANAGER], world.brand), GOOD)
    for person, brand in ((world.people[Role.AGENCY_MANAGER], world), (other.people[Role.COMMUNITY_MANAGER], other)):
        client = browse(person, brand.brand)
        assert client.get(path).status_code == 404
        assert client.post(path).status_code == 404
    analyst = browse(world.people[Role.ANALYST], world.brand)
    assert analyst.get("/calendar/import").status_code == 403
    assert items_of(world) == []


def test_a_picture_of_the_library_by_its_number(world: World, browse: Browse) -> None:
    data = BytesIO()
    Image.new("RGB", (8, 8), "red").save(data, "PNG")
    medium = add_media(world.cm, data=data.getvalue(), declared="image/png", alt="Rouge")
    number, none = medium.digest[:12], "0" * 12
    table = f"text;picture;alt;channels\nUn;{number};;Le mur\nDeux;{number};Autre;Le mur\nTrois;{none};x;Le mur\n"
    found = read_import(world.cm, data=table.encode(), name="x")
    assert confirm_import(world.cm, import_id=found.pk) == 2
    alts = [item.version.exact_content().media[0].alt for item in items_of(world)]
    assert alts == ["Rouge", "Autre"]
    with pytest.raises(Conflict):
        confirm_import(world.cm, import_id=found.pk)


def test_a_thousand_rows(world: World) -> None:
    table = "date;time;channels;text\n" + "".join(f"2031-03-10;9:{n % 60:02d};Le mur;Texte {n}\n" for n in range(1000))
    found = read_import(world.cm, data=table.encode(), name="x")
    assert confirm_import(world.cm, import_id=found.pk) == 1000
    assert len(items_of(world)) == 1000


def test_the_plan_as_a_table_without_formulas(world: World, other: World, browse: Browse) -> None:
    world.draft("=1+1", title="@SUM(A1)", not_before=at("2031-10-26T01:30+00:00"))
    other.draft("SECRET", not_before=at("2031-10-26T01:30+00:00"))
    client = browse(world.people[Role.ANALYST], world.brand)
    answer = client.get("/calendar/export.csv?view=month&on=2031-10-01")
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/csv")
    (line,) = read_table(answer.content)
    assert (line.cells["text"], line.cells["title"]) == ("=1+1", "@SUM(A1)")
    assert b";=1+1" not in answer.content and b";'=1+1" in answer.content and b"SECRET" not in answer.content
    assert line.cells["time"] == "02:30+0100"


THREADS = """date;heure;canal;texte;publication 2;publication 3;premier commentaire
2031-03-10;9:30;Passerelle;Un;'=1+1;;Qu’en pensez-vous ?
2031-03-10;9:30;Le mur;Un;Deux;;
2031-03-10;9:30;Passerelle;Un;;{long};
2031-03-10;9:30;Le mur;Un;;;Et vous ?
"""


def test_threads_and_first_comments_come_in_and_go_out(world: World, browse: Browse) -> None:
    """A formula is a text; what a channel does not take is told by line and by the column that it stands in."""
    with durable(world.brand):
        Channel.objects.create(kind="webhook", name="Passerelle")
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    path = bring(client, THREADS.replace("{long}", "x" * 100_001))
    page = client.get(path).content.decode()
    assert "Post 2 · =1+1" in page and "First comment · Qu’en pensez-vous ?" in page
    told = {part.split("<")[0]: part.split("</li>")[0] for part in page.split("<h3>Line ")[1:]}
    assert sorted(told) == ["3", "4", "5"]
    assert ">Post 2<" in told["3"] and ">Post 3<" in told["4"] and ">First comment<" in told["5"]
    assert client.post(path).status_code == 303
    (made,) = items_of(world)
    content = made.version.exact_content()
    assert (content.text, content.parts, content.first_comment) == ("Un", ("=1+1",), "Qu’en pensez-vous ?")
    written = client.get("/calendar/export.csv?view=month&on=2031-03-10").content
    (line,) = read_table(written)
    assert (line.cells["post 2"], line.cells["first comment"]) == ("=1+1", "Qu’en pensez-vous ?")
    assert ";'=1+1;" in written.decode()


def test_the_columns_are_told(world: World, browse: Browse) -> None:
    page = browse(world.people[Role.COMMUNITY_MANAGER], world.brand).get("/calendar/import").content.decode()
    assert "post 2 … post 26" in page and "first comment" in page and "publication 2" in page
