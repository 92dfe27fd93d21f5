"""Weak signs, each of which decides nothing: what a brand's corrections teach is how much each is worth there. Pure.

The rules (`lexicon`) need words that say by themselves what somebody means. Most people use none: they wait 'again', 'since
October', ask for what 'would' be good, begin with 'where', speak of 'you lot'. Single words by their stem, general ones of both
languages, of no trade.
"""

from collections.abc import Sequence
from functools import cache, lru_cache

from clients.matching.folding import fold
from clients.matching.forms import ENGLISH, FRENCH, LANGUAGES, stems

_WORDS = {
    ("negation", FRENCH): "ne n pas plus jamais rien aucun aucune personne sans ni non zéro impossible",
    ("negation", ENGLISH): "not no never nothing nobody none without cannot dont didnt isnt wont cant zero impossible t",
    ("again", FRENCH): "encore toujours depuis fois même chaque minute min heure semaine mois jour an année après",
    ("again", ENGLISH): "again still since twice every minute min mins hour week month day year after another",
    ("bad", FRENCH): """
        panne fermé perdu perdre refuser refus supprimer supprimé suppression bloqué casser cassé pire mauvais nul
        sale lent moche rater raté froid attendre attente problème souci erreur faute amende payer débité prélèvement
        facture contester réclamer plainte mécontent mécontentement déplorer honte dommage triste retard bondé plein
        sentir puer trop cher pourri vide annulé absence absent bruit défectueux désagréable agressif promettre promis
        relance pauvre dégradé bug planter
    """,
    ("bad", ENGLISH): """
        broken closed lost lose refuse remove removed blocked dead worst bad dirty slow ugly miss missed cold wait
        problem issue error fault fine pay charge demand dispute dissatisfaction dissatisfied shame sad late cancelled
        packed full stink smell rude wrong crash fail expensive awful empty noise noisy ignore promise promised poor
        withdraw abolish lack out stuck worse cut
    """,
    ("good", FRENCH): """
        merci bravo super parfait génial top beau belle bon bonne meilleur agréable confort confortable propre rapide
        rapidité fiable gentil gentillesse sourire patient patience charmant reconnaissant ravi content heureux
        plaisir réussite réussi bijou respect féliciter félicitations nickel sympa adorable magnifique aimer adorer
        sauver facile précieux remercier saluer chaleureux efficace humain humanité enfin chapeau régler réglé
        apprécié utile serein beauté
    """,
    ("good", ENGLISH): """
        thank thanks great good best better lovely nice clean quick reliable kind kindness smile patient patience
        charming grateful delighted happy pleasure triumph gem legend respect congratulations love save perfect genius
        comfortable credit thoughtful helpful amazing easy gratitude recognise friendly swift pleasantly beautiful
        finally useful sorted cheers appreciate
    """,
    ("wish", FRENCH): """
        faudrait suffirait serait pourrait pourriez devriez devrait aimerais voudrais vaudrait mettre ajouter
        installer laisser ouvrir penser songer proposer proposition suggestion suggérer idée imaginer rêver rêve si
        plutôt pourquoi manquer envisager prévoir soumettre idéal ailleurs
    """,
    ("wish", ENGLISH): """
        would could should might suggest suggestion propose add let put install idea why wish imagine if perhaps maybe
        rather instead consider extend open what elsewhere
    """,
    ("asks", FRENCH): """
        qui quoi quel quelle où quand comment combien pourquoi savoir connaître indiquer préciser est-ce quelqu
        possible peut faut dois droit comprendre cherche trouver
    """,
    ("asks", ENGLISH): """
        who what which where when how why is are do does did can could will may has any anyone anybody know tell
        advise confirm find understand
    """,
    ("you", FRENCH): "vous vos votre tu toi ta ton tes te",
    ("you", ENGLISH): "you your yours u ur yourself",
    ("self", FRENCH): "je j moi mon ma mes me m nous nos notre",
    ("self", ENGLISH): "i my me we our us mine im",
    ("formal", FRENCH): "madame monsieur veuillez agréer prie cordialement salutations bonjour bonsoir permettre",
    ("formal", ENGLISH): "dear sir madam kindly regards hello grateful please hereby sincerely",
    ("insult", FRENCH): """
        parasite vendu escroc menteur guignol bouffon clown larbin mafia dictateur facho fasciste idiot bête lâche
        racaille assisté pigeon mouton gaucho bobo incapable corrompu crétin abruti imbécile minable pourri voleur
        ordure propagande censurer censure dégager fonctionnaire neurone risée vomir mentir détester ridicule bande
        sale honte imposteur planqué
    """,
    ("insult", ENGLISH): """
        parasite liar lying crook clown muppet mafia dictator fascist idiot stupid coward thick joke scrounger vulture
        lackey sheep propaganda loser moron incompetent corrupt brain hate pathetic sellout robber thief censor
        useless puppet fool ridiculous pointless shame lefty
    """,
    ("offer", FRENCH): """
        gratuit offre offrir offert promo prix crédit prêt prêter gagner revenu euro argent livraison abonné follower
        lien profil mp privé whatsapp telegram cliquer devis compte méthode formation trading cadeau maigrir rencontre
        libre financier discret garanti contacter mail bonus soldes expirer vérifier partager
    """,
    ("offer", ENGLISH): """
        free offer cheap loan lend earn win money delivery follower link profile inbox dm click quote account verify
        trade trading gift pill whatsapp telegram boss discreet guaranteed rate bonus sale expire suspend fee lonely
        honest mail share
    """,
    ("danger", FRENCH): """
        mort mourir blessé hôpital pompier police samu feu flamme fumée gaz couteau agression agressé accident
        explosion évacuer chute tomber décès décédé plainte avocat parquet tribunal justice enquête perquisition fuite
        voler pirate piraté donnée boycott suspect effondrer effondrement intoxiqué malaise danger urgence secours
        incendie arme mineur victime harceler scandale sanitaire étouffer scandaleux
    """,
    ("danger", ENGLISH): """
        die dead died kill injured hospital ambulance police fire flame smoke gas knife assault accident explosion
        evacuate fall faint lawyer prosecutor court claim lawsuit legal investigation search leak steal stolen clone
        hack database boycott suspicious collapse danger emergency weapon victim harass poison trapped
    """,
    ("news", FRENCH): """
        article reportage tribune portrait enquête entretien édition rédaction reporter sondage selon exclusif direct
        dossier bilan vote voter annoncer conseil syndicat élu président hausse rapport municipal habitant préfecture
        agglomération département
    """,
    ("news", ENGLISH): """
        article reporter newsroom opinion exclusive live poll say profile paper report council union vote rise board
        mayor deal resident auditor local region contract unveil announce
    """,
}  # fmt: skip
_CONDITIONAL = ("rait", "rais", "raient", "riez", "rions")
_IMPERATIVE = "ez"
_SHORTEST_VERB = 4


def cues(words: Sequence[str], language: str) -> dict[str, str]:
    """The signs in folded words, with the word that gave each; those of both languages where nobody knows which it is."""
    found: dict[str, str] = {}
    for speech in (language,) if language in LANGUAGES else LANGUAGES:
        for place, word in enumerate(words):
            for name in _said(word, speech):
                if found.setdefault(name, word) != word:
                    found.setdefault(f"{name} twice", word)
                if not place:
                    found.setdefault(f"begins {name}", word)
    return found


@lru_cache(maxsize=65_536)
def _said(word: str, language: str) -> tuple[str, ...]:
    known = _by_root(language).get(root_of(word, language), ())
    if language == FRENCH and len(word) > _SHORTEST_VERB:
        known += ("conditional",) if word.endswith(_CONDITIONAL) else ()
        known += ("imperative",) if word.endswith(_IMPERATIVE) else ()
    return known


@lru_cache(maxsize=65_536)
def root_of(word: str, language: str) -> str:
    """One stem of a folded word, always the same."""
    return min(stems(word, language))


@cache
def _by_root(language: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for (name, its), text in _WORDS.items():
        if its == language:
            for word in text.split():
                found.setdefault(root_of(fold(word)[0].strip(), language), {})[name] = None
    return {root: tuple(names) for root, names in found.items()}
