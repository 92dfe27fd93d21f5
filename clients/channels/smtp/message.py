"""One outbound act as a mail: a text, the same as simple HTML, pictures with their words. No network here.

Everything that becomes a header goes through the stdlib's structured headers, which refuse line breaks, and is checked
before: a subject or a name can never become a second header, nor an address a second recipient.
"""

import hashlib
import re
from datetime import UTC, datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from html import escape

from clients.channels.port import MediaFile, Outbound, SendFailed
from clients.channels.rules import has_control_characters, outgoing_text
from clients.channels.settings import clean_address
from tenants.errors import Invalid

_MESSAGE_ID = re.compile(r"<[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,200}@[A-Za-z0-9.\[\]:-]{1,200}>")
# Seven bits, because not every server takes eight, and nobody knows what stands behind the next one.
_POLICY = policy.SMTP.clone(cte_type="7bit")
MOST_NAMED = 20
_LINK = re.compile(r"https?://[^\s<>\"']+")


def recipients_of(outbound: Outbound) -> tuple[str, ...]:
    """The envelope's recipients: the one person, or else the channel's list. Raises SendFailed, permanently."""
    try:
        given = [clean_address(outbound.recipient, "recipient")] if outbound.recipient else outbound.settings["to"]
    except Invalid:
        raise SendFailed("not_an_address", permanent=True, maybe_sent=False) from None
    if not given:
        raise SendFailed("recipient_missing", permanent=True, maybe_sent=False)
    return tuple(given)


def recipient_of_test(outbound: Outbound) -> tuple[str, ...]:
    """The one person who asked for a test. INVARIANT: without one nobody gets it, and a list least of all."""
    if not outbound.recipient:
        raise SendFailed("recipient_missing", permanent=True, maybe_sent=False)
    return recipients_of(outbound)


def build(outbound: Outbound, recipients: tuple[str, ...]) -> EmailMessage:
    """The message, with the same Message-ID whenever it is built for the same key."""
    message = EmailMessage(policy=_POLICY)
    domain = outbound.settings["from_address"].rpartition("@")[2]
    message["Message-ID"] = f"<{hashlib.sha256(outbound.key.encode()).hexdigest()[:40]}@{domain}>"
    message["Date"] = datetime.now(UTC)
    message["From"] = _mailbox(outbound.settings.get("from_name", ""), outbound.settings["from_address"])
    # Several recipients are a list of people who do not know each other: nobody sees whom else it went to.
    message["To"] = _mailbox("", recipients[0]) if len(recipients) == 1 else "undisclosed-recipients:;"
    message["Subject"] = _one_line(outbound.title)
    if outbound.target:
        _answer_to(message, outbound.target, outbound.references)
    text = outgoing_text(outbound.text, outbound.link)
    message.set_content(_plain(text, outbound.media))
    message.add_alternative(_html(text, outbound.media), subtype="html")
    _attach(message, outbound.media)
    return message


def _mailbox(name: str, address: str) -> Address:
    return Address(display_name=_one_line(name), addr_spec=address)


def _one_line(value: str) -> str:
    if has_control_characters(value):
        raise SendFailed("title_control_characters", permanent=True, maybe_sent=False)
    return value


def _answer_to(message: EmailMessage, target: str, before: tuple[str, ...]) -> None:
    """In the thread of what it answers (RFC 5322, 3.6.4). Of a long one the first mail and the last ones are named."""
    if not _MESSAGE_ID.fullmatch(target):
        raise SendFailed("target_not_a_message", permanent=True, maybe_sent=False)
    known = [one for one in dict.fromkeys(before) if one != target and _MESSAGE_ID.fullmatch(one)]
    named = known if len(known) < MOST_NAMED else [known[0], *known[2 - MOST_NAMED :]]
    message["In-Reply-To"] = target
    message["References"] = " ".join((*named, target))


def _plain(text: str, media: tuple[MediaFile, ...]) -> str:
    words = [f"[{file.alt}]" for file in media if file.alt]
    return "\n\n".join([text, *words]) + "\n"


def _html(text: str, media: tuple[MediaFile, ...]) -> str:
    paragraphs = [f"<p>{_linked(part)}</p>" for part in re.split(r"\n{2,}", text.replace("\r\n", "\n")) if part.strip()]
    pictures = [f'<p><img src="cid:{_cid(file)}" alt="{escape(file.alt)}"></p>' for file in media]
    return "\n".join(['<!doctype html><meta charset="utf-8">', *paragraphs, *pictures]) + "\n"


def _linked(part: str) -> str:
    """One paragraph, escaped, its addresses made into links."""
    made, position = [], 0
    for found in _LINK.finditer(part):
        made.append(escape(part[position : found.start()]))
        made.append(f'<a href="{escape(found[0])}">{escape(found[0])}</a>')
        position = found.end()
    made.append(escape(part[position:]))
    return "".join(made).replace("\n", "<br>\n")


def _attach(message: EmailMessage, media: tuple[MediaFile, ...]) -> None:
    """Pictures belong to the HTML part and carry a file name, so that readers without HTML list them as attachments."""
    page = message.get_body(("html",))
    assert page is not None, "build() has just put it there"
    for place, file in enumerate(media, 1):
        kind, _, subtype = file.mime.partition("/")
        name = f"image-{place}.{'jpg' if subtype == 'jpeg' else subtype}"
        page.add_related(file.data, kind, subtype, cid=f"<{_cid(file)}>", disposition="inline", filename=name)


def _cid(file: MediaFile) -> str:
    return f"{hashlib.sha256(file.data).hexdigest()[:32]}@relais"
