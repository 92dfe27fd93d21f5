"""An account's server of the AT protocol with its network behind it, as far as posting goes; after atproto.com and docs.bsky.app.

What it keeps of the original: records under keys, a swap that refuses a second record of one key, the same record again
as no change, 400 and never 404 for what is not there, limits in graphemes and bytes, facets that must lie inside the
text's UTF-8 bytes, blobs that must have been uploaded, replies that name records in exactly one version.
"""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from clients.channels.graphemes import count_graphemes
from tests.channels.fakes.serving import Answer, Ask, Fake, main

DID, HANDLE, PASSWORD = "did:plc:ours234567abcdefghijklmn", "marque.test", "abcd-efgh-ijkl-mnop"
OTHERS = {"amie.test": "did:plc:other34567abcdefghijklmn", HANDLE: DID}
_TID = re.compile("[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}")


class Bluesky(Fake):
    """`password` opens the account. `records`: (collection/key) -> record with cid."""

    password, active = PASSWORD, True

    def empty(self) -> dict[str, Any]:
        return {"records": {}, "blobs": {}, "others": {}, "log_ins": 0}

    @property
    def posts(self) -> list[dict[str, Any]]:
        """Our posts, oldest first."""
        found = self.state["records"]
        return [found[uri]["value"] for uri in sorted(found) if "/app.bsky.feed.post/" in uri]

    def seed(self, text: str, reply: dict[str, Any] | None = None) -> str:
        """A post of somebody else; its address."""
        uri = f"at://{OTHERS['amie.test']}/app.bsky.feed.post/3k{self.next('seed'):011d}".replace("0", "2")
        value = {"text": text, **({"reply": reply} if reply else {})}
        self.state["others"][uri] = {"uri": uri, "cid": _cid(value), "value": value}
        return uri

    def answer(self, ask: Ask) -> Answer:
        name = ask.path.removeprefix("/xrpc/")
        if name == "com.atproto.server.createSession":
            return self.log_in(ask)
        if ask.head.get("authorization") != f"Bearer token-{self.password}":
            return 401, {"error": "AuthenticationRequired", "message": "Invalid token"}
        return getattr(self, "on_" + name.rpartition(".")[2])(ask)

    def log_in(self, ask: Ask) -> Answer:
        self.state["log_ins"] += 1
        if ask.said.get("identifier") not in (HANDLE, DID) or ask.said.get("password") != self.password:
            return 401, {"error": "AuthenticationRequired", "message": "Invalid identifier or password"}
        return 200, {"did": DID, "handle": HANDLE, "active": self.active, "accessJwt": f"token-{self.password}"}

    def on_resolveHandle(self, ask: Ask) -> Answer:  # noqa: N802 - the protocol's words
        did = OTHERS.get(ask.query["handle"][0])
        return (200, {"did": did}) if did else (400, {"error": "InvalidRequest", "message": "Unable to resolve handle"})

    def on_uploadBlob(self, ask: Ask) -> Answer:  # noqa: N802
        link = "bafkrei" + hashlib.sha256(ask.body).hexdigest()
        self.state["blobs"][link] = ask.head["content-type"]
        ref = {"$type": "blob", "ref": {"$link": link}, "mimeType": ask.head["content-type"], "size": len(ask.body)}
        return 200, {"blob": ref}

    def on_getRecord(self, ask: Ask) -> Answer:  # noqa: N802
        found = self.state["records"].get(_uri(*(ask.query[name][0] for name in ("repo", "collection", "rkey"))))
        return (200, found) if found else (400, {"error": "RecordNotFound", "message": "Could not locate record"})

    def on_putRecord(self, ask: Ask) -> Answer:  # noqa: N802
        said = ask.said
        uri = _uri(said["repo"], said["collection"], said["rkey"])
        there, cid = self.state["records"].get(uri), _cid(said["record"])
        wrong = said["repo"] != DID or not _TID.fullmatch(said["rkey"]) or self.wrong(said["record"])
        if wrong:
            return 400, {"error": "InvalidRequest", "message": str(wrong)}
        if there and there["cid"] == cid:
            return 200, {"uri": uri, "cid": cid}
        if there and "swapRecord" in said and said["swapRecord"] != there["cid"]:
            return 400, {"error": "InvalidSwap", "message": f"Record was at {there['cid']}"}
        self.state["records"][uri] = {"uri": uri, "cid": cid, "value": said["record"]}
        return 200, {"uri": uri, "cid": cid}

    def on_deleteRecord(self, ask: Ask) -> Answer:  # noqa: N802
        self.state["records"].pop(_uri(ask.said["repo"], ask.said["collection"], ask.said["rkey"]), None)
        return 200, {}

    def on_getPosts(self, ask: Ask) -> Answer:  # noqa: N802
        uri = ask.query["uris"][0].replace("amie.test", OTHERS["amie.test"])  # an address by handle is found, too
        found = self.state["records"].get(uri) or self.state["others"].get(uri)
        if not found:
            return 200, {"posts": []}
        likes = [r for r in self.state["records"].values() if r["value"].get("subject", {}).get("uri") == uri]
        replies = [p for p in self.posts if p.get("reply", {}).get("parent", {}).get("uri") == uri]
        counts = {"likeCount": len(likes), "replyCount": len(replies), "repostCount": 0}
        return 200, {"posts": [{"uri": uri, "cid": found["cid"], "record": found["value"], **counts}]}

    def wrong(self, record: dict[str, Any]) -> str:
        """What the lexicon has against a record, or ''."""
        if record["$type"] == "app.bsky.feed.like":
            return "" if self.known(record["subject"]) else "subject"
        text = record["text"]
        if len(text.encode()) > 3000 or count_graphemes(text) > 300:
            return "text too long"
        spans = [facet["index"] for facet in record.get("facets", [])]
        if not all(0 <= span["byteStart"] < span["byteEnd"] <= len(text.encode()) for span in spans):
            return "facet"
        pictures = record.get("embed", {}).get("images", [])
        if not all(picture["image"]["ref"]["$link"] in self.state["blobs"] and picture["alt"] for picture in pictures):
            return "blob"
        reply = record.get("reply", {})
        return "" if all(self.known(ref) for ref in reply.values()) else "reply"

    def known(self, reference: dict[str, str]) -> bool:
        found = self.state["records"].get(reference["uri"]) or self.state["others"].get(reference["uri"])
        return bool(found) and found["cid"] == reference["cid"]


def _uri(repo: str, collection: str, key: str) -> str:
    return f"at://{repo}/{collection}/{key}"


def _cid(record: dict[str, Any]) -> str:
    return "bafyrei" + hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()


def make(file: Path, delay: float) -> Bluesky:
    return Bluesky(file, delay)


if __name__ == "__main__":
    main(make)
