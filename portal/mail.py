"""Letters of the house to its own people: notices, invitations. Nothing here speaks in a brand's name to the outside.

The only module besides the connectors that talks to a mail server.
"""

import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.utils import translation


class Delivery(StrEnum):
    """What the mail server said. `later`: neither yes nor no, to be tried again; `stopped`: it was not given the letter."""

    DELIVERED = "delivered"
    BOUNCED = "bounced"
    LATER = "later"
    STOPPED = "stopped"


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


class Stopped(Exception):
    """Asked once more at the last moment, the house does not want the letter to go."""


def post(letter: Letter, address: str, language: str, *, leaving: Callable[[], bool] | None = None) -> Delivery:
    """Hand a letter to the mail server, as text and as HTML.

    `leaving` is asked when the server takes letters for this address, just before it gets a word of this one: a line that it
    writes is one of a letter that leaves, and of no server that was away. If it says no, nothing leaves.
    """
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
        _handed_over(mail, leaving)
    except Stopped:
        return Delivery.STOPPED
    except smtplib.SMTPRecipientsRefused as refusal:
        statuses = [status for status, _ in refusal.recipients.values()]
        return Delivery.BOUNCED if all(status >= 500 for status in statuses) else Delivery.LATER
    except smtplib.SMTPResponseException as refusal:
        return Delivery.BOUNCED if refusal.smtp_code >= 550 else Delivery.LATER
    except (OSError, smtplib.SMTPException):
        return Delivery.LATER
    return Delivery.DELIVERED


def _handed_over(mail: EmailMultiAlternatives, leaving: Callable[[], bool] | None) -> None:
    """Raises Stopped, and what a mail server raises."""
    if leaving is None:
        mail.send()
        return
    mail.connection = get_connection()
    mail.connection.open()
    try:
        server = getattr(mail.connection, "connection", None)
        if isinstance(server, smtplib.SMTP):
            server.data = partial(_words, server.data, leaving)  # type: ignore[method-assign]
        elif not leaving():
            raise Stopped
        mail.send()
    finally:
        mail.connection.close()


def _words(data: Callable[[Any], tuple[int, bytes]], leaving: Callable[[], bool], words: Any) -> tuple[int, bytes]:
    """In place of `smtplib.SMTP.data`, which is called once sender and recipient were taken."""
    if not leaving():
        raise Stopped
    return data(words)
