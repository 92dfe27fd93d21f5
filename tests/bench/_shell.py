"""The peers of `request_shell`: a page with one query, served in process by plain Django and by stock django-tenants.

Talks JSON lines; the first says which of the two, and where the database is. `{"requests": [n, path]}` answers
[wall, client, server] milliseconds for all of them together.
"""

import io
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

ROUTE = "_shell_page"


def environ(host: str, page: str = "/") -> dict[str, Any]:
    """A GET for the page."""
    return {
        "REQUEST_METHOD": "GET", "PATH_INFO": page, "SERVER_NAME": host, "SERVER_PORT": "80", "HTTP_HOST": host,
        "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.input": io.BytesIO(b""), "wsgi.errors": sys.stderr, "wsgi.url_scheme": "http",
    }  # fmt: skip


def serve(handler: Any, hosts: list[str], count: int, page: str = "/") -> None:
    """Ask `count` times, from host to host. AssertionError when a page is not the page."""
    for number in range(count):
        response = handler(environ(hosts[number % len(hosts)], page), lambda status, headers: None)
        assert response.status_code == 200 and response.content.startswith(b"<p>"), (
            response.status_code,
            response.content[:80],
        )
        response.close()


def main() -> None:
    """Read the settings from the first line, then serve."""
    first = json.loads(sys.stdin.readline())
    sys.path.insert(0, first["path"])
    _configure(first["stock"], first["database"], first["schemas"])
    from django.core.handlers.wsgi import WSGIHandler
    from django.db import connection

    hosts = _make_tenants(first["schemas"]) if first["stock"] else ["plain.example"]
    handler = WSGIHandler()
    serve(handler, hosts, 2 * len(hosts))
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        before, wall, client = _spent(connection), time.perf_counter(), time.process_time()
        serve(handler, hosts, *json.loads(line)["requests"])
        took = (time.perf_counter() - wall) * 1000, (time.process_time() - client) * 1000
        print(json.dumps([*took, _spent(connection) - before]), flush=True)


def _configure(stock: bool, database: dict[str, Any], schemas: list[str]) -> None:
    from django.conf import settings

    backend = "django_tenants.postgresql_backend" if stock else "django.db.backends.postgresql"
    options = {} if stock else {"options": f"-c search_path={schemas[0]}"}
    settings.configure(
        SECRET_KEY="peer",
        USE_TZ=True,
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=ROUTE,
        DATABASES={"default": {**database, "ENGINE": backend, "CONN_MAX_AGE": None, "OPTIONS": options}},
        DATABASE_ROUTERS=("django_tenants.routers.TenantSyncRouter",) if stock else (),
        MIDDLEWARE=["django_tenants.middleware.main.TenantMainMiddleware"] if stock else [],
        INSTALLED_APPS=["django_tenants", "django.contrib.contenttypes", "_shell_app"] if stock else [],
        SHARED_APPS=["django_tenants", "django.contrib.contenttypes", "_shell_app"],
        TENANT_APPS=["django.contrib.contenttypes"],
        TENANT_MODEL="_shell_app.Client",
        TENANT_DOMAIN_MODEL="_shell_app.Domain",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        LOGGING_CONFIG=None,
    )
    import django

    django.setup()


def _make_tenants(schemas: list[str]) -> list[str]:
    from _shell_app.models import Client, Domain, Member
    from _shell_page import SOMEBODY
    from django.db import connection

    connection.set_schema_to_public()
    with connection.schema_editor() as editor:
        editor.create_model(Client)
        editor.create_model(Domain)
        editor.create_model(Member)
    for schema in schemas:
        client = Client.objects.create(schema_name=schema)
        Domain.objects.create(domain=f"{schema.replace('_', '-')}.example", tenant=client, is_primary=True)
        Member.objects.create(person_id=SOMEBODY, client=client, name="x", side="brand", role="approver")
    return [f"{schema.replace('_', '-')}.example" for schema in schemas]


def _spent(connection: Any) -> float:
    try:
        return int(Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text().split()[0]) / 1e6
    except (OSError, AttributeError):
        return 0.0


if __name__ == "__main__":
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    main()
