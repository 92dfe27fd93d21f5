"""Who says what an object is now, for a receiver that a policy of the brand lets know more than that it changed.

The API registers what it would answer itself, so that a webhook never says more, or otherwise, than a question would be answered.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

Renderer = Callable[[UUID, frozenset[str]], dict[str, Any] | None]
"""(the object, the fields that the policy names) -> what they are now; None where there is nothing to say. Inside a scope."""

_renderers: dict[str, Renderer] = {}


def renders(resource: str) -> Callable[[Renderer], Renderer]:
    """Register the renderer of one resource."""

    def register(renderer: Renderer) -> Renderer:
        if _renderers.setdefault(resource, renderer) is not renderer:
            raise RuntimeError(f"two renderers for {resource}")
        return renderer

    return register


def renderer_of(resource: str) -> Renderer | None:
    return _renderers.get(resource)
