"""One state of a thing, told from another: an ETag of what is read, If-Match on what is written.

INVARIANT: the row is locked before its state is compared, in the transaction of the act: nobody writes in between.
INVARIANT: a tag is keyed and of one row: it is told to keys that are not told what it stands for, and nobody may find that out.
"""

import re
from collections.abc import Sequence
from typing import Any

import orjson
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from api.fields import may_read, within_class
from api.problems import Problem
from api.resource import Resource
from clients.people.actor import Actor
from tenants.errors import Missing
from tenants.walls.scope import BrandRef

_TAGS = re.compile(r'\s*(?:\*|(?:W/)?"[\x21\x23-\x7e]*"(?:\s*,\s*(?:W/)?"[\x21\x23-\x7e]*")*)\s*\Z')
_TAG = re.compile(r'(W/)?("[\x21\x23-\x7e]*")')
LONGEST = 2_000


def etag_of(brand: BrandRef, resource: Resource, of: Any, values: Sequence[Any]) -> str:
    """A strong tag of these values of one row."""
    return etag_from(brand, resource, str(of), orjson.dumps(list(values), default=str))


def etag_from(brand: BrandRef, resource: Resource, of: str, values: bytes) -> str:
    """The same of values that are JSON already."""
    said = b'["%b","%b","%b",%b]' % (str(brand.id).encode(), resource.name.encode(), of.encode(), values)
    return f'"{salted_hmac("api.etag", said, algorithm="sha256").hexdigest()[:32]}"'


def tags_in(request: HttpRequest, header: str) -> list[str] | None:
    """The tags of a header, ['*'] for any; None where it was not sent. Raises Problem(400, 'header_wrong')."""
    said: str | None = request.META.get(
        f"HTTP_{header.upper().replace('-', '_')}"
    )  # `headers` makes a map of all first
    if said is None:
        return None
    if len(said) > LONGEST or not _TAGS.match(said):
        raise Problem(400, "header_wrong", name=header)
    return ["*"] if said.strip() == "*" else ["" if weak else tag for weak, tag in _TAG.findall(said)]


def is_known(request: HttpRequest, etag: str) -> bool:
    """Whether If-None-Match says that the reader has this state already."""
    tags = tags_in(request, "If-None-Match") or ()
    return "*" in tags or etag in tags


def require_match(request: Any, resource: Resource, actor: Actor, of: Any, *, needed: bool) -> None:
    """Raises Problem(412) for a state that is over, Problem(428) without If-Match where it is needed. Locks the row.

    What there is now is told only to a key that may read it.
    """
    tags = tags_in(request, "If-Match")
    if tags is None:
        if needed:
            raise Problem(428, "if_match_missing")
        return
    if not resource.etag and tags != ["*"]:
        raise Problem(400, "header_wrong", name="If-Match")
    if resource.alone is not None:
        resource.alone()
    if resource.table is not None:
        resource.table.objects.select_for_update().filter(**{resource.id_column: of}).values_list("pk").first()
    readable = within_class(resource, resource.rows(actor), request.grant.policy)
    columns = resource.etag or (resource.id_column,)
    row = readable.filter(**{resource.id_column: of}).values_list(*columns).first()
    if row is None:
        raise Missing(resource.missing)
    now = etag_of(actor.brand, resource, of, row)
    if "*" not in tags and now not in tags:
        raise Problem(412, "state_changed", headers={"ETag": now} if may_read(resource, request.grant) else {})
