"""The peers of the benchmark `audit`: one update of three fields by a plain save, with django-auditlog, with
django-simple-history and with a row trigger as django-pghistory makes them (a copy of the row and the context of the request).

Runs in an environment of its own and knows nothing of Relais. First line: the address of an empty database; then slices.
"""

import json
import random
import sys
from collections.abc import Callable
from importlib.metadata import version
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import django
from django.conf import settings

# By its file: the modules beside it (`queue`) are not Python's own.
_spec = spec_from_file_location("_audit_crew", Path(__file__).with_name("_audit_crew.py"))
assert _spec is not None and _spec.loader is not None
_crew = module_from_spec(_spec)
_spec.loader.exec_module(_crew)

ROWS = 500
TRIGGER = """
    CREATE TABLE history (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz NOT NULL DEFAULT now(), label text NOT NULL,
        row_id uuid NOT NULL, title text, note text, count integer, state text, context jsonb);
    CREATE FUNCTION keep_history() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO history (label, row_id, title, note, count, state, context)
        VALUES ('update', NEW.id, NEW.title, NEW.note, NEW.count, NEW.state,
            NULLIF(current_setting('app.context', true), '')::jsonb);
        RETURN NULL;
    END $$;
    CREATE TRIGGER keep AFTER UPDATE ON peers_triggered FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
        EXECUTE FUNCTION keep_history();
"""


def set_up(database: dict[str, Any]) -> dict[str, Any]:
    """Django with the two libraries, four equal tables; returns the models by arm."""
    apps = ["django.contrib.contenttypes", "django.contrib.auth", "auditlog", "simple_history"]
    settings.configure(
        INSTALLED_APPS=apps,
        DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", **database}},
        USE_TZ=True,
        SECRET_KEY="bench",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    )
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    found = models()
    with connection.schema_editor() as editor:
        for model in found.values():
            editor.create_model(model)
        editor.create_model(found["simple-history"].history.model)
    with connection.cursor() as cursor:
        cursor.execute(TRIGGER)
    return found


def models() -> dict[str, Any]:
    """One model for each arm, alike but for who watches it."""
    import uuid

    from auditlog.registry import auditlog
    from django.db import models as m
    from simple_history.models import HistoricalRecords

    def of(name: str, **more: Any) -> Any:
        meta = type("Meta", (), {"app_label": "simple_history", "db_table": f"peers_{name.lower()}"})
        fields = {
            "id": m.UUIDField(primary_key=True, default=uuid.uuid4),
            "title": m.CharField(max_length=200),
            "note": m.TextField(default=""),
            "count": m.IntegerField(default=0),
            "state": m.CharField(max_length=20, default="draft"),
            "__module__": __name__,
            "Meta": meta,
        }
        return type(name, (m.Model,), fields | more)

    found = {"plain": of("Plain"), "auditlog": of("Logged"), "trigger": of("Triggered")}
    found["simple-history"] = of("Kept", history=HistoricalRecords(table_name="peers_kept_history"))
    auditlog.register(found["auditlog"])
    return found


def arms(found: dict[str, Any]) -> dict[str, Callable[[int, random.Random], None]]:
    """What a writer does in each arm: read a row under a lock, change three fields, save, commit."""
    from auditlog.context import set_actor
    from django.contrib.auth import get_user_model
    from django.db import connection, transaction

    ids = {}
    for name, model in found.items():
        rows = [model(title="a title of the usual length", note="x" * 200) for _ in range(ROWS)]
        ids[name] = [row.pk for row in model.objects.bulk_create(rows)]
    user = get_user_model().objects.create(username="camille")
    context = json.dumps({"user": "camille", "url": "/items/"})

    def save(name: str, chance: random.Random) -> None:
        row = found[name].objects.select_for_update().get(pk=chance.choice(ids[name]))
        row.count += 1
        row.title, row.state = f"title {row.count}", "ready" if row.state == "draft" else "draft"
        row.save()

    def in_transaction(name: str) -> Callable[[int, random.Random], None]:
        def write(_number: int, chance: random.Random) -> None:
            with transaction.atomic():
                if name == "trigger":
                    with connection.cursor() as cursor:
                        cursor.execute("SELECT set_config('app.context', %s, true)", [context])
                save(name, chance)

        return write

    def with_actor(number: int, chance: random.Random) -> None:
        with set_actor(user):
            in_transaction("auditlog")(number, chance)

    return {name: in_transaction(name) for name in found} | {"auditlog": with_actor}


def main() -> None:
    """One request a line, one answer a line."""
    first = json.loads(sys.stdin.readline())
    made = arms(set_up(first["database"]))
    from django.db import connection

    def begin() -> int:
        connection.close()
        connection.ensure_connection()
        return int(connection.connection.info.backend_pid)

    connection.close()
    crew = _crew.Crew(first["writers"], made, begin)
    names = ("django", "django-auditlog", "django-simple-history", "psycopg")
    print(json.dumps({"versions": {name: version(name) for name in names}}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        if request.get("again"):
            crew.connect_again()
            print("null", flush=True)
        else:
            print(json.dumps(crew.slice(request["arm"], request["writers"], request["seconds"])), flush=True)
    crew.end()


if __name__ == "__main__":
    main()
