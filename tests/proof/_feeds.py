"""Feeds of our own writing, one for each way in which a feed can be right, wrong or hostile."""

import re
from collections.abc import Iterator

_HEAD = '<?xml version="1.0" encoding="{}"?>'
_ITEM = (
    "<item><guid>tag:journal.example,2026:{0}</guid><title>Article {0} : l’été à la crème</title>"
    "<link>https://journal.example/{0}</link><pubDate>Thu, 19 Nov 2026 10:{0:02d}:00 GMT</pubDate>"
    "<description>&lt;p&gt;Un texte &lt;b&gt;gras&lt;/b&gt; n° {0}.&lt;/p&gt;</description></item>"
)
_ENTRY = (
    "<entry><id>urn:uuid:{0}</id><title type='html'>Billet {0}</title><link href='/billets/{0}'/>"
    "<updated>2026-11-18T09:{0:02d}:00Z</updated><author><name>Léa</name></author>"
    "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>Corps <i>du</i> billet {0}</div></content></entry>"
)
_WHOLE = '{head}<rss version="2.0"><channel><title>Journal</title><language>fr</language>{items}</channel></rss>'


def own_feeds() -> Iterator[tuple[str, bytes, int]]:
    """(what it is, its bytes, how many entries a reader should find)."""
    ten = "".join(_ITEM.format(n) for n in range(10))
    rss = _WHOLE.format(head=_HEAD.format("utf-8"), items=ten)
    yield "rss", rss.encode(), 10
    for charset in ("iso-8859-1", "windows-1252", "utf-16"):
        text = rss.replace("utf-8", charset).replace("’", "'")
        yield f"rss in {charset}", text.encode(charset), 10
    yield "rss, charset untrue", rss.replace("’", "'").encode("latin-1"), 10
    yield "rss without head", rss.partition("?>")[2].encode(), 10
    entries = "".join(_ENTRY.format(n) for n in range(8))
    yield (
        "atom",
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr"><title>B</title>{entries}</feed>'.encode(),
        8,
    )
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        "<channel><title>R</title></channel><item><title>Un</title><link>https://r.example/1</link></item></rdf:RDF>"
    )
    yield "rdf", rdf.encode(), 1
    yield (
        "json",
        b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "content_text": "Bonjour"}]}',
        1,
    )
    yield "cut in the middle", rss.encode()[: len(rss) * 2 // 3], 7
    yield "tags not closed", rss.replace("</title>", "", 3).encode(), 10
    yield "ampersands", rss.replace("Article", "Pain & vin &nbsp; &eacute;").encode(), 10
    yield "control signs", rss.replace("Article", "Art\x0bicle\x00").encode(), 10
    scripts = _ITEM.format(1).replace("Un texte", "&lt;script&gt;alert(1)&lt;/script&gt;Un texte&lt;svg onload=x&gt;")
    yield "scripts", _WHOLE.format(head="", items=scripts).encode(), 1
    yield (
        "direction",
        _WHOLE.format(head="", items=_ITEM.format(1).replace("Article", "\u202egpj.exe\u2066")).encode(),
        1,
    )
    yield "no dates", rss.replace("pubDate", "quand").encode(), 10
    yield "dates of the future", rss.replace("2026 10", "2099 10").encode(), 10
    yield (
        "numbers for ids, no dates",
        rss.replace("pubDate", "quand").replace("tag:journal.example,2026:", "").encode(),
        10,
    )
    yield "no ids, no links", rss.replace("guid", "nummer").replace("link", "lien").encode(), 10
    shared = re.sub(r"<guid>[^<]*</guid>", "<guid>tag:journal.example</guid>", rss)
    yield "one id for all", shared.encode(), 10
    yield "the same twice", _WHOLE.format(head="", items=_ITEM.format(1) * 2).encode(), 1
    laughs = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    bomb = _WHOLE.format(
        head=f"{_HEAD.format('utf-8')}<!DOCTYPE rss [{laughs}]>", items=_ITEM.format(1).replace("Article", "&a9;")
    )
    yield "laughs", bomb.encode(), 1
    file = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY y SYSTEM "http://127.0.0.1:9/">]>'
    yield "outside entities", _WHOLE.format(head=file, items=_ITEM.format(1).replace("Article", "&x;&y;")).encode(), 1
    yield "nothing in it", _WHOLE.format(head="", items="").encode(), 0
    yield "a page", b"<!doctype html><html><head><title>Accueil</title></head><body><p>Bonjour</p></body></html>", 0
    yield "an address", b"http://127.0.0.1:9/feed", 0
    yield "a file", b"/etc/passwd", 0
    yield "nothing", b"", 0
