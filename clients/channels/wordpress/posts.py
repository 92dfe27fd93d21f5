"""Posts: a draft that carries the key in its address, then its publication; correcting, trashing, looking.

The publication says the whole content once more: what was approved is what goes out, even if somebody edited the draft
in between. A post that somebody there has trashed stays in the trash.
"""

from html import escape
from typing import Any

from clients.channels.port import Outbound, Seen, SendFailed, Sent, SentState
from clients.channels.rules import is_web_link
from clients.channels.wordpress.site import Site, listed, number_in, total
from clients.channels.writing import html_of, slug_of, words_of

STATES = {
    "publish": SentState.PUBLISHED,
    "future": SentState.SCHEDULED,
    "pending": SentState.QUEUED,
    "private": SentState.ACCEPTED,
    "draft": SentState.GONE,  # nobody sees it any more
    "trash": SentState.GONE,
}


def draft_post(site: Site, outbound: Outbound) -> str:
    """The draft of this act, found by its address or made."""
    found = _by_slug(site, outbound)
    if found is None:
        said = {**_content(site, outbound), "slug": slug_of(outbound), "status": "draft"}
        found = site.tell("posts", said, effect=False)
    return _name(found)


def try_draft(site: Site, outbound: Outbound) -> None:
    """A draft, made and deleted for good: for a test that no reader sees."""
    number = number_in(draft_post(site, outbound), "post")
    try:
        site.remove(f"posts/{number}", for_good=True)
    except SendFailed:
        raise SendFailed("test_left_behind", permanent=True, maybe_sent=True) from None


def publish_post(site: Site, outbound: Outbound) -> Sent:
    """Make the draft public, unless it is."""
    number = number_in(outbound.draft, "post")
    found = site.there(f"posts/{number}")
    if found is None or found.get("status") == "trash":
        raise SendFailed("target_gone", permanent=True, maybe_sent=False)
    if found.get("status") not in ("publish", "future", "private"):
        found = site.tell(f"posts/{number}", {**_content(site, outbound), "status": "publish"}, effect=True)
    return _sent(found)


def correct_post(site: Site, outbound: Outbound) -> Sent:
    """Other words in a post that is there."""
    number = number_in(outbound.target, "post")
    found = site.there(f"posts/{number}")
    if found is None or _state(found) is SentState.GONE:
        raise SendFailed("target_gone", permanent=True, maybe_sent=False)
    return _sent(site.tell(f"posts/{number}", _content(site, outbound), effect=True))


def trash_post(site: Site, outbound: Outbound) -> Sent:
    """Into the trash, from where an editor of the site could take it back."""
    site.remove(f"posts/{number_in(outbound.target, 'post')}")
    return Sent(remote_id=str(outbound.target), state=SentState.GONE)


def find_post(site: Site, outbound: Outbound) -> Sent | None:
    """The publication of this act; its draft is none."""
    found = _by_slug(site, outbound)
    return None if found is None or found.get("status") in ("draft", "auto-draft") else _sent(found)


def look_at_post(site: Site, outbound: Outbound) -> Seen:
    """Its state, compared with our words, and how many comments it shows."""
    number = number_in(outbound.target, "post")
    found = site.there(f"posts/{number}")
    if found is None:
        return Seen(SentState.GONE)
    state = _state(found)
    if state is SentState.GONE:
        return Seen(state)
    if state is SentState.PUBLISHED and outbound.text and not says(found, outbound):
        state = SentState.EDITED
    return Seen(state, _url(found), replies=total(site.ask("comments", post=number, per_page=1)))


def says(found: dict[str, Any], outbound: Outbound) -> bool:
    """Whether a post reads as this act does: its words, and its title where the act has one."""
    same = words_of(_raw(found, "content")) == words_of(_text(outbound))
    return same and (not outbound.title or words_of(_raw(found, "title")) == words_of(_title(outbound)))


def _content(site: Site, outbound: Outbound) -> dict[str, Any]:
    pictures = [_picture(site, outbound, place) for place in range(len(outbound.media))]
    said: dict[str, Any] = {"content": "\n".join([_text(outbound), *map(_figure, pictures[1:])])}
    if outbound.title:
        said["title"] = _title(outbound)
    if pictures:
        said["featured_media"] = pictures[0]["id"]
    return said


def _text(outbound: Outbound) -> str:
    """Square brackets as entities: WordPress would run a `[shortcode]` that somebody only wrote."""
    return html_of(outbound.text, outbound.link).replace("[", "&#91;").replace("]", "&#93;")


def _title(outbound: Outbound) -> str:
    """A title is HTML there."""
    return escape(outbound.title, quote=False)


def _picture(site: Site, outbound: Outbound, place: int) -> dict[str, Any]:
    """A picture of this act in the library, found by its name or put there."""
    name, file = f"{slug_of(outbound)}-{place + 1}", outbound.media[place]
    found = listed(site.ask("media", slug=name, context="edit"))
    return found[0] if found else site.upload(name, file.data, file.mime, file.alt)


def _figure(picture: dict[str, Any]) -> str:
    source, alt = escape(str(picture.get("source_url", ""))), escape(str(picture.get("alt_text", "")))
    return f'<figure><img src="{source}" alt="{alt}"></figure>'


def _by_slug(site: Site, outbound: Outbound) -> dict[str, Any] | None:
    found = listed(site.ask_as_editor("posts", slug=slug_of(outbound), status="any"))
    return found[0] if found else None


def _raw(found: dict[str, Any], name: str) -> str:
    part = found.get(name)
    return str(part.get("raw", "")) if isinstance(part, dict) else ""


def _state(found: dict[str, Any]) -> SentState:
    return STATES.get(str(found.get("status")), SentState.ACCEPTED)


def _url(found: dict[str, Any]) -> str:
    link = str(found.get("link", ""))
    return link if is_web_link(link) else ""


def _name(found: dict[str, Any]) -> str:
    number = found.get("id")
    if not isinstance(number, int) or number < 1:
        raise SendFailed("answer_unreadable", permanent=False, maybe_sent=True)
    return f"post-{number}"


def _sent(found: dict[str, Any]) -> Sent:
    return Sent(remote_id=_name(found), url=_url(found), state=_state(found))
