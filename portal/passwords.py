"""What a password may not be, besides short: words that everybody here knows with a few signs around them, and what has leaked.

The words of the house (`HOUSE`), and those of the person: their name, their address, and the brands and agencies they work
with or are invited to. A passphrase may well hold one of them; what it holds besides must be long enough alone.

What has leaked: Django's list are the 20,000 most common of Pwned Passwords, and here also with a few digits and signs around
them. An installation may keep the whole of that collection beside it (LEAKED_PASSWORDS): it is asked offline, no service is.
"""

import re
import unicodedata
from collections.abc import Iterable
from hashlib import sha1
from os import SEEK_END
from pathlib import Path
from typing import Any, BinaryIO

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tenants.models import Invitation, Membership, Person

HOUSE = ("relais", "relay", "motdepasse", "password", "passwort", "community", "manager", "approbation", "approval")
SHORTEST_WORD = 3
LEAST_BESIDES = 8
MOST_AROUND = 6
_UNDISGUISED = str.maketrans("0134578@$!", "oieastbasi")


class ContextWords:
    """Refuses a password that is little more than words of the house or of the person."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError 'password_of_context'."""
        left = folded(password)
        for word in sorted({folded(w) for w in words_of(user)}, key=len, reverse=True):
            if len(word) >= SHORTEST_WORD:
                left = left.replace(word, "")
        if left != folded(password) and len(left) < LEAST_BESIDES:
            raise ValidationError(self.get_error_message(), code="password_of_context")

    def get_error_message(self) -> str:
        return _("This password is little more than a name: yours, that of your brand or agency, or ours.")

    def get_help_text(self) -> str:
        return _("More than your name and the names of your brand, your agency and Relais.")


class LeakedPasswords(CommonPasswordValidator):
    """Refuses what stands in a list of leaked passwords, also with a few digits or signs before or behind."""

    def __init__(self, leaked: Path | None = None) -> None:
        super().__init__()
        self.leaked = leaked

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError 'password_leaked'."""
        core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", password).lower()
        dressed = len(password) - len(core) <= MOST_AROUND and core in self.passwords
        known = password.lower().strip() in self.passwords
        if dressed or known or (self.leaked is not None and is_in(self.leaked, password)):
            raise ValidationError(self.get_error_message(), code="password_leaked")

    def get_error_message(self) -> str:
        return _("This password has leaked somewhere before: whoever guesses passwords tries it early.")

    def get_help_text(self) -> str:
        return _("None that has ever leaked, nor one with a few digits added.")


def words_of(person: Any) -> Iterable[str]:
    """The words that count for nothing in a password of theirs. An invited person is known by their address alone."""
    yield from HOUSE
    if not isinstance(person, Person):
        return
    yield from re.split(r"\W+", f"{person.name} {person.email.partition('@')[0]}")
    places = Membership.objects.filter(person_id=person.pk, ended_at=None).values_list("brand__name", "agency__name")
    doors = Invitation.objects.filter(email=person.email, revoked_at=None).values_list("brand__name", "agency__name")
    for names in (*places, *doors):
        yield from filter(None, names)


def folded(text: str) -> str:
    """Letters and digits alone, without accents and case, and without the usual disguises: 'Mais0n-Lüne' is 'maisonlune'."""
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_UNDISGUISED)
    return "".join(c for c in plain if c.isalnum())


def is_in(collection: Path, password: str) -> bool:
    """Whether the file, lines of '<SHA-1 in capitals>:<count>' in order, has this password: by halving, in some 40 looks."""
    wanted = sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with collection.open("rb") as lines:
        low, high = 0, lines.seek(0, SEEK_END)
        while low < high:
            middle = (low + high) // 2
            line = _line_from(lines, middle)
            if line and line[: len(wanted)] < wanted:
                low = middle + 1
            else:
                high = middle
        return _line_from(lines, low)[: len(wanted)] == wanted


def _line_from(lines: BinaryIO, at: int) -> bytes:
    """The first line that begins there or later; b'' behind the last one."""
    lines.seek(max(0, at - 1))
    if at:
        lines.readline()
    return lines.readline()
