"""Phone and field keep the contract of channels on which a person acts."""

from tests.channels.contract import PerformedContract


class TestPhone(PerformedContract):
    kind = "phone"


class TestField(PerformedContract):
    kind = "field"
