"""Signing in, language, sessions: the hub's own pages."""

import re

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core import mail
from django.test import Client

from tenants.models import Person
from tenants.walls.scope import BrandRef
from tests.conftest import make_person
from tests.portal.conftest import Browse

Brands = tuple[BrandRef, BrandRef]


def sign_in(client: Client, person: Person, **extra: str) -> object:
    return client.post("/account/login/", {"login": person.email, "password": "correct horse", **extra})


def test_french_unless_the_browser_prefers_english(real_brands: Brands) -> None:
    hosts = {"host": settings.HUB_HOST}
    assert '<html lang="fr">' in Client(headers=hosts).get("/account/login/").content.decode()
    english = Client(headers=hosts | {"accept-language": "en"}).get("/account/login/").content.decode()
    assert '<html lang="en">' in english and "Good to see you" in english


def test_nobody_signs_up(real_brands: Brands, browse: Browse) -> None:
    assert "You come by invitation" in browse().get("/account/signup/").content.decode()
    browse().post("/account/signup/", {"email": "x@example.org", "password1": "une longue phrase"})
    assert not Person.objects.filter(email="x@example.org").exists()


def test_next_leads_to_our_hosts_only(real_brands: Brands, browse: Browse) -> None:
    person = make_person()
    ours = f"http://{real_brands[0].slug}.{settings.HUB_HOST}/approvals/"
    assert sign_in(browse(), person, next=ours)["Location"] == ours  # type: ignore[index]
    assert sign_in(browse(), person, next="https://evil.example/")["Location"] == "/"  # type: ignore[index]


def test_the_language_is_kept_with_the_person_and_on_all_hosts(real_brands: Brands, browse: Browse) -> None:
    person = make_person(language="fr")
    client = browse(person)
    answer = client.post("/language", {"language": "en", "next": "/me/"})
    cookie = answer.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert (answer.status_code, cookie.value, cookie["domain"]) == (303, "en", settings.LANGUAGE_COOKIE_DOMAIN)
    assert Person.objects.get(pk=person.pk).language == "en"
    assert client.post("/language", {"language": "xx", "next": "https://evil.example"})["Location"] == "/"
    assert sign_in(browse(), person).cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"  # type: ignore[attr-defined]


def test_the_account_page_saves_and_each_session_can_be_ended(real_brands: Brands, browse: Browse) -> None:
    person = make_person()
    here, there = browse(), browse()
    sign_in(here, person)
    sign_in(there, person)
    assert here.post("/me/", {"name": "Camille R.", "language": "en"}).status_code == 303
    assert Person.objects.get(pk=person.pk).name == "Camille R."
    there.get("/me/")
    here.get("/me/")
    other = UserSession.objects.get(user=person, session_key=there.session.session_key)
    stranger = browse(make_person())
    assert stranger.post(f"/me/sessions/{other.pk}/end").status_code == 404
    assert here.post(f"/me/sessions/{other.pk}/end").status_code == 303
    assert there.get("/me/").status_code == 302
    assert here.get("/me/").status_code == 200


def test_every_page_of_allauth_in_use_looks_like_ours(real_brands: Brands, browse: Browse) -> None:
    client, nobody = browse(make_person(), proved=True), browse()
    mine = (
        "/account/logout/",
        "/account/password/change/",
        "/account/reauthenticate/",
        "/me/security/",
        "/me/sessions/",
    )
    more = ("/me/security/totp/activate/", "/me/security/webauthn/", "/me/security/webauthn/add/")
    for path in (*mine, *more):
        page = client.get(path)
        assert page.status_code == 200 and "portal.css" in page.content.decode(), path
    for path in ("/account/login/", "/account/signup/", "/account/password/reset/", "/account/password/reset/done/"):
        page = nobody.get(path)
        assert page.status_code == 200 and "portal.css" in page.content.decode(), path
    for path in ("/account/email/", "/account/confirm-email/"):
        assert nobody.get(path).status_code == 404


def test_errors_are_pages_in_the_readers_language(real_brands: Brands, browse: Browse) -> None:
    page = browse(make_person()).get("/nothing-here")
    assert page.status_code == 404 and "There is nothing here" in page.content.decode()
    strict = Client(enforce_csrf_checks=True, headers={"host": settings.HUB_HOST, "accept-language": "en"})
    stale = strict.post("/language", {"language": "en"})
    assert stale.status_code == 403 and "too old" in stale.content.decode()


def test_no_inline_script_or_style_anywhere(real_brands: Brands, browse: Browse) -> None:
    page = browse().get("/account/login/")
    policy = page["Content-Security-Policy"]
    assert "unsafe" not in policy and "style=" not in page.content.decode()


def test_a_forgotten_password_by_a_letter_in_the_persons_language(real_brands: Brands, browse: Browse) -> None:
    person = make_person(language="fr")
    mail.outbox.clear()
    assert browse().post("/account/password/reset/", {"email": person.email}).status_code == 302
    (letter,) = mail.outbox
    assert "nouveau mot de passe" in letter.subject
    link = re.search(r"https?://\S+", str(letter.body))[0]  # type: ignore[index]
    assert link.startswith(f"http://{settings.HUB_HOST}")
    guest = browse()
    form = guest.get(link, follow=True)
    assert form.status_code == 200 and "portal.css" in form.content.decode()
    browse().post("/account/password/reset/", {"email": "nobody@example.org"})
    assert len(mail.outbox) == 1


def test_a_name_is_a_name(real_brands: Brands, browse: Browse) -> None:
    person = make_person(name="Approver")
    client = browse(person)
    refused = client.post("/me/", {"name": "Prize at x.example", "language": "en"})
    assert refused.status_code == 200 and "Please give a name only" in refused.content.decode()
    person.refresh_from_db()
    assert person.name == "Approver"
    assert client.post("/me/", {"name": "Lou-Ann O'Neil", "language": "en"}).status_code == 303
    person.refresh_from_db()
    assert person.name == "Lou-Ann O'Neil"
