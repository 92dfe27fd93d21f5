"""To whom reports go: readers, who are told by letter once a report is out, and links for whoever has no account here.

What opens a link is shown once, to whoever makes it: no list, no repeat and no table has it.
"""

from uuid import UUID

from api.inputs import Choice, Flag, Id, Input, Maybe, Moment, Text, Whole
from api.resource import ID, Act, Body, Field, Resource
from api.resources.filtering import NUMBER, WORDS, equal, since, until
from clients.disclosure.rules import MOST_VIEWS
from clients.people.actor import Actor
from reports.making.rules import Delivery
from reports.making.terms import LONGEST, LONGEST_PASSWORD, USUAL_DAYS, USUAL_VIEWS
from reports.sharing import actions as sharing
from reports.sharing.access import readable_readers, readable_shares
from reports.sharing.models import Reader
from reports.sharing.rules import LONGEST_RECIPIENT, Told
from reports.sharing.steps import MadeShare

SCOPE, WRITE, ADDRESS = "report-readers", "report-readers:write", 254
REPORT = Field("report", Id(), ("report_id",), always=True)
OF_REPORT = Input("report", Id(), required=True)


def _add(actor: Actor, of: UUID | None, body: Body) -> Reader:
    return sharing.add_reader(
        actor,
        report_id=body["report"],
        person_id=body["person"],
        address=body["address"],
        delivery=body["delivery"],
    )


def _remove(actor: Actor, of: UUID | None, body: Body) -> None:
    assert of is not None
    sharing.remove_reader(actor, reader_id=of)


def _share(actor: Actor, of: UUID | None, body: Body) -> MadeShare:
    terms = {name: body[name] for name in ("recipient", "days", "views", "password")}
    return sharing.share_report(actor, report_id=body["report"], **terms)


def _end(actor: Actor, of: UUID | None, body: Body) -> None:
    assert of is not None
    sharing.end_share(actor, share_id=of)


def _address(made: MadeShare) -> str:
    return made.address


READERS = Resource(
    name="report-readers",
    scope=SCOPE,
    kind="reports.reader",
    missing="reader",
    rows=readable_readers,
    order=("-added_at", "-id"),
    class_column="report__info_class",
    fields=(
        ID,
        REPORT,
        Field("person", Maybe(Id()), ("person_id",), about="Somebody of either side; null for an address outside."),
        Field("address", WORDS),
        Field("delivery", Choice(Delivery), about="Whether their letter brings a link or the file."),
        Field("told", Choice(Told), about="What became of their letter."),
        Field("told_at", Maybe(Moment())),
        Field("added_at", Moment()),
    ),
    filters=(
        equal("report", Id(), "report_id"),
        equal("told", Choice(Told)),
        since("added_at"),
        until("added_at"),
    ),
    create=Act(
        "create",
        _add,
        WRITE,
        (
            OF_REPORT,
            Input("person", Maybe(Id()), about="Somebody who has a place here: one of `person` and `address`."),
            Input(
                "address", Text(ADDRESS), default="", about="Outside, where the brand's rule for this kind allows any."
            ),
            Input("delivery", Choice(Delivery), default=str(Delivery.LINK)),
        ),
        status=201,
        once=True,
        about="Somebody more, who is told when the report is out; at once where it is. Whoever is a reader stays the one.",
    ),
    delete=Act("remove", _remove, WRITE, status=204, about="Not told any more; only before their letter is written."),
    about="Who is told of a report by letter.",
)
LINKS = Resource(
    name="report-links",
    scope=SCOPE,
    kind="reports.share",
    missing="link",
    rows=readable_shares,
    order=("-made_at", "-id"),
    class_column="report__info_class",
    fields=(
        ID,
        REPORT,
        Field("recipient", WORDS, about="Whose name stands on each page of their copy."),
        Field(
            "reader", Maybe(Id()), ("reader_id",), about="Whose letter brought it; null for one that was made by hand."
        ),
        Field("has_password", Flag()),
        Field("expires_at", Moment(), ("link__expires_at",)),
        Field("most_views", NUMBER, ("link__most_views",)),
        Field("views", NUMBER, ("link__views",), about="How often it was opened."),
        Field("wrong", NUMBER, about="Wrong passwords; the tenth ends the link."),
        Field("made_by", Id()),
        Field("made_at", Moment()),
        Field("ended_at", Maybe(Moment()), ("link__revoked_at",), about="Null while nobody has ended it."),
    ),
    filters=(equal("report", Id(), "report_id"), since("made_at"), until("made_at")),
    create=Act(
        "create",
        _share,
        WRITE,
        (
            OF_REPORT,
            Input("recipient", Text(LONGEST_RECIPIENT, 1), required=True, about="Stands on each page of their copy."),
            Input("days", Whole(1, LONGEST.days), default=USUAL_DAYS),
            Input("views", Whole(1, MOST_VIEWS), default=USUAL_VIEWS),
            Input(
                "password",
                Text(LONGEST_PASSWORD),
                default="",
                about="Of eight characters or more, to be told by another way; empty for none.",
            ),
        ),
        status=201,
        once=True,
        shown=(
            Field(
                "address",
                WORDS,
                draw=_address,
                about="What the recipient opens. It stands in the first answer alone: a repeat has the link without it.",
            ),
        ),
        about="A link to a report that is out, for one recipient. Its `address` is told once.",
    ),
    acts=(Act("end", _end, WRITE, about="From the next request on it leads nowhere."),),
    about="Links to reports for whoever has no account here: for whom, until when, how often opened. Never what opens them.",
)
RESOURCES = (READERS, LINKS)
