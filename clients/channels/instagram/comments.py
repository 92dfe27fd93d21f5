"""Comments: answering, hiding, taking back, and finding ours again. They have no draft: a lost answer is looked for."""

from collections.abc import Iterator
from typing import Any

from clients.autonomy.vocabulary import ActionKind
from clients.channels.graph import Graph, id_in, listed
from clients.channels.marks import same_words
from clients.channels.port import Outbound, SendFailed, Sent, SentState
from clients.channels.recognising import Alike, moment_of, ours_among, require_whole
from clients.channels.rules import outgoing_text

WHOLE_PAGE = 50
_OURS = "id,text,timestamp,user"  # `user` is told of comments by the account itself only


def answer(account: Graph, outbound: Outbound) -> Sent:
    """Under the comment, or beside it in its thread: Instagram has no third level."""
    words = {"message": outgoing_text(outbound.text, outbound.link)}
    made = account.do("POST", f"{_top_of(account, outbound)}/replies", words)
    return Sent(id_in(made, hidden=True))


def find_answer(account: Graph, outbound: Outbound) -> Sent | None:
    words = outgoing_text(outbound.text, outbound.link)
    said = account.ask(f"{_top_of(account, outbound)}/replies", fields=_OURS, limit=str(WHOLE_PAGE))
    found = ours_among(outbound, _alike(said, words, outbound), telling=bool(words), whole=_is_whole(said))
    return None if found is None else Sent(found)


def comment_first(account: Graph, outbound: Outbound, post: str, *, looking: bool) -> None:
    """Under a post that is out already, so whatever fails here leaves something standing. `looking`: it may be there."""
    if not outbound.first_comment:
        return
    edge = f"{post}/comments"
    try:
        if not (looking and _stands(account, edge, outbound)):
            id_in(account.do("POST", edge, {"message": outbound.first_comment}), hidden=True)
    except SendFailed as failure:
        failure.maybe_sent = True
        raise


def hide(account: Graph, outbound: Outbound) -> Sent:
    _require_comment(account, comment_of(outbound))
    account.do("POST", comment_of(outbound), {"hide": "true" if outbound.kind is ActionKind.HIDE else "false"})
    return Sent(comment_of(outbound))


def find_hidden(account: Graph, outbound: Outbound) -> Sent | None:
    said = account.ask(comment_of(outbound), fields="hidden")
    return Sent(comment_of(outbound)) if said.get("hidden") is (outbound.kind is ActionKind.HIDE) else None


def delete(account: Graph, outbound: Outbound) -> Sent:
    """Twice is once."""
    comment = comment_of(outbound)
    try:
        _require_comment(account, comment)
        account.do("DELETE", comment)
    except SendFailed as failure:
        if failure.code == "target_gone":
            return Sent(comment, state=SentState.GONE)
        raise
    return Sent(comment, state=SentState.GONE)


def find_gone(account: Graph, outbound: Outbound) -> Sent | None:
    comment = comment_of(outbound)
    try:
        _require_comment(account, comment)
    except SendFailed as failure:
        if failure.code == "target_gone":
            return Sent(comment, state=SentState.GONE)
        raise
    return None


def comment_of(outbound: Outbound) -> str:
    """An id as Instagram writes them, in its one spelling; anything else could be another path."""
    target = outbound.target or ""
    if not (target.isascii() and target.isdigit()) or target.startswith("0"):
        raise SendFailed("target_not_here", permanent=True, maybe_sent=False)
    return target


def _require_comment(account: Graph, comment: str) -> None:
    """A post can be neither hidden nor deleted over this API: asked for a field that only comments have, it is refused."""
    try:
        account.ask(comment, fields="id,text")
    except SendFailed as failure:
        if failure.code == "content_refused":
            failure.code = "target_not_a_comment"
        raise


def _top_of(account: Graph, outbound: Outbound) -> str:
    """The comment that begins the thread: there an answer ends up, and there it is found again."""
    comment = comment_of(outbound)
    above = str(account.ask(comment, fields="id,parent_id").get("parent_id") or "")
    return above if above.isascii() and above.isdigit() else comment


def _stands(account: Graph, edge: str, outbound: Outbound) -> bool:
    """Whether we wrote it already: under a post of this very act, whenever that was."""
    said = account.ask(edge, fields=_OURS, limit=str(WHOLE_PAGE))
    if any(_alike(said, outbound.first_comment, outbound)):
        return True
    require_whole(whole=_is_whole(said))
    return False


def _alike(said: dict[str, Any], words: str, outbound: Outbound) -> Iterator[Alike]:
    """Comments by our account with these words."""
    for each in listed(said):
        user = each.get("user")
        by_us = isinstance(user, dict) and user.get("id") == outbound.settings["account"]
        if by_us and same_words(str(each.get("text", "")), words):
            yield Alike(id_in(each), moment_of(each.get("timestamp")))


def _is_whole(said: dict[str, Any]) -> bool:
    """Whether there is no other page than this."""
    paging = said.get("paging")
    return len(listed(said)) < WHOLE_PAGE and not (isinstance(paging, dict) and paging.get("next"))
