"""Mail that comes back, in the manner of the servers that write it. All samples are our own; the forms are theirs."""

from dataclasses import dataclass
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.channels.bounces import MOST_RECIPIENTS, Bounce, bounces_in

ID = "<0123456789abcdef0123456789abcdef01234567@example.org>"
JO = "jo@example.net"


@dataclass(frozen=True)
class Sample:
    """One mail and what it says: (recipient, status, permanent)."""

    name: str
    mail: str
    said: tuple[tuple[str, str, bool], ...]


def report(blocks: str, *, head: str = "", copy: str = "message/rfc822", words: str = "It did not work.") -> str:
    """A multipart/report as RFC 3464 has it."""
    return (
        dedent("""\
        Return-Path: <>
        From: Mail Delivery System <MAILER-DAEMON@mx.example.com>
        To: bonjour@example.org
        Subject: Undelivered Mail Returned to Sender
        MIME-Version: 1.0
        Message-ID: <report@mx.example.com>
        """)
        + head
        + 'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        + f"--b\nContent-Type: text/plain; charset=utf-8\n\n{words}\n\n"
        + f"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.com\n\n{dedent(blocks)}\n"
        + f"--b\nContent-Type: {copy}\n\nFrom: bonjour@example.org\nMessage-ID: {ID}\nSubject: Bonjour\n\nBonjour\n--b--\n"
    )


def plain(words: str, *, sender: str = "MAILER-DAEMON@mx.example.com", head: str = "Return-Path: <>\n") -> str:
    return f"{head}From: {sender}\nTo: bonjour@example.org\nSubject: failure notice\n\n" + dedent(words)


POSTFIX = """\
    Final-Recipient: rfc822; jo@example.net
    Original-Recipient: rfc822;jo@example.net
    Action: failed
    Status: 5.1.1
    Remote-MTA: dns; mail.example.net
    Diagnostic-Code: smtp; 550 5.1.1 <jo@example.net>: Recipient address rejected: User unknown
    """
SAMPLES = (
    Sample("postfix", report(POSTFIX), ((JO, "5.1.1", True),)),
    Sample("postfix, only the head of the copy", report(POSTFIX, copy="text/rfc822-headers"), ((JO, "5.1.1", True),)),
    Sample("postfix, international", report(POSTFIX, copy="message/global"), ((JO, "5.1.1", True),)),
    Sample(
        "exim, standard",
        report("Action: failed\nFinal-Recipient: rfc822;jo@example.net\nStatus: 5.0.0\n"),
        ((JO, "5.0.0", True),),
    ),
    Sample(
        "gmail: the mailbox is full for good",
        report(
            """\
            Final-Recipient: rfc822; jo@example.net
            Action: failed
            Status: 5.2.2
            Diagnostic-Code: smtp; 552-5.2.2 The email account that you tried to reach is over quota
            Last-Attempt-Date: Thu, 21 May 2026 01:02:03 -0700 (PDT)
            """,
            head="X-Failed-Recipients: jo@example.net\nAuto-Submitted: auto-replied\n",
        ),
        ((JO, "5.2.2", True),),
    ),
    Sample(
        "exchange online: the code stands in the diagnosis",
        report(
            """\
            Final-Recipient: rfc822;jo@example.net
            Action: failed
            Status: 5.1.10
            Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup
            """,
            head="From: MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.net\n",
            words="Votre message n’a pas pu être remis.",
        ),
        ((JO, "5.1.10", True),),
    ),
    Sample(
        "a status that is a mere 5",
        report("Final-Recipient: rfc822; jo@example.net\nAction: failed\nStatus: 5\nDiagnostic-Code: smtp; 554 no\n"),
        ((JO, "", True),),
    ),
    Sample(
        "the original recipient is the one we wrote to",
        report(
            "Original-Recipient: rfc822;jo@example.net\nFinal-Recipient: rfc822;u1234@inner.example.com\n"
            "Action: failed\nStatus: 5.1.1\n"
        ),
        ((JO, "5.1.1", True),),
    ),
    Sample(
        "two recipients, one failed and one delayed",
        report(
            "Final-Recipient: rfc822;jo@example.net\nAction: failed\nStatus: 5.7.1\n\n"
            "Final-Recipient: rfc822;li@example.net\nAction: delayed\nStatus: 4.4.1\n"
        ),
        ((JO, "5.7.1", True),),
    ),
    Sample(
        "two recipients that failed, one of them for a passing reason",
        report(
            "Final-Recipient: rfc822;jo@example.net\nAction: failed\nStatus: 5.1.1\n\n"
            "Final-Recipient: rfc822;Li@Example.net\nAction: failed\nStatus: 4.4.7\n"
        ),
        ((JO, "5.1.1", True), ("li@example.net", "4.4.7", False)),
    ),
    Sample("delayed", report("Final-Recipient: rfc822;jo@example.net\nAction: delayed\nStatus: 4.4.1\n"), ()),
    Sample("delivered", report("Final-Recipient: rfc822;jo@example.net\nAction: delivered\nStatus: 2.0.0\n"), ()),
    Sample("relayed", report("Final-Recipient: rfc822;jo@example.net\nAction: relayed\nStatus: 2.0.0\n"), ()),
    Sample("no recipient named", report("Action: failed\nStatus: 5.1.1\n"), ()),
    Sample(
        "qmail",
        plain(f"""\
            Hi. This is the qmail-send program at mx.example.com.
            I'm afraid I wasn't able to deliver your message to the following addresses.
            This is a permanent error; I've given up. Sorry it didn't work out.

            <jo@example.net>:
            Sorry, no mailbox here by that name. (#5.1.1)

            --- Below this line is a copy of the message.

            Return-Path: <bonjour@example.org>
            Message-ID: {ID}
            Subject: Bonjour

            Bonjour
            """),
        ((JO, "5.1.1", True),),
    ),
    Sample(
        "qmail, what the other server said",
        plain(f"""\
            Hi. This is the qmail-send program at mx.example.com.

            <jo@example.net>:
            192.0.2.7 does not like recipient.
            Remote host said: 550 unknown user
            Giving up on 192.0.2.7.

            <li@example.net>:
            Connected to 192.0.2.8 but sender was rejected.
            Remote host said: 451 4.7.1 greylisted

            --- Below this line is a copy of the message.

            Message-ID: {ID}
            """),
        ((JO, "", True), ("li@example.net", "4.7.1", False)),
    ),
    Sample(
        "exim, in words",
        plain(
            f"""\
            This message was created automatically by mail delivery software.

            A message that you sent could not be delivered to one or more of its
            recipients. This is a permanent error. The following address(es) failed:

              jo@example.net
                host mail.example.net [192.0.2.9]
                SMTP error from remote mail server after RCPT TO:<jo@example.net>:
                550 5.7.1 relaying denied

            ------ This is a copy of the message, including all the headers. ------

            Return-path: <bonjour@example.org>
            Message-Id: {ID}
            """,
            head="Return-Path: <>\nX-Failed-Recipients: jo@example.net\nAuto-Submitted: auto-replied\n",
        ),
        ((JO, "5.7.1", True),),
    ),
    Sample(
        "old gmail",
        plain(
            f"""\
            Delivery to the following recipient failed permanently:

                 jo@example.net

            Technical details of permanent failure:
            The error that the other server returned was: 550 550 5.1.1 no such user (state 14).

            ----- Original message -----

            Message-ID: {ID}
            Subject: Bonjour
            """,
            head="X-Failed-Recipients: jo@example.net\n",
            sender="Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        ),
        ((JO, "5.1.1", True),),
    ),
    Sample(
        "postfix before there were reports",
        plain(f"""\
            This is the Postfix program at host mx.example.com.

            <jo@example.net>: host mail.example.net[192.0.2.1] said: 550 5.2.1 mailbox disabled (in reply to RCPT TO)

            Original message follows.

            Message-Id: {ID}
            """),
        ((JO, "5.2.1", True),),
    ),
    Sample(
        "exchange without a report, answering our mail",
        plain(
            """\
            Your message did not reach some or all of the intended recipients.

            The following recipient(s) cannot be reached:

            jo@example.net on 21/05/2026 10:11
                The e-mail account does not exist at the organization this message was sent to.
                <mx.example.com #5.1.1>
            jo@example.net:
                #550 5.1.1 not found
            """,
            sender="System Administrator <postmaster@example.net>",
            head=f"Return-Path: <>\nIn-Reply-To: {ID}\n",
        ),
        ((JO, "5.1.1", True),),
    ),
    Sample(
        "words in HTML only",
        f"Return-Path: <>\nFrom: postmaster@example.net\nIn-Reply-To: {ID}\nContent-Type: text/html\n\n"
        "<html><p>Delivery has failed:</p><p>jo@example.net<br>550 5.4.1 Access denied</p></html>\n",
        ((JO, "5.4.1", True),),
    ),
    Sample(
        "a vacation notice",
        plain(
            "jo@example.net:\nI am away until 550 years from now.\n",
            sender="Jo <jo@example.net>",
            head=f"In-Reply-To: {ID}\nAuto-Submitted: auto-replied\n",
        ),
        (),
    ),
    Sample(
        "a person answering",
        plain(
            "jo@example.net: 550 5.1.1 is what your server said?\n",
            sender="Jo <jo@example.net>",
            head=f"Return-Path: <jo@example.net>\nIn-Reply-To: {ID}\n",
        ),
        (),
    ),
    Sample("a bounce of nobody knows what", plain("<jo@example.net>:\nSorry. (#5.1.1)\n"), ()),
    Sample(
        "a mail system that has no bad news", plain("All is well.\n", head=f"Return-Path: <>\nIn-Reply-To: {ID}\n"), ()
    ),
    Sample("nothing", "", ()),
)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_what_a_mail_says(sample: Sample, ends: str) -> None:
    found = bounces_in(sample.mail.replace("\n", ends).encode())
    assert found == tuple(Bounce(ID, *said) for said in sample.said)


def test_a_copy_inside_that_is_itself_a_report_is_not_read() -> None:
    """What came back may be anything, a bounce included."""
    inner = report("Final-Recipient: rfc822;victim@example.net\nAction: failed\nStatus: 5.1.1\n")
    outer = f"From: jo@example.net\nContent-Type: message/rfc822\n\n{inner}"
    assert bounces_in(outer.encode()) == ()


def test_a_folded_name_is_read_whole() -> None:
    folded = report(POSTFIX, copy="text/rfc822-headers").replace(f"Message-ID: {ID}", f"Message-ID:\n {ID}")
    assert [bounce.message_id for bounce in bounces_in(folded.encode())] == [ID]


def test_it_does_not_read_for_ever() -> None:
    many = "\n\n".join(
        f"Final-Recipient: rfc822;p{number}@example.net\nAction: failed\nStatus: 5.1.1" for number in range(5000)
    )
    assert len(bounces_in(report(many).encode())) == MOST_RECIPIENTS


@given(st.binary(max_size=2000))
def test_nothing_makes_it_fall_over(data: bytes) -> None:
    assert isinstance(bounces_in(data), tuple)


@given(st.integers(0, len(SAMPLES) - 1), st.integers(0, 1500), st.binary(max_size=20))
def test_nor_a_damaged_report(number: int, place: int, dirt: bytes) -> None:
    whole = SAMPLES[number].mail.encode()
    assert isinstance(bounces_in(whole[:place] + dirt + whole[place:]), tuple)
    assert isinstance(bounces_in(whole[:place]), tuple)
