"""The words by which mentions are sorted, in French and English, one table: what somebody reads who asks why. Pure.

Looked for by the matching core, so other forms of a word count, and accents do not.
"""

from clients.matching.watched import Watched

_COMPLAINT_FR = """
    inadmissible; inacceptable; honteux; honte; scandaleux; scandale; arnaque; déçu; déception; décevant;
    catastrophe; catastrophique; lamentable; nul; nulle; pire; en panne; ne marche pas; ne fonctionne pas; ne
    fonctionne plus; marche plus; toujours pas; toujours rien; toujours aucune; aucune réponse; sans réponse; pas de
    réponse; personne ne répond; injoignable; retard; en retard; cassé; abîmé; défectueux; rembourser;
    remboursement; réclamation; plainte; me plaindre; marre; ras le bol; insupportable; énervé; furieux; en colère;
    mécontent; insatisfait; mauvais service; mauvaise qualité; mauvaise expérience; abusé; abus; foutage de gueule;
    se moque; se moquent; moquez; hors de prix; trop cher; sale; dégoûtant; immonde; plus jamais; je ne reviendrai;
    ne reviendrai pas; à fuir; fuyez; incompétent; incompétence; mensonge; mentir; trompeur; publicité mensongère;
    bug; buggé; plante; erreur; annulé sans; attends depuis; attente interminable; heures d'attente; perdu ma
    commande; colis perdu; jamais reçu; jamais arrivé; pas reçu; bruit; nuisance; pollué; dégradé; délabré
"""
_COMPLAINT_EN = """
    unacceptable; disgraceful; disgrace; shame; shameful; scam; rip off; ripoff; disappointed; disappointing;
    disappointment; terrible; awful; horrible; worst; useless; pathetic; broken; broke; doesn't work; does not work;
    not working; stopped working; never arrived; still waiting; still no; still haven't; no reply; no answer; no
    response; nobody answers; delayed; delay; late again; damaged; faulty; defective; refund; complaint; complain;
    fed up; sick of; angry; furious; unhappy; poor service; bad service; poor quality; overpriced; too expensive;
    dirty; disgusting; never again; won't be back; avoid; incompetent; lie; lied; misleading; false advertising;
    bug; buggy; crash; keeps crashing; error; cancelled without; waiting for weeks; hours of waiting; lost my order;
    lost parcel; rude; ignored; noisy; filthy; let down; waste of money
"""
_PRAISE_FR = """
    merci; bravo; félicitations; super; génial; excellent; excellente; parfait; magnifique; formidable; top; ravi;
    ravie; heureux; adore; j'aime; impeccable; délicieux; un régal; très bon; très bonne; au top; je recommande;
    chapeau; belle initiative; beau travail; bien joué; satisfait; accueil chaleureux; agréable surprise; le
    meilleur; la meilleure; coup de coeur; sympathique; sympa; quel plaisir; continuez
"""
_PRAISE_EN = """
    thank you; thanks; great; awesome; amazing; excellent; perfect; wonderful; fantastic; brilliant; love; loved;
    lovely; delicious; superb; happy; delighted; recommend; well done; good job; congratulations; congrats; kudos;
    best; impressed; friendly staff; keep it up; pleasure; beautiful
"""
_IDEA_FR = """
    vous devriez; vous pourriez; pourquoi ne pas; il faudrait; ce serait bien; ça serait bien; serait-il possible
    d'ajouter; j'aimerais que; je suggère; suggestion; je propose; proposition; une idée; mon idée; et si vous; et
    si on; il manque; ce serait top; ce serait génial; pensez à; pourriez-vous ajouter; bonne idée; ça vaudrait le
    coup
"""
_IDEA_EN = """
    you should; you could; why not; it would be great; it would be nice; would be nice if; would love to see; i
    suggest; suggestion; how about; what about; an idea; my idea; feature request; please add; could you add;
    consider adding; wish you had; have you thought; have you considered; i propose; would be cool
"""
_PROVOCATION_FR = """
    connard; connards; connasse; abruti; crétin; débile; imbécile; bande de; pourris; pourriture; vendu; vendus;
    collabo; ordure; fumier; ta gueule; vos gueules; ferme la; fermez la; dégage; dégagez; escroc; voleur; voleurs;
    menteur; menteurs; bouffon; clown; guignol; minable; mouton; moutons; honte à vous; parasite; propagande; va te
    faire; allez vous faire; bon à rien; cloportes
"""
_PROVOCATION_EN = """
    idiot; idiots; moron; morons; stupid; scum; liar; liars; crook; crooks; thief; shut up; clown; clowns; losers;
    loser; sheep; shills; shill; go to hell; screw you; bunch of; pathetic losers; parasites; propaganda; wake up
    people; traitors; garbage people; crybabies; snowflakes
"""
_SPAM_FR = """
    gagnez; gagner de l'argent; argent facile; revenu passif; investissement garanti; crypto; bitcoin; casino; bonus
    offert; prêt rapide; prêt entre particuliers; crédit rapide; cliquez ici; lien en bio; abonnez-vous; abonne-toi;
    code promo; promo exceptionnelle; livraison gratuite; perdre du poids; marabout; voyant; retour affectif;
    whatsapp; iphone gratuit; félicitations vous avez été; offre limitée; sans engagement; visitez mon profil;
    followers; répliques; viagra
"""
_SPAM_EN = """
    earn money; make money; easy money; passive income; guaranteed returns; crypto; bitcoin; forex; casino; free
    bonus; quick loan; click here; link in bio; subscribe to my; follow me; follow back; promo code; limited offer;
    free shipping; lose weight; weight loss; whatsapp; free iphone; you have won; you have been selected; act now;
    work from home; dm me; check my profile; cheap followers; buy followers; replica; viagra; onlyfans; spell
    caster; investment opportunity
"""
_BOYCOTT = """
    boycott; boycotter; boycottons; appel au boycott; boycotting; call for a boycott; bad buzz
"""
_DANGER = """
    intoxication; intoxiqué; empoisonné; empoisonnement; hospitalisé; hospitalisation; blessé grave; blessés; décès;
    mort; accident grave; incendie; explosion; contaminé; contamination; listeria; salmonelle; salmonellose;
    bactérie; allergène non déclaré; rappel de produit; rappel produit; rappel de lots; rappel de lot; poisoned;
    poisoning; food poisoning; hospitalised; hospitalized; injured; died; deaths; fire broke out; contaminated;
    salmonella; product recall; recalled; recalling; undeclared allergen
"""
_LAW = """
    mise en examen; garde à vue; perquisition; enquête ouverte; porter plainte; porté plainte; dépôt de plainte;
    déposé plainte; plainte collective; tribunal; poursuites; poursuivi en justice; corruption; détournement;
    harcèlement; lawsuit; sued; suing; class action; investigation; indicted; police raid; prosecutors; fraud;
    harassment; bribery
"""
_LEAK = """
    fuite de données; données piratées; piratage; piraté; cyberattaque; rançongiciel; data breach; data leak;
    hacked; ransomware; cyberattack; leaked documents
"""
_QUESTION = """
    est-ce que; est-ce qu; quand; comment; où; combien; quel; quelle; quels; quelles; pouvez-vous; pourriez-vous;
    savez-vous; avez-vous; peut-on; y a-t-il; qui peut; à quelle heure; puis-je; faut-il; question; je voudrais
    savoir; j'aimerais savoir; how; when; where; what; which; who; can you; could you; do you; does; is there; are
    there; can i; may i; is it possible; will you; would like to know; wondering
"""

COMPLAINT, PRAISE, IDEA, PROVOCATION, SPAM, QUESTION = "complaint", "praise", "idea", "provocation", "spam", "question"
SIGNALS = ("boycott", "danger", "law", "leak")
"""What alone says that a crisis may be near, by name: also counted, so that the numbers of an hour know it."""
_FRENCH, _ENGLISH = "fr", "en"
_TABLE = (
    (COMPLAINT, _FRENCH, _COMPLAINT_FR),
    (COMPLAINT, _ENGLISH, _COMPLAINT_EN),
    (PRAISE, _FRENCH, _PRAISE_FR),
    (PRAISE, _ENGLISH, _PRAISE_EN),
    (IDEA, _FRENCH, _IDEA_FR),
    (IDEA, _ENGLISH, _IDEA_EN),
    (PROVOCATION, _FRENCH, _PROVOCATION_FR),
    (PROVOCATION, _ENGLISH, _PROVOCATION_EN),
    (SPAM, _FRENCH, _SPAM_FR),
    (SPAM, _ENGLISH, _SPAM_EN),
    (QUESTION, "", _QUESTION),
    *zip(SIGNALS, ("",) * 4, (_BOYCOTT, _DANGER, _LAW, _LEAK), strict=True),
)


def phrases(text: str) -> tuple[str, ...]:
    """What stands between semicolons."""
    return tuple(" ".join(piece.split()) for piece in text.split(";") if piece.strip())


def entries() -> list[Watched]:
    """For the matching core; a key is the group, and the language where it has one."""
    return [
        Watched(f"{group} {language}".strip(), phrases(text), language=language) for group, language, text in _TABLE
    ]
