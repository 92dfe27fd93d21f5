"""What may be said about a key in a row or a line of the log: a short digest, by which two keys are told apart. Pure."""

from hashlib import sha256

SHOWN = 12


def key_id(key: str) -> str:
    """The name of a key that is no help to find it."""
    return sha256(b"relais.seal." + key.encode()).hexdigest()[:SHOWN]


def digest_of(seal: str) -> str:
    """What a renewal keeps of the seal it follows."""
    return sha256(seal.encode()).hexdigest()
