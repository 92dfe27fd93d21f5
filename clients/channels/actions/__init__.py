"""What is done to a brand's channels: by the brand, by an agency it invited, by the installation, by the gate."""

from clients.channels.actions.authorising import finish_authorisation, renew_tokens
from clients.channels.actions.checking import check_channel, mark_health, note_health
from clients.channels.actions.connecting import connect_channel, revoke_channel, rotate_secret
from clients.channels.actions.inviting import confirm_channel, connect_invited, invite_to_connect
from clients.channels.actions.resealing import reseal_secrets

__all__ = [
    "check_channel",
    "confirm_channel",
    "connect_channel",
    "connect_invited",
    "finish_authorisation",
    "invite_to_connect",
    "mark_health",
    "note_health",
    "renew_tokens",
    "reseal_secrets",
    "revoke_channel",
    "rotate_secret",
]
