"""Words for sources: what kinds there are, what is filled in, how one fares."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

KINDS = {
    "feed": _("News feed (RSS, Atom)"),
    "mailbox": _("Mailbox (IMAP)"),
    "mastodon": _("Mastodon"),
    "bluesky": _("Bluesky"),
    "wordpress": _("Comments of your WordPress"),
    "forum": _("Your forum (Discourse, NodeBB)"),
    "webhook": _("A program that tells us (webhook)"),
    "table": _("Tables that you bring (CSV)"),
    "hand": _("What you hear and read yourself"),
}
ABOUT = {
    "feed": _("A newspaper, a blog, a search: any page that offers a feed."),
    "mailbox": _("Mails are read and left as they are. Attachments are named and never opened."),
    "mastodon": _("Reads with the account of a connected channel."),
    "bluesky": _("Reads with the account of a connected channel."),
    "wordpress": _("Also those that wait for a moderator. Reads with the account of the connected channel."),
    "forum": _("The newest posts, read with the account of the connected channel."),
    "webhook": _("Another system sends what it finds, signed with a secret that you are shown once."),
    "table": _("What another tool has collected. You see every row before anything is kept."),
    "hand": _("A call, a meeting, a letter, a clipping: written down in a moment."),
}
SETTINGS = {
    "url": _("Address of the feed"),
    "what": _("What is watched"),
    "tag": _("Hashtag"),
    "author": _("Account, such as name.bsky.social"),
    "folder": _("Folder"),
    "keep": _("What is kept"),
    "tls": _("Encryption of the line"),
}
CHOICES = {
    "notifications": _("Who speaks to the account"),
    "home": _("Whom the account follows"),
    "local": _("The public timeline of its own server"),
    "public": _("The public timeline"),
    "hashtag": _("A hashtag"),
    "author": _("What one account says"),
    "all": _("Everything"),
    "matching": _("Only what matches the watch list"),
    "phone": _("Telephone"),
    "meeting": _("Meetings"),
    "letter": _("Letters"),
    "press": _("Press clippings"),
}
# tone, icon, word
STATES = {
    "on": ("go", "check-circle", _("on")),
    "waiting": ("wait", "clock", _("waits for the brand’s yes")),
    "paused": ("calm", "pause", _("paused")),
    "removed": ("calm", "x", _("removed")),
}
TROUBLES = {
    "failing": ("no", "alert", _("does not answer")),
    "shape": ("wait", "alert", _("has changed")),
    "silent": ("wait", "alert", _("silent")),
}
PARTS = {
    "entries": _("entries"),
    "title": _("titles"),
    "text": _("texts"),
    "url": _("links"),
    "date": _("dates"),
    "author": _("authors"),
}
PROBLEMS = {
    "not_a_feed": _("There is no feed at this address, or none that can be read."),
    "feed_broken": _("The feed is damaged. What could be read of it was read."),
    "feed_cut": _("The feed is longer than one look takes. The beginning of it was read."),
    "mail_cut": _("A mail is longer than one look takes. The beginning of it was read."),
    "too_much": _(
        "More came between two looks than one look takes: something is missing. Let it be looked at more often."
    ),
    "folder_missing": _("There is no such folder in this mailbox."),
    "source_kind_unknown": _("There is no such kind of source."),
    "source_name_taken": _("Another source has this name already."),
    "source_removed": _("This source was removed."),
    "source_not_so": _("This is not possible as the source stands now. Please look at it again."),
    "too_many_sources": _("At most %(most)s sources. Please remove one first."),
    "nothing_said": _("One of these things says nothing: a title or a text is needed."),
    "not_json": _("This is no JSON."),
    "too_many": _("At most %(most)s at once."),
}


def span_words(span: timedelta) -> str:
    """'3 hours', '2 days'."""
    hours = max(round(span.total_seconds() / 3600), 1)
    if hours < 48:
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    return ngettext("%(n)s day", "%(n)s days", round(hours / 24)) % {"n": round(hours / 24)}
