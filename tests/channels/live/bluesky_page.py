"""A Bluesky post as a small page. The account server of these tests has no web client, so the page is drawn from what its
public API gives to anybody: the record and its pictures, read back over XRPC. Nothing of what we sent is used."""

import base64
import json
import urllib.parse
import urllib.request
from html import escape
from pathlib import Path
from typing import Any

PAGE = """<!doctype html><meta charset="utf-8"><title>{handle}</title>
<style>
body {{ font: 20px/1.5 sans-serif; max-width: 640px; margin: 40px auto; color: #111 }}
article {{ border: 1px solid #ccd; border-radius: 12px; padding: 20px }}
img {{ max-width: 100%; border-radius: 8px }} a {{ color: #06c }}
small, footer {{ color: #667; font-size: 14px }} pre {{ white-space: pre-wrap; overflow-wrap: anywhere }}
</style>
<article><b>@{handle}</b> <small>{did}</small><p>{words}</p>{pictures}<small>{moment} · {uri}</small></article>
<footer><p>Drawn from the public answer of {site} to com.atproto.repo.getRecord and com.atproto.sync.getBlob:</p>
<pre>{record}</pre></footer>
"""


def page_of(site: str, uri: str, folder: Path) -> str:
    """The address of a page with the post of this at:// address, written into the folder."""
    did, collection, key = uri.removeprefix("at://").split("/")
    asked = {"repo": did, "collection": collection, "rkey": key}
    record = json.loads(_get(site, "com.atproto.repo.getRecord", **asked))["value"]
    handle = json.loads(_get(site, "com.atproto.repo.describeRepo", repo=did))["handle"]
    pictures = "".join(_picture(site, did, image) for image in record.get("embed", {}).get("images", []))
    page = folder / "bluesky.html"
    page.write_text(
        PAGE.format(
            handle=escape(handle),
            did=escape(did),
            words=_words(record),
            pictures=pictures,
            moment=escape(record["createdAt"]),
            uri=escape(uri),
            site=escape(site),
            record=escape(json.dumps(record, ensure_ascii=False, indent=1)),
        )
    )
    return page.as_uri()


def _get(site: str, name: str, **params: str) -> bytes:
    with urllib.request.urlopen(f"{site}/xrpc/{name}?{urllib.parse.urlencode(params)}", timeout=20) as reply:
        return bytes(reply.read())


def _picture(site: str, did: str, image: dict[str, Any]) -> str:
    data = _get(site, "com.atproto.sync.getBlob", did=did, cid=image["image"]["ref"]["$link"])
    source = f"data:{image['image']['mimeType']};base64,{base64.b64encode(data).decode()}"
    return f'<p><img src="{escape(source)}" alt="{escape(image["alt"])}"><br><small>{escape(image["alt"])}</small></p>'


def _words(record: dict[str, Any]) -> str:
    """The text, with links where the record says that they are: facets count bytes."""
    data, shown, position = record["text"].encode(), "", 0
    for facet in sorted(record.get("facets", []), key=lambda facet: facet["index"]["byteStart"]):
        begins, ends = facet["index"]["byteStart"], facet["index"]["byteEnd"]
        shown += escape(data[position:begins].decode()) + f"<a>{escape(data[begins:ends].decode())}</a>"
        position = ends
    return (shown + escape(data[position:].decode())).replace("\n", "<br>")
