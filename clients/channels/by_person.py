"""What the channels have in common on which nothing is sent: a person performs the act and confirms it afterwards.

The gate decides about such an act like about any other, and its receipt says who confirmed it. The text of the item is
what the person is to say or do. Class D, because only that person knows what happened.
"""

from collections.abc import Mapping
from typing import Any, NoReturn

from clients.autonomy.vocabulary import ActionKind
from clients.channels.port import Capabilities, Idempotency, Outbound, SendFailed, SettingField
from clients.channels.secret import Secrets


class PerformedByPerson:
    """A connector that never connects. The guard refuses to call it; it refuses once more itself."""

    fields: tuple[SettingField, ...] = (SettingField("note", required=False),)

    def check_settings(self, settings: Mapping[str, Any], secret: Secrets) -> None:
        """A note for those who perform the act needs no check."""

    def send(self, outbound: Outbound, until: float) -> NoReturn:
        raise SendFailed("performed_by_person", permanent=True, maybe_sent=False)

    def find(self, outbound: Outbound, until: float) -> NoReturn:
        raise SendFailed("performed_by_person", permanent=True, maybe_sent=False)


def performed(*kinds: ActionKind) -> Capabilities:
    """What such a channel declares: no media, a title to recognise the act by, room for a script."""
    return Capabilities(
        kinds=frozenset(kinds),
        idempotency=Idempotency.NONE,
        performed_by_person=True,
        max_length=20_000,
        max_title=200,
        alt_text_required=False,
    )
