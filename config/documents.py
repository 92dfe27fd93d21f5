"""Documents drawn from the program's own tables, so that they cannot say something else than the program does.

`manage.py document` writes them, `manage.py document --check` (a test calls it) fails when one is stale. A new document is a
function here that returns Markdown, registered with its path. What a running server reads, because it has no source to read it
from, stands beside the code that reads it: the codes of the API.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from django.utils.translation import override

from api.docs import raised
from clients.autonomy.vocabulary import Reason
from clients.channels.port import Idempotency
from clients.channels.queries import declared_by, gives_tokens, kinds_on_offer, looks_at, tries
from clients.disclosure.rules import (
    InfoClass,
    Way,
    classes_open_to,
    is_logged,
    link_lasts,
    mail_tells_title,
    may_leave,
    needs_code,
)
from clients.items.life import LIFE
from clients.mandates.rules import MANDATE_LIFE
from clients.people.rules import MAY
from config.environment import ALL, ROOT
from portal.wording import reason_sentence
from reports.facts.definitions import DEFINITIONS
from reports.facts.sections import KINDS as SECTIONS_OF
from reports.making.rules import LIFE as REPORT_LIFE
from tenants.dressing import unwatched_tables
from tenants.vocabulary import ROLES_OF, Role, Side

Document = Callable[[], str]
DOCUMENTS: dict[str, Document] = {}
DATA: dict[Path, Document] = {raised.PLACE: raised.as_json}
MARK = "<!-- Written by `manage.py document` from {source}: change it there. -->"


def document(path: str, source: str) -> Callable[[Document], Document]:
    """Register a function as the author of a file under docs/."""

    def register(write: Document) -> Document:
        DOCUMENTS[path] = lambda: f"{write().strip()}\n\n{MARK.format(source=source)}\n"
        return write

    return register


def stale() -> list[str]:
    """The documents whose file differs from what the program says."""
    return [name for name, file, write in _all() if not file.exists() or file.read_text() != write()]


def write_all() -> None:
    """Write every document."""
    for _name, file, write in _all():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(write())


def _all() -> Iterator[tuple[str, Path, Document]]:
    for path, write in DOCUMENTS.items():
        yield path, _file(path), write
    for file, write in DATA.items():
        yield file.relative_to(ROOT).as_posix(), file, write


def _file(path: str) -> Path:
    return ROOT / "docs" / path


@document("item-life.md", "clients/items/life.py")
def item_life() -> str:
    """States and events of an item, as a drawing and as a table."""
    steps = [(state, event, after) for state, events in LIFE.items() for event, after in events.items()]
    return _life("The life of an item", "draft", [(str(a), str(e), str(b)) for a, e, b in steps])


@document("mandate-life.md", "clients/mandates/rules.py")
def mandate_life() -> str:
    """States and steps of a mandate."""
    steps = [(str(a), str(step), str(move.target)) for step, move in MANDATE_LIFE.items() for a in sorted(move.sources)]
    return _life("The life of a mandate", "offered", steps)


@document("report-life.md", "reports/making/rules.py")
def report_life() -> str:
    """States and steps of a report."""
    steps = [(state, step, after) for state, found in REPORT_LIFE.items() for step, after in found.items()]
    return _life("The life of a report", "making", [(str(a), str(step), str(b)) for a, step, b in steps])


@document("figures.md", "reports/facts/definitions.py")
def figures() -> str:
    """Every figure with what it counts, in both languages, section by section."""
    head = ("code", "unit", "told apart by", "goal", "what it counts", "ce qui est compté")
    found: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for one in DEFINITIONS.values():
        by = ", ".join(f"`{name}`" for name in one.by)
        found[one.section].append((f"`{one.code}`", str(one.unit), by, "yes" if one.takes_goal else "", *one.says))
    kinds = _table(("report", "its sections, in order"), [(f"`{k}`", ", ".join(s)) for k, s in SECTIONS_OF.items()])
    parts = "\n\n".join(f"## {section}\n\n{_table(head, rows)}" for section, rows in found.items())
    return f"# Figures\n\n{_UNITS}\n\n{kinds}\n\n{parts}"


_UNITS = (
    "Whole numbers: `share` in hundredths of a percent, `working` in minutes of the brand's working time, `duration` in minutes "
    "by the wall, `money` in cents. None is no value, never 0. A week runs from Monday to Sunday on the brand's clock. What is "
    "above a reader's class is in no figure; how many rows that is stands beside it.\n\nA goal is a line of the briefing that "
    "both sides read: a figure, at least or at most a number, per week or month, from a day. A period is held against what was "
    "agreed before it ended. In a period of another length a count goes by the days (at least 12 a week are at least 52 in 30 "
    "days), a share or a time stays as it is, and a count of different people has no goal. A figure without a value is not "
    "measurable, never missed."
)


@document("permissions.md", "clients/people/rules.py")
def permissions() -> str:
    """Which role may ask for which verb."""
    roles = list(Role)
    rows = [(f"`{verb}`", *("yes" if role in MAY[verb] else "" for role in roles)) for verb in MAY]
    return f"# Who may ask for what\n\n{_table(('verb', *(str(role) for role in roles)), rows)}"


@document("reasons.md", "clients/autonomy/vocabulary.py and portal/wording/reasons.py")
def reasons() -> str:
    """Every reason code of a decision with its sentence."""
    with override("en"):
        rows = [(f"`{code}`", reason_sentence(code)) for code in Reason]
    return f"# Why the gate answers as it does\n\n{_table(('code', 'sentence'), rows)}"


@document("channels.md", "what each connector declares in clients/channels")
def channels() -> str:
    """What every kind of channel can do, and against what it was run."""
    head = ("kind", "class", "acts", "text", "pictures", "after it was sent", "credential", "run against")
    rows = [_channel(kind) for kind in kinds_on_offer()]
    return f"# What each channel can do\n\n{_CLASSES}\n\n{_table(head, rows)}"


_CLASSES = (
    "The class says what makes a repeat harmless: A the network knows our key, B a remote draft is resumed, C we look for our "
    "marker before we send again, D only a person can know. *Documentation* means: written to the network's public "
    "documentation and run against a server of our own that was written to it too, **not run against the live service**."
)


def _channel(kind: str) -> tuple[str, ...]:
    takes = declared_by(kind)
    pictures = f"{takes.max_media} of {takes.max_media_bytes / 1e6:g} MB" if takes.max_media else "none"
    pictures += "" if takes.alt_text_required or not takes.max_media else ", without their words"
    text = f"{takes.max_length} {takes.counting}".replace("_", " ") if takes.max_length else "none"
    text += f", {takes.max_caption} beside a picture" if takes.max_caption else ""
    later = [word for word, can in (("looked at", looks_at(kind)), ("credential tried", tries(kind))) if can]
    later += [f"test by {takes.self_test}"] if takes.self_test else []
    run = "by a person" if takes.performed_by_person else str(takes.proven).replace("_", " ")
    acts = ", ".join(f"`{act}`" for act in sorted(takes.kinds))
    token = "OAuth with PKCE" if gives_tokens(kind) else "typed"
    apart = ", ".join(f"`{act}`" for act in sorted(takes.looked_for))
    letter = f"{takes.idempotency}, {Idempotency.LOOK_UP} for {apart}" if apart else str(takes.idempotency)
    return (f"`{kind}`", letter, acts, text, pictures, ", ".join(later), token, run)


@document("information-classes.md", "clients/disclosure/rules.py")
def information_classes() -> str:
    """Who reads a class, whether that is logged, and by which way it may leave."""
    roles = [(side, role) for side, found in ROLES_OF.items() for role in sorted(found)]
    head = ("class", *(str(role) for _, role in roles), "reading is logged", "a link lives", "a letter tells")
    readers = _table(head, [_class(one, roles) for one in InfoClass])
    ways = [(f"`{way}`", *(_strictest(way, side) for side in Side)) for way in Way]
    leaves = _table(("way", *(f"by the {side}'s hand up to" for side in Side)), ways)
    more = "A policy of the brand reaches as far as it says, never to `brand`; a process of the house has no hand of its own."
    return f"# Information classes\n\n{readers}\n\n## What leaves\n\n{leaves}\n\n{more}"


def _class(info_class: InfoClass, roles: Iterable[tuple[Side, Role]]) -> tuple[str, ...]:
    unnamed = "if named" if info_class is InfoClass.NAMED else ""
    reads = ("yes" if info_class in classes_open_to(side, role) else unnamed for side, role in roles)
    lasts, code = link_lasts(info_class), ", with a code" if needs_code(info_class) else ""
    return (
        f"`{info_class}`",
        *reads,
        "before the first byte" if is_logged(info_class) else "",
        f"{lasts.days} days{code}" if lasts else "never",
        "its title" if mail_tells_title(info_class) else "that it is there",
    )


def _strictest(way: Way, side: Side) -> str:
    return f"`{[one for one in InfoClass if may_leave(way, one, side)][-1]}`"


@document("settings.md", "config/environment.py")
def settings() -> str:
    """Every name of the environment."""
    rows = [(f"`{setting.name}`", "yes" if setting.needed else "", setting.help) for setting in ALL]
    return f"# What an installation sets\n\n{_table(('name', 'needed in production', 'what it is'), rows)}"


@document("unwatched.md", "the models: Stamped.unwatched")
def unwatched() -> str:
    """Tables of a brand whose changes the log's triggers do not note."""
    rows = [
        (f"`{table}`", why, ", ".join(events).lower() or "nothing")
        for table, (why, events) in sorted(unwatched_tables().items())
    ]
    head = ("table", "why changes are not noted", "noted after all")
    return f"# Tables the log does not watch\n\n{_WATCHED}\n\n{_table(head, rows)}"


_WATCHED = (
    "Every statement that changes rows of a brand's table is noted by a trigger, whoever sent it "
    "([decision 9](decisions/0009-sealed-log.md)). These tables are the exceptions; a model says so itself, with its reason."
)


def _life(title: str, first: str, steps: Iterable[tuple[str, str, str]]) -> str:
    """A state machine: arrows between two states are drawn once and carry all their events."""
    arrows: dict[tuple[str, str], list[str]] = defaultdict(list)
    for before, event, after in steps:
        arrows[before, after].append(event)
    drawn = [f"    {before} --> {after}: {', '.join(events)}" for (before, after), events in arrows.items()]
    drawing = "\n".join(["```mermaid", "stateDiagram-v2", f"    [*] --> {first}", *drawn, "```"])
    leads: dict[str, list[str]] = defaultdict(list)
    for (before, after), events in arrows.items():
        leads[before].append(f"{', '.join(events)} → *{after}*")
    rows = [(before, "; ".join(found)) for before, found in leads.items()]
    return f"# {title}\n\n{drawing}\n\n{_table(('from', 'by → to'), rows)}"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [list(head), *map(list, rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)
