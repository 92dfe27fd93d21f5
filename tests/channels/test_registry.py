"""A connector is a folder and one line; neither without the other."""

import re
from pathlib import Path

import pytest

from clients.channels import registry
from clients.channels.labels import CHOICES, CODES, CONNECTING, CONTENT, FAILURES, KINDS, SETTINGS, UPLOADS
from tenants.errors import Invalid

_CODE = r'(?:SendFailed|Invalid|Conflict|Missing|ContentError)\(\s*"([a-z_]+)"'
PACKAGE = Path(registry.__file__).parent


def test_every_folder_is_registered_and_every_registration_has_its_folder() -> None:
    assert {path.parent.name for path in PACKAGE.glob("*/connector.py")} == set(registry.FOLDERS)


def test_every_kind_and_setting_has_its_words() -> None:
    assert set(KINDS) == set(registry.FOLDERS)
    fields = [field for port in registry.connectors() for field in port.fields]
    assert {field.name for field in fields} <= set(SETTINGS)
    assert {choice for field in fields for choice in field.choices} <= set(CHOICES)


def test_every_code_has_its_sentence_and_every_sentence_its_code() -> None:
    sources = [path.read_text() for path in PACKAGE.rglob("*.py") if path.name != "labels.py"]
    spoken = set(re.findall(_CODE, "".join(sources)))
    assert spoken - set(CODES) == set()
    assert {code for code in CODES if not any(f'"{code}"' in text for text in sources)} == set()


def test_no_code_has_two_sentences() -> None:
    assert len(CODES) == sum(map(len, (FAILURES, CONTENT, UPLOADS, CONNECTING)))


@pytest.mark.parametrize("kind", ["", "fax", "os", "../memory", "memory.connector", "clients.channels.memory"])
def test_a_kind_that_is_not_in_the_table_is_never_imported(kind: str) -> None:
    with pytest.raises(Invalid) as refused:
        registry.connector_for(kind)
    assert (refused.value.code, refused.value.field) == ("channel_kind_unknown", "kind")
