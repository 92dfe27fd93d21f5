"""What can be done on a LinkedIn page, and how each act is found again."""

from collections.abc import Callable
from typing import Any

from clients.autonomy.vocabulary import ActionKind
from clients.channels.linkedin.rest import Rest, in_path, is_urn, listed, little_text
from clients.channels.marks import same_words
from clients.channels.port import Outbound, SendFailed, Sent, SentState
from clients.channels.recognising import Alike, moment_of, ours_among
from clients.channels.rules import outgoing_text

WHOLE_PAGE = 100

Act = Callable[[Rest, Outbound], Sent]
Find = Callable[[Rest, Outbound], Sent | None]


def page_of(outbound: Outbound) -> str:
    return f"urn:li:organization:{outbound.settings['organization']}"


def words_of(outbound: Outbound) -> str:
    return outgoing_text(outbound.text, outbound.link)


def publish(rest: Rest, outbound: Outbound) -> Sent:
    """Pictures first, unseen; then the post that shows them."""
    post: dict[str, Any] = {
        "author": page_of(outbound),
        "commentary": little_text(words_of(outbound)),
        "visibility": "PUBLIC",
        "distribution": {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []},
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": False,
    }
    pictures = [_picture(rest, outbound, place) for place in range(len(outbound.media))]
    if pictures:
        post["content"] = {"media": pictures[0]} if len(pictures) == 1 else {"multiImage": {"images": pictures}}
    name = rest.do("POST", "posts", post, meaning="CREATE").headers.get("x-restli-id")
    if not is_urn(name):
        raise SendFailed("answer_unreadable", permanent=False, maybe_sent=True)
    return _sent(str(name))


def answer(rest: Rest, outbound: Outbound) -> Sent:
    target = target_of(outbound)
    said = {"actor": page_of(outbound), "object": target, "message": {"text": words_of(outbound)}}
    made = rest.do("POST", f"socialActions/{in_path(target)}/comments", said).fields().get("commentUrn")
    if not is_urn(made):
        raise SendFailed("answer_unreadable", permanent=False, maybe_sent=True)
    return _sent(str(made))


def correct(rest: Rest, outbound: Outbound) -> Sent:
    patch = {"patch": {"$set": {"commentary": little_text(words_of(outbound))}}}
    rest.do("POST", f"posts/{in_path(target_of(outbound))}", patch, meaning="PARTIAL_UPDATE")
    return _sent(target_of(outbound))


def delete(rest: Rest, outbound: Outbound) -> Sent:
    try:
        rest.do("DELETE", f"posts/{in_path(target_of(outbound))}", meaning="DELETE")
    except SendFailed as failure:
        if failure.code != "target_gone":
            raise
    return Sent(target_of(outbound), state=SentState.GONE)


def find_post(rest: Rest, outbound: Outbound) -> Sent | None:
    found = rest.ask("posts", q="author", author=page_of(outbound), count="100", sortBy="LAST_MODIFIED")
    words = little_text(words_of(outbound))
    alike = (
        Alike(each["id"], moment_of(each.get("createdAt")))
        for each in listed(found)
        if is_urn(each.get("id"))
        and each.get("author") == page_of(outbound)
        and same_words(str(each.get("commentary", "")), words)
        and _pictures_in(each) == len(outbound.media)
    )
    urn = ours_among(outbound, alike, telling=bool(words))
    return None if urn is None else _sent(urn)


def find_answer(rest: Rest, outbound: Outbound) -> Sent | None:
    found = listed(rest.ask(f"socialActions/{in_path(target_of(outbound))}/comments", count=str(WHOLE_PAGE)))
    alike = (
        Alike(each["commentUrn"], moment_of((each.get("created") or {}).get("time")))
        for each in found
        if is_urn(each.get("commentUrn"))
        and each.get("actor") == page_of(outbound)
        and same_words(str((each.get("message") or {}).get("text", "")), words_of(outbound))
    )
    urn = ours_among(outbound, alike, whole=len(found) < WHOLE_PAGE)
    return None if urn is None else _sent(urn)


def find_correction(rest: Rest, outbound: Outbound) -> Sent | None:
    said = post_at(rest, target_of(outbound))
    same = said and same_words(str(said.get("commentary", "")), little_text(words_of(outbound)))
    return _sent(target_of(outbound)) if same else None


def find_gone(rest: Rest, outbound: Outbound) -> Sent | None:
    gone = post_at(rest, target_of(outbound)) is None
    return Sent(target_of(outbound), state=SentState.GONE) if gone else None


ACTS: dict[ActionKind, tuple[Act, Find]] = {
    ActionKind.PUBLISH: (publish, find_post),
    ActionKind.ANSWER: (answer, find_answer),
    ActionKind.ACKNOWLEDGE: (answer, find_answer),
    ActionKind.CORRECT: (correct, find_correction),
    ActionKind.DELETE: (delete, find_gone),
}


def target_of(outbound: Outbound) -> str:
    """A name as LinkedIn gives them; anything else is none of its posts."""
    if not is_urn(outbound.target):
        raise SendFailed("target_gone", permanent=True, maybe_sent=False)
    return str(outbound.target)


def post_at(rest: Rest, urn: str) -> dict[str, Any] | None:
    """The post, or None when it is gone."""
    try:
        return rest.ask(f"posts/{in_path(urn)}")
    except SendFailed as failure:
        if failure.code != "target_gone":
            raise
    return None


def _picture(rest: Rest, outbound: Outbound, place: int) -> dict[str, str]:
    file = outbound.media[place]
    begin = {"initializeUploadRequest": {"owner": page_of(outbound)}}
    said = rest.do("POST", "images?action=initializeUpload", begin, effect=False).fields().get("value")
    address, name = (said.get("uploadUrl"), said.get("image")) if isinstance(said, dict) else (None, None)
    if not isinstance(address, str) or not isinstance(name, str):
        raise SendFailed("answer_unreadable", permanent=False, maybe_sent=False)
    rest.upload(address, file.data, file.mime)
    return {"id": name, "altText": file.alt}


def _pictures_in(post: dict[str, Any]) -> int:
    content = post.get("content")
    if not isinstance(content, dict):
        return 0
    several = content.get("multiImage")
    images = several.get("images") if isinstance(several, dict) else None
    return len(images) if isinstance(images, list) else int("media" in content)


def _sent(urn: str) -> Sent:
    return Sent(urn, f"https://www.linkedin.com/feed/update/{urn}")
