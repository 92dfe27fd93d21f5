"""What a brand does with its channels, allowed and refused; and what stays secret whatever happens."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from clients.audit.models import Entry
from clients.autonomy.vocabulary import ActionKind, EntryPoint
from clients.channels import vault
from clients.channels.access import access_channel, credentials_of
from clients.channels.actions import connect_channel, mark_health, note_health, revoke_channel, rotate_secret
from clients.channels.models import Channel
from clients.channels.port import SendFailed
from clients.channels.queries import channels_of_brand, channels_taking
from clients.channels.rules import ChannelState
from clients.people.access import actor_for
from clients.people.actor import Actor, process_of
from tenants.brandref import BrandRef
from tenants.errors import Conflict, Invalid, Missing, Refused
from tenants.models import Membership
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope, durable

PASSWORD = "pa55-that-must-never-show"
MAIL = {"host": "mail.example.org", "user": "bonjour", "password": PASSWORD, "from_address": "bonjour@example.org"}
MayConnect = {Role.BRAND_OWNER, Role.BRAND_MANAGER}


@pytest.fixture
def acting(brand_a: BrandRef, member: Callable[..., Membership]) -> Callable[..., Actor]:
    def make(role: Role, brand: BrandRef = brand_a) -> Actor:
        proved = timezone.now()
        return actor_for(member(brand, role).person, brand, EntryPoint.PAGE, stepped_up_at=proved)

    return make


@pytest.fixture
def manager(acting: Callable[..., Actor]) -> Actor:
    return acting(Role.BRAND_MANAGER)


@pytest.fixture
def mail(manager: Actor) -> Channel:
    return connect_channel(actor=manager, kind="email", name="Lettre", handle="bonjour@example.org", settings=MAIL)


def _log(brand: BrandRef) -> list[str]:
    with brand_scope(brand):
        return list(Entry.objects.filter(verb__startswith="channel").order_by("id").values_list("verb", flat=True))


class TestConnecting:
    def test_what_is_kept(self, mail: Channel, manager: Actor, brand_a: BrandRef) -> None:
        with brand_scope(brand_a):
            kept = Channel.objects.get(pk=mail.pk)
            assert (kept.kind, kept.name, kept.state, kept.health) == ("email", "Lettre", "connected", "")
            assert kept.settings["port"] == 587 and kept.connected_by == manager.person_id
            assert credentials_of(kept).reveal("password") == PASSWORD

    def test_the_password_stands_nowhere_in_clear(self, mail: Channel, brand_a: BrandRef) -> None:
        with brand_scope(brand_a):
            row = Channel.objects.values().get(pk=mail.pk)
            lines = list(Entry.objects.values())
        assert PASSWORD not in repr(row) + repr(lines) + repr(vars(mail))
        assert PASSWORD.encode() not in bytes(row["secret"])

    @pytest.mark.parametrize("role", sorted(Role))
    def test_only_the_heads_of_the_brand_may(self, acting: Callable[..., Actor], brand_a: BrandRef, role: Role) -> None:
        actor = acting(role)
        if role in MayConnect:
            assert connect_channel(actor=actor, kind="memory", name="Mur").is_open
            return
        with pytest.raises(Refused, match="not_allowed"):
            connect_channel(actor=actor, kind="memory", name="Mur")
        assert _log(brand_a) == []

    def test_a_process_may_not(self, brand_a: BrandRef) -> None:
        with pytest.raises(Refused, match="not_allowed"):
            connect_channel(actor=process_of(brand_a, EntryPoint.COMMAND, "x"), kind="memory", name="Mur")

    @pytest.mark.parametrize(
        ("changes", "code", "field"),
        [
            ({"kind": "fax"}, "channel_kind_unknown", "kind"),
            ({"name": "  "}, "setting_missing", "name"),
            ({"name": "x" * 121}, "setting_too_long", "name"),
            ({"name": "a\u202eb"}, "setting_control_characters", "name"),
            ({"settings": MAIL | {"host": "a b"}}, "not_a_host", "host"),
            ({"settings": MAIL | {"user": ""}}, "user_and_password_together", "user"),
            ({"settings": {}}, "setting_missing", "host"),
        ],
    )
    def test_what_is_wrong_is_named_and_nothing_is_kept(
        self, manager: Actor, brand_a: BrandRef, changes: dict[str, Any], code: str, field: str
    ) -> None:
        with pytest.raises(Invalid) as refused:
            connect_channel(**{"actor": manager, "kind": "email", "name": "Lettre", "settings": MAIL} | changes)
        assert (refused.value.code, refused.value.field) == (code, field)
        with brand_scope(brand_a):
            assert not Channel.objects.exists()

    def test_a_name_stands_for_one_live_channel(self, mail: Channel, manager: Actor) -> None:
        with pytest.raises(Conflict, match="channel_name_taken"):
            connect_channel(actor=manager, kind="memory", name="Lettre")
        revoke_channel(actor=manager, channel_id=mail.pk)
        assert connect_channel(actor=manager, kind="memory", name="Lettre").is_open


class TestRotating:
    def test_a_new_password_replaces_the_old_and_repairs(
        self, mail: Channel, manager: Actor, brand_a: BrandRef
    ) -> None:
        mark_health(actor=manager, channel_id=mail.pk, code="credentials_refused")
        changed = rotate_secret(actor=manager, channel_id=mail.pk, secrets={"password": "new"})
        assert (changed.state, changed.health) == (ChannelState.CONNECTED, "")
        with brand_scope(brand_a):
            assert credentials_of(changed).reveal("password") == "new"

    @pytest.mark.parametrize(
        ("given", "code"),
        [({}, "secret_missing"), ({"password": ""}, "secret_missing"), ({"host": "x"}, "setting_unknown")],
    )
    def test_nothing_but_a_secret(self, mail: Channel, manager: Actor, given: dict[str, str], code: str) -> None:
        with pytest.raises(Invalid, match=code):
            rotate_secret(actor=manager, channel_id=mail.pk, secrets=given)

    def test_the_agency_may_not(self, mail: Channel, acting: Callable[..., Actor]) -> None:
        with pytest.raises(Refused):
            rotate_secret(actor=acting(Role.AGENCY_OWNER), channel_id=mail.pk, secrets={"password": "ours"})


class TestRevoking:
    def test_the_secret_is_erased_and_it_is_for_good(self, mail: Channel, manager: Actor, brand_a: BrandRef) -> None:
        revoked = revoke_channel(actor=manager, channel_id=mail.pk)
        assert revoked.state == ChannelState.REVOKED and revoked.secret == b""
        for again in (
            lambda: revoke_channel(actor=manager, channel_id=mail.pk),
            lambda: rotate_secret(actor=manager, channel_id=mail.pk, secrets={"password": "x"}),
            lambda: mark_health(actor=manager, channel_id=mail.pk, code="tls_missing"),
        ):
            with pytest.raises(Conflict, match="channel_revoked"):
                again()
        assert _log(brand_a) == ["channel_connected", "channel_revoked"]

    def test_not_even_raw_code_leaves_a_secret_on_a_revoked_channel(self, mail: Channel, brand_a: BrandRef) -> None:
        with brand_scope(brand_a), pytest.raises(IntegrityError), transaction.atomic():
            Channel.objects.filter(pk=mail.pk).update(state=ChannelState.REVOKED)


class TestHealth:
    def test_broken_and_back(self, mail: Channel, manager: Actor, brand_a: BrandRef) -> None:
        broken = mark_health(actor=manager, channel_id=mail.pk, code="credentials_refused")
        assert (broken.state, broken.is_open) == (ChannelState.BROKEN, False)
        assert mark_health(actor=manager, channel_id=mail.pk).is_open
        assert _log(brand_a) == ["channel_connected", "channel_health_marked", "channel_health_marked"]

    def test_a_worker_notes_it_in_its_own_transaction_and_only_once(self, mail: Channel, brand_a: BrandRef) -> None:
        worker = process_of(brand_a, EntryPoint.WORKER, "gate")
        with brand_scope(brand_a):
            note_health(worker, mail.pk, "recipient_refused")
            assert Channel.objects.get(pk=mail.pk).is_open, "one refused recipient says nothing of the channel"
            for _ in range(3):
                note_health(worker, mail.pk, "tls_missing")
            assert not Channel.objects.get(pk=mail.pk).is_open
        assert _log(brand_a) == ["channel_connected", "channel_health_marked"]
        with pytest.raises(Refused):
            mark_health(actor=worker, channel_id=mail.pk)

    def test_what_is_no_failure_of_a_channel_cannot_be_marked(self, mail: Channel, manager: Actor) -> None:
        with pytest.raises(Invalid, match="health_unknown"):
            mark_health(actor=manager, channel_id=mail.pk, code="ugly")

    def test_a_late_failure_does_not_bring_a_revoked_channel_back(
        self, mail: Channel, manager: Actor, brand_a: BrandRef
    ) -> None:
        revoke_channel(actor=manager, channel_id=mail.pk)
        with brand_scope(brand_a):
            note_health(process_of(brand_a, EntryPoint.WORKER, "gate"), mail.pk, "tls_missing")
            assert Channel.objects.get(pk=mail.pk).state == ChannelState.REVOKED


class TestReading:
    @pytest.mark.parametrize("role", sorted(Role))
    def test_one_channel(self, mail: Channel, acting: Callable[..., Actor], brand_a: BrandRef, role: Role) -> None:
        actor = acting(role)
        with brand_scope(brand_a):
            if role is not Role.DEPARTMENT_CONTACT:
                assert access_channel(actor, mail.pk).pk == mail.pk
                return
            with pytest.raises(Missing):
                access_channel(actor, mail.pk)

    def test_absent_and_anothers_look_the_same(
        self, mail: Channel, acting: Callable[..., Actor], brand_b: BrandRef
    ) -> None:
        actor = acting(Role.BRAND_OWNER, brand_b)
        with brand_scope(brand_b):
            for channel_id in (mail.pk, uuid4()):
                with pytest.raises(Missing, match="channel"):
                    access_channel(actor, channel_id)

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_list(
        self,
        manager: Actor,
        brand_a: BrandRef,
        brand_b: BrandRef,
        acting: Callable[..., Actor],
        rows: int,
        django_assert_num_queries: Any,
    ) -> None:
        for place in range(rows):
            connect_channel(actor=manager, kind="memory", name=f"Mur {place}")
        connect_channel(actor=acting(Role.BRAND_OWNER, brand_b), kind="memory", name="Secret")
        ended = connect_channel(actor=manager, kind="phone", name="Téléphone")
        revoke_channel(actor=manager, channel_id=ended.pk)
        with brand_scope(brand_a):
            assert Channel.objects.count() == rows + 1  # the first statement of a scope brings the scope along
            with django_assert_num_queries(1):
                assert [c.name for c in channels_of_brand()] == [f"Mur {place}" for place in range(rows)]
            assert len(channels_of_brand(revoked=True)) == rows + 1
            assert len(channels_taking(ActionKind.PUBLISH)) == rows
            assert channels_taking(ActionKind.PHONE_CALL) == []

    def test_a_ciphertext_copied_to_another_brand_is_of_no_use(
        self, mail: Channel, acting: Callable[..., Actor], brand_b: BrandRef
    ) -> None:
        settings = MAIL | {"password": "of-b"}
        theirs = connect_channel(actor=acting(Role.BRAND_OWNER, brand_b), kind="email", name="L", settings=settings)
        with brand_scope(brand_b):
            Channel.objects.filter(pk=theirs.pk).update(secret=mail.secret)
            with pytest.raises(SendFailed, match="secret_unreadable") as refused:
                credentials_of(Channel.objects.get(pk=theirs.pk))
        assert refused.value.permanent and not refused.value.maybe_sent


class TestRotateSecrets:
    OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()

    def test_afterwards_the_old_key_can_go(
        self,
        settings: Any,
        manager: Actor,
        acting: Callable[..., Actor],
        brand_a: BrandRef,
        brand_b: BrandRef,
        capsys: Any,
    ) -> None:
        settings.FIELD_ENCRYPTION_KEYS = (self.OLD,)
        owners = {brand_a: manager, brand_b: acting(Role.BRAND_OWNER, brand_b)}
        made = {b: connect_channel(actor=a, kind="email", name="L", settings=MAIL) for b, a in owners.items()}
        settings.FIELD_ENCRYPTION_KEYS = (self.NEW, self.OLD)
        call_command("rotate_secrets")
        settings.FIELD_ENCRYPTION_KEYS = (self.NEW,)
        for brand, channel in made.items():
            with brand_scope(brand):
                assert credentials_of(Channel.objects.get(pk=channel.pk)).reveal("password") == PASSWORD
        assert _log(brand_b) == ["channel_connected", "channel_secrets_resealed"]
        assert capsys.readouterr().out == "2 credentials resealed\n"

    def test_what_has_become_a_secret_is_taken_out_of_the_settings(
        self, settings: Any, manager: Actor, brand_a: BrandRef, capsys: Any
    ) -> None:
        """A webhook's address was a plain setting once; of a channel that has ended it is dropped."""
        settings.FIELD_ENCRYPTION_KEYS = (self.OLD,)
        keys = {"endpoint": "https://hooks.example/T0K3N", "signing_secret": f"whsec_{'A' * 32}"}
        live, ended = (connect_channel(actor=manager, kind="webhook", name=n, settings=keys) for n in ("Un", "Deux"))
        revoke_channel(actor=manager, channel_id=ended.pk)
        with durable(brand_a):
            for channel in (live, ended):
                Channel.objects.filter(pk=channel.pk).update(settings={"endpoint": keys["endpoint"], "other": 1})
            only = {"signing_secret": keys["signing_secret"]}
            sealed = vault.seal(only, brand_id=brand_a.id, channel_id=live.pk)
            Channel.objects.filter(pk=live.pk).update(secret=sealed)
        call_command("rotate_secrets")
        with brand_scope(brand_a):
            kept, gone = Channel.objects.get(pk=live.pk), Channel.objects.get(pk=ended.pk)
            assert kept.settings == gone.settings == {"other": 1} and gone.secret == b""
            assert credentials_of(kept).reveal("endpoint") == keys["endpoint"]
            assert credentials_of(kept).reveal("signing_secret") == keys["signing_secret"]
        call_command("rotate_secrets")
        assert capsys.readouterr().out == "2 credentials resealed\n1 credentials resealed\n"

    def test_what_no_key_opens_is_named(self, settings: Any, manager: Actor) -> None:
        settings.FIELD_ENCRYPTION_KEYS = (self.OLD,)
        channel = connect_channel(actor=manager, kind="email", name="L", settings=MAIL)
        settings.FIELD_ENCRYPTION_KEYS = (self.NEW,)
        with pytest.raises(CommandError, match=f"maison-a:{channel.pk}"):
            call_command("rotate_secrets")
