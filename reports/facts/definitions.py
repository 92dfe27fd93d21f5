"""What each figure means: one registry, for people in English and French, for the program as the rows that it rests on.

Pages, answers, files and documents show a figure by its code; `docs/figures.md` is drawn from here. A figure that is no count (a
share, a time) names the rows it rests on, too: those are what it opens down to.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.db.models.fields.json import KeyTextTransform

from clients.approvals.words import VerdictKind
from clients.autonomy.vocabulary import ActionKind, Basis
from clients.channels.models import Channel
from clients.gate.models import Dispatch
from clients.gate.words import DispatchState
from clients.service.rules import Part
from reports.facts import sources
from reports.facts.shapes import Unit
from reports.facts.sources import MEMBER, Source

COUNT, SHARE, WORKING, DURATION, _ = Unit
FIELD_KINDS = (ActionKind.EVENT, ActionKind.PHONE_CALL)
FIELD_CHANNELS = ("field", "phone")
AT_ONCE = (Basis.STANDING, Basis.LEVEL)
"""By these rights an act goes out without anybody being waited for."""
Words = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One figure. `says` is what it counts, in English and in French, for people.

    `where` narrows the source's rows; `of`: what is counted of them where that is not the rows themselves. `by`: by what it is
    told apart beside the whole; `whole`: whether there is a whole. `counted`: a plain count, which `counting` makes alone.
    """

    code: str
    section: str
    unit: Unit
    source: Source
    says: Words
    where: Callable[[], Q] = Q
    of: str = "pk"
    by: tuple[str, ...] = ()
    whole: bool = True
    counted: bool = True
    takes_goal: bool = False

    def opens(self, dimensions: dict[str, str]) -> bool:
        """Whether a figure with these dimensions is one of this definition."""
        return tuple(dimensions) == self.by or (self.whole and not dimensions)


def _field() -> Q:
    channels = Channel.objects.filter(kind__in=FIELD_CHANNELS).order_by().values("pk")
    return Q(kind__in=FIELD_KINDS) | Q(channel_id__in=channels)


def _at_once() -> Q:
    return Q(basis__in=AT_ONCE)


def _approved() -> Q:
    return Q(basis=Basis.APPROVAL)


def _put_right() -> Q:
    """Acts whose post was corrected or deleted by another act of ours afterwards."""
    said = {name: KeyTextTransform(name, "version__content") for name in ("kind", "target")}
    sent: Any = Dispatch.objects.alias(**said)
    later = sent.filter(
        state=DispatchState.SENT,
        channel_id=OuterRef("channel_id"),
        kind__in=(str(ActionKind.CORRECT), str(ActionKind.DELETE)),
        target=OuterRef("remote_id"),
    )
    return ~Q(remote_id="") & Q(Exists(later))


def _done() -> Iterator[Definition]:
    acts = sources.ACTS
    yield Definition(
        code="acts.done", section="done", unit=COUNT, source=acts, by=("kind", "channel"), takes_goal=True,
        says=("Acts that went out in the brand’s name: one for each receipt, at the moment it was sent.",
              "Actes partis au nom de la marque : un par reçu, au moment de l’envoi."),
    )  # fmt: skip
    yield Definition(
        code="channels.share", section="channels", unit=SHARE, source=acts, by=("channel",), whole=False, counted=False,
        says=("Share of all acts of the period that went out on this channel, rounded down to hundredths of a percent.",
              "Part des actes de la période partis par ce canal, arrondie au centième de pour cent inférieur."),
    )  # fmt: skip
    yield Definition(
        code="field.acts", section="field", unit=COUNT, source=acts, where=_field, takes_goal=True,
        says=("Field acts: events and phone calls, and whatever a person did on a channel of the field or by phone.",
              "Actes de terrain : événements et appels, et ce qu’une personne a fait sur un canal de terrain ou au téléphone."),
    )  # fmt: skip
    yield Definition(
        code="field.ratio", section="field", unit=SHARE, source=acts, counted=False, takes_goal=True,
        says=("Share of field acts among all acts, rounded down; none where nothing went out.",
              "Part des actes de terrain parmi tous les actes, arrondie vers le bas ; aucune quand rien n’est parti."),
    )  # fmt: skip


def _talk() -> Iterator[Definition]:
    mentions, said = sources.MENTIONS, sources.SAID
    yield Definition(
        code="mentions.found", section="talk", unit=COUNT, source=mentions, by=("medium",), takes_goal=True,
        says=("Mentions found, at the moment they were found; copies of one story count each.",
              "Mentions trouvées, au moment où elles l’ont été ; chaque reprise d’une même histoire compte."),
    )  # fmt: skip
    yield Definition(
        code="mentions.kind", section="talk", unit=COUNT, source=mentions, by=("kind",), whole=False,
        says=("Mentions found, by what they are: questions, complaints, praise and so on.",
              "Mentions trouvées, selon leur nature : questions, plaintes, éloges, etc."),
    )  # fmt: skip
    yield Definition(
        code="mentions.topic", section="talk", unit=COUNT, source=mentions, by=("topic",), whole=False,
        says=("Mentions in which one entry of the watch list was found; a mention counts for each of its entries.",
              "Mentions où une entrée de la veille a été trouvée ; une mention compte pour chacune de ses entrées."),
    )  # fmt: skip
    yield Definition(
        code="members.said", section="members", unit=COUNT, source=said, by=("medium",),
        says=("What members said in conversations, at the moment they said it; what a split repeated counts once.",
              ("Prises de parole des membres dans les conversations, au moment où elles ont eu lieu ; "
              "ce qu’une séparation a répété compte une fois.")),
    )  # fmt: skip
    yield Definition(
        code="members.active", section="members", unit=COUNT, source=said, of="member", takes_goal=True,
        says=("Different members who said something: by their record, or by their handle on a channel.",
              "Membres différents ayant pris la parole : d’après leur fiche, ou leur identifiant sur un canal."),
    )  # fmt: skip
    yield Definition(
        code="pictures.shown", section="pictures", unit=COUNT, source=sources.PICTURES, counted=False,
        says=("Different pictures and films in what went out, as far as the reader may see them.",
              "Images et films différents dans ce qui est parti, pour autant que le lecteur puisse les voir."),
    )  # fmt: skip


def _clocks() -> Iterator[Definition]:
    """Both clocks, as `clients.service` reckons them; the same of each channel, language and band of activity."""
    for code, unit, english, french in CLOCKS:
        yield Definition(
            code=f"clocks.{code}", section="clocks", unit=unit, source=sources.ROUNDS, by=("clock",), whole=False,
            counted=False, takes_goal=code == "in_time", says=(english, french),
        )  # fmt: skip
        if code not in FAIR:
            continue
        for part, (by_english, by_french) in PARTS.items():
            yield Definition(
                code=f"fairness.{part}.{code}", section="fairness", unit=unit, source=sources.ROUNDS,
                by=("clock", str(part)), whole=False, counted=False,
                says=(f"{english} {by_english}", f"{french} {by_french}"),
            )  # fmt: skip
    promises = sources.PROMISES
    yield Definition(
        code="promises.due", section="clocks", unit=COUNT, source=promises,
        says=("Promises to members whose moment lay in the period.",
              "Promesses faites à des membres et arrivées à échéance dans la période."),
    )  # fmt: skip
    yield Definition(
        code="promises.kept", section="clocks", unit=COUNT, source=promises,
        where=lambda: Q(broken_at=None, answered_at__isnull=False),
        says=("Of these, those that were kept: the member had their answer in time.",
              "Parmi elles, celles qui ont été tenues : le membre a eu sa réponse à temps."),
    )  # fmt: skip
    yield Definition(
        code="promises.broken", section="clocks", unit=COUNT, source=promises, where=lambda: Q(broken_at__isnull=False),
        says=("Of these, those that were broken, answered late or not at all.",
              "Parmi elles, celles qui n’ont pas été tenues : réponse tardive ou absente."),
    )  # fmt: skip


def _learnt() -> Iterator[Definition]:
    yield Definition(
        code="insights.noted", section="insights", unit=COUNT, source=sources.NOTED, takes_goal=True,
        says=("Insights noted.", "Enseignements notés."),
    )  # fmt: skip
    yield Definition(
        code="insights.decided", section="insights", unit=COUNT, source=sources.DECIDED, by=("decision",),
        says=("Insights on which the brand decided, at the moment of its decision.",
              "Enseignements sur lesquels la marque a décidé, au moment de sa décision."),
    )  # fmt: skip
    yield Definition(
        code="insights.closed", section="insights", unit=COUNT, source=sources.CLOSED,
        says=("Insights that were closed.", "Enseignements clos."),
    )  # fmt: skip
    yield Definition(
        code="insights.told", section="insights", unit=COUNT, source=sources.TOLD,
        says=("Lines that the brand released for ‘you said, we did’.",
              "Lignes que la marque a publiées dans « vous l’avez dit, nous l’avons fait »."),
    )  # fmt: skip
    yield Definition(
        code="coming.items", section="coming", unit=COUNT, source=sources.COMING, counted=False,
        says=("What is asked for and meant to go out in the period that follows, and has not left.",
              "Ce qui est demandé et prévu pour la période suivante, et n’est pas parti."),
    )  # fmt: skip


def _names() -> Iterator[Definition]:
    acts, words = sources.ACTS, sources.WORDS
    yield Definition(
        code="acts.basis", section="names", unit=COUNT, source=acts, by=("basis",), whole=False,
        says=("Acts by the right on which they went out: approval, standing approval, silence, level, the brand itself.",
              ("Actes selon le droit en vertu duquel ils sont partis : approbation, approbation permanente, silence, niveau, "
              "la marque elle-même.")),
    )  # fmt: skip
    yield Definition(
        code="acts.level", section="names", unit=COUNT, source=acts, by=("level",), whole=False,
        says=("Acts by the level that the charter granted them.", "Actes selon le niveau que la charte leur accordait."),
    )  # fmt: skip
    yield Definition(
        code="words.no", section="brakes", unit=COUNT, source=words, where=lambda: Q(kind=VerdictKind.NO),
        says=("Refusals by people of the brand.", "Refus par des personnes de la marque."),
    )  # fmt: skip
    yield Definition(
        code="words.veto", section="brakes", unit=COUNT, source=words, where=lambda: Q(kind=VerdictKind.VETO),
        says=("Vetoes by people of the brand.", "Vetos de personnes de la marque."),
    )  # fmt: skip
    yield Definition(
        code="holds.placed", section="brakes", unit=COUNT, source=sources.HOLDS,
        says=("Holds that the brand placed.", "Suspensions décidées par la marque."),
    )  # fmt: skip
    yield Definition(
        code="acts.unsent", section="brakes", unit=COUNT, source=sources.UNSENT, by=("state",),
        says=("Acts tried in the period that failed, or of which nobody knows yet whether they left.",
              "Actes tentés dans la période qui ont échoué, ou dont on ignore encore s’ils sont partis."),
    )  # fmt: skip
    yield Definition(
        code="crises.proposed", section="brakes", unit=COUNT, source=sources.CRISES,
        says=("Crises proposed, by people or by numbers.", "Crises proposées, par des personnes ou par les chiffres."),
    )  # fmt: skip
    yield Definition(
        code="crises.declared", section="brakes", unit=COUNT, source=sources.DECLARED,
        says=("Crises put in force.", "Crises déclarées."),
    )  # fmt: skip


def _benefit() -> Iterator[Definition]:
    acts = sources.ACTS
    yield Definition(
        code="acts.at_once", section="benefit", unit=COUNT, source=acts, where=_at_once, by=("basis",),
        says=("Acts that went out without anybody being waited for: by a standing approval or by their level.",
              "Actes partis sans attendre personne : par approbation permanente ou par leur niveau."),
    )  # fmt: skip
    yield Definition(
        code="waiting.median", section="benefit", unit=DURATION, source=acts, where=_approved, counted=False,
        says=("Median time by the wall from the last submission to the first yes, of acts that went out by approval.",
              "Temps médian à l’horloge entre la dernière soumission et le premier oui, pour les actes partis par approbation."),
    )  # fmt: skip
    yield Definition(
        code="waiting.saved", section="benefit", unit=DURATION, source=acts, where=_at_once, counted=False,
        says=(("Waiting saved: acts that went out at once, times the median waiting of those that went out by approval; "
              "none where no act shows how long approval takes."),
              ("Attente épargnée : actes partis aussitôt, multipliés par l’attente médiane de ceux partis par approbation ; "
              "aucune quand aucun acte ne montre combien dure une approbation.")),
    )  # fmt: skip
    yield Definition(
        code="incidents.level", section="benefit", unit=COUNT, source=acts, where=_put_right, by=("level",),
        says=("Incidents: acts of the period whose post had to be corrected or deleted afterwards, by level.",
              "Incidents : actes de la période dont la publication a dû être corrigée ou supprimée ensuite, par niveau."),
    )  # fmt: skip


def _audit() -> Iterator[Definition]:
    yield Definition(
        code="acts.rule", section="receipts", unit=COUNT, source=sources.ACTS, by=("basis", "rule"), whole=False,
        says=("Receipts by right and by the rule of the charter that permitted the act.",
              "Reçus selon le droit et la règle de la charte qui a permis l’acte."),
    )  # fmt: skip
    yield Definition(
        code="reads.noted", section="reads", unit=COUNT, source=sources.READS, by=("act", "side"),
        says=("Lines of the log that tell of somebody seeing what is confidential: read, opened by link, fetched.",
              "Lignes du journal qui disent que quelqu’un a vu quelque chose de confidentiel : lu, ouvert par lien, récupéré."),
    )  # fmt: skip
    yield Definition(
        code="left.items", section="left", unit=COUNT, source=sources.LEFT, by=("way", "recipient"),
        says=("Disclosures by the way they left and the kind of recipient: lines of the ledger.",
              "Divulgations selon la voie et le genre de destinataire : lignes du registre."),
    )  # fmt: skip
    yield Definition(
        code="log.lines", section="proof", unit=COUNT, source=sources.LINES, by=("side",),
        says=("Lines that people and the house wrote into the log.",
              "Lignes que des personnes et la maison ont écrites au journal."),
    )  # fmt: skip
    yield Definition(
        code="press.pieces", section="press", unit=COUNT, source=sources.PRESS, by=("topic",),
        says=("Pieces in press reviews that came out in the period.",
              "Articles des revues de presse parues dans la période."),
    )  # fmt: skip


PARTS: dict[Part, Words] = {
    Part.CHANNEL: ("By channel.", "Par canal."),
    Part.LANGUAGE: ("By the member’s language.", "Par langue du membre."),
    Part.BAND: (
        "By how active the member was in the year before: newcomer, regular, very active.",
        "Selon l’activité du membre dans l’année précédente : nouveau, régulier, très actif.",
    ),
}
FAIR = ("rounds", "median", "in_time")
"""What is told of each channel, language and band."""
CLOCKS: tuple[tuple[str, Unit, str, str], ...] = (
    ("rounds", COUNT, "Rounds of conversations that began in the period.",
     "Échanges de conversation commencés dans la période."),
    ("median", WORKING, "Median working time until the member was acknowledged or answered, of rounds in which they were.",
     "Temps ouvré médian jusqu’à l’accusé de réception ou la réponse, pour les échanges qui en ont eu."),
    ("nine_in_ten", WORKING, "Working time within which nine in ten members heard from us.",
     "Temps ouvré en deçà duquel neuf membres sur dix ont eu de nos nouvelles."),
    ("kept", COUNT, "Clocks stopped in time by a word to the member.",
     "Délais tenus : arrêtés à temps par un mot au membre."),
    ("late", COUNT, "Clocks that ran past their due moment, whether the member has heard from us since or not.",
     "Délais dépassés, que le membre ait eu de nos nouvelles depuis ou non."),
    ("in_time", SHARE, "Share of clocks kept among those kept or late, in whole percent rounded down; none where none is over.",
     ("Part des délais tenus parmi les tenus et dépassés, en pour cent entiers arrondis vers le bas ; "
     "aucune quand aucun n’est échu.")),
    ("waiting", COUNT, "Clocks that still run.", "Délais qui courent encore."),
    ("let_go", COUNT, "Clocks stopped by closing, without a word to the member.",
     "Délais arrêtés par une clôture, sans un mot au membre."),
)  # fmt: skip
DEFINITIONS: dict[str, Definition] = {
    one.code: one for group in (_done, _talk, _clocks, _learnt, _names, _benefit, _audit) for one in group()
}
OF = {"member": MEMBER}
"""What is counted where that is not the rows: expressions over the source."""


def definition_of(code: str) -> Definition | None:
    return DEFINITIONS.get(code)


def of_section(section: str) -> list[Definition]:
    """In the order of the registry."""
    return [one for one in DEFINITIONS.values() if one.section == section]
