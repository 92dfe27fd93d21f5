"""A network that hands out tokens and can be asked whom they open; its server is `authority`."""

from collections.abc import Mapping
from typing import Any

from clients.autonomy.vocabulary import ActionKind
from clients.channels.fetch import call, refused
from clients.channels.port import (
    Account,
    Capabilities,
    Idempotency,
    OAuth,
    Outbound,
    SendFailed,
    Sent,
    SettingField,
    SettingType,
)
from clients.channels.secret import Secrets


class NetworkConnector:
    kind = "network"
    fields = (
        SettingField("port", SettingType.NUMBER, least=1, most=65535),
        SettingField("access_token", SettingType.SECRET),
    )
    declares = Capabilities(kinds=frozenset({ActionKind.PUBLISH}), idempotency=Idempotency.NONE, max_length=500)
    oauth = OAuth(
        authorize="http://127.0.0.1:{port}/authorize",
        token="http://127.0.0.1:{port}/token",
        revoke="http://127.0.0.1:{port}/revoke",
        register="http://127.0.0.1:{port}/register",
        scopes=("read", "write"),
    )

    def check_settings(self, settings: Mapping[str, Any], secret: Secrets) -> None:
        """Nothing that no single field can know."""

    def check(self, settings: Mapping[str, Any], secret: Secrets, until: float) -> Account:
        reply = call(
            "GET",
            f"http://127.0.0.1:{settings['port']}/me",
            until=until,
            allow_private=True,
            headers={"authorization": f"Bearer {secret.reveal('access_token')}"},
        )
        if not reply.ok:
            raise refused(reply)
        said = reply.fields()
        missing = tuple(scope for scope in self.oauth.scopes if scope not in said["scopes"])
        return Account(said["handle"], "https://network.example/@maison", tuple(said["scopes"]), missing)

    def send(self, outbound: Outbound, until: float) -> Sent:
        return Sent("1")

    def find(self, outbound: Outbound, until: float) -> Sent | None:
        raise SendFailed("cannot_look_up", permanent=True, maybe_sent=True)


CONNECTOR = NetworkConnector()
