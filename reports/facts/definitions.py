"""What each figure means: one registry, for people in English and French, for the program as the rows that it rests on.

Pages, answers, files and documents show a figure by its code; `docs/figures.md` is drawn from here. A figure that is no count (a
share, a time) names the rows it rests on, too: those are what it opens down to.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import KW_ONLY, dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform

from clients.approvals.words import VerdictKind
from clients.autonomy.vocabulary import ActionKind, Basis
from clients.channels.models import Channel
from clients.gate.models import Dispatch
from clients.gate.words import DispatchState
from clients.service.rules import Part
from reports.facts.shapes import Unit
from reports.facts.sources import (
    ACTS,
    CASES,
    CLOSED,
    COMING,
    CRISES,
    DECIDED,
    DECLARED,
    HOLDS,
    LEFT,
    LINES,
    LINKED,
    MEMBER,
    MENTIONS,
    NOTED,
    PICTURES,
    PRESS,
    PROMISES,
    READS,
    ROUNDS,
    SAID,
    SOLVED,
    TOLD,
    UNSENT,
    WORDS,
    Source,
)

COUNT, SHARE, WORKING, DURATION, _ = Unit
FIELD_KINDS = (ActionKind.EVENT, ActionKind.PHONE_CALL)
FIELD_CHANNELS = ("field", "phone")
AT_ONCE = (Basis.STANDING, Basis.LEVEL)
"""By these rights an act goes out without anybody being waited for."""


@dataclass(frozen=True, slots=True)
class Definition:
    """One figure. `en` and `fr` say to people what it counts.

    `where` narrows the source's rows; `of`: what is counted of them where that is not the rows themselves. `by`: by what it is
    told apart beside the whole; `whole`: whether there is a whole. A count is made by `counting` alone, unless it is `reckoned`
    by a function of its section, as everything is that is no count. Raises ValueError for a figure that could not be told.
    """

    code: str
    section: str
    source: Source
    _: KW_ONLY
    en: str
    fr: str
    unit: Unit = COUNT
    where: Callable[[], Q] = Q
    of: Combinable | str = "pk"
    by: tuple[str, ...] = ()
    whole: bool = True
    reckoned: bool = False
    takes_goal: bool = False

    def __post_init__(self) -> None:
        if unknown := set(self.by) - set(self.source.by):
            raise ValueError(f"{self.code}: {self.source.name} are not told apart by {sorted(unknown)}")
        if not self.whole and not self.by:
            raise ValueError(f"{self.code}: neither a whole nor parts")
        if not all(said.endswith(".") for said in self.says):
            raise ValueError(f"{self.code}: what it counts is said in a sentence of each language")

    @property
    def says(self) -> tuple[str, str]:
        """What it counts, in English and in French."""
        return self.en, self.fr

    @property
    def counted(self) -> bool:
        """Whether it is a plain count."""
        return self.unit is COUNT and not self.reckoned

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


# fmt: off
PARTS: dict[Part, tuple[str, str]] = {
    Part.CHANNEL: ("By channel.", "Par canal."),
    Part.LANGUAGE: ("By the member’s language.", "Par langue du membre."),
    Part.BAND: (
        "By how active the member was in the year before: newcomer, regular, very active.",
        "Selon l’activité du membre dans l’année précédente : nouveau, régulier, très actif.",
    ),
}
AIMED = ("median", "nine_in_ten", "late", "in_time")
"""Of these the brand may set a goal."""
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
    ("waiting", COUNT, "Clocks that still ran when the period was over, whatever became of them since.",
     "Délais qui couraient encore à la fin de la période, quoi qu’il en soit advenu depuis."),
    ("let_go", COUNT, "Clocks stopped by closing, without a word to the member.",
     "Délais arrêtés par une clôture, sans un mot au membre."),
)


def _clocks() -> Iterator[Definition]:
    """Both clocks, as `clients.service` reckons them; the same of each channel, language and band of activity."""
    for code, unit, en, fr in CLOCKS:
        yield Definition(f"clocks.{code}", "clocks", ROUNDS, unit=unit, reckoned=True, by=("clock",), whole=False,
            takes_goal=code in AIMED, en=en, fr=fr)
        for part, (by_en, by_fr) in PARTS.items() if code in FAIR else ():
            yield Definition(f"fairness.{part}.{code}", "fairness", ROUNDS, unit=unit, reckoned=True,
                by=("clock", str(part)), whole=False, en=f"{en} {by_en}", fr=f"{fr} {by_fr}")


CATALOGUE = (
    Definition("acts.done", "done", ACTS, by=("kind", "channel"), takes_goal=True,
        en="Acts that went out in the brand’s name: one for each receipt, at the moment it was sent.",
        fr="Actes partis au nom de la marque : un par reçu, au moment de l’envoi."),
    Definition("channels.share", "channels", ACTS, unit=SHARE, by=("channel",), whole=False,
        en="Share of all acts of the period that went out on this channel, rounded down to hundredths of a percent.",
        fr="Part des actes de la période partis par ce canal, arrondie au centième de pour cent inférieur."),
    Definition("field.acts", "field", ACTS, where=_field, takes_goal=True,
        en="Field acts: events and phone calls, and whatever a person did on a channel of the field or by phone.",
        fr="Actes de terrain : événements et appels, et ce qu’une personne a fait sur un canal de terrain ou au téléphone."),
    Definition("field.ratio", "field", ACTS, unit=SHARE, takes_goal=True,
        en="Share of field acts among all acts, rounded down; none where nothing went out.",
        fr="Part des actes de terrain parmi tous les actes, arrondie vers le bas ; aucune quand rien n’est parti."),
    Definition("mentions.found", "talk", MENTIONS, by=("medium",), takes_goal=True,
        en="Mentions found, at the moment they were found; copies of one story count each.",
        fr="Mentions trouvées, au moment où elles l’ont été ; chaque reprise d’une même histoire compte."),
    Definition("mentions.kind", "talk", MENTIONS, by=("kind",), whole=False,
        en="Mentions found, by what they are: questions, complaints, praise and so on.",
        fr="Mentions trouvées, selon leur nature : questions, plaintes, éloges, etc."),
    Definition("mentions.topic", "talk", MENTIONS, by=("topic",), whole=False,
        en="Mentions in which one entry of the watch list was found; a mention counts for each of its entries.",
        fr="Mentions où une entrée de la veille a été trouvée ; une mention compte pour chacune de ses entrées."),
    Definition("members.said", "members", SAID, by=("medium",),
        en="What members said in conversations, at the moment they said it; what a split repeated counts once.",
        fr=("Prises de parole des membres dans les conversations, au moment où elles ont eu lieu ; ce qu’une séparation a "
           "répété compte une fois.")),
    Definition("members.active", "members", SAID, of=MEMBER, takes_goal=True,
        en="Different members who said something: by their record, or by their handle on a channel.",
        fr="Membres différents ayant pris la parole : d’après leur fiche, ou leur identifiant sur un canal."),
    Definition("pictures.shown", "pictures", PICTURES, reckoned=True,
        en="Different pictures and films in what went out, as far as the reader may see them.",
        fr="Images et films différents dans ce qui est parti, pour autant que le lecteur puisse les voir."),
    *_clocks(),
    Definition("promises.due", "clocks", PROMISES,
        en="Promises to members whose moment lay in the period.",
        fr="Promesses faites à des membres et arrivées à échéance dans la période."),
    Definition("promises.kept", "clocks", PROMISES, where=lambda: Q(broken_at=None, answered_at__isnull=False),
        en="Of these, those that were kept: the member had their answer in time.",
        fr="Parmi elles, celles qui ont été tenues : le membre a eu sa réponse à temps."),
    Definition("promises.broken", "clocks", PROMISES, where=lambda: Q(broken_at__isnull=False), takes_goal=True,
        en="Of these, those that were broken, answered late or not at all.",
        fr="Parmi elles, celles qui n’ont pas été tenues : réponse tardive ou absente."),
    Definition("insights.noted", "insights", NOTED, takes_goal=True,
        en="Insights noted.",
        fr="Enseignements notés."),
    Definition("insights.decided", "insights", DECIDED, by=("decision",),
        en="Insights on which the brand decided, at the moment of its decision.",
        fr="Enseignements sur lesquels la marque a décidé, au moment de sa décision."),
    Definition("insights.closed", "insights", CLOSED,
        en="Insights that were closed.",
        fr="Enseignements clos."),
    Definition("insights.told", "insights", TOLD,
        en="Lines that the brand released for ‘you said, we did’.",
        fr="Lignes que la marque a publiées dans « vous l’avez dit, nous l’avons fait »."),
    Definition("coming.items", "coming", COMING, reckoned=True,
        en="What is asked for and meant to go out in the period that follows, and has not left.",
        fr="Ce qui est demandé et prévu pour la période suivante, et n’est pas parti."),
    Definition("acts.basis", "names", ACTS, by=("basis",), whole=False,
        en="Acts by the right on which they went out: approval, standing approval, silence, level, the brand itself.",
        fr=("Actes selon le droit en vertu duquel ils sont partis : approbation, approbation permanente, silence, niveau, la "
           "marque elle-même.")),
    Definition("acts.level", "names", ACTS, by=("level",), whole=False,
        en="Acts by the level that the charter granted them.",
        fr="Actes selon le niveau que la charte leur accordait."),
    Definition("words.no", "brakes", WORDS, where=lambda: Q(kind=VerdictKind.NO),
        en="Refusals by people of the brand.",
        fr="Refus par des personnes de la marque."),
    Definition("words.veto", "brakes", WORDS, where=lambda: Q(kind=VerdictKind.VETO),
        en="Vetoes by people of the brand.",
        fr="Vetos de personnes de la marque."),
    Definition("holds.placed", "brakes", HOLDS,
        en="Holds that the brand placed.",
        fr="Suspensions décidées par la marque."),
    Definition("acts.unsent", "brakes", UNSENT, by=("state",),
        en="Acts tried in the period that failed, or of which nobody knows yet whether they left.",
        fr="Actes tentés dans la période qui ont échoué, ou dont on ignore encore s’ils sont partis."),
    Definition("crises.proposed", "brakes", CRISES,
        en="Crises proposed, by people or by numbers.",
        fr="Crises proposées, par des personnes ou par les chiffres."),
    Definition("crises.declared", "brakes", DECLARED,
        en="Crises put in force.",
        fr="Crises déclarées."),
    Definition("acts.at_once", "benefit", ACTS, where=_at_once, by=("basis",),
        en="Acts that went out without anybody being waited for: by a standing approval or by their level.",
        fr="Actes partis sans attendre personne : par approbation permanente ou par leur niveau."),
    Definition("waiting.median", "benefit", ACTS, unit=DURATION, where=_approved, takes_goal=True,
        en="Median time by the wall from the last submission to the first yes, of acts that went out by approval.",
        fr="Temps médian à l’horloge entre la dernière soumission et le premier oui, pour les actes partis par approbation."),
    Definition("waiting.saved", "benefit", ACTS, unit=DURATION, where=_at_once,
        en=("Waiting saved: acts that went out at once, times the median waiting of those that went out by approval; none "
           "where no act shows how long approval takes."),
        fr=("Attente épargnée : actes partis aussitôt, multipliés par l’attente médiane de ceux partis par approbation ; "
           "aucune quand aucun acte ne montre combien dure une approbation.")),
    Definition("incidents.level", "benefit", ACTS, where=_put_right, by=("level",),
        en="Incidents: acts of the period whose post had to be corrected or deleted afterwards, by level.",
        fr="Incidents : actes de la période dont la publication a dû être corrigée ou supprimée ensuite, par niveau."),
    Definition("business.linked", "business", LINKED, takes_goal=True,
        en="Members recognised as a customer of a connected system, or offered to it as a new one, at the moment of the link.",
        fr="Membres reconnus comme clients d’un système relié, ou proposés à celui-ci, au moment du rapprochement."),
    Definition("business.cases", "business", CASES, by=("asked",), takes_goal=True,
        en="Tickets and leads that conversations handed to the brand’s systems.",
        fr="Tickets et pistes remis par des conversations aux systèmes de la marque."),
    Definition("business.solved", "business", SOLVED, by=("asked",), takes_goal=True,
        en="Tickets and leads that the brand’s systems closed, whenever they were handed over.",
        fr="Tickets et pistes clos par les systèmes de la marque, quelle que soit la date de leur remise."),
    Definition("acts.rule", "receipts", ACTS, by=("basis", "rule"), whole=False,
        en="Receipts by right and by the rule of the charter that permitted the act.",
        fr="Reçus selon le droit et la règle de la charte qui a permis l’acte."),
    Definition("reads.noted", "reads", READS, by=("act", "side"),
        en="Lines of the log that tell of somebody seeing what is confidential: read, opened by link, fetched.",
        fr="Lignes du journal qui disent que quelqu’un a vu quelque chose de confidentiel : lu, ouvert par lien, récupéré."),
    Definition("left.items", "left", LEFT, by=("way", "recipient"),
        en="Disclosures by the way they left and the kind of recipient: lines of the ledger.",
        fr="Divulgations selon la voie et le genre de destinataire : lignes du registre."),
    Definition("log.lines", "proof", LINES, by=("side",),
        en="Lines that people and the house wrote into the log.",
        fr="Lignes que des personnes et la maison ont écrites au journal."),
    Definition("press.pieces", "press", PRESS, by=("topic",),
        en="Pieces in press reviews that came out in the period.",
        fr="Articles des revues de presse parues dans la période."),

)
# fmt: on


def _by_code(catalogue: Iterable[Definition]) -> dict[str, Definition]:
    """In the order of the catalogue. ValueError for a code that is there twice, and for two sources of one name."""
    found: dict[str, Definition] = {}
    sources: dict[str, Source] = {}
    for one in catalogue:
        if one.code in found:
            raise ValueError(f"{one.code} is defined twice")
        if sources.setdefault(one.source.name, one.source) is not one.source:
            raise ValueError(f"two sources are called {one.source.name}")
        found[one.code] = one
    return found


DEFINITIONS = _by_code(CATALOGUE)


def of_section(section: str) -> list[Definition]:
    """In the order of the catalogue."""
    return [one for one in DEFINITIONS.values() if one.section == section]
