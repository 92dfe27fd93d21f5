"""Keys and clients made, changed and ended; consents, and the tokens that follow from them; what is written down of their use."""

from clients.keys.actions.consenting import Consented, consent
from clients.keys.actions.ending import end_consent, revoke_key
from clients.keys.actions.exchanging import Shown, exchange_code, give_to_service, refresh_tokens, return_token
from clients.keys.actions.keeping import keep_keys
from clients.keys.actions.making import Bounds, Made, change_key, make_key, renew_secret, take_over
from clients.keys.actions.using import note_miss, note_use

__all__ = [
    "Bounds",
    "Consented",
    "Made",
    "Shown",
    "change_key",
    "consent",
    "end_consent",
    "exchange_code",
    "give_to_service",
    "keep_keys",
    "make_key",
    "note_miss",
    "note_use",
    "refresh_tokens",
    "renew_secret",
    "return_token",
    "revoke_key",
    "take_over",
]
