"""What the weeks of the demo's brands were made of (`demo_past`): words that come round, and how often."""

from clients.autonomy.vocabulary import ActionKind
from portal.demo_past import Rhythm

BAKERY = Rhythm(
    posts=(
        "La fournée de 16 h est sortie : pain aux noix et petits épeautres.",
        "Samedi, dégustation de brioches au comptoir, de 9 h à midi.",
        "On a rentré les premières farines de la récolte. Elles sentent la noisette.",
        "Merci pour l’atelier de mercredi : seize apprentis, seize pains.",
        "La tourte de seigle revient pour l’hiver.",
        "Qui veut goûter la nouvelle galette avant tout le monde ?",
        "Nos horaires de la Toussaint sont sur la porte.",
        "Le levain a dix ans cette semaine. On lui chante quelque chose ?",
    ),
    answers=(
        ("Lucie", "Merci Lucie ! La brioche revient vendredi."),
        ("Noah", "Thank you Noah, see you on Saturday!"),
        ("Paul", "Bonjour Paul, votre commande sera prête à 8 h, promis."),
        ("Emma", "Bonne idée, Emma : on en parle à Claire."),
        ("Jeanne", "Merci Jeanne, toute l’équipe a lu votre message."),
    ),
    talks=(
        ("Odile Marchand", "Votre pain de seigle, vous en aurez demain ?", "Oui, dès 7 h 30."),
        (
            "Bastien Roux",
            "Un quart d’heure d’attente, c’est long.",
            "Vous avez raison, nous ouvrons une seconde caisse.",
        ),
        ("Odile Marchand", "La galette se congèle-t-elle ?", "Oui, crue, deux mois."),
        ("Samira Haddad", "Un atelier pour les enfants, un jour ?", "On y pense pour janvier."),
        ("", "Vous livrez le dimanche ?", "Pas encore, désolés."),
        ("Odile Marchand", "Merci pour le pain de dimanche !", "Avec plaisir !"),
        ("Bastien Roux", "Le flan a changé ?", "Oui, moins de sucre."),
    ),
    heard=(
        ("Le Quartier", "Bravo à la boulangerie Aubier, le meilleur levain de la ville."),
        ("Agnès", "Êtes-vous ouverts le lundi de Pâques ?"),
        ("Hervé", "Encore en rupture de seigle à 10 h, très déçu."),
        ("Maëlle", "Et si vous faisiez des ateliers le soir ?"),
        ("Tom", "Merci pour l’accueil rue des Tanneurs, parfait."),
        ("Inconnu", "La brioche contient-elle un allergène ? Je cherche l’étiquette du pain."),
    ),
    posted=(2, 2, 3, 3, 2, 4, 4, 5),
    answered=(1, 2, 2, 3, 2, 3, 4, 4),
    talked=(2, 3, 3, 2, 4, 4, 5, 6),
    mentioned=(3, 4, 3, 6, 5, 7, 6, 9),
    outside=(
        (1, ActionKind.PHONE_CALL, "Appel à Mme Roux : sa commande de baptême."),
        (3, ActionKind.EVENT, "Stand au marché des Tanneurs, avec Claire."),
        (5, ActionKind.PHONE_CALL, "Appel au maraîcher pour la soupe du samedi."),
        (6, ActionKind.EVENT, "Atelier levain, douze personnes."),
        (7, ActionKind.EVENT, "Dégustation au comptoir."),
        (7, ActionKind.PHONE_CALL, "Appel à M. Haddad : atelier des enfants."),
    ),
    refused=6,
    vetoed=None,
    stopped=5,
    learnt=(
        (4, "On attend trop le samedi", "L’attente du samedi est trop longue.", "Une seconde caisse ouvre le samedi."),
        (7, "Le flan est trop sucré", "Le flan était trop sucré.", "La recette a un tiers de sucre en moins."),
    ),
)
BIKES = Rhythm(
    posts=(
        "Sortie de dimanche : trente roues, zéro crevaison.",
        "Comment régler ses freins en trois minutes : la vidéo est là.",
        "Le porte-bagages avant arrive. Qui teste ?",
        "Feux, gilets, gants : l’hiver se prépare maintenant.",
    ),
    answers=(
        ("Karim", "Passez mercredi, on regarde ça ensemble."),
        ("Lou", "Merci Lou ! Le circuit est dans la lettre."),
    ),
    talks=(
        ("Yann Le Gall", "Ma potence grince.", "Montez à l’atelier, c’est dix minutes."),
        ("Rosa Pinto", "La sortie est pour débutants ?", "Oui, 35 km tranquilles."),
    ),
    heard=(
        ("Cycle en ville", "Les ateliers gratuits de Vélos Mistral font le plein."),
        ("Rosa", "Où acheter des gants d’hiver ?"),
    ),
    posted=(1, 1, 2, 1, 2, 2, 2, 3),
    answered=(1, 0, 1, 1, 1, 2, 1, 2),
    talked=(1, 1, 0, 1, 2, 1, 2, 2),
    mentioned=(1, 2, 1, 2, 2, 3, 2, 3),
    vetoed=6,
)
GARDEN = Rhythm(
    posts=("Semez les fèves maintenant.", "Les bulbes sont arrivés.", "Paillez, le gel vient."),
    answers=(("Paul", "Merci pour la photo, Paul !"),),
    talks=(("Anne Leroy", "Quand tailler le rosier ?", "Fin février."),),
    heard=(("Marché vert", "Les Jardins de Lise donnent envie de planter."),),
    posted=(1, 0, 1, 1, 0, 1, 1, 1),
    answered=(0, 1, 0, 0, 1, 0, 1, 1),
    talked=(0, 1, 0, 1, 0, 1, 0, 1),
    mentioned=(1, 0, 1, 1, 1, 0, 1, 2),
)
