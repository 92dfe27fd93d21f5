"""A release with more migrations than the code has: the same app, with files added on disk. For tests and benchmarks."""

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from django.conf import settings
from django.db import connections, transaction
from django.test import override_settings

from tenants import dressing, provisioning
from tenants.fingerprint import fingerprint
from tenants.models import SchemaText
from tenants.recording import migrate_recording
from tenants.walls.backend.base import OWNER

PACKAGE = "audit_releases"
MODULES = {"audit": PACKAGE}
ADD_FIELD = 'migrations.AddField("entry", "colour", models.CharField(max_length=9, default="red"))'

Release = Callable[..., None]
_HEADER = "from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n"


@contextmanager
def releases(folder: Path) -> Iterator[Release]:
    """Gives `release(operation, ...)`: one more migration of `audit` in `folder` for each operation. Undone at the end."""
    package = folder / PACKAGE
    source = Path(settings.BASE_DIR) / "clients" / "audit" / "migrations"
    shutil.copytree(source, package, ignore=shutil.ignore_patterns("__pycache__"))
    before = provisioning.schema_text()
    last = max(path.stem for path in package.glob("0*.py"))

    def release(*operations: str) -> None:
        nonlocal last
        for operation in operations:
            name = f"{int(last[:4]) + 1:04d}_more"
            body = f'    dependencies = [("audit", "{last}")]\n    operations = [{operation}]\n'
            (package / f"{name}.py").write_text(_HEADER + body)
            last = name
        _forget()

    sys.path.insert(0, str(folder))
    try:
        with override_settings(MIGRATION_MODULES=MODULES), patch.object(provisioning, "_record", _longer(before)):
            _forget()
            yield release
    finally:
        sys.path.remove(str(folder))
        _forget()
        SchemaText.objects.using(OWNER).exclude(pk=fingerprint()).delete()


def _longer(text: str) -> Callable[[provisioning.Progress], str]:
    """Records on top of what is recorded: from nothing it takes seconds, and is the same but for the files of the release."""

    def record(progress: provisioning.Progress) -> str:
        with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
            cursor.execute("CREATE SCHEMA recording; SET LOCAL search_path = recording")
            cursor.execute(text)
            more = migrate_recording(connections[OWNER], "recording", progress)
            transaction.set_rollback(True, using=OWNER)
        return text + more

    return record


def _forget() -> None:
    for name in [name for name in sys.modules if name.startswith(PACKAGE)]:
        del sys.modules[name]
    for cached in (fingerprint, dressing.triggers, dressing.log_triggers, dressing._tables):
        cached.cache_clear()
