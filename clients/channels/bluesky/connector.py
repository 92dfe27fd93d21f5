"""Bluesky: class A. A record's key is ours to choose, and a record is only ever made where there is none of that key.

`swapRecord: null` is what makes it safe: the server itself refuses a second record under the key, whoever asks first.
"""

from collections.abc import Mapping
from typing import Any

from clients.autonomy.vocabulary import ActionKind
from clients.channels.bluesky.records import (
    LIKE,
    POST,
    Place,
    Reference,
    card,
    images,
    like_record,
    place_of,
    post_record,
    record_key,
    reply_to,
)
from clients.channels.bluesky.xrpc import Session, error_of, failed, log_in
from clients.channels.port import (
    Account,
    Capabilities,
    Counting,
    Idempotency,
    Outbound,
    Seen,
    SendFailed,
    Sent,
    SentState,
    SettingField,
    SettingType,
)
from clients.channels.rules import outgoing_text
from clients.channels.secret import Secrets

REPLIES = frozenset({ActionKind.ANSWER, ActionKind.ACKNOWLEDGE})


class BlueskyConnector:
    kind = "bluesky"
    fields = (
        SettingField("site", SettingType.SITE, default="https://bsky.social"),
        SettingField("handle"),
        SettingField("password", SettingType.SECRET),
        SettingField("language", required=False),
    )
    declares = Capabilities(
        kinds=REPLIES | {ActionKind.PUBLISH, ActionKind.REACT, ActionKind.DELETE},
        idempotency=Idempotency.REMOTE_KEY,
        max_length=300,
        counting=Counting.GRAPHEMES,
        max_bytes=3000,
        max_media=4,
        media_types=frozenset({"image/jpeg", "image/png", "image/webp"}),
        max_media_bytes=1_000_000,
        max_alt=2000,
        target_for=REPLIES | {ActionKind.REACT, ActionKind.DELETE},
        max_parts=10,
        gap_seconds=10.0,  # thirty log-ins in five minutes
    )

    def check_settings(self, settings: Mapping[str, Any], secret: Secrets) -> None:
        """Nothing that a single setting could not know."""

    def send(self, outbound: Outbound, until: float) -> Sent:
        session = log_in(outbound.settings, outbound.secret, until)
        if outbound.kind is ActionKind.DELETE:
            return _take_back(session, outbound)
        if outbound.kind is ActionKind.REACT:
            record = like_record(_target(session, outbound)[1], outbound.moment)
            return _sent(session, _put(session, LIKE, record_key(outbound.key, outbound.moment), record))
        return _sent(session, _publish(session, outbound))

    def find(self, outbound: Outbound, until: float) -> Sent | None:
        """The first record of the act. Of a thread that broke off, too: something of it is out."""
        session = log_in(outbound.settings, outbound.secret, until)
        if outbound.kind is ActionKind.DELETE:
            gone = session.record_of(_own_place(session, outbound)) is None
            return Sent(outbound.target or "", state=SentState.GONE) if gone else None
        collection = LIKE if outbound.kind is ActionKind.REACT else POST
        found = session.own(collection, record_key(outbound.key, outbound.moment))
        return None if found is None else _sent(session, found)

    def look(self, outbound: Outbound, until: float) -> Seen:
        """Whether it is there its own server says; how many answered it only the network can."""
        session = log_in(outbound.settings, outbound.secret, until)
        place = place_of(outbound.target or "")
        kept = session.record_of(place) if place.repo == session.did else None
        shown = None if kept is None and place.repo == session.did else session.post(outbound.target or "")
        if kept is None and shown is None:
            return Seen(SentState.GONE)
        words = (kept["value"] if kept else (shown or {}).get("record", {})).get("text", "")
        ours = {outbound.text, outgoing_text(outbound.text, outbound.link)}
        counts = {name: (shown or {}).get(theirs) for name, theirs in _COUNTS.items()}
        return Seen(SentState.PUBLISHED if words in ours else SentState.EDITED, _page(session, place), **counts)

    def check(self, settings: Mapping[str, Any], secret: Secrets, until: float) -> Account:
        session = log_in(settings, secret, until)
        return Account(handle=f"@{session.handle}", url=f"https://bsky.app/profile/{session.handle}")


_COUNTS = {"replies": "replyCount", "reactions": "likeCount", "shares": "repostCount"}


def _publish(session: Session, outbound: Outbound) -> Reference:
    """The post and what follows it in the thread; from the first one on, a failure leaves something standing."""
    root = parent = None
    if outbound.kind in REPLIES:
        root, parent = _target(session, outbound)
    text, embed = _text_and_embed(session, outbound)
    first = _post(session, outbound, 0, text, root, parent, embed)
    root, parent = root or first, first
    try:
        for part, following in enumerate(outbound.parts, 1):
            parent = _post(session, outbound, part, following, root, parent, None)
    except SendFailed as failure:
        failure.maybe_sent = True
        raise
    return first


def _post(
    session: Session,
    outbound: Outbound,
    part: int,
    text: str,
    root: Reference | None,
    parent: Reference | None,
    embed: dict[str, Any] | None,
) -> Reference:
    record = post_record(
        text,
        outbound.moment,
        resolve=session.did_of,
        language=outbound.settings.get("language", ""),
        part=part,
        embed=embed,
        reply=reply_to(root, parent) if root and parent else None,
    )
    return _put(session, POST, record_key(outbound.key, outbound.moment, part), record)


def _text_and_embed(session: Session, outbound: Outbound) -> tuple[str, dict[str, Any] | None]:
    """Pictures, or a card for the link; a post holds one of the two, so beside pictures the link stands in the text."""
    if outbound.media:
        blobs = [(session.upload(file.data, file.mime), file.alt) for file in outbound.media]
        return outgoing_text(outbound.text, outbound.link), images(blobs)
    if outbound.link:
        return outbound.text, card(outbound.link)
    return outbound.text, None


def _put(session: Session, collection: str, key: str, record: dict[str, Any]) -> Reference:
    """The record of this key, made now or before."""
    made = {"repo": session.did, "collection": collection, "rkey": key, "record": record, "swapRecord": None}
    reply = session.do("com.atproto.repo.putRecord", made)
    if reply.ok:
        found = reply.fields()
        if found.get("uri") != f"at://{session.did}/{collection}/{key}" or not isinstance(found.get("cid"), str):
            raise SendFailed("answer_unreadable", permanent=False, maybe_sent=True)
        return Reference(found["uri"], found["cid"])
    if error_of(reply) == "InvalidSwap" and (there := session.own(collection, key)) is not None:
        return there
    raise failed(reply)


def _target(session: Session, outbound: Outbound) -> tuple[Reference, Reference]:
    """(root, parent) of an answer to the post that is meant: asked at its own server where it is ours.

    INVARIANT: the very post that is named: custody knows it by the one address, and a server may find it by others.
    """
    place = place_of(outbound.target or "")
    found = session.record_of(place) if place.repo == session.did else session.post(outbound.target or "")
    if found is None or found["uri"] != outbound.target:
        raise SendFailed("target_gone", permanent=True, maybe_sent=False)
    parent = Reference(found["uri"], found["cid"])
    root = (found.get("value") or found.get("record") or {}).get("reply", {}).get("root")
    return (Reference(root["uri"], root["cid"]) if root else parent), parent


def _take_back(session: Session, outbound: Outbound) -> Sent:
    """Gone twice is gone: the server says yes to taking away what is not there."""
    place = _own_place(session, outbound)
    reply = session.do(
        "com.atproto.repo.deleteRecord", {"repo": place.repo, "collection": place.collection, "rkey": place.key}
    )
    if not reply.ok:
        raise failed(reply)
    return Sent(outbound.target or "", state=SentState.GONE)


def _own_place(session: Session, outbound: Outbound) -> Place:
    place = place_of(outbound.target or "")
    if place.repo != session.did:
        raise SendFailed("not_permitted", permanent=True, maybe_sent=False)
    return place


def _sent(session: Session, made: Reference) -> Sent:
    return Sent(remote_id=made.uri, url=_page(session, place_of(made.uri)))


def _page(session: Session, place: Place) -> str:
    return f"https://bsky.app/profile/{place.repo}/post/{place.key}" if place.collection == POST else ""


CONNECTOR = BlueskyConnector()
