"""A connector is a folder and one line; neither without the other."""

from pathlib import Path

import pytest

from clients.channels import registry
from clients.channels.labels import KINDS, SETTINGS
from tenants.errors import Invalid

PACKAGE = Path(registry.__file__).parent


def test_every_folder_is_registered_and_every_registration_has_its_folder() -> None:
    assert {path.parent.name for path in PACKAGE.glob("*/connector.py")} == set(registry.FOLDERS)


def test_every_kind_and_setting_has_its_words() -> None:
    assert set(KINDS) == set(registry.FOLDERS)
    assert {field.name for port in registry.connectors() for field in port.fields} <= set(SETTINGS)


@pytest.mark.parametrize("kind", ["", "fax", "os", "../memory", "memory.connector", "clients.channels.memory"])
def test_a_kind_that_is_not_in_the_table_is_never_imported(kind: str) -> None:
    with pytest.raises(Invalid) as refused:
        registry.connector_for(kind)
    assert (refused.value.code, refused.value.field) == ("channel_kind_unknown", "kind")
