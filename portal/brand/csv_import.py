"""Tables in and out: a plan brought as a file, looked at row by row before anything is written; and the plan as a file."""

from collections.abc import Iterable
from datetime import datetime, time
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clients.disclosure.rules import Way
from clients.disclosure.steps import Matter, Recipient, disclose
from clients.items.access import access_import
from clients.items.actions import confirm_import, read_import
from clients.items.models import Item
from clients.items.queries import import_of_before, planned_between
from clients.items.rows import ReadRow, read_rows
from clients.items.rules import ITEM_CLASS
from clients.items.tables import BEFORE_POSTS, COLUMNS, MOST_BYTES, MOST_ROWS, POSTS, write_table
from clients.people.access import require
from clients.people.rules import Verb
from portal.brand.calendar import MOST, asked_span
from portal.brand.clocks import which_typed, zone_here
from portal.brand.rows import channel_names, shortened
from portal.handing_out import to_keep
from portal.pages import back, brand_act, brand_page, render
from portal.times import when
from portal.wording import SENSITIVITIES, error_sentence, kind_word
from portal.wording.acts import KINDS
from tenants.errors import Invalid

SHOWN = 100
"""Rows in which nothing is wrong, of which so many are shown; those in which something is are shown all."""
HEADS = {
    "date": gettext_lazy("Date"),
    "time": gettext_lazy("Time"),
    "channels": gettext_lazy("Channels"),
    "kind": gettext_lazy("Action"),
    "title": gettext_lazy("Title"),
    "text": gettext_lazy("Text"),
    "first comment": gettext_lazy("First comment"),
    "link": gettext_lazy("Link"),
    "picture": gettext_lazy("Picture"),
    "alt": gettext_lazy("Description of the picture"),
    "topic": gettext_lazy("Topic"),
    "sensitivity": gettext_lazy("Sensitivity"),
}
LANGUAGES = ("fr", "en")


@brand_page
def bring_form(request: HttpRequest) -> HttpResponse:
    """What a table looks like, and where to choose one."""
    require(request.actor, Verb.ITEM_CREATE)
    columns: list[tuple[str, Any]] = [(name, HEADS[name]) for name in COLUMNS]
    columns.insert(len(BEFORE_POSTS), (f"{POSTS[0]} … {POSTS[-1]}", _("The posts that follow the text in a thread")))
    return render(request, "brand/import.html", {"columns": columns, "most": MOST_ROWS})


@brand_act(again=bring_form)
def bring(request: HttpRequest) -> HttpResponse:
    """Read a table; it is shown, and nothing is written of it yet."""
    file = request.FILES.get("file")
    if file is None:
        raise Invalid("table_missing", "file")
    data = file.read(MOST_BYTES + 1)
    found = read_import(request.actor, data=data, name=file.name or "", words=_words())
    return back(reverse("import_confirm", args=[found.pk]))


@brand_page
def confirm_form(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """The table as it would become drafts, with everything that is wrong in it, by line and column."""
    found = access_import(request.actor, import_id)
    rows = read_rows(found.rows, request.brand.time_zone)
    good = [row for row in rows if row.content]
    names = channel_names()
    before = import_of_before(found.digest, found.created_at)
    context = {
        "table": found,
        "good": [_shown(row, names) for row in good[:SHOWN]],
        "good_count": len(good),
        "shown": SHOWN,
        "bad": [_wrong(row) for row in rows if not row.content],
        "before": before and {"when": when(before.confirmed_at), "items": before.items_made, "who": before.author_name},
    }
    return render(request, "brand/import_confirm.html", context)


@brand_act(again=confirm_form)
def confirm(request: HttpRequest, import_id: UUID) -> HttpResponse:
    made = confirm_import(request.actor, import_id=import_id)
    messages.success(request, ngettext("%(n)s draft is made.", "%(n)s drafts are made.", made) % {"n": made})
    return back(f"{reverse('items')}?group=open")


@brand_page
def export(request: HttpRequest) -> HttpResponse:
    """What the calendar shows, as a table of the same columns. No cell of it is a formula, whatever people wrote."""
    require(request.actor, Verb.ITEM_READ)
    span, names = asked_span(request), channel_names()
    start, end = (datetime.combine(day, time(), zone_here()) for day in (span.first, span.after))
    items = planned_between(start, end)[:MOST]
    table = write_table(_cells(items, names)).encode()
    what = Matter(Item._meta.label_lower, tuple(i.pk for i in items), ITEM_CLASS, sha256(table).hexdigest())
    disclose(request.actor, way=Way.CSV, to=Recipient.person(request.actor), what=what, why="downloaded")
    return to_keep(table, "text/csv; charset=utf-8", f"{request.brand.slug}-{span.first}.csv")


def _cells(items: Iterable[Item], names: dict[str, str]) -> Iterable[dict[str, str]]:
    for item in items:
        assert item.version is not None and item.not_before is not None
        content, local = item.version.content, timezone.localtime(item.not_before)
        media = content["media"][0] if content["media"] else {"digest": "", "alt": ""}
        yield {
            "date": f"{local:%Y-%m-%d}",
            "time": f"{local:%H:%M}{local:%z}" if which_typed(item.not_before) else f"{local:%H:%M}",
            "channels": " | ".join(names.get(channel, "?") for channel in content["channels"]),
            "kind": item.kind,
            "picture": media["digest"][:12],
            "alt": media["alt"],
            "sensitivity": item.sensitivity,
            "first comment": content.get("first_comment", ""),
            **dict(zip(POSTS, content.get("parts", ()), strict=False)),
            **{name: content[name] for name in ("title", "text", "link", "topic")},
        }


def _shown(row: ReadRow, names: dict[str, str]) -> dict[str, Any]:
    assert row.content is not None
    content = row.content
    return {
        "number": row.number,
        "when": when(content.not_before) or _("as soon as it may"),
        "kind": kind_word(content.kind),
        "channels": ", ".join(names.get(channel, "?") for channel in content.channels),
        "title": content.title,
        "text": shortened(content.text),
        "posts": [(number, shortened(post)) for number, post in enumerate(content.parts, 2)],
        "comment": shortened(content.first_comment),
    }


def _head(column: str) -> str:
    """What people call a column."""
    if column in POSTS:
        return _("Post %(number)s") % {"number": column.removeprefix("post ")}
    return str(HEADS.get(column, column))


def _wrong(row: ReadRow) -> dict[str, Any]:
    sentences = dict.fromkeys(
        (_head(p.field), error_sentence(p.code, limit=p.limit, actual=p.actual, **_times(p))) for p in row.problems
    )
    return {"number": row.number, "sentences": list(sentences), "text": shortened(row.cells.get("text", ""))}


def _times(problem: Any) -> dict[str, Any]:
    """The two sentences about the nights of the clocks call their facts otherwise."""
    return {"time": problem.actual, "next": problem.limit}


def _words() -> dict[str, str]:
    """What people write for kinds and sensitivities, in either language."""
    found: dict[str, str] = {}
    for language in LANGUAGES:
        with translation.override(language):
            for column, table in (("kind", KINDS), ("sensitivity", SENSITIVITIES)):
                found |= {f"{column}:{str(word).casefold()}": code for code, word in table.items() if code}
    return found
