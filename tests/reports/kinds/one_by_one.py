"""Examples of what stands in reports line by line: acts, brakes, readings, and what is handed over."""

from uuid import UUID

from reports.facts.accounted import DISCLOSURE, READING
from reports.facts.handover import GRANT
from reports.facts.happened import ACT, HOLD, INCIDENT, INSIGHT, REFUSAL
from reports.facts.shapes import Cell, Listing, Row, Section

Cells = tuple[Cell, ...]
TITLES = (
    "Le marché du samedi déménage place d’Aligre",
    "Merci pour votre message, nous regardons cela avec l’équipe du magasin et revenons vers vous demain",
    None,
    "Des clémentines dès mardi",
    "Les horaires d’hiver",
)
KINDS = ("publish", "answer", "direct_message", "publish", "answer")
BASES = ("approval", "standing", "level", "silence", "level")


def listing(code: str, columns: tuple[str, ...], *rows: Cells, withheld: int = 0) -> Listing:
    """Rows of one listing."""
    kind, found = f"example.{code}", enumerate(rows, 1)
    return Listing(code, columns, tuple(Row(kind, UUID(int=at), cells) for at, cells in found), len(rows), withheld)


def acts(count: int) -> Listing:
    """So many acts of every right."""
    return listing("acts", ACT, *(_act(at) for at in range(count)))


def _act(at: int, level: int | None = None) -> Cells:
    basis = "level" if level else BASES[at % 5]
    granted = level or (5 + at % 2 if basis == "level" else 2)
    by = "Sophie Martin, Marc Lefèvre" if basis == "approval" else ""
    when = f"2026-11-{16 + at % 7:02}T{8 + at % 9:02}:15:00.000000Z"
    channel = ("Facebook · Maison Verte", "Mastodon · Maison Verte")[at % 2]
    return (when, TITLES[at % 5], KINDS[at % 5], channel, basis, granted, by, "Inès Moreau")


def at_level(code: str, level: int, count: int) -> Listing:
    return listing(code, ACT, *(_act(at, level) for at in range(count)))


def brakes() -> tuple[Listing, ...]:
    """A veto and a refusal, two holds, two incidents."""
    when, later = "2026-11-18T09:10:00.000000Z", "2026-11-19T16:40:00.000000Z"
    return (
        listing(
            "refusals",
            REFUSAL,
            (when, "Vendredi noir, nous aussi ?", "veto", "Sophie Martin", "Pas avant l’accord de la direction."),
            (later, "Réponse à un client mécontent", "no", "Marc Lefèvre", ""),
        ),
        listing(
            "holds",
            HOLD,
            (when, later, "channel", "Facebook · Maison Verte", "Sophie Martin", "Sophie Martin", "Rappel de produit"),
            (later, None, "kind", "newsletter", "Marc Lefèvre", "", "Adresses à vérifier"),
        ),
        listing(
            "incidents",
            INCIDENT,
            (when, "Les horaires d’hiver", "Facebook · Maison Verte", 5, "correct", later, "Inès Moreau"),
            (when, "Promotion du jour", "Mastodon · Maison Verte", 6, "delete", later, "Paul Petit"),
        ),
    )


def noted() -> Listing:
    when = "2026-11-17T09:00:00.000000Z"
    return listing(
        "noted",
        INSIGHT,
        (when, "On cherche les horaires sur chaque page", "horaires", "service", "decided", "will_do", "Inès Moreau"),
        (when, "Le goût des fraises étonne", "produits", "product", "noted", "", "Paul Petit"),
        withheld=1,
    )


def readings(count: int) -> Listing:
    """So many readings, of one thing and of several."""
    what = ("custody.conversation", "items.media, mentions.mention", "reports.edition", "community.member")
    rows = (
        (
            f"2026-11-{1 + at % 22:02}T10:05:00.000000Z",
            ("Sophie Martin", "Inès Moreau", "")[at % 3],
            ("brand", "agency", "house")[at % 3],
            ("read", "read", "link.opened")[at % 3],
            *(what[at % 4], 1 + at % 4, ("named", "brand")[at % 2], 48_000 - at, str(UUID(int=at))),
        )
        for at in range(count)
    )
    return listing("readings", READING, *rows)


def disclosures(count: int) -> Listing:
    ways = (
        ("mail", "address", "presse@exemple.fr"),
        ("link", "link", "Le cabinet d’audit"),
        ("csv", "person", "Sophie Martin"),
    )
    rows = (
        (
            f"2026-11-{1 + at % 22:02}T17:20:00.000000Z",
            ways[at % 3][0],
            ("Sophie Martin", "")[at % 2],
            ("", "report")[at % 2],
            *ways[at % 3][1:],
            *(
                "reports.report",
                1,
                "shared",
                None if at % 2 else "2026-12-06T10:00:00.000000Z",
                "ab" * 32,
                str(UUID(int=at)),
            ),
        )
        for at in range(count)
    )
    return listing("disclosures", DISCLOSURE, *rows)


def handover() -> tuple[Section, ...]:
    """What whoever takes over is handed."""
    grants = (
        ("Agence du Marché", 4, "", "", "routine", 2, "", "", None, None),
        (
            "Agence du Marché",
            4,
            "Facebook · Maison Verte",
            "answer",
            "routine",
            5,
            "09:00–18:00",
            "01234",
            40,
            "2027-03-31",
        ),
        ("Agence du Marché", 4, "", "delete", "crisis", 1, "", "", None, None),
    )
    texts = (
        ("objectives", "Faire connaître les circuits courts.\nfield.ratio: 30 %\nclocks.in_time;clock=answer: 90 %"),
        ("tone", "Vouvoiement, chaleureux, jamais ironique. On signe de son prénom."),
        (
            "escalation",
            "Rappel de produit · Claire Dubois · 01 23 45 67 89\nPresse · Marc Lefèvre · presse@verte.example",
        ),
    )
    due = "2026-11-24T10:00:00.000000Z"
    return (
        Section(
            "charter",
            listings=(
                listing(
                    "mandates",
                    ("agency", "mandate_state", "starts_on", "ends_on", "notice_days"),
                    ("Agence du Marché", "active", "2026-01-01", None, 30),
                ),
                listing("charter", GRANT, *grants),
            ),
        ),
        Section("briefing", listings=(listing("briefing", ("part", "text"), *texts),)),
        Section(
            "places",
            listings=(
                listing(
                    "channels",
                    ("channel", "network", "handle", "channel_state", "health", "expires_at"),
                    (
                        "Facebook · Maison Verte",
                        "facebook",
                        "maisonverte",
                        "connected",
                        "",
                        "2027-01-10T00:00:00.000000Z",
                    ),
                    ("Mastodon · Maison Verte", "mastodon", "@verte@mamot.fr", "broken", "auth_refused", None),
                ),
                listing(
                    "sources",
                    ("source", "medium", "source_state", "every", "trouble"),
                    ("Le Quotidien, une", "feed", "on", 60, ""),
                    ("Forum des voisins", "forum", "on", 30, "silent"),
                ),
            ),
        ),
        Section(
            "people",
            listings=(
                listing(
                    "people",
                    ("person", "side", "role", "agency", "email"),
                    ("Sophie Martin", "brand", "brand_owner", "", "sophie@verte.example"),
                    ("Inès Moreau", "agency", "community_manager", "Agence du Marché", "ines@marche.example"),
                ),
            ),
        ),
        Section(
            "talks",
            listings=(
                listing(
                    "talks",
                    ("title", "channel", "talk_state", "side", "holder", "due_acknowledge", "due_answer", "opened_at"),
                    (
                        "Où acheter des fraises ?",
                        "Facebook · Maison Verte",
                        "open",
                        "agency",
                        "Inès Moreau",
                        None,
                        due,
                        due,
                    ),
                    ("Colis abîmé", "Mastodon · Maison Verte", "waiting", "brand", "Service client", due, due, due),
                    withheld=2,
                ),
            ),
        ),
        Section(
            "plans",
            listings=(
                listing("held", HOLD, (due, None, "all", "", "Sophie Martin", "", "Rappel de produit")),
                listing(
                    "plans",
                    ("at", "title", "kind", "state", "by"),
                    (due, "Des clémentines dès mardi", "publish", "cleared", "Inès Moreau"),
                    (None, "Merci aux bénévoles", "publish", "held", "Paul Petit"),
                ),
                listing(
                    "series",
                    ("title", "rule_text", "starts_on", "ends_on", "clock_text", "by"),
                    ("Le panier de la semaine", "FREQ=WEEKLY;BYDAY=MO,TH", "2026-02-02", None, "09:00", "Inès Moreau"),
                ),
                listing(
                    "standing",
                    ("title", "kind", "sensitivity", "last_day", "uses_left", "signed_by"),
                    ("Horaires d’ouverture", "answer", "routine", "2026-12-31", 12, "Sophie Martin"),
                ),
            ),
        ),
        Section(
            "ready",
            listings=(
                listing(
                    "ready",
                    ("title", "words", "language", "step"),
                    ("Horaires", "Nous sommes ouverts du mardi au samedi, de 9 h à 19 h.", "fr", ""),
                    ("Vers le service client", "Je passe votre question à nos collègues.", "fr", "pass"),
                ),
            ),
        ),
        Section(
            "known",
            listings=(
                listing(
                    "known",
                    ("member", "handles", "preferred", "consent"),
                    ("Awa D.", "@awa (mastodon), awa.d (facebook)", "network", "given"),
                ),
                listing(
                    "ambassadors",
                    ACT,
                    (
                        due,
                        "Awa peut épingler des recettes",
                        "ambassador_power",
                        "Forum",
                        "approval",
                        2,
                        "Sophie Martin",
                        "Inès",
                    ),
                ),
            ),
        ),
        Section(
            "lessons",
            listings=(
                listing(
                    "lessons",
                    (*INSIGHT, "due_at"),
                    (due, "On cherche les horaires", "horaires", "service", "asked", "", "Inès", due),
                ),
            ),
        ),
        Section(
            "tickets",
            listings=(
                listing(
                    "tickets",
                    ("at", "title", "ticket_state", "answer", "by"),
                    (due, "Colis abîmé", "accepted", "n° 4412", "Inès"),
                ),
            ),
        ),
    )
