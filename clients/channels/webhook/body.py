"""One act as the JSON that a receiver gets: every field always there, pictures inside, the same bytes for the same act."""

import base64
import hashlib
import json
from typing import Any

from clients.channels.port import MediaFile, Outbound


def body_of(outbound: Outbound) -> bytes:
    """{"type", "timestamp", "data"} as Standard Webhooks asks. `timestamp` is when the act was first to leave."""
    act = {
        "type": f"act.{outbound.kind}",
        "timestamp": outbound.moment.isoformat(),
        "data": {
            "key": outbound.key,
            "kind": str(outbound.kind),
            "channel": str(outbound.channel_id),
            "title": outbound.title,
            "text": outbound.text,
            "link": outbound.link,
            "parts": list(outbound.parts),
            "first_comment": outbound.first_comment,
            "recipient": outbound.recipient,
            "target": outbound.target,
            "media": [_picture(file) for file in outbound.media],
        },
    }
    return json.dumps(act, ensure_ascii=False, separators=(",", ":")).encode()


def _picture(file: MediaFile) -> dict[str, Any]:
    return {
        "mime": file.mime,
        "alt": file.alt,
        "sha256": hashlib.sha256(file.data).hexdigest(),
        "base64": base64.b64encode(file.data).decode(),
    }
