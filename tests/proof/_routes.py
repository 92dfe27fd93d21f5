"""What each address answers to whom: the one table that the route matrix is derived from.

A new route is declared here, in one line, or `tests/portal/test_route_matrix.py` fails and names it. `read` and `act` say
which roles a page and a press let through, in the words of `clients.people.rules`; the roles themselves are never repeated.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from clients.people.rules import MAY, Verb
from reports.rendering.sealing_keys import made_key
from tenants.vocabulary import ROLES_OF, Role, Side

Roles = frozenset[Role]
Ids = dict[str, str]
Typed = Callable[[Ids], dict[str, Any]]

EVERY_MEMBER: Roles = frozenset(Role)
NOBODY: Roles = frozenset()


def by(*verbs: Verb) -> Roles:
    """The roles that may do one of the verbs."""
    return frozenset().union(*(MAY[verb] for verb in verbs))


def nothing(ids: Ids) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Declared:
    """One route of a brand. None for `read` or `act`: the page knows no such method (405).

    `typed` is what a press sends. `parts`: which id, or which word, stands for a part of the address that is not called as its
    id. `alone`: ids in the address are of this role's person, and nobody else has such a thing.
    `proof`: the press also wants a fresh proof of who one is. `empty`: the answer to whoever is let through where the stage has
    nothing to do or, for a page without a press, to show. `public`: the answers to anybody at all who holds no key.
    """

    read: Roles | None = None
    act: Roles | None = None
    typed: Typed = nothing
    parts: dict[str, str] = field(default_factory=dict)
    alone: Role | None = None
    proof: bool = False
    empty: int | None = None
    public: dict[str, int] | None = None


def seen(ids: Ids) -> dict[str, Any]:
    return {"digest": ids["digest_seen"], "comment": "Non, merci."}


def _contacts_file() -> SimpleUploadedFile:
    return SimpleUploadedFile("clients.csv", "external_id;name\n9;Zoé\n".encode(), "text/csv")


def _brought_key(_ids: Ids) -> dict[str, Any]:
    made = made_key("Maison Aubier", timezone.now())
    return {
        "key": SimpleUploadedFile("key.pem", made.key),
        "certificate": SimpleUploadedFile("c.pem", made.certificate),
    }


def _one(**typed: str) -> Typed:
    """Names of ids by the name of their field; a value that is no id stands for itself."""
    return lambda ids: {field: ids.get(value, value) for field, value in typed.items()}


def _composed(ids: Ids) -> dict[str, Any]:
    return {
        "kind": "publish",
        "sensitivity": "routine",
        "channels": [ids["channel_id"]],
        "text": "Bonjour",
        "title": "Titre",
    }


def _file(mime: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("un fichier", data, mime)


LOG, TRIAGE = Verb.AUDIT_READ, Verb.MENTION_TRIAGE
TALKS, HOLD = Verb.CONVERSATION_READ, Verb.CONVERSATION_HOLD
HOLDERS = MAY[Verb.CONVERSATION_HOLD] & ROLES_OF[Side.AGENCY]
"""Of the stage's conversation, which the agency holds."""
READ, EDIT, CREATE, SUBMIT = Verb.ITEM_READ, Verb.ITEM_EDIT, Verb.ITEM_CREATE, Verb.ITEM_SUBMIT
RULE = {"rule": "", "frequency": "WEEKLY", "every": "1", "clock": "10:00", "first_day": "2030-01-07"}

BRAND: dict[str, Declared] = {
    "home": Declared(read=EVERY_MEMBER),
    "approvals": Declared(read=by(READ)),
    "approve_batch": Declared(
        read=by(READ),
        act=by(Verb.ITEM_APPROVE),
        typed=lambda ids: {"item": [f"{ids['item_id']}:{ids['digest_seen']}"]},
    ),
    "batch_undo": Declared(read=by(READ), act=by(Verb.ITEM_APPROVE), alone=Role.BRAND_OWNER),
    "approve": Declared(read=by(READ), act=by(Verb.ITEM_APPROVE), typed=seen),
    "ask_change": Declared(read=by(READ), act=by(Verb.ITEM_APPROVE), typed=seen),
    "refuse": Declared(read=by(READ), act=by(Verb.ITEM_APPROVE), typed=seen),
    "approve_edited": Declared(
        read=by(Verb.ITEM_APPROVE),
        act=by(Verb.ITEM_APPROVE),
        typed=lambda ids: {**_composed(ids), "seen_digest": ids["digest_seen"]},
    ),
    "items": Declared(read=by(READ)),
    "item_new": Declared(read=by(CREATE), act=by(CREATE), typed=_composed),
    "preview": Declared(read=by(CREATE), act=by(CREATE), typed=_composed),
    "composer_fields": Declared(read=by(CREATE), act=by(CREATE), typed=_composed),
    "item": Declared(read=by(READ)),
    "item_edit": Declared(
        read=by(EDIT), act=by(EDIT), typed=lambda ids: {**_composed(ids), "seen_digest": ids["digest_seen"]}
    ),
    "submit": Declared(read=by(READ), act=by(SUBMIT), typed=seen),
    "withdraw": Declared(read=by(READ), act=by(Verb.ITEM_WITHDRAW)),
    "perform": Declared(read=by(READ), act=by(Verb.ITEM_PERFORM), typed=seen),
    "veto": Declared(read=by(READ), act=by(Verb.ITEM_APPROVE), typed=seen),
    "dispatch": Declared(
        read=by(READ), act=by(Verb.ITEM_CONFIRM), typed=_one(step="begin"), parts={"item_id": "call_id"}
    ),
    "remark": Declared(read=by(READ), act=by(EDIT), typed=_one(remark="À voir")),
    "classify": Declared(
        read=by(Verb.CLASS_RAISE),
        act=by(Verb.CLASS_RAISE),
        typed=_one(**{"class": "brand"}),
        parts={"kind": "note", "object_id": "note_id"},
    ),
    "service": Declared(read=by(Verb.CONVERSATION_READ)),
    "figures": Declared(read=by(Verb.REPORT_READ)),
    "figures_rows": Declared(read=by(Verb.REPORT_READ), empty=404),
    "figures_export": Declared(read=by(Verb.REPORT_READ)),
    "readers": Declared(read=by(Verb.AUDIT_READ), parts={"kind": "note", "object_id": "note_id"}),
    "calendar": Declared(read=by(READ)),
    "calendar_export": Declared(read=by(READ)),
    "import": Declared(
        read=by(CREATE), act=by(CREATE), typed=lambda ids: {"file": _file("text/csv", b"text\nLigne\n")}
    ),
    "import_confirm": Declared(read=by(CREATE), act=by(CREATE), alone=Role.COMMUNITY_MANAGER),
    "series": Declared(read=by(READ), act=by(SUBMIT), typed=lambda ids: {"item": ids["item_id"], **RULE}),
    "series_one": Declared(
        read=by(READ), act=by(SUBMIT), typed=lambda ids: {"title": "Titre", "text": "Autre texte", **RULE}
    ),
    "series_skip": Declared(read=by(READ), act=by(SUBMIT), typed=_one(day="2030-01-07")),
    "series_stop": Declared(read=by(READ), act=by(SUBMIT)),
    "calendar_move": Declared(
        read=by(EDIT), act=by(EDIT), typed=lambda ids: {"digest": ids["digest_seen"], "not_before": "2030-01-07T10:00"}
    ),
    "library": Declared(read=by(READ), act=by(EDIT), typed=lambda ids: {"upload": _file("image/png", b"no picture")}),
    "library_describe": Declared(read=by(READ), act=by(EDIT), typed=_one(alt="Un mur")),
    "media": Declared(read=by(READ)),
    "lent": Declared(public={"GET": 404, "HEAD": 404}),
    "shared": Declared(public={"GET": 200, "HEAD": 200, "POST": 404}),
    "shared_read": Declared(public={"GET": 404}),
    "shared_picture": Declared(public={"GET": 404}),
    "share": Declared(
        read=by(Verb.LINK_SHARE),
        act=by(Verb.LINK_SHARE),
        parts={"kind": "item", "object_id": "item_id"},
        typed=_one(recipient="La presse", days="3", views="5", reason="Relecture", **{"class": "shared"}),
    ),
    "disclosures": Declared(read=by(Verb.DISCLOSURE_READ)),
    "disclosures_export": Declared(read=by(Verb.DISCLOSURE_READ)),
    "disclosure_end": Declared(read=by(Verb.DISCLOSURE_READ), act=by(Verb.DISCLOSURE_END), empty=404),
    "integration_allow": Declared(read=by(Verb.INTEGRATION_ALLOW), act=by(Verb.INTEGRATION_ALLOW)),
    "integration_end": Declared(read=by(Verb.DISCLOSURE_READ), act=by(Verb.DISCLOSURE_END), empty=404),
    "charter": Declared(read=by(READ)),
    "propose": Declared(read=by(READ), act=by(Verb.CHARTER_PROPOSE)),
    "charter_lower": Declared(read=by(READ), act=by(Verb.CHARTER_LOWER), typed=_one(key="||routine", level="1")),
    "mandate_step": Declared(read=by(READ), act=by(Verb.CHARTER_LOWER), parts={"step": "suspend"}),
    "proposal": Declared(read=by(READ)),
    "sign": Declared(
        read=by(READ), act=by(Verb.CHARTER_SIGN), proof=True, typed=lambda ids: {"digest": ids["digest_charter"]}
    ),
    "decline": Declared(read=by(READ), act=by(Verb.CHARTER_LOWER)),
    "charter_withdraw": Declared(read=by(READ), act=by(Verb.CHARTER_PROPOSE) & ROLES_OF[Side.AGENCY]),
    "mandate_offer": Declared(read=by(READ), act=by(Verb.MANDATE_DECIDE), typed=_one(agency="agence-maison-a")),
    "asking": Declared(read=by(READ)),
    "policy": Declared(
        read=by(READ),
        act=by(Verb.POLICY_SET),
        typed=_one(who="all", needs="approver_id", on_lapse="expire", veto_minutes="8", undo_seconds="30"),
    ),
    "standing_propose": Declared(read=by(Verb.STANDING_PROPOSE), act=by(Verb.STANDING_PROPOSE)),
    "standing": Declared(read=by(READ)),
    "standing_try": Declared(read=by(READ), act=by(READ), typed=_composed),
    "standing_sign": Declared(
        read=by(READ), act=by(Verb.STANDING_SIGN), typed=lambda ids: {"digest": ids["digest_standing"]}
    ),
    "standing_end": Declared(read=by(READ), act=by(Verb.STANDING_SIGN)),
    "log": Declared(read=by(LOG)),
    "log_reads": Declared(read=by(LOG)),
    "log_rows": Declared(read=by(LOG)),
    "log_seal": Declared(read=by(LOG)),
    "operators": Declared(read=by(LOG)),
    "operator_end": Declared(read=by(LOG), act=by(Verb.OPENING_END), empty=404),
    "log_check": Declared(read=by(LOG)),
    "log_table": Declared(read=by(LOG)),
    "log_print": Declared(read=by(LOG)),
    "log_checkpoint": Declared(read=by(LOG)),
    "log_policy": Declared(read=by(LOG)),
    "log_proof": Declared(read=by(LOG)),
    "log_bundle": Declared(read=by(LOG), act=by(LOG)),
    "log_verify": Declared(read=by(LOG), act=by(LOG)),
    "log_send": Declared(read=by(LOG), act=by(LOG)),
    "log_address_add": Declared(read=by(LOG), act=by(Verb.CHECKPOINTS_SEND), typed=_one(email="neuf@example.org")),
    "log_address_remove": Declared(read=by(LOG), act=by(Verb.CHECKPOINTS_SEND)),
    "receipts": Declared(read=by(Verb.RECEIPTS_READ)),
    "receipt": Declared(read=by(Verb.RECEIPTS_READ)),
    "replay": Declared(read=by(Verb.RECEIPTS_READ)),
    "briefing": Declared(read=by(Verb.BRIEFING_READ)),
    "acknowledge": Declared(read=by(Verb.BRIEFING_READ), act=by(Verb.BRIEFING_ACKNOWLEDGE), typed=_one(number="1")),
    "briefing_again": Declared(
        read=by(Verb.BRIEFING_READ), act=by(Verb.BRIEFING_WRITE), typed=_one(number="1", digest="0" * 64), proof=True
    ),
    "briefing_hours": Declared(
        read=by(Verb.BRIEFING_WRITE),
        act=by(Verb.BRIEFING_WRITE),
        typed=_one(after="1", time_zone="Europe/Paris", country="FR", **{"day-0": "9-18"}),
        proof=True,
    ),
    "briefing_versions": Declared(read=by(Verb.BRIEFING_READ)),
    "briefing_readers": Declared(read=by(Verb.BRIEFING_READ)),
    "briefing_remind": Declared(read=by(Verb.BRIEFING_READ), act=by(Verb.BRIEFING_AGREE)),
    "briefing_change": Declared(read=by(READ)),
    "briefing_agree": Declared(
        read=by(READ), act=by(Verb.BRIEFING_AGREE), typed=lambda ids: {"digest": ids["digest_proposal"]}, proof=True
    ),
    "briefing_refuse": Declared(read=by(READ), act=by(Verb.BRIEFING_WRITE), typed=_one(reason="Non")),
    "briefing_withdraw": Declared(read=by(READ), act=by(Verb.BRIEFING_PROPOSE) & ROLES_OF[Side.AGENCY]),
    "briefing_write": Declared(
        read=by(Verb.BRIEFING_PROPOSE),
        act=by(Verb.BRIEFING_PROPOSE),
        typed=_one(after="1", objectives="Être là", audience="Qui cuisine", tone="Chaleureux"),
    ),
    "sources": Declared(read=by(Verb.SOURCE_READ)),
    "source_new": Declared(
        read=by(Verb.SOURCE_WRITE),
        act=by(Verb.SOURCE_WRITE),
        typed=_one(name="Autre", url="https://journal.example/autre", every="30", **{"class": "shared"}),
        parts={"kind": "feed"},
    ),
    "source": Declared(
        read=by(Verb.SOURCE_READ),
        act=by(Verb.SOURCE_WRITE),
        typed=_one(kind="feed", name="Journal", url="https://journal.example/feed", every="30"),
    ),
    "source_step": Declared(read=by(Verb.SOURCE_READ), act=by(Verb.SOURCE_WRITE), parts={"step": "pause"}),
    "source_secret": Declared(
        read=by(Verb.SOURCE_READ), act=by(Verb.SOURCE_AGREE), typed=_one(password="mot"), parts={"source_id": "box_id"}
    ),
    "source_table": Declared(
        read=by(Verb.SOURCE_BRING),
        act=by(Verb.SOURCE_BRING),
        typed=_one(table="texte\nBonjour"),
        parts={"source_id": "table_source_id"},
    ),
    "source_write": Declared(
        read=by(Verb.SOURCE_BRING),
        act=by(Verb.SOURCE_BRING),
        typed=_one(token="1", text="Bonjour"),
        parts={"source_id": "hand_source_id"},
    ),
    "inbound": Declared(public={"POST": 404}, parts={"source_id": "hook_id"}),
    "community": Declared(read=by(Verb.MEMBER_READ)),
    "member_new": Declared(
        read=by(Verb.MEMBER_WRITE), act=by(Verb.MEMBER_WRITE), typed=_one(name="Zoé", **{"class": "shared"})
    ),
    "member": Declared(read=by(Verb.MEMBER_READ), act=by(Verb.MEMBER_WRITE), typed=_one(name="Zoé")),
    "member_naming": Declared(
        read=by(Verb.MEMBER_READ), act=by(Verb.MEMBER_WRITE), typed=_one(naming="given", how="Par courriel")
    ),
    "member_tell": Declared(read=by(Verb.MEMBER_ACCESS), act=by(Verb.MEMBER_ACCESS)),
    "member_erase": Declared(
        read=by(Verb.MEMBER_ERASE), act=by(Verb.MEMBER_ERASE), typed=_one(basis="request"), proof=True
    ),
    "member_hold": Declared(read=by(Verb.MEMBER_ERASE), act=by(Verb.MEMBER_ERASE), typed=_one(because="Litige")),
    "member_release": Declared(read=by(Verb.MEMBER_ERASE), act=by(Verb.MEMBER_ERASE), parts={"member_id": "held_id"}),
    "erasure": Declared(read=by(Verb.AUDIT_READ)),
    "erasure_status": Declared(read=by(Verb.AUDIT_READ)),
    "retention": Declared(
        read=by(Verb.AUDIT_READ), act=by(Verb.RETENTION_SET), typed=_one(kind="queue", days="30", on="on"), proof=True
    ),
    "inbox": Declared(read=by(Verb.MENTION_READ)),
    "inbox_together": Declared(
        read=by(Verb.MENTION_READ), act=by(TRIAGE), typed=_one(mention="mention_id", step="wrong")
    ),
    "inbox_undo": Declared(read=by(Verb.MENTION_READ), act=by(TRIAGE)),
    "inbox_view": Declared(read=by(Verb.MENTION_READ), act=by(Verb.MENTION_READ), typed=_one(name="Plaintes")),
    "inbox_view_drop": Declared(read=by(Verb.MENTION_READ), act=by(Verb.MENTION_READ), alone=Role.COMMUNITY_MANAGER),
    "mention": Declared(read=by(Verb.MENTION_READ)),
    "mention_rule": Declared(read=by(Verb.MENTION_READ), act=by(TRIAGE), typed=_one(step="hold")),
    "mention_undo": Declared(read=by(Verb.MENTION_READ), act=by(TRIAGE)),
    "mention_hand": Declared(read=by(Verb.MENTION_READ), act=by(TRIAGE), typed=_one(to="person_id", words="Pour vous")),
    "mention_merge": Declared(
        read=by(Verb.MENTION_READ), act=by(TRIAGE), typed=_one(into="into_id"), parts={"mention_id": "copy_id"}
    ),
    "mention_kind": Declared(read=by(Verb.MENTION_READ), act=by(TRIAGE), typed=_one(kind="idea")),
    "mention_present": Declared(read=by(TRIAGE), empty=204),
    "mention_moderate": Declared(
        read=by(SUBMIT), act=by(SUBMIT), typed=_one(act="hide", rule="1"), parts={"mention_id": "moderated_id"}
    ),
    "mention_calm": Declared(read=by(Verb.MENTION_READ), act=by(TRIAGE), typed=_one(calm="slow", reason="Doucement")),
    "conversation_calm": Declared(
        read=by(Verb.CONVERSATION_READ),
        act=by(TRIAGE),
        typed=_one(calm="slow", reason="Doucement"),
        parts={"conversation_id": "calm_conversation_id"},
    ),
    "insights": Declared(read=by(Verb.INSIGHT_READ)),
    "insight_new": Declared(
        read=by(Verb.INSIGHT_WRITE), act=by(Verb.INSIGHT_WRITE), typed=_one(mention="mention_id", title="Titre")
    ),
    "insights_told": Declared(read=by(Verb.INSIGHT_READ)),
    "insights_told_export": Declared(read=by(Verb.INSIGHT_READ)),
    "insights_rules": Declared(read=by(Verb.INSIGHT_READ), act=by(Verb.INSIGHT_RULE), typed=_one(name="Ateliers")),
    "department_end": Declared(read=by(Verb.INSIGHT_READ), act=by(Verb.INSIGHT_RULE)),
    "insight_theme": Declared(
        read=by(Verb.INSIGHT_READ), act=by(Verb.INSIGHT_RULE), typed=_one(step="rename", name="Autre nom")
    ),
    "insight": Declared(read=by(Verb.INSIGHT_READ)),
    "insight_edit": Declared(
        read=by(Verb.INSIGHT_READ), act=by(Verb.INSIGHT_WRITE), typed=_one(title="Autre", text="", theme="")
    ),
    "insight_ask": Declared(
        read=by(Verb.INSIGHT_READ),
        act=by(Verb.INSIGHT_WRITE),
        typed=_one(department="product", to="contact_person_id", due="2030-01-07T10:00"),
    ),
    "insight_step": Declared(
        read=by(Verb.INSIGHT_READ), act=by(Verb.INSIGHT_WRITE), typed=_one(step="close", note="Sans suite")
    ),
    "insight_decide": Declared(
        read=by(Verb.INSIGHT_READ), act=by(Verb.INSIGHT_DECIDE), typed=_one(decision="no", why="Trop tard")
    ),
    "insight_tell": Declared(
        read=by(Verb.INSIGHT_READ), act=by(Verb.INSIGHT_WRITE), typed=_one(source="insight_source_id", text="Voilà")
    ),
    "insight_release": Declared(
        read=by(Verb.INSIGHT_READ), act=by(Verb.INSIGHT_RELEASE), typed=_one(said="Vous", did="Nous")
    ),
    "insight_asked": Declared(
        read=by(Verb.HANDED_READ), act=by(Verb.HANDED_READ), typed=_one(text="Oui."), alone=Role.DEPARTMENT_CONTACT
    ),
    "insight_shared": Declared(public={"GET": 404, "POST": 404}),
    "look": Declared(
        read=by(Verb.LOOK_SET), act=by(Verb.LOOK_SET), typed=_one(colour="#2c7a4b", second="#8a4b12", alternative="x")
    ),
    "look_preview": Declared(read=by(Verb.LOOK_SET), act=by(Verb.LOOK_SET), typed=_one(colour="#2c7a4b")),
    "look_example": Declared(
        read=by(Verb.LOOK_SET), act=by(Verb.LOOK_SET), typed=_one(colour="#2c7a4b", second="#8a4b12")
    ),
    # Says what its address says.
    "look_sheet": Declared(public={"GET": 404}),
    "reports": Declared(read=by(Verb.REPORT_READ)),
    "report_new": Declared(
        read=by(Verb.REPORT_DRAFT),
        act=by(Verb.REPORT_DRAFT),
        typed=_one(kind="weekly", period="2026-W46", language="fr"),
    ),
    "report_preview": Declared(
        read=by(Verb.REPORT_DRAFT),
        act=by(Verb.REPORT_DRAFT),
        typed=_one(kind="weekly", period="2026-W46", language="fr"),
    ),
    "report_rules": Declared(
        read=by(Verb.REPORT_RULE),
        act=by(Verb.REPORT_RULE),
        typed=_one(
            kind="monthly",
            rhythm="monthly",
            weekday="0",
            day="1",
            window="8",
            language="fr",
            at="08:00",
            delivery="link",
        ),
    ),
    "report_key_bring": Declared(
        read=by(Verb.SEAL_KEY_BRING), act=by(Verb.SEAL_KEY_BRING), typed=_brought_key, proof=True
    ),
    "report_key": Declared(read=by(Verb.REPORT_RULE), act=by(Verb.REPORT_RULE), proof=True),
    "report": Declared(read=by(Verb.REPORT_READ)),
    "report_picture": Declared(read=by(Verb.REPORT_READ), empty=404),
    "report_rows": Declared(read=by(Verb.REPORT_READ), empty=404),
    "report_progress": Declared(read=by(Verb.REPORT_READ)),
    "report_step": Declared(read=by(Verb.REPORT_READ), act=by(Verb.REPORT_RELEASE), typed=_one(step="hold")),
    "report_paper": Declared(read=by(Verb.REPORT_READ), act=by(Verb.REPORT_READ), parts={"report_id": "released_id"}),
    "report_compare": Declared(read=by(Verb.REPORT_READ)),
    "report_reader": Declared(
        read=by(Verb.REPORT_READ), act=by(Verb.REPORT_RELEASE), typed=_one(person="contact_person_id", delivery="link")
    ),
    "report_share": Declared(
        read=by(Verb.REPORT_READ),
        act=by(Verb.LINK_SHARE),
        typed=_one(recipient="Me Blanc", days="7", views="5"),
        parts={"report_id": "released_id"},
    ),
    "report_share_end": Declared(
        read=by(Verb.REPORT_READ), act=by(Verb.LINK_SHARE), parts={"report_id": "released_id", "share_id": "share_id"}
    ),
    "report_shared": Declared(public={"GET": 404, "POST": 404}),
    "report_shared_paper": Declared(public={"GET": 404}),
    "report_shared_picture": Declared(public={"GET": 404}),
    "report_verify": Declared(public={"GET": 200, "POST": 422}),
    "moderation": Declared(read=by(Verb.MENTION_READ)),
    "moderation_raid": Declared(read=by(SUBMIT), act=by(SUBMIT), typed=_one(mention="moderated_id", rule="1")),
    # The raid that is asked about is the brand's.
    "moderation_raid_undo": Declared(read=by(Verb.MENTION_READ), act=by(SUBMIT) & ROLES_OF[Side.BRAND]),
    "turn_moderate": Declared(read=by(SUBMIT), act=by(SUBMIT), typed=_one(act="hide", rule="1")),
    # The decision to go slowly is the brand's, too.
    "calm_end": Declared(read=by(Verb.MENTION_READ), act=by(TRIAGE) & ROLES_OF[Side.BRAND]),
    "moderation_case": Declared(read=by(Verb.MENTION_READ)),
    "moderation_ask": Declared(read=by(Verb.MENTION_READ), act=by(SUBMIT), typed=_one(act="ban", rule="1")),
    "moderation_tell": Declared(read=by(Verb.MENTION_READ), act=by(SUBMIT), typed=_one(text="Bonjour")),
    "moderation_appeal": Declared(read=by(Verb.MENTION_READ), act=by(SUBMIT), typed=_one(words="Non", to="person_id")),
    "moderation_give": Declared(read=by(Verb.MENTION_READ), act=by(SUBMIT), typed=_one(to="person_id")),
    "moderation_decide": Declared(
        read=by(Verb.MENTION_READ), act=by(SUBMIT), typed=_one(verdict="upheld", answer="La règle est claire")
    ),
    "moderation_evidence": Declared(read=by(Verb.MENTION_READ) & ROLES_OF[Side.BRAND]),
    "moderation_picture": Declared(read=by(Verb.MENTION_READ) & ROLES_OF[Side.BRAND]),
    "learning": Declared(read=by(Verb.MENTION_READ), act=by(Verb.BRIEFING_WRITE), typed=_one(on="1"), empty=409),
    "mention_conversation": Declared(read=by(Verb.MENTION_READ), act=by(TRIAGE)),
    "conversations": Declared(read=by(TALKS)),
    "talk": Declared(read=by(HOLD), act=by(HOLD), typed=_one(medium="phone", said="Un appel")),
    "portfolio": Declared(read=by(HOLD)),
    "portfolio_hand": Declared(
        read=by(HOLD),
        act=by(Verb.PORTFOLIO_HAND),
        typed=_one(**{"from": "absent_id", "to": "deputy_id", "note": ""}),
    ),
    "stand_in": Declared(
        read=by(HOLD),
        act=by(Verb.STAND_IN_SET),
        typed=_one(person="absent_id", deputy="deputy_id", until="2020-01-01T10:00"),
    ),
    "stand_in_end": Declared(
        read=by(HOLD), act=(by(Verb.STAND_IN_SET) & ROLES_OF[Side.AGENCY]) | {Role.COMMUNITY_MANAGER}
    ),
    "conversation_beginnings": Declared(read=by(TALKS) & by(Verb.SOURCE_READ)),
    "conversation_begin_at": Declared(
        read=by(TALKS) & by(Verb.SOURCE_READ),
        act=by(Verb.SOURCE_AGREE),
        typed=_one(side="brand"),
        parts={"source_id": "box_id"},
    ),
    "conversation_view": Declared(read=by(TALKS), act=by(TALKS), typed=_one(name="Les miennes")),
    "conversation_view_drop": Declared(
        read=by(TALKS), act=by(TALKS), parts={"view_id": "talk_view_id"}, alone=Role.COMMUNITY_MANAGER
    ),
    "conversation": Declared(read=by(TALKS)),
    "conversation_step": Declared(read=by(TALKS), act=HOLDERS, typed=_one(step="wait")),
    "conversation_pass": Declared(read=by(TALKS), act=HOLDERS, typed=_one(to="brand", note="Pour vous")),
    "conversation_merge": Declared(read=by(TALKS), act=by(HOLD), typed=_one(into="nothing")),
    "conversation_note": Declared(read=by(TALKS), act=by(HOLD), typed=_one(note="À voir", **{"class": "shared"})),
    "conversation_label": Declared(read=by(TALKS), act=by(HOLD), typed=_one(name="Livraison")),
    "conversation_sketch": Declared(read=by(TALKS), act=by(HOLD), typed=_one(text="Peut-être")),
    "conversation_acknowledge": Declared(read=by(TALKS), act=by(HOLD), typed=_one(until="2030-01-07T10:00")),
    "conversation_ready": Declared(read=by(TALKS), act=by(HOLD), typed=_one(name="Merci", text="Merci à vous.")),
    "conversation_present": Declared(read=by(HOLD), empty=204),
    "press": Declared(read=by(Verb.MENTION_READ)),
    "press_begin": Declared(read=by(Verb.MENTION_READ), act=by(Verb.PRESS_WRITE), typed=_one(span="day")),
    "press_rule": Declared(
        read=by(Verb.MENTION_READ), act=by(Verb.PRESS_RULE), typed=_one(rhythm="weekly", at="08:00", weekday="0")
    ),
    "watch_note": Declared(
        read=by(Verb.MENTION_READ), act=by(Verb.WATCH_NOTE_WRITE), typed=_one(day="2030-01-07", subject="Salon")
    ),
    "watch_note_drop": Declared(
        read=by(Verb.MENTION_READ), act=by(Verb.WATCH_NOTE_WRITE), parts={"note_id": "watch_note_id"}
    ),
    "review": Declared(read=by(Verb.MENTION_READ)),
    "review_pick": Declared(
        read=by(Verb.MENTION_READ), act=by(Verb.PRESS_WRITE), typed=_one(entry="entry_of_review", then="up")
    ),
    "review_send": Declared(read=by(Verb.MENTION_READ), act=by(Verb.PRESS_WRITE), typed=_one(reader="approver_id")),
    "review_print": Declared(read=by(Verb.MENTION_READ), act=by(Verb.MENTION_READ)),
    "handed": Declared(
        read=by(Verb.HANDED_READ), act=by(Verb.HANDED_READ), typed=_one(answer="Fait."), alone=Role.DEPARTMENT_CONTACT
    ),
    "crisis": Declared(read=by(Verb.CRISIS_READ), act=by(Verb.CRISIS_PROPOSE), typed=_one(text="Un rappel"), empty=409),
    "crisis_rule": Declared(
        read=by(Verb.CRISIS_READ), act=by(Verb.CRISIS_RULE), typed=_one(after="0", call_minutes="20"), proof=True
    ),
    "crisis_one": Declared(read=by(Verb.CRISIS_READ)),
    "crisis_take": Declared(read=by(Verb.CRISIS_READ), act=by(Verb.CRISIS_PROPOSE)),
    "crisis_own": Declared(read=by(Verb.CRISIS_READ), act=by(Verb.CRISIS_END), typed=_one(answer="hold")),
    "crisis_note": Declared(read=by(Verb.CRISIS_READ), act=by(Verb.CRISIS_PROPOSE), typed=_one(text="À noter")),
    "crisis_not_reached": Declared(
        read=by(Verb.CRISIS_READ), act=by(Verb.CRISIS_PROPOSE), parts={"call_id": "contact_id"}
    ),
    "crisis_decide": Declared(
        read=by(Verb.CRISIS_READ), act=by(Verb.CRISIS_DECLARE), typed=_one(text="Oui"), parts={"step": "declare"}
    ),
    "crisis_review": Declared(
        read=by(Verb.CRISIS_READ), act=by(Verb.CRISIS_REVIEW), typed=_one(text="Appris"), parts={"crisis_id": "over_id"}
    ),
    "crisis_review_finish": Declared(
        read=by(Verb.CRISIS_READ), act=by(Verb.CRISIS_END), parts={"crisis_id": "over_id"}
    ),
    "crisis_link": Declared(public={"GET": 200, "HEAD": 200, "POST": 404}),
    "channels": Declared(read=by(READ)),
    "channel_invite": Declared(
        read=by(READ), act=by(Verb.CHANNEL_CONNECT), typed=_one(invite_kind="mastodon", invite_name="À brancher")
    ),
    "channel_journey": Declared(read=EVERY_MEMBER, empty=409),
    "channel_finish": Declared(read=by(READ), act=by(READ), empty=409),
    "channel_connect": Declared(
        read=by(Verb.CHANNEL_CONNECT),
        act=by(Verb.CHANNEL_CONNECT),
        parts={"kind": "memory"},
        proof=True,
        typed=_one(name="Un autre mur"),
    ),
    "channel_fill": Declared(
        read=by(Verb.CHANNEL_CONNECT, Verb.CHANNEL_CONNECT_INVITED),
        act=by(Verb.CHANNEL_CONNECT, Verb.CHANNEL_CONNECT_INVITED),
        parts={"channel_id": "fill_id"},
    ),
    "channel_check": Declared(read=by(READ), act=by(Verb.CHANNEL_CONNECT)),
    "channel_test": Declared(read=by(READ), act=by(Verb.CHANNEL_CONNECT)),
    "channel_confirm": Declared(read=by(READ), act=by(Verb.CHANNEL_CONNECT)),
    "channel_rotate": Declared(read=by(Verb.CHANNEL_CONNECT), act=by(Verb.CHANNEL_CONNECT), proof=True),
    "channel_revoke": Declared(read=by(READ), act=by(Verb.CHANNEL_REVOKE)),
    "crm": Declared(read=by(Verb.CRM_READ)),
    "crm_connect": Declared(
        read=by(Verb.CRM_READ), act=by(Verb.CRM_SET), typed=_one(name="Autre", kind="generic", brings="shared")
    ),
    "crm_questions": Declared(read=by(Verb.CRM_READ)),
    "crm_decide": Declared(read=by(Verb.CRM_READ), act=by(Verb.CRM_WRITE), typed=_one(way="drop")),
    "crm_table": Declared(read=by(Verb.CRM_SET), parts={"import_id": "table_to_write"}),
    "crm_table_write": Declared(read=by(Verb.CRM_SET), act=by(Verb.CRM_SET), parts={"import_id": "table_to_write"}),
    "crm_table_undo": Declared(read=by(Verb.CRM_SET), act=by(Verb.CRM_SET), parts={"import_id": "table_written"}),
    "crm_system": Declared(read=by(Verb.CRM_READ)),
    "crm_change": Declared(
        read=by(Verb.CRM_READ),
        act=by(Verb.CRM_SET),
        typed=_one(name="Nom", kind="generic", brings="shared", by_email="ask", by_handle="ask"),
    ),
    "crm_fields": Declared(
        read=by(Verb.CRM_READ),
        act=by(Verb.CRM_SET),
        typed=_one(ours="name", **{"theirs-0": "nom", "in-0": "yes", "class-0": "shared", "differs-0": "ask"}),
    ),
    "crm_end": Declared(read=by(Verb.CRM_READ), act=by(Verb.CRM_SET)),
    "crm_try": Declared(read=by(Verb.CRM_READ), act=by(Verb.CRM_READ), typed=_one(sample='{"id": "1", "name": "Zoé"}')),
    "crm_import": Declared(read=by(Verb.CRM_SET), act=by(Verb.CRM_SET), typed=lambda ids: {"file": _contacts_file()}),
    "ticket_open": Declared(
        read=by(TALKS),
        act=by(HOLD),
        typed=_one(system="system_id", kind="lead", title="Un devis"),
        parts={"conversation_id": "asked_conversation"},
    ),
    "ticket_withdraw": Declared(
        read=by(TALKS),
        act=by(HOLD),
        parts={"conversation_id": "asked_conversation"},
    ),
    "contact_unlink": Declared(
        read=by(Verb.MEMBER_READ),
        act=by(Verb.CRM_WRITE),
        parts={"member_id": "linked_member", "contact_id": "linked_contact"},
    ),
    "webhooks": Declared(read=by(Verb.WEBHOOK_READ)),
    "webhook_new": Declared(
        read=by(Verb.WEBHOOK_SET),
        act=by(Verb.WEBHOOK_SET),
        proof=True,
        typed=_one(name="Caisse", endpoint="https://caisse.example/hook", resource="items"),
    ),
    "webhook": Declared(read=by(Verb.WEBHOOK_READ)),
    "webhook_change": Declared(
        read=by(Verb.WEBHOOK_READ), act=by(Verb.WEBHOOK_SET), proof=True, typed=_one(name="Caisse", resource="items")
    ),
    "webhook_rotate": Declared(read=by(Verb.WEBHOOK_READ), act=by(Verb.WEBHOOK_SET), proof=True),
    "webhook_test": Declared(read=by(Verb.WEBHOOK_READ), act=by(Verb.WEBHOOK_USE)),
    "webhook_pause": Declared(read=by(Verb.WEBHOOK_READ), act=by(Verb.WEBHOOK_USE)),
    "webhook_resume": Declared(
        read=by(Verb.WEBHOOK_READ), act=by(Verb.WEBHOOK_USE), parts={"webhook_id": "paused_webhook"}
    ),
    "webhook_end": Declared(read=by(Verb.WEBHOOK_READ), act=by(Verb.WEBHOOK_USE)),
    "webhook_replay": Declared(read=by(Verb.WEBHOOK_READ), act=by(Verb.WEBHOOK_USE), typed=_one(since="2026-01-01")),
    "webhook_delivery": Declared(read=by(Verb.WEBHOOK_READ)),
    "webhook_again": Declared(read=by(Verb.WEBHOOK_READ), act=by(Verb.WEBHOOK_USE)),
    "keys": Declared(read=by(Verb.KEY_READ)),
    "key": Declared(read=by(Verb.KEY_READ)),
    "key_new": Declared(read=by(Verb.KEY_MAKE), act=by(Verb.KEY_MAKE), parts={"kind": "static"}),
    "key_change": Declared(read=by(Verb.KEY_READ), act=by(Verb.KEY_MAKE), proof=True),
    "key_secret": Declared(read=by(Verb.KEY_READ), act=by(Verb.KEY_MAKE), proof=True),
    "key_take": Declared(read=by(Verb.KEY_READ), act=by(Verb.KEY_MAKE), proof=True),
    "key_revoke": Declared(read=by(Verb.KEY_READ), act=by(Verb.KEY_REVOKE)),
    "consent_end": Declared(read=by(Verb.KEY_READ), act=by(Verb.KEY_READ), empty=404),
    # Nobody is let through without a client that asks.
    "oauth_authorize": Declared(read=NOBODY, act=NOBODY),
    "people": Declared(read=by(READ)),
    "invite": Declared(
        read=by(READ),
        act=by(Verb.PEOPLE_INVITE_BRAND),  # the role that is sent is one of the brand's side
        typed=_one(email="neuf@example.org", role="auditor"),
    ),
    "invitation_step": Declared(read=by(READ), act=by(Verb.PEOPLE_END_BRAND)),
    "second_factor_rule": Declared(read=by(READ), act=by(Verb.PEOPLE_SECURE), typed=_one(of="deciders"), proof=True),
    "change_role": Declared(read=by(READ), act=by(Verb.PEOPLE_INVITE_BRAND), typed=_one(role="auditor")),
    "member_end": Declared(read=by(READ), act=by(Verb.PEOPLE_END_BRAND)),
    "member_return": Declared(read=by(READ), act=by(Verb.PEOPLE_END_AGENCY) & ROLES_OF[Side.BRAND], empty=404),
    "stops": Declared(
        read=by(READ), act=by(Verb.BRAKE_STOP), typed=lambda ids: {"scope": f"channel:{ids['channel_id']}"}
    ),
    "stop": Declared(read=by(READ), act=by(Verb.BRAKE_STOP), typed=lambda ids: {"scope": f"item:{ids['item_id']}"}),
    "resume": Declared(read=by(READ), act=by(Verb.BRAKE_RESUME), proof=True),
    "wall": Declared(read=by(READ)),
}


@dataclass(frozen=True, slots=True)
class OnHub:
    """A route of the hub: what GET and POST without anything typed answer to nobody, and to anybody with an account."""

    nobody: tuple[int, int]
    somebody: tuple[int, int]


SENT = (302, 302)
SHARED = {"switcher", "language"}
"""Mounted on brands' hosts too, where they answer about the reader and not about the brand."""

# `somebody` has an account without a second factor, and has just proved who they are.
HUB: dict[str, OnHub] = {
    "hub": OnHub(SENT, (200, 200)),
    "hub_inbox": OnHub(SENT, (200, 200)),
    "hub_reports": OnHub(SENT, (200, 200)),
    "hub_conversations": OnHub(SENT, (200, 200)),
    "switcher": OnHub(SENT, (200, 200)),
    "language": OnHub((405, 303), (405, 303)),
    "account": OnHub(SENT, (200, 200)),
    "session_end": OnHub((405, 302), (405, 404)),
    "channel_back": OnHub(SENT, (303, 303)),
    "mailbox": OnHub(SENT, (404, 404)),
    "invitation": OnHub((404, 404), (404, 404)),
    "usersessions_list": OnHub(SENT, (200, 302)),
    "mfa_index": OnHub(SENT, (200, 405)),
    "mfa_authenticate": OnHub(SENT, SENT),
    "mfa_reauthenticate": OnHub(SENT, SENT),
    "mfa_activate_totp": OnHub(SENT, (200, 200)),
    "mfa_deactivate_totp": OnHub(SENT, (404, 404)),
    "mfa_view_recovery_codes": OnHub(SENT, (404, 405)),
    "mfa_generate_recovery_codes": OnHub(SENT, (200, 200)),
    "mfa_download_recovery_codes": OnHub(SENT, (404, 404)),
    "mfa_list_webauthn": OnHub(SENT, (200, 405)),
    "mfa_add_webauthn": OnHub(SENT, (200, 200)),
    "mfa_reauthenticate_webauthn": OnHub(SENT, SENT),
    "mfa_remove_webauthn": OnHub(SENT, (404, 404)),
    "mfa_edit_webauthn": OnHub(SENT, (404, 404)),
    "mfa_login_webauthn": OnHub(SENT, SENT),
    "account_login": OnHub((200, 200), SENT),
    "account_logout": OnHub(SENT, (200, 302)),
    "account_inactive": OnHub((200, 405), (200, 405)),
    "account_signup": OnHub((200, 200), SENT),  # 'closed', whatever is sent
    "account_reauthenticate": OnHub(SENT, (200, 200)),
    "account_change_password": OnHub(SENT, (200, 200)),
    "account_reset_password": OnHub((200, 200), (200, 200)),
    "account_confirm_login_code": OnHub(SENT, SENT),
    "account_reset_password_from_key_done": OnHub((200, 405), (200, 405)),
    "account_reset_password_from_key": OnHub((200, 200), (200, 200)),
    "account_reset_password_done": OnHub((200, 405), (200, 405)),
}
