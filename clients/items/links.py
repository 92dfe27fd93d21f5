"""A link that says where its reader came from: the UTM words, added to what the link already carries.

Pure. A link is only ever added to: its own query, a fragment and their spelling stay as they were typed.
"""

from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, urlsplit, urlunsplit

WORDS = ("source", "medium", "campaign")


def tagged(link: str, words: Mapping[str, str]) -> str:
    """`link` with utm_source, utm_medium and utm_campaign; a word that is empty is left out, one that is there is replaced.

    Nothing is added to what is no address: `clients.channels.rules` says what is wrong with it.
    """
    wanted = {f"utm_{name}": words[name].strip() for name in WORDS if words.get(name, "").strip()}
    try:
        parts = urlsplit(link)
    except ValueError:
        return link
    if not wanted or parts.scheme not in {"http", "https"} or not parts.netloc:
        return link
    kept = [piece for piece in parts.query.split("&") if piece and _name(piece) not in wanted]
    added = [f"{name}={quote(word, safe='')}" for name, word in wanted.items()]
    return urlunsplit(parts._replace(query="&".join(kept + added)))


def _name(piece: str) -> str:
    """The name of one piece of a query, as a server reads it."""
    found = parse_qsl(piece, keep_blank_values=True)
    return found[0][0] if found else ""
