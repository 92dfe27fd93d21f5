"""Whom a text names with an @. Pure. On some networks a private message goes to everybody whom it names, and to nobody else."""

import re

# As Mastodon reads a name: not behind a word, an = or a slash, so neither in a mail address nor in that of a page.
_NAMED = re.compile(r"(?<![\w=/])@([a-z0-9_]+(?:[a-z0-9_.-]*[a-z0-9_])?(?:@[\w.:-]*\w)?)", re.IGNORECASE)


def is_name(account: str) -> bool:
    """Whether a server reads all of it as one name: 'lea.' would be the end of a sentence about 'lea'."""
    return _NAMED.fullmatch(f"@{account}") is not None


def mentions(text: str, account: str) -> bool:
    """Whether a server would tell this very account: the beginning of a longer name is somebody else's."""
    name = rf"(?<![\w@/.-])@{re.escape(account)}(?![\w@-]|[.:]\w)"
    return bool(account) and re.search(name, text, re.IGNORECASE) is not None


def tail_of(remote_id: str) -> str:
    """What is left of a remote id without the ids before it: of '12_34' it is '34', and of '34' the same."""
    return remote_id.rpartition("_")[2]


def others_named(text: str, account: str) -> list[str]:
    """Everybody whom the text names but this account, each as it is written there."""
    us = account.removeprefix("@").lower()
    return [name for name in _NAMED.findall(text) if name.lower() != us]


def told_to(text: str, account: str) -> str:
    """The text as it goes out to one: their mention stands before it where it names them nowhere."""
    account = account.removeprefix("@")
    return text if not account or mentions(text, account) else f"@{account} {text}"
