"""Passwords that everybody here could guess, and passwords that have leaked."""

from collections.abc import Callable
from hashlib import sha1
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from clients.people.actions import invite_brand_person
from portal.passwords import ContextWords, LeakedPasswords, folded, is_in
from tenants.brandref import BrandRef
from tenants.models import Brand, Membership, Person
from tenants.vocabulary import Role
from tests.people.acting import acting

Members = Callable[..., Membership]


def refused(password: str, person: Person | None = None) -> str:
    try:
        ContextWords().validate(password, person)
        LeakedPasswords().validate(password, person)
    except ValidationError as error:
        return str(error.code)
    return ""


@pytest.mark.parametrize(
    "password", ["Relais-2026!!", "m0t-de-p@sse-relais", "Community.Manager.1", "relais relais relais"]
)
def test_words_of_the_house_count_for_nothing(password: str) -> None:
    assert refused(password) == "password_of_context"


@pytest.mark.parametrize(
    "password", ["quatre chats au relais", "le mot de passe des grenouilles", "plum-tree-ladder-9"]
)
def test_a_passphrase_may_hold_one_of_them(password: str) -> None:
    assert refused(password) == ""


@pytest.mark.django_db
def test_names_of_the_person_their_brands_and_agencies_count_for_nothing(
    brand_a: BrandRef, brand_b: BrandRef, member: Members, person_factory: Callable[..., Person]
) -> None:
    Brand.objects.filter(pk=brand_a.id).update(name="Maison Lüne")
    Brand.objects.filter(pk=brand_b.id).update(name="Confiserie Zorglub")
    person = person_factory(name="Inès Tournefeuille", email="i.tournefeuille@example.org")
    member(brand_a, Role.COMMUNITY_MANAGER, person=person)
    for password in ("MaisonLune2026", "ma1s0n-lun3-!!", "Tournefeuille_31", "agence-maison-lune"):
        assert refused(password, person) == "password_of_context", password
    assert refused("ConfiserieZorglub1", person) == "", "a refusal tells nobody which other brands there are"


@pytest.mark.django_db
def test_whoever_is_invited_is_known_by_their_address(brand_a: BrandRef) -> None:
    Brand.objects.filter(pk=brand_a.id).update(name="Maison Lüne")
    owner = acting(brand_a, Role.BRAND_OWNER)
    invite_brand_person(actor=owner, email="neu@example.org", role=Role.APPROVER)
    assert refused("maison-lune-2026", Person(email="neu@example.org", name="Neu")) == "password_of_context"
    assert refused("maison-lune-2026", Person(email="other@example.org", name="Other")) == ""


@pytest.mark.parametrize("password", ["qwertyuiop123", "!!Iloveyou2024", "princess12345"])
def test_what_has_leaked_is_refused_with_a_few_signs_around_it_too(password: str) -> None:
    assert refused(password) == "password_leaked"


def test_the_whole_collection_is_asked_where_an_installation_keeps_it(tmp_path: Path) -> None:
    collection = tmp_path / "pwned.txt"
    leaked = [f"une phrase qui a fui {n}" for n in range(500)]
    digests = sorted(sha1(one.encode(), usedforsecurity=False).hexdigest().upper() for one in leaked)
    collection.write_text("".join(f"{digest}:{n}\r\n" for n, digest in enumerate(digests)))
    assert all(is_in(collection, one) for one in leaked)
    assert not any(is_in(collection, f"une autre phrase {n}") for n in range(500))
    with pytest.raises(ValidationError):
        LeakedPasswords(collection).validate(leaked[7])
    LeakedPasswords(collection).validate("une autre phrase 7")


def test_an_empty_collection_holds_nothing(tmp_path: Path) -> None:
    (tmp_path / "none.txt").touch()
    assert not is_in(tmp_path / "none.txt", "x")


@given(st.text())
def test_folding_leaves_letters_and_digits_alone(text: str) -> None:
    assert folded(text).isalnum() or not folded(text)
    assert folded(folded(text)) == folded(text)
