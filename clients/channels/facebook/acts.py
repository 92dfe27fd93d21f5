"""What can be done on a page, and how each act is found again."""

import json
import re
from collections.abc import Callable
from typing import Any

from clients.autonomy.vocabulary import ActionKind
from clients.channels.graph import Graph, id_in, listed
from clients.channels.marks import same_words
from clients.channels.port import Outbound, SendFailed, Sent, SentState
from clients.channels.recognising import Alike, moment_of, ours_among, since
from clients.channels.rules import outgoing_text

WHOLE_PAGE = 100
_ID = re.compile(r"[1-9][0-9]*(?:_[1-9][0-9]*)*")
_POST = "id,message,permalink_url"
_PICTURES = "attachments{media_type,subattachments{media_type}}"

Act = Callable[[Graph, Outbound], Sent]
Find = Callable[[Graph, Outbound], Sent | None]


def publish(page: Graph, outbound: Outbound) -> Sent:
    """Pictures first, unseen; then the post that shows them."""
    form = {"message": outgoing_text(outbound.text, "" if not outbound.media else outbound.link)}
    if outbound.link and not outbound.media:
        form["link"] = outbound.link
    for place, file in enumerate(outbound.media):
        kept = {"published": "false", "alt_text_custom": file.alt}
        files = {"source": (f"picture-{place}", file.data, file.mime)}
        picture = page.do("POST", f"{outbound.settings['page']}/photos", kept, files=files, effect=False)
        form[f"attached_media[{place}]"] = json.dumps({"media_fbid": id_in(picture)})
    made = id_in(page.do("POST", f"{outbound.settings['page']}/feed", form), hidden=True)
    return _sent(made)


def answer(page: Graph, outbound: Outbound) -> Sent:
    words = {"message": outgoing_text(outbound.text, outbound.link)}
    return _sent(id_in(page.do("POST", f"{target_of(outbound)}/comments", words), hidden=True))


def correct(page: Graph, outbound: Outbound) -> Sent:
    page.do("POST", target_of(outbound), {"message": outgoing_text(outbound.text, outbound.link)})
    return _sent(target_of(outbound))


def delete(page: Graph, outbound: Outbound) -> Sent:
    target = target_of(outbound)  # outside: an id that is none must not be told as gone
    try:
        page.do("DELETE", target)
    except SendFailed as failure:
        if failure.code != "target_gone":
            raise
    return Sent(target, state=SentState.GONE)


def hide(page: Graph, outbound: Outbound) -> Sent:
    page.do("POST", target_of(outbound), {"is_hidden": _hidden(outbound)})
    return _sent(target_of(outbound))


def find_post(page: Graph, outbound: Outbound) -> Sent | None:
    """Only ours: visitors may write on a page, too."""
    found = page.ask(
        f"{outbound.settings['page']}/feed",
        fields=f"id,message,from,created_time,{_PICTURES}",
        since=str(int(since(outbound).timestamp())),
        limit=str(WHOLE_PAGE),
    )
    posts = [each for each in listed(found) if _pictures_in(each) == len(outbound.media)]
    return _ours(found, posts, outbound, "" if not outbound.media else outbound.link)


def find_answer(page: Graph, outbound: Outbound) -> Sent | None:
    """Only ours: `from` is told to the page for its own comments."""
    found = page.ask(
        f"{target_of(outbound)}/comments",
        fields="id,message,from,created_time",
        order="reverse_chronological",
        filter="stream",
        limit=str(WHOLE_PAGE),
    )
    return _ours(found, listed(found), outbound, outbound.link)


def find_correction(page: Graph, outbound: Outbound) -> Sent | None:
    said = page.ask(target_of(outbound), fields=_POST)
    same = same_words(str(said.get("message", "")), outgoing_text(outbound.text, outbound.link))
    return _sent(target_of(outbound)) if same else None


def find_gone(page: Graph, outbound: Outbound) -> Sent | None:
    try:
        page.ask(target_of(outbound), fields="id")
    except SendFailed as failure:
        if failure.code == "target_gone":
            return Sent(target_of(outbound), state=SentState.GONE)
        raise
    return None


def find_hidden(page: Graph, outbound: Outbound) -> Sent | None:
    said = page.ask(target_of(outbound), fields="is_hidden")
    return _sent(target_of(outbound)) if said.get("is_hidden") is (_hidden(outbound) == "true") else None


ACTS: dict[ActionKind, tuple[Act, Find]] = {
    ActionKind.PUBLISH: (publish, find_post),
    ActionKind.ANSWER: (answer, find_answer),
    ActionKind.ACKNOWLEDGE: (answer, find_answer),
    ActionKind.CORRECT: (correct, find_correction),
    ActionKind.DELETE: (delete, find_gone),
    ActionKind.HIDE: (hide, find_hidden),
    ActionKind.UNHIDE: (hide, find_hidden),
}


def target_of(outbound: Outbound) -> str:
    """An id as Meta writes them, in its one spelling; anything else could be another path."""
    target = outbound.target or ""
    if not _ID.fullmatch(target):
        raise SendFailed("target_gone", permanent=True, maybe_sent=False)
    return target


def _ours(said: dict[str, Any], shown: list[dict[str, Any]], outbound: Outbound, link: str) -> Sent | None:
    words, by_us = outgoing_text(outbound.text, link), outbound.settings["page"]
    alike = (
        Alike(id_in(each), moment_of(each.get("created_time")))
        for each in shown
        if (each.get("from") or {}).get("id") == by_us and same_words(str(each.get("message", "")), words)
    )
    made = ours_among(outbound, alike, telling=bool(words), whole=len(listed(said)) < WHOLE_PAGE)
    return None if made is None else _sent(made)


def _pictures_in(post: dict[str, Any]) -> int:
    """Of one picture it is told as an attachment, of several as what lies below an album."""
    shown = listed(post.get("attachments") or {})
    below = [each for every in shown for each in listed(every.get("subattachments") or {})]
    return sum(each.get("media_type") == "photo" for each in (below or shown))


def _hidden(outbound: Outbound) -> str:
    return "true" if outbound.kind is ActionKind.HIDE else "false"


def _sent(remote_id: str) -> Sent:
    return Sent(remote_id, f"https://www.facebook.com/{remote_id}")
