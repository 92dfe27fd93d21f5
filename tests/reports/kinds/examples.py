"""Facts of a brand that never was: a full week, a quiet one, a month, an audit, as large and as odd as asked."""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from io import BytesIO
from uuid import UUID

from PIL import Image

from clients.briefings.goals import Direction
from clients.disclosure.rules import InfoClass
from reports.facts.periods import Period, PeriodKind, period_of
from reports.facts.reaching import reached
from reports.facts.shapes import (
    BrandFacts,
    Cell,
    Checkpoint,
    Facts,
    Figure,
    Listing,
    Point,
    Row,
    Section,
    Series,
    Unit,
)
from reports.kinds.composing import Annotation, Dress
from reports.rendering.blocks import Seal
from reports.rendering.look import OF_TEXT, Look, readable
from tests.reports.kinds import one_by_one

FACEBOOK, MASTODON, MARKET = (str(UUID(int=number)) for number in (1, 2, 3))
RULED = ("answer|routine", "publish|routine", "|sensitive")
NAMES = {
    FACEBOOK: "Facebook · Maison Verte",
    MASTODON: "Mastodon",
    MARKET: "Marché d’Aligre",
    "rule-3": "Réponses du soir",
}
MADE = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
ZONE = "Europe/Paris"
WEEK = period_of(PeriodKind.WEEK, date(2026, 11, 18), ZONE)
MONTH = period_of(PeriodKind.MONTH, date(2026, 10, 18), ZONE)
LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 220 48"><circle cx="24" cy="24" r="22" fill="#2c7a4b"/>'
    b'<path d="M14 27c8-16 18-13 20-13 0 12-6 20-20 13z" fill="#fff"/>'
    b'<path d="M62 14h140v6H62zM62 27h96v6H62z" fill="#22312a"/></svg>'
)
DIGEST = "ab" * 32


def picture(form: str = "JPEG", size: tuple[int, int] = (900, 600)) -> bytes:
    """A picture with something on it."""
    out = BytesIO()
    Image.radial_gradient("L").resize(size).convert("RGB").save(out, form)
    return out.getvalue()


def dress(**changed: object) -> Dress:
    """A brand's look and word, with a seal."""
    look = Look("Maison Verte", "#2c7a4b", readable("#c9772b", OF_TEXT), LOGO, "Maison Verte, une feuille")
    values: dict[str, object] = {
        "look": look,
        "agency": "Agence du Marché",
        "names": NAMES,
        "pictures": {DIGEST: picture()},
        "annotations": (
            Annotation(
                "Deux demandes nous ont paru mériter une réponse de notre main.\nMerci à l’équipe !",
                "Sophie Martin",
                datetime(2026, 11, 23, 8, 40, tzinfo=UTC),
            ),
        ),
        "seal": Seal("https://verte.example.org/verify", "K7QF-2MXD-9TRA", "4d942e7f1fb3d805"),
    }
    return Dress(**{**values, **changed})  # type: ignore[arg-type]


def figure(
    code: str, value: int | None, before: int | None = None, unit: Unit = Unit.COUNT, goal: int | None = None, **by: str
) -> Figure:
    """A figure that rests on as many rows as it counts, with the least that it is to be."""
    rows = value or 0 if unit is Unit.COUNT else 1
    found = Figure(code, unit, value, before, goal, tuple(by.items()), rows=rows)
    if goal is None:
        return found
    got = reached(value, goal, Direction.AT_LEAST, is_over=True)
    return replace(found, direction=Direction.AT_LEAST, reached=got)


def facts_of(
    kind: str, *sections: Section, period: Period = WEEK, withheld: int = 0, name: str = "Maison Verte"
) -> Facts:
    """Facts with these sections."""
    brand = BrandFacts(UUID(int=9), name, "verte", ZONE, "fr")
    head = Checkpoint(48_211, "5f" * 32, datetime(2026, 11, 23, 6, 58, tzinfo=UTC))
    return Facts(kind, brand, period, InfoClass.SHARED, sections, withheld, head, MADE)


def weekly(*, topics: int = 5, name: str = "Maison Verte", member: str = "Awa D.") -> Facts:
    """A week in which everything happened."""
    return facts_of("weekly", *_week(topics, member), withheld=3, name=name)


def quiet() -> Facts:
    """A week in which nothing did."""
    sections = (
        "done",
        "talk",
        "members",
        "pictures",
        "field",
        "channels",
        "clocks",
        "fairness",
        "insights",
        "coming",
        "names",
    )
    empty = [Section(code, (figure("acts.done", 0, 0),) if code == "done" else ()) for code in sections]
    return facts_of("weekly", *empty)


def shifted(month: int) -> Facts:
    """The week in which the clocks are put forward (3) or back (10): 167 or 169 hours."""
    week = period_of(PeriodKind.WEEK, date(2026, month, 25 if month == 10 else 29), ZONE)
    return replace(weekly(), period=week, made_at=datetime(2026, month, 31, 7, tzinfo=UTC))


def long_names() -> Facts:
    """Names of 300 characters, with and without a place to break, of brand, member and topic."""
    return weekly(name=("Coopérative " * 25).strip(), member="M" * 300)


def right_to_left() -> Facts:
    """Arabic, Hebrew and signs of joy where names stand."""
    return weekly(name="ירוק 🌿 الأخضر", member="نور الهدى بنت محمد 🎉👩‍🌾 יעל")


def many_pictures(count: int = 24) -> Facts:
    """A week with a wall of pictures, each described."""
    facts = weekly()
    columns = ("digest", "mime", "alt", "at")
    rows = tuple(
        Row("items.media", UUID(int=900 + at), (DIGEST, "image/jpeg", f"Étal numéro {at + 1}, place d’Aligre", None))
        for at in range(count)
    )
    wall = Section(
        "pictures", (figure("pictures.shown", count, 2),), listings=(Listing("pictures", columns, rows, count),)
    )
    return replace(facts, sections=tuple(wall if one.code == "pictures" else one for one in facts.sections))


def monthly() -> Facts:
    """A month with trends and goals."""
    weeks = tuple(f"2026-{month:02d}-{day:02d}" for month, day in ((9, 28), (10, 5), (10, 12), (10, 19), (10, 26)))
    trends = Section(
        "trends",
        series=(
            Series("acts.done", Unit.COUNT, _points(weeks, (31, 44, 40, 52, 47)), goal=50),
            Series("field.ratio", Unit.SHARE, _points(weeks, (1200, 2050, None, 3100, 2800))),
            Series("clocks.median", Unit.WORKING, _points(weeks, (95, 120, 80, 64, 71)), (("clock", "answer"),)),
        ),
    )
    goals = Section("goals", (figure("acts.done", 214, 190, goal=200), figure("members.active", 61, 70, goal=80)))
    benefit = Section(
        "benefit",
        (
            figure("acts.at_once", 88, 70),
            *(figure("acts.at_once", value, 20, basis=basis) for basis, value in (("standing", 40), ("level", 48))),
            figure("waiting.median", 190, 260, Unit.DURATION),
            figure("waiting.saved", 16_720, 13_300, Unit.DURATION),
            figure("incidents.level", 1, 0, level="5"),
        ),
    )
    return facts_of("monthly", trends, goals, benefit, *_week(8, "Awa D."), period=MONTH, withheld=12)


def press() -> Facts:
    """What the press wrote."""
    columns = ("headline", "source", "published_at", "topic", "excerpt", "comment", "link", "licence")
    cells: tuple[tuple[Cell, ...], ...] = (
        (
            "Les circuits courts gagnent la ville",
            "Le Quotidien",
            "2026-11-17T06:00:00+00:00",
            "local",
            "« On vient pour le goût. »",
            "Bon ton, à relayer.",
            "https://quotidien.example/a?b=1&c=2",
            "quote",
        ),
        (
            "Organic prices under scrutiny",
            "The Ledger",
            "2026-11-19T06:00:00+00:00",
            "prices",
            "",
            "",
            "javascript:alert(1)",
            "link",
        ),
    )
    rows = tuple(Row("press.reviewentry", UUID(int=place), one) for place, one in enumerate(cells, 50))
    return facts_of(
        "press", Section("press", (figure("press.pieces", 2, 4),), listings=(Listing("pieces", columns, rows, 2),))
    )


def audit(rules: int = 4) -> Facts:
    """What was done, read and disclosed, and the proof."""
    receipts = Section(
        "receipts",
        tuple(
            figure("acts.rule", 9 - place % 9, 4, basis="standing", rule=f"{FACEBOOK}|{RULED[place % 3]}")
            for place in range(rules)
        ),
    )
    reads = Section(
        "reads",
        (figure("reads.noted", 12, 9), figure("reads.noted", 12, 9, act="read", side="agency")),
        listings=(one_by_one.readings(60),),
    )
    left = Section(
        "left",
        (figure("left.items", 4, 2), figure("left.items", 4, 2, way="link", recipient="address")),
        listings=(one_by_one.disclosures(4),),
    )
    check = Row(
        "evidence.check",
        UUID(int=70),
        ("2026-11-22T05:00:00+00:00", 48_000, 48_000, 48_000, "2026-11-22T05:00:04+00:00", ""),
    )
    columns = ("asked_at", "size", "done", "good", "ended_at", "fault")
    proof = Section("proof", (figure("log.lines", 811, 790),), listings=(Listing("check", columns, (check,), 1),))
    facts = facts_of("audit", receipts, reads, left, proof)
    return replace(facts, closing=Checkpoint(47_902, "3e" * 32, datetime(2026, 11, 22, 22, 59, tzinfo=UTC)))


def dossier() -> Facts:
    """Everything."""
    return facts_of(
        "dossier",
        *(*one_by_one.handover(), *_week(9, "Awa D."), *monthly().sections[:1], *press().sections, *audit().sections),
        period=MONTH,
    )


def chosen() -> Facts:
    """Two sections that somebody chose."""
    days = Period(PeriodKind.CUSTOM, date(2026, 11, 1), date(2026, 11, 10), ZONE)
    return facts_of("custom", *_week(3, "Awa D.")[:2], period=days)


KINDS = {"weekly": weekly, "monthly": monthly, "press": press, "audit": audit, "dossier": dossier, "custom": chosen}

ODD = {
    "empty": quiet,
    "forward": partial(shifted, 3),
    "back": partial(shifted, 10),
    "long": long_names,
    "right-to-left": right_to_left,
    "rows": partial(weekly, topics=10_000),
    "pictures": many_pictures,
}
"""What a week can be when it is not like others."""


def _week(topics: int, member: str) -> tuple[Section, ...]:
    return (
        Section(
            "done",
            (
                figure("acts.done", 52, 44, goal=50),
                *(
                    figure("acts.done", value, before, kind=kind, channel=channel)
                    for kind, channel, value, before in (
                        ("answer", FACEBOOK, 31, 26),
                        ("publish", FACEBOOK, 6, 7),
                        ("answer", MASTODON, 9, 8),
                        ("event", MARKET, 2, 1),
                        ("phone_call", MARKET, 4, 2),
                    )
                ),
            ),
            listings=(one_by_one.acts(52),),
        ),
        _talk(topics),
        Section(
            "members",
            (figure("members.said", 118, 97), figure("members.active", 34, 36, goal=40)),
            listings=(
                Listing(
                    "members",
                    ("place", "name", "said", "conversations"),
                    (
                        Row("community.member", UUID(int=21), (1, member, 14, 5)),
                        Row("community.member", None, (2, None, 9, 3)),
                        Row("community.member", UUID(int=23), (3, "יעל כהן", 7, 2)),
                        Row("community.member", UUID(int=24), (4, "أحمد 😀", 6, 2)),
                    ),
                    34,
                ),
            ),
        ),
        Section(
            "pictures",
            (figure("pictures.shown", 2, 0),),
            listings=(
                Listing(
                    "pictures",
                    ("digest", "mime", "alt", "at"),
                    (
                        Row(
                            "items.media",
                            UUID(int=31),
                            (DIGEST, "image/jpeg", "Le stand de fraises, un samedi matin", "2026-11-21T09:00:00+00:00"),
                        ),
                        Row(
                            "items.media",
                            UUID(int=32),
                            ("cd" * 32, "video/mp4", "Un film", "2026-11-20T09:00:00+00:00"),
                        ),
                    ),
                    2,
                    1,
                ),
            ),
        ),
        Section("field", (figure("field.acts", 6, 3, goal=5), figure("field.ratio", 1153, 681, Unit.SHARE))),
        Section(
            "channels",
            tuple(
                figure("channels.share", share, before, Unit.SHARE, channel=channel)
                for channel, share, before in ((FACEBOOK, 7115, 7500), (MASTODON, 1730, 1818), (MARKET, 1153, 681))
            ),
        ),
        _clock_section(),
        Section(
            "fairness",
            tuple(
                figure(f"fairness.{part}.{code}", value, value + 3, unit, clock=clock, **{part: group})  # type: ignore[arg-type]
                for part, groups in (
                    ("channel", (FACEBOOK, MASTODON)),
                    ("language", ("fr", "en")),
                    ("band", ("newcomer", "very_active")),
                )
                for group in groups
                for clock in ("acknowledge", "answer")
                for code, value, unit in (
                    ("rounds", 18, Unit.COUNT),
                    ("median", 74, Unit.WORKING),
                    ("in_time", 9400, Unit.SHARE),
                )
            ),
        ),
        Section(
            "insights",
            (figure("insights.noted", 3, 1), figure("insights.told", 1, 0)),
            listings=(
                one_by_one.noted(),
                Listing(
                    "told",
                    ("said", "did", "theme", "decision", "at"),
                    (
                        Row(
                            "insights.insight",
                            UUID(int=41),
                            (
                                "On ne trouve jamais les horaires du marché.",
                                "Les horaires sont désormais affichés sur chaque page.",
                                "horaires",
                                "done",
                                "2026-11-19T10:00:00+00:00",
                            ),
                        ),
                    ),
                    1,
                ),
            ),
        ),
        Section(
            "coming",
            (figure("coming.items", 2),),
            listings=(
                Listing(
                    "coming",
                    ("at", "title", "kind", "state"),
                    (
                        Row(
                            "items.item",
                            UUID(int=51),
                            ("2026-11-24T08:00:00+00:00", "Des clémentines dès mardi", "publish", "cleared"),
                        ),
                        Row("items.item", UUID(int=52), (None, "Merci aux bénévoles", "publish", "draft")),
                    ),
                    2,
                ),
                Listing(
                    "watch",
                    ("day", "subject", "text"),
                    (
                        Row(
                            "press.watchnote",
                            UUID(int=53),
                            ("2026-11-27", "Vendredi noir", "Attendre des questions sur les prix"),
                        ),
                    ),
                    1,
                ),
            ),
        ),
        Section(
            "names",
            (
                *(
                    figure("acts.basis", value, 3, basis=basis)
                    for basis, value in (("approval", 30), ("standing", 12), ("silence", 4), ("level", 5), ("brand", 1))
                ),
                *(
                    figure("acts.level", value, 4, level=level)
                    for level, value in (("2", 30), ("3", 12), ("5", 6), ("6", 4))
                ),
            ),
            listings=(one_by_one.at_level("told_at_once", 5, 6), one_by_one.at_level("trusted", 6, 4)),
        ),
        Section(
            "brakes",
            (
                figure("words.veto", 1, 0),
                figure("holds.placed", 0, 2),
                figure("acts.unsent", 1, 0),
                figure("crises.declared", 0, 0),
            ),
            listings=one_by_one.brakes(),
        ),
    )


def _talk(topics: int) -> Section:
    counts = (("question", 40, 31), ("complaint", 11, 14), ("praise", 22, 9), ("press", 3, 1))
    rows = tuple(
        Row("mentions.topic", None, (f"topic-{place}", f"Sujet numéro {place}", 40 - place % 40, 30))
        for place in range(topics)
    )
    figures = (
        figure("mentions.found", 128, 101),
        *(figure("mentions.kind", value, before, kind=kind) for kind, value, before in counts),
    )
    return Section(
        "talk", figures, listings=(Listing("topics", ("topic", "label", "mentions", "before"), rows, topics),)
    )


def _clock_section() -> Section:
    told = (
        ("rounds", 41, 38, Unit.COUNT),
        ("median", 74, 92, Unit.WORKING),
        ("nine_in_ten", 260, 240, Unit.WORKING),
        ("kept", 38, 33, Unit.COUNT),
        ("late", 2, 5, Unit.COUNT),
        ("in_time", 9500, 8684, Unit.SHARE),
    )
    figures = [
        figure(f"clocks.{code}", value, before, unit, clock=clock)
        for clock in ("acknowledge", "answer")
        for code, value, before, unit in told
    ]
    promises = (figure("promises.due", 6, 4), figure("promises.kept", 5, 4), figure("promises.broken", 1, 0))
    return Section("clocks", (*figures, *promises))


def _points(weeks: tuple[str, ...], values: tuple[int | None, ...]) -> tuple[Point, ...]:
    return tuple(Point(at, value) for at, value in zip(weeks, values, strict=True))
