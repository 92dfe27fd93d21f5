"""Marks by which a post of ours is found again where a network has no keys, and whether two texts say the same. Pure."""

import hashlib


def mark_of(key: str) -> str:
    """32 signs made from an idempotency key: the same for ever, and telling nothing of it."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def same_words(one: str, other: str) -> bool:
    """Whether two texts differ in nothing but blanks and line ends, which networks tidy as they like."""
    return one.split() == other.split()
