"""Letters of the house to its own people: notices, invitations. Nothing here speaks in a brand's name to the outside.

The only module besides the connectors that talks to a mail server.
"""

import smtplib
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation


class Delivery(StrEnum):
    """What the mail server said. `later`: neither yes nor no, to be tried again."""

    DELIVERED = "delivered"
    BOUNCED = "bounced"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter: the subject and the paragraphs, already in the reader's language, and where its button leads."""

    subject: str
    paragraphs: tuple[str, ...]
    button: str = ""
    link: str = ""
    footer: str = ""
    attachments: tuple[tuple[str, str], ...] = ()
    """Files of text: name and content."""
    papers: tuple[tuple[str, bytes], ...] = ()
    """PDFs: name and content."""


def post(letter: Letter, address: str, language: str) -> Delivery:
    """Hand a letter to the mail server, as text and as HTML."""
    with translation.override(language):
        context = {"letter": letter, "language": language}
        mail = EmailMultiAlternatives(
            subject=" ".join(letter.subject.split()),
            body=render_to_string("mail/letter.txt", context),
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[address],
        )
        mail.attach_alternative(render_to_string("mail/letter.html", context), "text/html")
        for name, content in letter.attachments:
            mail.attach(name, content, "text/plain")
        for name, paper in letter.papers:
            mail.attach(name, paper, "application/pdf")
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as refusal:
        statuses = [status for status, _ in refusal.recipients.values()]
        return Delivery.BOUNCED if all(status >= 500 for status in statuses) else Delivery.LATER
    except smtplib.SMTPResponseException as refusal:
        return Delivery.BOUNCED if refusal.smtp_code >= 550 else Delivery.LATER
    except (OSError, smtplib.SMTPException):
        return Delivery.LATER
    return Delivery.DELIVERED
