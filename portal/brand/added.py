"""What readers will see that nobody wrote, in sentences: a yes is to all that goes out."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from clients.autonomy.vocabulary import ActionKind
from clients.channels.models import Channel
from clients.channels.port import Added, Written
from clients.channels.queries import added_by


def added_to(channel: Channel, *, kind: str, text: str, title: str, link: str, recipient: str) -> Added:
    """No query, and no network is asked."""
    written = Written(
        kind=ActionKind(kind), text=text, title=title, link=link, recipient=recipient, settings=channel.settings
    )
    return added_by(channel.kind, written)


def added_sentences(added: Added) -> Iterator[str]:
    if added.before:
        yield _("Begins with %(words)s, so that it reaches them.") % {"words": added.before}
    if added.author_named:
        yield _("Where the text does not name whoever wrote the post that is answered, it begins with their @name.")
    if added.title:
        yield _("Its title there: %(title)s") % {"title": added.title}
    if added.tags:
        yield _("Its tags there: %(tags)s") % {"tags": ", ".join(added.tags)}
