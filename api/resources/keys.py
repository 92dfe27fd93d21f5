"""Who am I: a key sees itself, whatever it may. Read only: keys are made and ended by people of the brand, on their pages."""

from typing import Any, ClassVar

from django.http import HttpResponse, JsonResponse
from django.urls import path

from api.endpoint import Endpoint
from api.schema_parts import answers, language
from clients.keys.access import own_key
from clients.keys.models import Key
from clients.keys.scopes import in_order


class SelfEndpoint(Endpoint):
    """`GET /api/v1/keys/self`. No scope is asked and nothing is disclosed: it is what the key's owner decided about the key."""

    about: ClassVar[str] = "The key or token of this request: what it may, as whom, from where, until when."

    def get(self, request: Any) -> HttpResponse:
        return JsonResponse(_told(own_key(request.actor), request))


def _told(key: Key, request: Any) -> dict[str, Any]:
    actor, grant = request.actor, request.grant
    return {
        "id": str(key.pk),
        "name": key.name,
        "kind": str(key.kind),
        "prefix": key.prefix,
        "scopes": in_order(grant.scopes),
        "acts_as": {"id": str(actor.person_id), "name": actor.name, "side": str(actor.side), "role": str(actor.role)},
        "policy": {
            "id": str(key.policy_id),
            "name": key.policy.name,
            "purpose": key.policy.purpose,
            "fields": key.policy.fields,
            "most_class": str(key.policy.most_class),
            "until": key.policy.until.isoformat(),
        },
        "networks": key.networks,
        "expires_at": key.expires_at.isoformat(),
    }


urlpatterns = [path("keys/self", SelfEndpoint.as_view(), name="api:keys:self")]
_TEXT = {"type": "string"}
SELF = {
    "type": "object",
    "required": ["id", "name", "kind", "prefix", "scopes", "acts_as", "policy", "networks", "expires_at"],
    "properties": {
        **dict.fromkeys(("name", "kind", "prefix"), _TEXT),
        "id": {"type": "string", "format": "uuid"},
        "scopes": {"type": "array", "items": _TEXT},
        "acts_as": {"type": "object", "properties": dict.fromkeys(("id", "name", "side", "role"), _TEXT)},
        "policy": {
            "type": "object",
            "description": "What it may read: names of fields by kind, up to a class, until when.",
        },
        "networks": {"type": "array", "items": _TEXT},
        "expires_at": {"type": "string", "format": "date-time"},
    },
}
PATHS = {
    "/keys/self": {
        "get": {
            "operationId": "get_keys_self",
            "summary": SelfEndpoint.about,
            "tags": ["keys"],
            "security": [{"key": []}, {"oauth": []}],
            "parameters": [language()],
            "responses": answers({200: (SELF, "This key.", {})}, (400, 401, 403, 406, 429, 503)),
        }
    }
}
