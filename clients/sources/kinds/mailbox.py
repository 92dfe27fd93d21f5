"""A mailbox, by IMAP: read and left as it is. Nothing is marked as seen, moved or deleted there."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings as installation

from clients.channels import imap
from clients.channels.port import SettingField, SettingType
from clients.sources.mails import read_mail
from clients.sources.port import Ask, Found, Kind
from tenants.errors import Invalid

A_LOOK = 60
"""Mails of one look: the next follows at once."""
PORTS = frozenset({143, 993})


def check(settings: Mapping[str, Any]) -> None:
    """A password never goes over a line that others can read, except on one's own machine."""
    if installation.ALLOW_PRIVATE_HOSTS:
        return
    if settings["tls"] == "none":
        raise Invalid("tls_required", "tls")
    if settings["port"] not in PORTS:
        raise Invalid("out_of_range", "port", least=min(PORTS), most=max(PORTS), actual=settings["port"])


def read(ask: Ask) -> Found:
    """What came since the last look, oldest first."""
    check(ask.settings)
    with imap.opened(ask.settings, ask.secret, ask.until, allow_private=installation.ALLOW_PRIVATE_HOSTS) as mailbox:
        age, numbers = mailbox.numbers(int(ask.cursor.get("newest", 0)), ask.since.date())
        if ask.cursor and age != ask.cursor.get("age"):
            # The folder was made anew: its numbers begin again, and what is known is known by its own name.
            _, numbers = mailbox.numbers(0, ask.since.date())
        now = numbers[:A_LOOK]
        mails = list(mailbox.mails(now)) if now else []
    raws = tuple(read_mail(data, now=ask.now) for _, data, _ in mails)
    problem = "" if all(whole for *_, whole in mails) else "mail_cut"
    newest = max([*now, 0 if age != ask.cursor.get("age") else int(ask.cursor.get("newest", 0))])
    return Found(raws=raws, cursor={"newest": newest, "age": age}, problem=problem, more=len(numbers) > len(now))


KIND = Kind(
    name="mailbox",
    icon="mail",
    fields=(
        SettingField("host", SettingType.HOST),
        SettingField("port", SettingType.NUMBER, default=993, least=1, most=65535),
        SettingField("tls", SettingType.CHOICE, default="implicit", choices=("implicit", "starttls", "none")),
        SettingField("user"),
        SettingField("password", SettingType.SECRET, required=False),
        SettingField("folder", default="INBOX"),
    ),
    opens=True,
    keeps_all=True,
    check=check,
    read=read,
    every=timedelta(minutes=5),
)
