"""Changing the installation's keys while everybody works, and nothing that is encrypted left behind under an old one."""

import re
import threading
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connections, models

from clients.channels.access import credentials_of
from clients.channels.actions import connect_channel
from clients.channels.models import Channel
from clients.seals.kinds import sealed_kinds
from tenants.brandref import BrandRef
from tenants.models import Person
from tenants.resealing import sealed_models
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.conftest import make_person
from tests.house.sources import sources
from tests.people.acting import acting

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))
MAIL = {"host": "mail.example.org", "user": "bonjour", "password": "Erdbeere-1", "from_address": "bonjour@example.org"}

# Every column that could hold a secret, by its name or its type, and why a change of FIELD_ENCRYPTION_KEYS need not know it.
ENCRYPTED = {"channels.Channel.secret", "audit.LogKey.secret"}
NOT_ENCRYPTED = {
    "a digest, a hash or a root": {
        "tenants.Invitation.token_digest", "disclosure.ShareLink.token_digest", "disclosure.ShareLink.code_digest",
        "crisis.CrisisCall.token_digest", "mentions.Mention.key", "sharing.Share.password", "reports.ReportRule.link_password",
        "seals.RenewedSeal.key_id",
        "tenants.LogHead.root", "audit.Entry.commitment", "audit.Leaf.hash", "audit.Checkpoint.root",
        "audit.Checkpoint.frontier", "evidence.Check.frontier", "tenants.Person.password",
    },
    "random, and secret only as long as what it salts": {"audit.Private.salt"},
    "a MAC under SECRET_KEY: former keys verify it, and `renew_seals` makes it anew": {
        "seals.RenewedSeal.seal", *(f"{sealed.model._meta.label}.seal" for sealed in sealed_kinds()),
    },
    "a name of a row or of what went wrong, not a secret": {
        "channels.MemoryPost.key", "outbox.OutboxRow.key", "auth.Permission.codename", "crisis.CrisisAlert.key",
        "crisis.HourCount.key", "sources.SourceHealth.code",
        "conversations.Label.key",
        "insights.Department.code", "insights.Department.key", "insights.Theme.key", "crm.System.key", "repeats.Repeat.key_id",
    },
    "public, or printed on paper": {"audit.LogKey.public", "reports.Edition.code", "looks.BrandLook.logo"},
    "opens a session here and now, and ends with it": {
        "sessions.Session.session_key", "usersessions.UserSession.session_key", "account.EmailConfirmation.key",
    },
    "a number or a moment": {
        "disclosure.ShareLink.wrong_codes", "tenants.LogHead.sealed_at", "channels.Channel.secret_changed_at",
        "webhooks.Subscription.old_secret_until",
    },
}  # fmt: skip
SUSPECT = re.compile(r"secret|token|key|password|seal|code|credential|salt|seed")
ENCRYPTERS = {
    "clients/channels/vault.py", "clients/audit/keys.py", "config/second_factors.py", "config/environment.py",
    "tenants/resealing.py",
    "api/pages.py",  # a cursor is kept nowhere: it is over within a day
}  # fmt: skip


def suspects() -> set[str]:
    """Columns that by type or name may hold something secret."""
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.BinaryField) or (SUSPECT.search(field.name) and not field.is_relation)
    }


def test_no_column_that_holds_a_secret_is_forgotten() -> None:
    named = {f"{model._meta.label}.{name}" for model, names in sealed_models().items() for name in names}
    unknown = suspects() - named - ENCRYPTED - set[str]().union(*NOT_ENCRYPTED.values())
    assert unknown == set(), "name it in the model's `sealed_columns`, or say here why it is no secret"


def test_nobody_else_encrypts() -> None:
    """A new place that encrypts must be one that `rotate_secrets` reaches."""
    found = {source.name for source in sources() if re.search(r"\bFernet\(", source.text)}
    assert found == ENCRYPTERS


def factor_of(person: Person, kind: str, name: str, text: str) -> Authenticator:
    made: Authenticator = Authenticator.objects.create(user=person, type=kind, data={name: get_adapter().encrypt(text)})
    return made


def opened(factor: Authenticator, name: str) -> str:
    factor.refresh_from_db()
    return str(get_adapter().decrypt(factor.data[name]))


def test_second_factors_go_along(db: None, settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    person = make_person()
    settings.FIELD_ENCRYPTION_KEYS = (OLD,)
    app = factor_of(person, Authenticator.Type.TOTP, "secret", "JBSWY3DPEHPK3PXP")
    codes = factor_of(person, Authenticator.Type.RECOVERY_CODES, "seed", "0123456789abcdef")
    settings.FIELD_ENCRYPTION_KEYS = (NEW,)
    with pytest.raises(CommandError, match=f"second factor {app.pk}, second factor {codes.pk}"):
        call_command("rotate_secrets")
    settings.FIELD_ENCRYPTION_KEYS = (NEW, OLD)
    call_command("rotate_secrets")
    assert "2 second factors resealed" in capsys.readouterr().out
    settings.FIELD_ENCRYPTION_KEYS = (NEW,)
    assert (opened(app, "secret"), opened(codes, "seed")) == ("JBSWY3DPEHPK3PXP", "0123456789abcdef")


def test_whoever_reads_meanwhile_reads_on(real_brands: tuple[BrandRef, BrandRef], settings: Any) -> None:
    """Two processes' worth of reading, with both keys, while every credential is sealed anew again and again."""
    brand = real_brands[0]
    settings.FIELD_ENCRYPTION_KEYS = (OLD,)
    made = connect_channel(actor=acting(brand, Role.BRAND_OWNER), kind="email", name="L", settings=MAIL)
    settings.FIELD_ENCRYPTION_KEYS = (NEW, OLD)
    over, read, wrong = threading.Event(), [0], list[str]()

    def reads() -> None:
        while not over.is_set():
            try:
                with brand_scope(brand):
                    said = credentials_of(Channel.objects.get(pk=made.pk)).reveal("password")
                read[0] += said == "Erdbeere-1"
            except Exception as error:
                wrong.append(repr(error))
        connections.close_all()

    readers = [threading.Thread(target=reads) for _ in range(2)]
    for reader in readers:
        reader.start()
    for _ in range(5):
        call_command("rotate_secrets")
    over.set()
    for reader in readers:
        reader.join()
    assert wrong == [] and read[0] > 5
    settings.FIELD_ENCRYPTION_KEYS = (NEW,)
    with brand_scope(brand):
        assert credentials_of(Channel.objects.get(pk=made.pk)).reveal("password") == "Erdbeere-1"
