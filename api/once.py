"""One effect, however often a request is sent: its answer is kept in the transaction of the effect, under the key's own words.

INVARIANT: the effect, its lines in the log, its outbox rows and the kept answer are one transaction. A crash between the commit
and the reply leaves the answer, and the same request gets its bytes; a crash before leaves nothing at all.
INVARIANT: an answer is kept for who acted, as far as they might: another person of one application has words of their own, and
who may less or more by now gets no answer of another time.
"""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError
from django.http import HttpResponse
from django.utils.crypto import salted_hmac

from api.ledger import tell
from api.problems import Problem
from clients.disclosure.rules import InfoClass
from clients.keys.rules import Kind
from clients.repeats.models import Repeat
from clients.repeats.steps import asked_before, given_before, is_second, keep
from tenants.errors import Conflict
from tenants.walls.backend.together import Answer
from tenants.walls.scope import Effect, one_effect, walls

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEPT_HEADERS = ("ETag", "Location")
LONGEST = 255
PATTERN = r'^"?[\x21\x23-\x5b\x5d-\x7e]+"?$'
_WORDS = re.compile(PATTERN.removesuffix("$") + r"\Z")


@dataclass(slots=True)
class Once:
    """The transaction of one act. `answer` is there from the beginning where this request was answered before."""

    request: Any
    effect: Effect
    words: str
    answer: HttpResponse | None = None
    digest: str = ""

    def __post_init__(self) -> None:
        self.digest = digest_of(self.request) if self.words else ""

    def keep(self, answer: HttpResponse) -> None:
        """What is answered now; kept for a repeat where the program gave it words."""
        self.answer = answer
        if self.words:
            headers = {name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers}
            keep(
                self.request.grant.key_id,
                self.words,
                self.digest,
                status=answer.status_code,
                headers=headers,
                body=answer.content.decode(),
                told=getattr(self.request, "told", []),
            )


class KeyChanged(Exception):
    """The key reads otherwise than it was remembered: nothing was done, and the request is asked the ordinary way."""


@contextmanager
def effect(request: Any, *, needed: bool) -> Iterator[Once]:
    """Around one act. Raises Problem(400) without the words where they are `needed`, Problem(409 | 422) as they were used."""
    words = words_of(request, needed=needed)
    try:
        with one_effect(request.brand) as joined:
            once = Once(request, joined, words)
            answers = _begun(request, words)
            if words and (before := given_before(request.grant.key_id, words, once.digest, answers)):
                once.answer = _again(request, before)
            yield once
    except Conflict as conflict:
        if conflict.code == "repeat_other_body":
            raise Problem(422, conflict.code) from None
        raise
    except IntegrityError as error:
        if is_second(error):
            raise Conflict("repeat_running") from None
        raise


def _begun(request: Any, words: str) -> list[Answer]:
    """The first message of the transaction: whether the key still is what was foreseen, and what was answered to these words."""
    asked = asked_before(request.grant.key_id, words) if words else []
    foreseen, request.foreseen = getattr(request, "foreseen", None), None
    if foreseen is None:
        return walls().ask_together(request.brand, asked) if asked else []
    confirmed = foreseen.confirmed(asked)
    if confirmed is None:
        raise KeyChanged
    request.grant, answers = confirmed
    return answers


def words_of(request: Any, *, needed: bool) -> str:
    """The digest of the Idempotency-Key, each person's own where many act through one key; '' without one."""
    said = request.headers.get(HEADER)
    if said is None:
        if needed:
            raise Problem(400, "repeat_key_missing")
        return ""
    if len(said) > LONGEST or not _WORDS.match(said):
        raise Problem(400, "header_wrong", name=HEADER)
    whose = f"{request.actor.person_id}\n" if request.grant.kind is Kind.APP else ""
    return hashlib.sha256((whose + said.strip('"')).encode()).hexdigest()


def digest_of(request: Any) -> str:
    """What was asked, and by whom: method, address, the state it was asked of, the bytes of the body; person, role, rights.

    INVARIANT: keyed. A body may hold a password, which a bare digest would let be tried out.
    """
    actor, grant = request.actor, request.grant
    by = (str(actor.person_id), str(actor.role), " ".join(sorted(grant.scopes)), str(grant.policy.pk))
    asked = "\n".join((request.method, request.get_full_path(), request.headers.get("If-Match", ""), *by))
    return salted_hmac("api.repeat", asked.encode() + b"\n" + request.body, algorithm="sha256").hexdigest()


def _again(request: Any, before: Repeat) -> HttpResponse:
    """The same bytes. Told a second time, so it stands in the ledger a second time."""
    for kind, info_class, ids in before.told:
        tell(request.actor, request.grant, kind, InfoClass(info_class), ids)
    answer = HttpResponse(before.body.encode(), status=before.status, content_type="application/json")
    for name, value in before.headers.items():
        answer.headers[name] = value
    answer.headers[REPLAYED] = "true"
    return answer
