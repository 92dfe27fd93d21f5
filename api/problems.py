"""Every refusal as a problem document (RFC 9457): a stable code, and words in the reader's language.

Codes are the house's own: what an action refuses has here the code that it has on a page. Their sentences stand in the portal,
beside which this package lies; `config` hands them in when the process starts. What only a machine can do wrong is worded in
`api.wording`. No document says what is missing: absent and forbidden look the same.
"""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from structlog.contextvars import get_contextvars

from api.inputs import MOST_FAULTS, Fault
from api.wording import SENTENCES, TITLES
from clients.people.queries import language_of as reads_in
from tenants.errors import Conflict, Invalid, Missing, Refused, RelaisError
from tenants.walls.scope import brand_scope

CONTENT_TYPE = "application/problem+json"
DOCUMENTED = "/api/v1/docs/errors"
STATUS: dict[type[RelaisError], int] = {Refused: 403, Missing: 404, Conflict: 409, Invalid: 422}
HTTP_ONLY = frozenset({400, 401, 404, 405, 406, 413, 415, 429, 500, 503})

_sentences: list[Callable[..., str]] = []


class Problem(Exception):
    """Something that only a machine can ask wrongly. `faults` are its single mistakes, `headers` what goes with it."""

    def __init__(
        self,
        status: int,
        code: str,
        *,
        faults: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
        facts: Mapping[str, object] | None = None,
        **more: object,
    ) -> None:
        super().__init__(code)
        self.status, self.code, self.faults, self.facts = (
            status,
            code,
            tuple(faults)[:MOST_FAULTS],
            {**(facts or {}), **more},
        )
        self.headers = dict(headers or {})


def say_with(sentence: Callable[..., str]) -> None:
    """How codes of the house are worded: called once, by whoever knows both this package and the portal."""
    _sentences[:] = [sentence]


def problem_of(error: RelaisError) -> Problem:
    """What an action refused, as it is told here."""
    faults = [Fault(pointer_of(error.field), error.code, error.facts)] if error.field else []
    return Problem(STATUS.get(type(error), 400), error.code, faults=faults, facts=error.facts)


def pointer_of(field: str) -> str:
    """'media.0.alt' of the house as the JSON Pointer '/media/0/alt'."""
    return "/" + field.replace("~", "~0").replace("/", "~1").replace(".", "/")


def invalid(faults: Sequence[Fault], *, status: int = 422, code: str = "input_invalid") -> Problem:
    return Problem(status, code, faults=faults)


def answered(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The document, in the language that is asked for."""
    ours = problem.status >= 500  # then nobody is asked anything more
    language = translation.get_language_from_request(request) if ours else language_of(request)
    with translation.override(language):
        document = document_of(problem)
    response = HttpResponse(orjson.dumps(document), status=problem.status, content_type=CONTENT_TYPE)
    for name, value in problem.headers.items():
        response.headers[name] = value
    response.headers["Content-Language"] = language
    response.headers["Vary"] = "Accept-Language, Authorization"
    response.headers["Cache-Control"] = "no-store"
    return response


def language_of(request: HttpRequest) -> str:
    """The one asked for; else that of the person who answers for the key."""
    actor = getattr(request, "actor", None)
    if actor is not None and actor.key_id is not None and not request.headers.get("Accept-Language"):
        with brand_scope(actor.brand, savepoint=False):
            if language := reads_in(actor.person_id):
                return language
    return translation.get_language_from_request(request)


def document_of(problem: Problem) -> dict[str, Any]:
    """The members of the document, worded in the language of this thread."""
    request_id = str(get_contextvars().get("request_id", ""))
    document: dict[str, Any] = {
        "type": f"{DOCUMENTED}#{problem.code}",
        "title": title_of(problem.status),
        "status": problem.status,
        "code": problem.code,
        "detail": sentence_of(problem.code, problem.facts),
    }
    if problem.faults:
        document["errors"] = [
            {"pointer": one.at, "code": one.code, "detail": sentence_of(one.code, one.facts)} for one in problem.faults
        ]
    return document | ({"instance": f"urn:request:{request_id}"} if request_id else {})


def title_of(status: int) -> str:
    return str(TITLES[status]) if status in TITLES else HTTPStatus(status).phrase


def sentence_of(code: str, facts: Mapping[str, object]) -> str:
    """What went wrong, in words."""
    if code in SENTENCES:
        return str(SENTENCES[code]) % facts if facts else str(SENTENCES[code])
    if _sentences:
        return _sentences[0](code, **{name: value for name, value in facts.items() if name != "code"})
    return _("That was not possible (%(code)s).") % {"code": code}
