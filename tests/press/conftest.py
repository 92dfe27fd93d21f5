"""A world that rolls back, and a second brand beside it whose press could leak."""

from tests.triage.conftest import other, said, world

__all__ = ["other", "said", "world"]
