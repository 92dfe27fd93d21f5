"""A real SMTP server for one's own machine: takes every letter into a Maildir, so that nothing reaches anybody outside.

Run as `python -m config.embedded.smtp <port> <folder>`. Addresses whose local part begins with `bounce` are refused with
550, one recipient at a time, so that a refused notice can be tried out.
"""

import asyncio
import mailbox
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session


class Keep:
    """What the server does with recipients and letters (the names are aiosmtpd's)."""

    def __init__(self, folder: Path) -> None:
        self.box = mailbox.Maildir(folder, create=True)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Sequence[str]
    ) -> str:
        """Everybody is known but those who begin with `bounce`."""
        if address.lower().startswith("bounce"):
            return "550 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the letter with its envelope: a hidden recipient stands nowhere else."""
        letter = mailbox.MaildirMessage(envelope.original_content or b"")
        letter["X-Envelope-To"] = ", ".join(envelope.rcpt_tos)
        self.box.add(letter)
        return "250 Kept"


async def _serve(port: int, folder: Path) -> None:
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    keep = Keep(folder)
    server = await loop.create_server(
        lambda: SMTP(keep, hostname="relais.localhost", enable_SMTPUTF8=True, decode_data=False), "127.0.0.1", port
    )
    async with server:
        await stopped.wait()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), Path(sys.argv[2])))
