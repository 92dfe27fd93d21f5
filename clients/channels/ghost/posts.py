"""Posts: a draft that carries the key in its address, then its publication; correcting, deleting, looking.

Ghost takes a change only with the moment of the last one (`updated_at`), so that nobody overwrites what they have not
seen: after a conflict we read again, once. The publication says the words once more, so that what was approved goes out.
"""

from collections.abc import Mapping
from typing import Any

from clients.channels.fetch import refused
from clients.channels.ghost.site import Site, post_id, post_in
from clients.channels.port import Outbound, Seen, SendFailed, Sent, SentState
from clients.channels.rules import is_web_link
from clients.channels.writing import html_of, slug_of, words_of

STATES = {
    "published": SentState.PUBLISHED,
    "scheduled": SentState.SCHEDULED,
    "sent": SentState.PUBLISHED,
    "draft": SentState.GONE,  # nobody sees it any more
}
LONGEST_TITLE_OF_OURS = 100


def draft_post(site: Site, outbound: Outbound) -> str:
    """The draft of this act, found by its address or made."""
    found = _by_slug(site, outbound)
    if found is None:
        said = {**_words(outbound), **_picture(site, outbound), **_tags(site), "slug": slug_of(outbound)}
        reply = site.tell("POST", "posts/", {**said, "status": "draft"}, effect=False)
        if not reply.ok:
            raise refused(reply)
        found = post_in(reply)
    return _name(found)


def try_draft(site: Site, outbound: Outbound) -> None:
    """A draft, made and deleted: for a test that no reader sees."""
    name = draft_post(site, outbound)
    try:
        site.remove(f"posts/{name}/")
    except SendFailed:
        raise SendFailed("test_left_behind", permanent=True, maybe_sent=True) from None


def publish_post(site: Site, outbound: Outbound) -> Sent:
    """Make the draft public, unless it is."""
    found = _present(site, post_id(outbound.draft))
    if found.get("status") in ("published", "scheduled", "sent"):
        return _sent(found)
    return _sent(_change(site, found, {**_words(outbound), "status": "published"}))


def correct_post(site: Site, outbound: Outbound) -> Sent:
    """Other words, and another picture where the act has one, in a post that is there."""
    found = _present(site, post_id(outbound.target))
    if _state(found) is SentState.GONE:
        raise SendFailed("target_gone", permanent=True, maybe_sent=False)
    return _sent(_change(site, found, {**_words(outbound), **_picture(site, outbound)}))


def delete_post(site: Site, outbound: Outbound) -> Sent:
    """For good: Ghost has no trash."""
    site.remove(f"posts/{post_id(outbound.target)}/")
    return Sent(remote_id=str(outbound.target), state=SentState.GONE)


def find_post(site: Site, outbound: Outbound) -> Sent | None:
    """The publication of this act; its draft is none."""
    found = _by_slug(site, outbound)
    return None if found is None or found.get("status") == "draft" else _sent(found)


def look_at_post(site: Site, outbound: Outbound) -> Seen:
    """Its state, compared with our words. Ghost tells this key nothing of its members' comments."""
    found = site.post_there(f"posts/{post_id(outbound.target)}/")
    if found is None or _state(found) is SentState.GONE:
        return Seen(SentState.GONE)
    state = _state(found)
    if state is SentState.PUBLISHED and outbound.text and not says(found, outbound):
        state = SentState.EDITED
    return Seen(state, _url(found))


def says(found: dict[str, Any], outbound: Outbound) -> bool:
    """Whether a post reads as this act does: its words, and its title where the act has one."""
    ours = _words(outbound)
    same = words_of(str(found.get("html") or "")) == words_of(ours["html"])
    return same and (not outbound.title or str(found.get("title")) == ours["title"])


def _change(site: Site, found: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    route = f"posts/{_name(found)}/"
    reply = site.tell("PUT", route, {**said, "updated_at": found.get("updated_at")}, effect=True)
    if reply.status == 409:
        again = _present(site, _name(found))
        reply = site.tell("PUT", route, {**said, "updated_at": again.get("updated_at")}, effect=True)
    if reply.status == 409:
        # Somebody writes there at this very moment: later there will be a pause.
        raise SendFailed("edited_meanwhile", permanent=False, maybe_sent=False, status=409)
    return post_in(reply)


def _present(site: Site, name: str) -> dict[str, Any]:
    found = site.post_there(f"posts/{name}/")
    if found is None:
        raise SendFailed("target_gone", permanent=True, maybe_sent=False)
    return found


def _by_slug(site: Site, outbound: Outbound) -> dict[str, Any] | None:
    return site.post_there(f"posts/slug/{slug_of(outbound)}/")


def title_of(title: str, text: str, link: str) -> str:
    """Ghost has no post without a title: the first line stands in for one."""
    return title or text.strip().partition("\n")[0].strip()[:LONGEST_TITLE_OF_OURS] or link


def tags_in(settings: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(tag.strip() for tag in str(settings.get("tags", "")).split(",") if tag.strip())


def _words(outbound: Outbound) -> dict[str, str]:
    title = title_of(outbound.title, outbound.text, outbound.link)
    return {"title": title, "html": html_of(outbound.text, outbound.link)}


def _picture(site: Site, outbound: Outbound) -> dict[str, str]:
    if not outbound.media:
        return {}
    file = outbound.media[0]
    return {"feature_image": site.upload(slug_of(outbound), file.data, file.mime), "feature_image_alt": file.alt}


def _tags(site: Site) -> dict[str, Any]:
    return {"tags": [{"name": tag} for tag in tags_in(site.settings)]}


def _state(found: dict[str, Any]) -> SentState:
    return STATES.get(str(found.get("status")), SentState.ACCEPTED)


def _url(found: dict[str, Any]) -> str:
    link = str(found.get("url", ""))
    return link if is_web_link(link) else ""


def _name(found: dict[str, Any]) -> str:
    try:
        return post_id(str(found.get("id")))
    except SendFailed:
        raise SendFailed("answer_unreadable", permanent=False, maybe_sent=True) from None


def _sent(found: dict[str, Any]) -> Sent:
    return Sent(remote_id=_name(found), url=_url(found), state=_state(found))
