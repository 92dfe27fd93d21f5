"""A brand's own key: taken when it can sign, refused in words, verified afterwards, and shown to nobody again."""

from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from clients.audit.models import Entry
from clients.people.rules import MAY, Verb
from reports.making.actions import change_seal_key
from reports.making.actions.sealing import REFUSED
from reports.making.models import SealKey
from reports.rendering.sealing_keys import SigningKey
from reports.rendering.signing import sign
from reports.sharing.copies import checked_file
from reports.sharing.worded import copy_for
from tenants.errors import Conflict
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.portal.conftest import Browse
from tests.portal.test_reports import OWNER, out, url
from tests.reports.rendering.authorities import Given, family, given
from tests.world import World

NOW = timezone.now()


def sent(own: Given, *above: Given, **changed: bytes) -> dict[str, Any]:
    files = {"key": own.private(), "certificate": own.public} | changed
    if above and "chain" not in files:
        files["chain"] = b"".join(one.public for one in above)
    return {name: SimpleUploadedFile(f"{name}.pem", content) for name, content in files.items()}


def keys(world: World) -> list[SealKey]:
    with brand_scope(world.brand):
        return list(SealKey.objects.order_by("number"))


@pytest.mark.parametrize("curve", [None, ec.SECP384R1()])
def test_what_it_signs_is_verified_and_what_was_signed_before_still_is(
    world: World, browse: Browse, curve: ec.EllipticCurve | None
) -> None:
    root, middle, own = family(NOW, ec.generate_private_key(curve) if curve else None)
    owner = browse(world.people[OWNER], world.brand, proved=True)
    report = out(world)
    paper = f"{url('report', report.pk)}report.pdf"
    before = owner.post(paper).content
    assert owner.post(url("report_key_bring"), sent(own, middle, root)).status_code == 303
    first, second = keys(world)
    assert (first.brought, second.brought, second.number) == (False, True, 2)
    after = owner.post(paper).content
    for content, key in ((before, first), (after, second)):
        told = owner.post(url("report_verify"), {"file": SimpleUploadedFile("r.pdf", content)}).content.decode()
        assert "unchanged since it was signed" in told
        assert key.name in told
    assert middle.certificate.subject.rfc4514_string() != own.certificate.subject.rfc4514_string()
    pages = owner.get(url("report_rules")).content + owner.get(url("report_key_bring")).content
    assert second.name.encode() in pages
    assert b"PRIVATE" not in pages
    assert b"PRIVATE" not in bytes(second.secret) + second.certificate.encode() + second.chain.encode()
    with brand_scope(world.brand):
        line = Entry.objects.get(verb="report.key_brought")
    assert "PRIVATE" not in str(line.facts)
    assert checked_file(world.brand, after) is not None


def test_the_present_button_makes_another_after_it(world: World, browse: Browse) -> None:
    own = given("Brand", NOW)
    owner = browse(world.people[OWNER], world.brand, proved=True)
    assert owner.post(url("report_key_bring"), sent(own)).status_code == 303
    assert owner.post(url("report_key")).status_code == 303
    assert [one.brought for one in keys(world)] == [True, False]
    again = owner.post(url("report_key_bring"), sent(own))
    assert again.status_code == 422
    assert "signs here already" in again.content.decode()


def test_an_authority_above_signs_nothing_in_the_brands_name(world: World, browse: Browse) -> None:
    """Its certificate stands in each seal, and vouches for no file by itself."""
    root, middle, own = family(NOW)
    owner = browse(world.people[OWNER], world.brand, proved=True)
    assert owner.post(url("report_key_bring"), sent(own, middle, root)).status_code == 303
    report = out(world)
    with brand_scope(world.brand):
        from reports.making.access import bytes_of_paper
        from reports.making.models import Edition

        paper = bytes_of_paper(Edition.objects.get(report=report))
    from reports.rendering.stamping import Watermark
    from reports.rendering.stamping import copy_for as stamped

    forged = sign(
        stamped(paper, Watermark("x", "x"), seal="x"), SigningKey(middle.private(), middle.public), reason="x"
    )
    assert checked_file(world.brand, forged) is None
    assert checked_file(world.brand, copy_for(world.brand, paper, "x", "en").content) is not None


def _wrong(world: World) -> dict[str, tuple[dict[str, Any], str]]:
    root, middle, own = family(NOW)
    weak, stranger = given("Weak", NOW, key=rsa.generate_private_key(65537, 1024)), given("Other", NOW)
    edwards = ed25519.Ed25519PrivateKey.generate()
    from cryptography.hazmat.primitives import serialization as s

    eddsa = edwards.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, s.NoEncryption())
    return {
        "not a key": (sent(own, key=b"x"), "no private key"),
        "the certificate as the key": (sent(own, key=own.public), "no private key"),
        "locked": (sent(own, key=own.private(b"douze mots")), "locked with a passphrase"),
        "1024 bits": (sent(weak), "too weak"),
        "another kind": (sent(own, key=eddsa), "too weak"),
        "a curve of no use": (sent(given("k", NOW, key=ec.generate_private_key(ec.SECP256K1()))), "too weak"),
        "not a certificate": (sent(own, certificate=b"x"), "no certificate"),
        "another's": (sent(own, certificate=stranger.public), "belongs to another key"),
        "run out": (sent(given("Old", NOW, days=-1)), "not in force"),
        "for servers": (sent(given("Web", NOW, uses=("digital_signature", "key_encipherment"))), "non-repudiation"),
        "no chain": (sent(own, chain=b"x"), "no certificate"),
        "another's chain": (sent(own, stranger), "do not lead up"),
        "the wrong way round": (sent(own, root, middle), "do not lead up"),
        "too large": (sent(own, chain=b"x" * 64_001), "too large to be a key"),
        "no file": ({"certificate": SimpleUploadedFile("c.pem", own.public)}, "choose a file"),
    }


def test_what_cannot_sign_is_refused_in_words(world: World, browse: Browse) -> None:
    owner = browse(world.people[OWNER], world.brand, proved=True)
    for name, (files, said) in _wrong(world).items():
        answer = owner.post(url("report_key_bring"), files)
        page = answer.content.decode()
        assert (answer.status_code, said in page, 'aria-invalid="true"' in page) == (422, True, True), name
        assert "PRIVATE KEY-----" not in page
    assert keys(world) == []


@pytest.mark.parametrize("role", list(Role))
def test_an_owner_alone_brings_one_and_after_a_fresh_proof(world: World, browse: Browse, role: Role) -> None:
    own = given("Brand", NOW)
    proved = browse(world.people[role], world.brand, proved=True)
    allowed = role in MAY[Verb.SEAL_KEY_BRING]
    assert allowed == (role is Role.BRAND_OWNER)
    assert proved.get(url("report_key_bring")).status_code == (200 if allowed else 403)
    assert proved.post(url("report_key_bring"), sent(own)).status_code == (303 if allowed else 403)
    assert len(keys(world)) == allowed
    plain = browse(world.people[role], world.brand)
    if allowed:
        assert "/account/reauthenticate/" in plain.post(url("report_key_bring"), sent(own))["Location"]
        assert b'type="file"' not in plain.get(url("report_key_bring")).content
        assert "PRIVATE" not in str(dict(plain.session))


def test_a_key_that_has_run_out_signs_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from reports.making import sealing

    change_seal_key(world.owner)
    with brand_scope(world.brand):
        assert sealing.key_in_force()
    monkeypatch.setattr(sealing.timezone, "now", lambda: NOW + timedelta(days=4000))
    with brand_scope(world.brand), pytest.raises(Conflict, match="seal_key_over"):
        sealing.key_in_force()


def test_every_refusal_has_words() -> None:
    from portal.wording.errors import ERRORS

    assert {code for code in REFUSED.values() if code not in ERRORS} == set()
