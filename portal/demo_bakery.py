"""The demo's bakery today: something in every state, and a part of every page."""

from clients.approvals.actions import propose_standing, sign_standing
from clients.approvals.rules import Template
from clients.autonomy.vocabulary import ActionKind, Sensitivity
from clients.briefings.actions import propose_briefing
from clients.disclosure.actions import allow_integration
from clients.disclosure.rules import InfoClass
from clients.gate.actions import ask_change
from clients.items.actions import write_note
from portal.demo_crisis import make_crisis
from portal.demo_crm import make_crm
from portal.demo_day import Day, seen, tomorrow
from portal.demo_insights import make_insights
from portal.demo_keys import make_demo_key
from portal.demo_mentions import make_mentions
from portal.demo_moderation import make_moderation
from portal.demo_operator import make_opening
from portal.demo_sources import make_sources
from portal.demo_webhooks import make_demo_webhook
from tenants.vocabulary import Role


def bakery_day(day: Day) -> None:
    """In the order in which a day would bring it."""
    _wanted(day)
    _sent_back(day)
    _lent(day)
    _by_telephone(day)
    _standing(day)
    make_mentions(day.actors)
    make_insights(day.actors)
    make_moderation(day.actors, day.wall)
    make_sources(day.actors)
    make_crm(day.actors)
    make_crisis(day.actors)
    make_opening(day.actors[Role.BRAND_OWNER])
    make_demo_key(day.actors[Role.BRAND_OWNER])
    make_demo_webhook(day.actors[Role.BRAND_OWNER])


def _wanted(day: Day) -> None:
    """What waits for a word of the brand, or has it."""
    day.approved(day.bring("Le pain de seigle est de retour : fournée à 7 h 30, rue des Tanneurs.", title="Seigle"))
    day.bring(
        "Merci Lucie ! On garde la recette de la brioche secrète, mais on vous la fait goûter samedi.",
        kind=ActionKind.ANSWER,
        title="Réponse à Lucie",
        recipient="lucie@membres.example",
    )
    day.bring(
        "Samedi, atelier galette avec Claire : douze places, farine offerte.",
        title="Atelier galette",
        not_before=tomorrow(9, days=3),
    )
    day.bring(
        "Deux nouveautés au comptoir : la focaccia aux herbes et le flan vanille.",
        title="Nouveautés",
        not_before=tomorrow(11),
    )
    day.bring(
        "Nous avons lu vos messages sur l’allergène non étiqueté. Le lot est retiré ; voici ce que nous faisons.",
        title="Étiquetage : notre réponse",
        sensitivity=Sensitivity.SENSITIVE,
    )
    day.bring(
        "Chers habitués,\n\nla lettre de décembre : les bûches, les horaires de fête et un atelier pour les enfants.\n\n"
        "À très vite au comptoir,\nClaire",
        title="La lettre de décembre",
        kind=ActionKind.NEWSLETTER,
        channels=(str(day.wall.pk), str(day.letter.pk)),
    )


def _sent_back(day: Day) -> None:
    """Something to change, with the talk about it, and what the agency would have the briefing say."""
    item = day.bring(
        "On a testé pour vous la bûche au sarrasin. Verdict ?",
        title="Bûche au sarrasin",
        sensitivity=Sensitivity.SENSITIVE,
    )
    ask_change(
        day.actors[Role.APPROVER], item_id=item.pk, seen_digest=seen(item), comment="Sans « verdict », plus chaleureux."
    )
    write_note(day.actors[Role.COMMUNITY_MANAGER], item_id=item.pk, text="Je propose « Alors, on adopte ? » à la fin.")
    propose_briefing(
        actor=day.actors[Role.AGENCY_MANAGER],
        base=1,
        changes={
            "tone": "Chaleureux, précis, jamais ironique. On tutoie sur Mastodon, on vouvoie ailleurs, on signe de nos prénoms."
        },
        note="Sur Mastodon, tout le monde se tutoie.",
    )
    write_note(day.actors[Role.BRAND_MANAGER], item_id=item.pk, text="Entre nous : le prix n’est pas encore fixé.")


def _lent(day: Day) -> None:
    """What a program may take along."""
    allow_integration(
        day.actors[Role.BRAND_OWNER],
        name="Tableau de bord",
        system="report",
        purpose="Suivre chaque mois ce qui est publié.",
        fields={"gate.receipt": ["sent_at", "kind", "channel"]},
        most_class=InfoClass.SHARED,
        until=tomorrow(18, days=180),
    )


def _by_telephone(day: Day) -> None:
    """A sketch, and a call to make."""
    day.bring("Brouillon : carte de vœux 2027.", submit=False, title="Vœux 2027")
    day.bring(
        "Appeler Mme Garnier au sujet de sa commande de mariage.",
        kind=ActionKind.PHONE_CALL,
        channels=(str(day.phone.pk),),
        title="Appel à Mme Garnier",
        recipient="+33 1 23 45 67 89",
    )


def _standing(day: Day) -> None:
    """A standing approval in force."""
    proposal = propose_standing(
        day.actors[Role.COMMUNITY_MANAGER],
        title="La fournée du jour",
        template=Template(
            id="",
            kind="publish",
            sensitivity="routine",
            channels=(str(day.wall.pk),),
            text="Aujourd’hui à la fournée : {pain}. À tout de suite !",
        ),
    )
    sign_standing(day.actors[Role.BRAND_MANAGER], standing_id=proposal.pk, seen_digest=proposal.digest)
