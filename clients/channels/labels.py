"""The words for channels on screen: kinds, states, settings, and what is wrong with one."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clients.channels.rules import ChannelState

KINDS: dict[str, Promise] = {
    "memory": _("Memory wall"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "field": _("In real life"),
}

STATES: dict[str, Promise] = {
    ChannelState.CONNECTED: _("Connected"),
    ChannelState.BROKEN: _("Needs repair"),
    ChannelState.REVOKED: _("Ended"),
}

SETTINGS: dict[str, Promise] = {
    "host": _("Mail server"),
    "port": _("Port"),
    "tls": _("Encryption of the line"),
    "user": _("User name"),
    "password": _("Password"),
    "from_address": _("Sender's address"),
    "from_name": _("Sender's name"),
    "to": _("Recipients of newsletters"),
    "note": _("Note for those who perform the acts"),
}

CHOICES: dict[str, Promise] = {
    "starttls": _("STARTTLS"),
    "implicit": _("TLS from the start"),
    "none": _("None (only on your own machine)"),
}

FAILURES: dict[str, Promise] = {
    "auth_missing": _("The server offers no way to log in that we know."),
    "cannot_look_up": _("This channel cannot be asked whether something went out."),
    "certificate_refused": _("The server's certificate is not valid for its name."),
    "connection_lost": _("The connection broke off."),
    "connector_failed": _("Something unexpected happened while sending."),
    "credentials_refused": _("The server refuses the user name or the password."),
    "deadline": _("The channel did not answer in time."),
    "host_not_allowed": _("The server lies in a private network, which is not allowed."),
    "host_unknown": _("There is no server of this name."),
    "message_refused": _("The server refused the message."),
    "not_an_address": _("The recipient is not a mail address."),
    "performed_by_person": _("A person performs this act and confirms it."),
    "recipient_missing": _("There is no recipient."),
    "recipient_refused": _("The server refused every recipient."),
    "secret_unreadable": _("The stored credentials cannot be read; give them again."),
    "sender_refused": _("The server refuses the sender's address."),
    "service_closing": _("The server is closing down for the moment."),
    "service_refused": _("The server refuses to talk to us."),
    "target_not_a_message": _("What is answered is not a mail."),
    "timeout": _("The server took too long."),
    "tls_required": _("This installation sends no mail without encryption of the line."),
    "user_and_password_together": _("Give both a user name and a password, or neither."),
    "tls_missing": _("The server offers no encryption of the line."),
    "unreachable": _("The server cannot be reached."),
}

CONTENT: dict[str, Promise] = {
    "alt_missing": _("The picture needs words for those who cannot see it."),
    "alt_too_long": _("The words for the picture are too long."),
    "kind_not_supported": _("This channel cannot do this."),
    "link_not_web": _("The link must begin with https:// or http://."),
    "media_too_big": _("The picture's file is too big."),
    "media_too_many": _("Too many pictures for this channel."),
    "media_too_many_pixels": _("The picture has too many pixels."),
    "media_type_not_taken": _("This channel does not take this type of picture."),
    "recipient_missing": _("Name the person this goes to."),
    "text_control_characters": _("The text holds invisible characters that are not allowed."),
    "text_missing": _("Write something, or add a picture."),
    "text_too_long": _("The text is too long for this channel."),
    "title_control_characters": _("The title must be one line without invisible characters."),
    "title_missing": _("This channel needs a title."),
    "title_too_long": _("The title is too long for this channel."),
}


def kind_label(kind: str) -> str:
    """The words for a kind of channel; its own name where none are written yet."""
    return str(KINDS.get(kind, kind))


def state_label(state: str) -> str:
    """The words for a channel's state."""
    return str(STATES.get(state, state))


def failure_label(code: str) -> str:
    """The words for a SendFailed code or a channel's `health`; content errors included, which a port can raise too."""
    return str(FAILURES.get(code) or CONTENT.get(code) or code)
