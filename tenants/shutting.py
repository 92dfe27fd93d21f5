"""What an operator may read of a brand goes before the tables behind it change: a release, a restore, the end of the brand.

Apart from `tenants.glass`, which makes it: these have no need to know what it is.
"""

from typing import Any


def shut_all(cursor: Any, schema: str) -> None:
    """Take away every role and view that stands open over one brand's schema, in the owner's transaction."""
    cursor.execute(
        "SELECT public.tenants_shut_glass(nspname) FROM pg_namespace"
        " WHERE starts_with(nspname, 'glass_') AND obj_description(oid, 'pg_namespace') = %s",
        [schema],
    )
