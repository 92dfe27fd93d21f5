"""Posts: a container that nobody sees, then its publication. A container is published once, and says itself whether it was.

Instagram lists no containers and keeps no key, so the draft's id is the container's with the moment of its making: if the
answer to a publication is lost, the container says that it happened, and the post is the one with our words since then.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from clients.channels.graph import Graph, id_in, listed
from clients.channels.instagram.comments import comment_first
from clients.channels.marks import same_words
from clients.channels.port import MediaFile, Outbound, Seen, SendFailed, Sent, SentState
from clients.channels.recognising import CLOCKS_DIFFER, Alike, moment_of, ours_among
from clients.channels.rules import is_web_link, outgoing_text

POLL_SECONDS = 0.5
NEWEST = 50
AT_ONCE = 5
_LIMIT_LOOKED_AT_AGAIN = timedelta(hours=1)
_POST = "id,caption,timestamp,permalink"


def draft_post(account: Graph, outbound: Outbound) -> str:
    """One container for a picture; for several one each, and one that holds them. Instagram fetches what they show."""
    _require_room(account, outbound)
    since, owner = int(time.time()), outbound.settings["account"]
    caption = {"caption": outgoing_text(outbound.text, outbound.link)}
    if len(outbound.media) == 1:
        return f"{_container(account, owner, _picture(outbound.media[0]) | caption)}@{since}"

    def child(file: MediaFile) -> str:
        made = _container(account, owner, _picture(file) | {"is_carousel_item": "true"})
        _settled(account, made)
        return made

    with ThreadPoolExecutor(max_workers=AT_ONCE) as at_once:
        children = list(at_once.map(child, outbound.media))
    whole = {"media_type": "CAROUSEL", "children": ",".join(children)}
    return f"{_container(account, owner, whole | caption)}@{since}"


def publish_post(account: Graph, outbound: Outbound) -> Sent:
    """Make the container public, unless it is; then the first comment."""
    container, since = _taken_apart(outbound.draft)
    made = ""
    if _settled(account, container) != "PUBLISHED":
        made = _publish(account, outbound.settings["account"], container)
    post = made or _the_post(account, outbound, since)
    comment_first(account, outbound, post, looking=not made)
    return Sent(post, _permalink(account, post))


def find_post(account: Graph, outbound: Outbound) -> Sent | None:
    """What the container says; without one, whether a post has our words since the act's first moment."""
    if outbound.draft:
        container, since = _taken_apart(outbound.draft)
        published = _status(account, container) == "PUBLISHED"
        found = _the_post(account, outbound, since) if published else None
    else:
        found = ours_among(outbound, _alike(account, outbound), telling=bool(outbound.text))
    return None if found is None else Sent(found, _permalink(account, found))


def look_at_post(account: Graph, outbound: Outbound, post: str) -> Seen:
    said = account.ask(post, fields="caption,permalink,comments_count,like_count")
    same = not outbound.text or same_words(_words(said), outgoing_text(outbound.text, outbound.link))
    return Seen(
        SentState.PUBLISHED if same else SentState.EDITED,
        _link(said),
        replies=count_in(said, "comments_count"),
        reactions=count_in(said, "like_count"),
    )


def count_in(said: dict[str, object], name: str) -> int | None:
    found = said.get(name)
    return found if isinstance(found, int) and found >= 0 else None


def _require_room(account: Graph, outbound: Outbound) -> None:
    """So many posts in 24 hours and no more: asked before anything is made, and looked at again in an hour."""
    said = account.ask(f"{outbound.settings['account']}/content_publishing_limit", fields="quota_usage,config")
    for each in listed(said):
        used, config = each.get("quota_usage"), each.get("config")
        total = config.get("quota_total") if isinstance(config, dict) else None
        if isinstance(used, int) and isinstance(total, int) and used >= total:
            later = datetime.now(UTC) + _LIMIT_LOOKED_AT_AGAIN
            raise SendFailed("daily_limit", permanent=False, maybe_sent=False, retry_at=later)


def _picture(file: MediaFile) -> dict[str, str]:
    if not file.url:
        raise SendFailed("media_not_fetched", permanent=True, maybe_sent=False)
    return {"image_url": file.url} | ({"alt_text": file.alt} if file.alt else {})


def _container(account: Graph, owner: str, form: dict[str, str]) -> str:
    made = id_in(account.do("POST", f"{owner}/media", form, effect=False))
    if not made.isdigit():
        raise SendFailed("answer_unreadable", permanent=False, maybe_sent=False)
    return made


def _status(account: Graph, container: str) -> str:
    return str(account.ask(container, fields="status_code").get("status_code"))


def _settled(account: Graph, container: str) -> str:
    """FINISHED or PUBLISHED, once Instagram has its pictures. Raises SendFailed for what will be neither."""
    while (status := _status(account, container)) == "IN_PROGRESS":
        if time.monotonic() + POLL_SECONDS >= account.until:
            raise SendFailed("media_not_ready", permanent=False, maybe_sent=False)
        time.sleep(POLL_SECONDS)
    if status in ("FINISHED", "PUBLISHED"):
        return status
    code, permanent = _ENDS.get(status, ("answer_unreadable", False))
    raise SendFailed(code, permanent=permanent, maybe_sent=False)


_ENDS = {"EXPIRED": ("draft_expired", True), "ERROR": ("content_refused", True)}


def _publish(account: Graph, owner: str, container: str) -> str:
    """The new post's id; '' where Instagram refuses because it is published already."""
    try:
        return id_in(account.do("POST", f"{owner}/media_publish", {"creation_id": container}), hidden=True)
    except SendFailed as failure:
        if failure.maybe_sent or not _is_published(account, container):
            raise
    return ""


def _is_published(account: Graph, container: str) -> bool:
    try:
        return _status(account, container) == "PUBLISHED"
    except SendFailed:
        return False


def _the_post(account: Graph, outbound: Outbound, since: datetime) -> str:
    """INVARIANT: a publication that happened is never told as another's post: of none or several a person decides.

    So it is of one without words, by which nobody could know it.
    """
    earliest = max(since, outbound.begun or since) - CLOCKS_DIFFER
    found = [each.remote_id for each in _alike(account, outbound) if each.made is None or each.made >= earliest]
    if len(found) != 1 or not outgoing_text(outbound.text, outbound.link):
        raise SendFailed("cannot_look_up", permanent=False, maybe_sent=True)
    return found[0]


def _alike(account: Graph, outbound: Outbound) -> list[Alike]:
    """The account's posts with our words, newest first."""
    ours = outgoing_text(outbound.text, outbound.link)
    said = account.ask(f"{outbound.settings['account']}/media", fields=_POST, limit=str(NEWEST))
    same = (each for each in listed(said) if same_words(_words(each), ours))
    return [Alike(id_in(each), moment_of(each.get("timestamp"))) for each in same]


def _permalink(account: Graph, post: str) -> str:
    """The post is out: that its address cannot be read now must not make a failure of it."""
    try:
        return _link(account.ask(post, fields="permalink"))
    except SendFailed:
        return ""


def _link(said: dict[str, object]) -> str:
    link = str(said.get("permalink") or "")
    return link if is_web_link(link) else ""


def _words(said: dict[str, object]) -> str:
    return str(said.get("caption") or "")


def _taken_apart(draft: str) -> tuple[str, datetime]:
    container, _, since = draft.partition("@")
    if not (container.isdigit() and since.isdigit()):
        raise SendFailed("draft_expired", permanent=True, maybe_sent=False)
    return container, datetime.fromtimestamp(int(since), UTC)
