"""What a person may be called. Names stand in letters that others receive, so none may carry an address or a link. Pure."""

import re

LONGEST = 120

_DOT = "[.\u2024\u3002\uff0e\uff61]"
_ADDRESS = re.compile(rf"[/\\@\uff20]|www{_DOT}|[^\W_]{_DOT}[^\W_]{{2}}", re.IGNORECASE)
"""The shortest piece that a mail program makes a link of, in any script. 'J. R. Petit' and 'Lou-Ann O'Neil' have none."""


def what_is_wrong_with(name: str) -> str:
    """'' for a name that can be shown, else the code of what is wrong with it."""
    if not name.strip():
        return "name_empty"
    if not all(sign.isprintable() for sign in name) or _ADDRESS.search(name):
        return "name_no_name"
    return ""
