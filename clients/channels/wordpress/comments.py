"""Comments: an answer is written into the moderators' queue, marked with the key, and then let out of it.

A comment has one field of ours that readers never see, the name of the program that wrote it: there the mark stands.
TRAP: every change over the API writes our User-Agent into that field unless the change names it anew.
"""

from html import escape
from typing import Any

from clients.autonomy.vocabulary import ActionKind
from clients.channels.port import Outbound, Seen, SendFailed, Sent, SentState
from clients.channels.rules import is_web_link, outgoing_text
from clients.channels.wordpress.site import Site, kind_of, listed, number_in, total
from clients.channels.writing import mark_of, words_of

STATES = {"approved": SentState.PUBLISHED, "hold": SentState.QUEUED, "spam": SentState.GONE, "trash": SentState.GONE}


def draft_answer(site: Site, outbound: Outbound) -> str:
    """The answer in the queue, where moderators see it and readers do not; found by its mark or made."""
    post, parent = _place(site, outbound)
    found = _by_mark(site, outbound, post, parent)
    if found is None:
        said = {"post": post, "parent": parent, "content": _text(outbound), "status": "hold"}
        found = site.tell("comments", {**said, "author_user_agent": _mark(outbound)}, effect=False)
    return _name(found)


def let_out(site: Site, outbound: Outbound) -> Sent:
    """The answer before everybody's eyes. 'queued' where the site keeps it in its queue all the same."""
    number = number_in(outbound.draft, "comment")
    found = site.there(f"comments/{number}")
    if found is None or _state(found) is SentState.GONE:
        raise SendFailed("target_gone", permanent=True, maybe_sent=False)
    if _state(found) is not SentState.PUBLISHED:
        said = {"content": _text(outbound), "status": "approved", "author_user_agent": _mark(outbound)}
        found = site.tell(f"comments/{number}", said, effect=True)
    return _sent(found)


def find_answer(site: Site, outbound: Outbound) -> Sent | None:
    """The answer that readers see; one in the queue is still ours to let out."""
    post, parent = _place(site, outbound)
    found = _by_mark(site, outbound, post, parent)
    return _sent(found) if found and _state(found) is SentState.PUBLISHED else None


def moderate(site: Site, outbound: Outbound) -> Sent:
    """Hide somebody's comment, or show it again."""
    shown = outbound.kind is ActionKind.UNHIDE
    number = number_in(outbound.target, "comment")
    found = site.there(f"comments/{number}")
    if found is None or _state(found) is SentState.GONE:
        raise SendFailed("target_gone", permanent=True, maybe_sent=False)
    said: dict[str, Any] = {"status": "approved" if shown else "hold"}
    if found.get("author_user_agent"):
        said["author_user_agent"] = found["author_user_agent"]
    found = site.tell(f"comments/{number}", said, effect=True)
    done = (_state(found) is SentState.PUBLISHED) is shown
    # Hidden there is neither gone nor waiting: taken over is what can be said of it.
    return Sent(str(outbound.target), _url(found), SentState.ACCEPTED if done and not shown else _state(found))


def correct_comment(site: Site, outbound: Outbound) -> Sent:
    """Other words in an answer of ours."""
    number = number_in(outbound.target, "comment")
    found = site.there(f"comments/{number}")
    if found is None or _state(found) is SentState.GONE:
        raise SendFailed("target_gone", permanent=True, maybe_sent=False)
    said = {"content": _text(outbound), "author_user_agent": found.get("author_user_agent") or _mark(outbound)}
    return _sent(site.tell(f"comments/{number}", said, effect=True))


def trash_comment(site: Site, outbound: Outbound) -> Sent:
    """Into the trash, from where a moderator of the site could take it back."""
    site.remove(f"comments/{number_in(outbound.target, 'comment')}")
    return Sent(remote_id=str(outbound.target), state=SentState.GONE)


def look_at_comment(site: Site, outbound: Outbound) -> Seen:
    """Its state, compared with our words, and how many answers it shows."""
    number = number_in(outbound.target, "comment")
    found = site.there(f"comments/{number}")
    state = SentState.GONE if found is None else _state(found)
    if found is None or state is SentState.GONE:
        return Seen(state)
    if state is SentState.PUBLISHED and outbound.text and not says(found, outbound):
        state = SentState.EDITED
    return Seen(state, _url(found), replies=total(site.ask("comments", parent=number, per_page=1)))


def says(found: dict[str, Any], outbound: Outbound) -> bool:
    """Whether a comment reads as this act does."""
    return words_of(_raw(found)) == words_of(_text(outbound))


def _place(site: Site, outbound: Outbound) -> tuple[int, int]:
    """(post, parent): under a post, or under somebody's comment on one."""
    if kind_of(outbound.target) == "post":
        return number_in(outbound.target, "post"), 0
    number = number_in(outbound.target, "comment")
    found = site.there(f"comments/{number}")
    if found is None or _state(found) is SentState.GONE or not isinstance(found.get("post"), int):
        raise SendFailed("target_gone", permanent=True, maybe_sent=False)
    return int(found["post"]), number


def _by_mark(site: Site, outbound: Outbound, post: int, parent: int) -> dict[str, Any] | None:
    near = site.ask("comments", post=post, parent=parent, status="all", context="edit", per_page=100)
    return next((each for each in listed(near) if each.get("author_user_agent") == _mark(outbound)), None)


def _mark(outbound: Outbound) -> str:
    return f"Relais {mark_of(outbound.key)}"


def _text(outbound: Outbound) -> str:
    """Escaped, because a moderator's account may write any HTML; WordPress itself makes lines and links of it."""
    return escape(outgoing_text(outbound.text, outbound.link), quote=False)


def _raw(found: dict[str, Any]) -> str:
    content = found.get("content")
    return str(content.get("raw", "")) if isinstance(content, dict) else ""


def _state(found: dict[str, Any]) -> SentState:
    return STATES.get(str(found.get("status")), SentState.QUEUED)


def _url(found: dict[str, Any]) -> str:
    link = str(found.get("link", ""))
    return link if is_web_link(link) else ""


def _name(found: dict[str, Any]) -> str:
    number = found.get("id")
    if not isinstance(number, int) or number < 1:
        raise SendFailed("answer_unreadable", permanent=False, maybe_sent=True)
    return f"comment-{number}"


def _sent(found: dict[str, Any]) -> Sent:
    return Sent(remote_id=_name(found), url=_url(found), state=_state(found))
