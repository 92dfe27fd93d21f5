"""Attacks 15: files. By name, by key, by link, by address; theirs lies in the same place on the disk as ours."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from clients.items.models import Media, media_path
from tenants.brandref import BrandRef
from tenants.errors import Refused
from tenants.ids import uuid7
from tenants.models import Membership, Person
from tenants.vocabulary import Role, Side
from tenants.walls.scope import brand_scope
from tests.proof._pages import BACKEND
from tests.tenants.attacks import SECRET, attack

_HOSTILE = [
    "../{theirs}/x.png", "..\\{theirs}\\x.png", "/{theirs}/x.png", "{theirs}/x.png", "a/../../{theirs}/x", "....//{theirs}/x",
    "\u2024\u2024/{theirs}/x", "%2e%2e/{theirs}/x", "x.png\x00/{theirs}", "../../../etc/passwd", "/etc/passwd", "C:\\x",
    "\\\\host\\x", "." * 300, "", "..", "x.php", "x.svg", "con", "\u202egnp.exe",
]  # fmt: skip


def file_of(brand: BrandRef, text: str = SECRET) -> str:
    """The name of a new file of a brand, as an upload makes one."""
    with brand_scope(brand):
        return str(default_storage.save(f"{brand.id}/{uuid7()}", ContentFile(text.encode())))


def visitor(brand: BrandRef, *, of: BrandRef | None = None, role: Role = Role.BRAND_OWNER) -> Client:
    """A browser on `brand`'s host, signed in as a new person with a role in `of`."""
    person = Person.objects.create_user(f"{uuid7()}@example.org", name="Somebody")
    facts = {"side": Side.BRAND.value, "role": role.value}
    Membership.objects.create(person=person, brand_id=(of or brand).id, **facts)
    return visitor_as(person, brand)


def visitor_as(person: Person, brand: BrandRef) -> Client:
    host = f"{brand.slug}.{settings.HUB_HOST}"
    client = Client(headers={"host": host, "accept-language": "en"}, raise_request_exception=False)
    client.force_login(person, backend=BACKEND)
    return client


@attack(15, "a hostile file name becomes part of where the file lies")
def hostile_names(ours: BrandRef, theirs: BrandRef) -> object:
    with brand_scope(ours):
        medium = Media()
        kept = {media_path(medium, name.format(theirs=theirs.id)) for name in _HOSTILE}
    return None if kept == {f"{ours.id}/{medium.id}"} else [SECRET, kept]


_WAYS: dict[str, Callable[[str], Any]] = {
    "open": lambda name: default_storage.open(name).read().decode(),
    "write": lambda name: f"{SECRET} {default_storage.save(name, ContentFile(b'x'))}",
    "delete": lambda name: f"{SECRET} {default_storage.delete(name)}",
    "exists": lambda name: f"{SECRET} {default_storage.exists(name)}",
    "size": lambda name: f"{SECRET} {default_storage.size(name)}",
    "list": lambda name: f"{SECRET} {default_storage.listdir(name.rpartition('/')[0])}",
    "field file": lambda name: Media(file=name).file.open().read().decode(),
}


def _reached(way: str, reach: Callable[[str], Any]) -> None:
    @attack(15, f"their file by its name, with us: {way}")
    def reached(ours: BrandRef, theirs: BrandRef) -> object:
        name = file_of(theirs)
        with brand_scope(ours):
            return reach(name)

    @attack(15, f"their file by its name, outside every scope: {way}")
    def reached_outside(ours: BrandRef, theirs: BrandRef) -> object:
        return reach(file_of(theirs))


for _way, _reach in _WAYS.items():
    _reached(_way, _reach)


@attack(15, "their file by a name that climbs out of our folder")
def climbing(ours: BrandRef, theirs: BrandRef) -> object:
    name = file_of(theirs)
    got = []
    with brand_scope(ours):
        for climbs in (
            f"{ours.id}/../{name}",
            f"./{name}",
            f"{settings.MEDIA_ROOT}/{name}",
            f"{ours.id}/x/../../{name}",
        ):
            try:
                got.append(default_storage.open(climbs).read().decode())
            except (SuspiciousFileOperation, OSError):
                continue
            except Exception as wall:
                if type(wall).__name__ != "CrossBrand":
                    raise
    return got


@attack(15, "their file by a link that lies in our folder")
def by_link(ours: BrandRef, theirs: BrandRef) -> object:
    name = file_of(theirs)
    folder = Path(settings.MEDIA_ROOT) / str(ours.id)
    folder.mkdir(parents=True, exist_ok=True)
    link = folder / "link"
    link.unlink(missing_ok=True)
    link.symlink_to(Path(settings.MEDIA_ROOT) / name)
    try:
        with brand_scope(ours):
            return default_storage.open(f"{ours.id}/link").read().decode()
    finally:
        link.unlink()


@attack(15, "an address for a file")
def address(ours: BrandRef, theirs: BrandRef) -> object:
    with brand_scope(ours):
        try:
            return [SECRET, default_storage.url(file_of(theirs))]
        except ValueError as none:
            raise Refused("no_address") from none


def picture_of(brand: BrandRef) -> Media:
    """A picture in the library of a brand, by nobody in particular; its bytes read SECRET."""
    from hashlib import sha256

    from clients.items.models import MediaClass

    data = f"{SECRET} {uuid7()}".encode()
    with brand_scope(brand):
        medium = Media(digest=sha256(data).hexdigest(), mime="image/png", size=len(data), uploaded_by=uuid7())
        medium.file.save("x", ContentFile(data), save=False)
        medium.save(force_insert=True)
        MediaClass.objects.create(media=medium, owner_side="agency", info_class="shared")
        return medium


_ADDRESSES = [
    "/media/{digest}", "/media/{digest}?brand={theirs}", "/media/{name}", "/media/../{name}", "/media/%2e%2e/{name}",
    "/media/..%2f{name}", "/media//{name}", "/static/../media/{name}", "/static/%2e%2e/%2e%2e/.relais/media/{name}", "/{name}",
    "/m/{digest}", "/media/{digest}/",
]  # fmt: skip


@attack(15, "their picture by its digest and by its key, at our host")
def at_our_host(ours: BrandRef, theirs: BrandRef) -> object:
    medium, client = picture_of(theirs), visitor(ours)
    facts = {"digest": medium.digest, "name": medium.file.name, "theirs": theirs.id}
    return [client.get(each.format(**facts)).content for each in _ADDRESSES]


@attack(15, "their picture at their host, by somebody of ours, and by nobody")
def at_their_host(ours: BrandRef, theirs: BrandRef) -> object:
    medium = picture_of(theirs)
    nobody = Client(headers={"host": f"{theirs.slug}.{settings.HUB_HOST}"})
    return [client.get(f"/media/{medium.digest}").content for client in (visitor(theirs, of=ours), nobody)]


@attack(15, "our own picture is served, so that the refusals above prove something")
def our_own(ours: BrandRef, theirs: BrandRef) -> object:
    medium = picture_of(ours)
    answer = visitor(ours).get(f"/media/{medium.digest}")
    served = answer.status_code == 200 and SECRET.encode() in answer.content
    safe = answer["X-Content-Type-Options"] == "nosniff" and "no-store" in answer["Cache-Control"]
    outsiders = visitor(ours, role=Role.DEPARTMENT_CONTACT).get(f"/media/{medium.digest}").status_code
    return None if served and safe and outsiders in {403, 404} else SECRET


@attack(15, "their lent address, at our host and altered")
def lent(ours: BrandRef, theirs: BrandRef) -> object:
    from datetime import timedelta

    from django.utils import timezone

    from clients.gate.lent import Lent, lent_by, token_of

    token = token_of(Lent(theirs.id, uuid7(), uuid7(), "0" * 64, timezone.now() + timedelta(minutes=5)))
    forged = token.replace(token[:4], "AAAA", 1)
    answers = [visitor(ours).get(f"/m/{each}").status_code for each in (token, forged, token + "x")]
    return [SECRET, answers] if set(answers) != {404} or lent_by(forged) else None
