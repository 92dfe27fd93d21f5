"""The one error tree. Every refusal of the house is one of these four, told apart by `code`, never by its text.

The wording for people is looked up by code in `portal`; logs and tests read `code`, `field` and `facts`.
"""


class RelaisError(Exception):
    """Something a caller must be told. `code` names it, `field` points at the input, `facts` are the values to word it with."""

    def __init__(self, code: str, field: str | None = None, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.facts = facts

    def __str__(self) -> str:
        return self.code

    @property
    def decision(self) -> object | None:
        """The stored or computed decision that refused, when there is one."""
        return self.facts.get("decision")


class Refused(RelaisError):
    """The caller is known and may not do this (HTTP 403)."""


class Missing(RelaisError):
    """There is nothing here for this caller: absent and forbidden look the same (HTTP 404)."""


class Conflict(RelaisError):
    """Somebody was faster, or the state has moved on (HTTP 409)."""


class Invalid(RelaisError):
    """The input cannot be taken as it is; `field` says where (HTTP 422)."""
