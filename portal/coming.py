"""What a request says of how somebody came: their proofs in this session, from where, and whether the brand's log knows it.

The session remembers what its brands were told, by marks that are worth nothing in another session: a page after the first asks
nobody. A session that goes on from another network or with another browser has another mark, so whoever carries one off is told.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from allauth.account.authentication import get_authentication_records
from axes.helpers import get_client_ip_address
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from clients.people.actions import come_in
from clients.people.actor import Actor
from clients.people.coming import Origin, Proof
from tenants.origins import network_of
from tenants.walls.scope import BrandRef

KEY = "came"
MOST = 1_000
"""Marks that a session keeps, over all its brands (20 kB); what it forgot is looked up in the log.

More than the brands of one page over all brands, two marks each and again from another network: with fewer, each page of a
community manager of 200 brands forgets what the one before was told, and asks each brand's log anew.
"""
INVITED = "invited"


def tell_brand(request: HttpRequest, brand: BrandRef, actor: Callable[[], Actor]) -> None:
    """Before the first page of a brand in a session, and whenever there is something new. Raises Missing('brand')."""
    signed_in, proved = proofs_of(request)
    origin = _origin(request, brand)
    marks = [origin.mark, _mark(request, brand, "proof", proved[-1].at.isoformat())] if proved else [origin.mark]
    known = request.session.get(KEY, [])
    if all(mark in known for mark in marks):
        return
    come_in(actor(), origin=origin, signed_in=signed_in, proved=proved[-1] if proved else None)
    # After the commit: what a session remembers without its line would be a line that is never written.
    request.session[KEY] = [*(mark for mark in known if mark not in marks), *marks][-MOST:]


def proofs_of(request: HttpRequest) -> tuple[list[Proof], list[Proof]]:
    """How this session began, and the proofs given in it since."""
    records = get_authentication_records(request, request.user)
    begun = [_proof(one) for one in records if not one.get("reauthenticated")]
    if not begun and INVITED in request.session:
        begun = [Proof("invitation", datetime.fromtimestamp(request.session[INVITED], UTC))]
    return begun, [_proof(one) for one in records if one.get("reauthenticated")]


def _proof(record: dict[str, Any]) -> Proof:
    how = record.get("type", "") if record["method"] == "mfa" else record["method"]
    if how == "webauthn":
        how = "passkey" if record.get("passwordless") else "security_key"
    return Proof(str(how), datetime.fromtimestamp(record["at"], UTC))


def _origin(request: HttpRequest, brand: BrandRef) -> Origin:
    ip, agent = str(get_client_ip_address(request) or ""), request.META.get("HTTP_USER_AGENT", "")
    return Origin(_mark(request, brand, network_of(ip), agent), ip, agent)


def _mark(request: HttpRequest, brand: BrandRef, *what: str) -> str:
    """INVARIANT: keyed with the session's own key, which is nowhere once it is over: no address is guessed from a mark."""
    said = "\n".join((str(request.session.session_key), str(brand.id), *what))
    return salted_hmac("relais.came", said).hexdigest()[:16]
