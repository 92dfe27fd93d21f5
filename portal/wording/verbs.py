"""What the log tells, in words: each verb completes 'Name …'. A test reads the verbs out of the source."""

from django.utils.translation import gettext_lazy as _

from portal.wording.conversations import VERBS as CONVERSATIONS
from portal.wording.crm import VERBS as CRM
from portal.wording.custody import VERBS as CUSTODY
from portal.wording.insights import VERBS as INSIGHTS
from portal.wording.keys import VERBS as KEYS
from portal.wording.reports import VERBS as REPORTS
from portal.wording.webhooks import VERBS as WEBHOOKS

ITEMS = {
    "item.created": _("wrote an item"),
    "item.edited": _("wrote a new version"),
    "item.submitted": _("submitted an item"),
    "item.performed": _("sent in the brand’s own name"),
    "item.approved": _("approved exactly this content"),
    "item.no": _("refused this content"),
    "item.change": _("asked for a change"),
    "item.veto": _("vetoed"),
    "item.withdrawn": _("withdrew an item"),
    "item.expired": _("let an item expire: its time was over"),
    "media.added": _("added a picture"),
    "media.described": _("described a picture"),
    "media.lent": _("lent a network the address of the pictures of an act, for an hour"),
    "media.fetched": _("fetched a picture at the address that was lent"),
    "media.fetched_again": _("fetched such a picture again and again within an hour"),
    "item.rescheduled": _("moved an item to another moment"),
    "series.begun": _("began a series"),
    "series.changed": _("changed a series from a day on"),
    "series.skipped": _("skipped one day of a series"),
    "series.stopped": _("stopped a series"),
    "series.orphaned": _("stopped a series whose author may no longer bring anything"),
    "import.read": _("brought a table of items"),
    "import.confirmed": _("made drafts of a table"),
    "batch.pressed": _("approved several items at once"),
    "batch.undone": _("took several approvals back"),
    "batch.void": _("let several approvals lapse: who gave them may no longer"),
    "batch.left_out": _("left one item out of several approvals"),
    "approval.cannot_complete": _("found that somebody whose yes is needed can no longer give it"),
    "deadline.lapsed": _("saw the deadline to answer pass"),
    "window.opened": _("opened the veto window"),
    "window.lapsed": _("saw the veto window close without a no"),
    "window.bounced": _("gave the veto window up: nobody of the brand was reached"),
    "notice.delivered": _("delivered the notice to the brand"),
    "notice.bounced": _("could not deliver the notice to the brand"),
}

GATE = {
    "gate.send": _("asked the gate: it goes out"),
    "gate.wait_approval": _("asked the gate: it waits for approval"),
    "gate.wait_veto": _("asked the gate: it waits for a veto"),
    "gate.wait_brand": _("asked the gate: the brand performs it"),
    "gate.hold": _("asked the gate: it is held"),
    "gate.refuse": _("asked the gate: it is refused"),
    "act.begun": _("began to perform an act"),
    "act.confirmed": _("confirmed that the act took place"),
    "act.turn": _("gave an act its turn over the channel"),
    "act.leaving": _("is about to send an act: the gate says yes"),
    "act.prepared": _("prepared an act on the network; nothing is public yet"),
    "act.retry": _("did not get an act through; looks or tries again"),
    "act.stays": _("did not send an act that is no longer wanted, or that the gate keeps"),
    "act.sent": _("sent an act; its receipt is kept"),
    "act.failed": _("could not send an act; nothing left"),
    "act.seen_edited": _("saw that a post of the brand was changed there by others"),
    "act.seen_gone": _("saw that a post of the brand is gone there"),
    "act.uncertain": _("does not know whether an act left"),
    "act.bounced": _("got a mail of this act back: it did not reach somebody"),
    "brake.stopped": _("stopped"),
    "brake.resumed": _("resumed after a stop"),
}

RULES = {
    "policy.set": _("set how the brand is asked"),
    "standing.proposed": _("proposed a standing approval"),
    "standing.signed": _("signed a standing approval"),
    "standing.ended": _("ended a standing approval"),
    "charter.proposed": _("proposed a charter"),
    "charter.signed": _("signed a charter"),
    "charter.lowered": _("took a right away at once"),
    "charter.declined": _("declined a proposed charter"),
    "charter.withdrawn": _("withdrew a proposed charter"),
    "mandate.offered": _("offered a mandate"),
    "mandate.activated": _("activated a mandate"),
    "mandate.suspended": _("suspended a mandate"),
    "mandate.resumed": _("resumed a mandate"),
    "mandate.ended": _("ended a mandate"),
    "mandate.resigned": _("resigned from a mandate"),
    "briefing_published": _("published a briefing"),
    "briefing_acknowledged": _("acknowledged the briefing"),
    "briefing_proposed": _("proposed a change of the briefing"),
    "briefing_agreed": _("agreed to a change of the briefing"),
    "briefing_agreed_again": _("agreed to what an erasure left of the briefing"),
    "briefing_refused": _("refused a change of the briefing"),
    "briefing_withdrawn": _("took back a proposed change of the briefing"),
    "briefing_reminded": _("reminded those who have not read the briefing"),
}

PLACES = {
    "channel_connected": _("connected a channel"),
    "channel_invited": _("asked the agency to connect a channel"),
    "channel_connected_invited": _("connected a channel for the brand"),
    "channel_confirmed": _("confirmed a channel"),
    "channel_checked": _("looked at how a channel is doing"),
    "channel_test_begun": _("began a test over a channel"),
    "channel_tested": _("tested a channel"),
    "channel_tokens_asked": _("asked the network to renew a channel’s credentials"),
    "channel_tokens_renewed": _("renewed a channel’s credentials"),
    "channel_revoked": _("ended a channel"),
    "channel_secret_rotated": _("changed a channel’s credentials"),
    "channel_secrets_resealed": _("sealed the channels’ credentials anew"),
    "channel_health_marked": _("noted how a channel is doing"),
    "person_invited": _("invited somebody"),
    "person_assigned": _("assigned somebody of the agency"),
    "invitation_accepted": _("accepted an invitation"),
    "invitation_revoked": _("took an invitation back"),
    "invitation_sent_again": _("sent an invitation again"),
    "role_changed": _("changed somebody’s role"),
    "membership_ended": _("ended a membership"),
    "person_may_return": _("allowed a person to come back"),
    "second_factor_asked": _("said who needs a second factor"),
    "second_factor_taken": _("took somebody’s lost second factor away"),
}

INFORMATION = {
    "item.noted": _("remarked on an item"),
    "read": _("read what is not open to all"),
    "disclosed": _("took or sent something out of the brand’s space"),
    "class.raised": _("restricted who may read something"),
    "class.lowered": _("opened something to more readers"),
    "link.opened": _("opened a shared link for whoever held it"),
    "link.guessed": _("made an address wait that tried too many wrong links"),
    "disclosure.ended": _("ended a disclosure"),
    "integration.allowed": _("allowed another system to read"),
    "integration.ended": _("ended what another system may read"),
}

LOG = {
    "log.opened": _("opened this log"),
    "log.key": _("gave this log a new key"),
    "log.keys_resealed": _("sealed this log’s keys anew"),
    "seals.renewed": _("renewed the seals of signatures and approvals under a new key"),
    "log.erased": _("erased personal data of entries"),
    "brand.backed_up": _("wrote a copy of the whole brand for safe keeping"),
    "brand.restored": _("brought the brand back from a copy"),
}

OPENINGS = {
    "break_glass.opened": _("opened the brand to look into it, as the operator"),
    "break_glass.read": _("read a page of a table, as the operator"),
    "break_glass.ended": _("ended the operator’s access"),
}

EVIDENCE = {
    "log.read": _("opened the log"),
    "log.check_begun": _("had the log recomputed"),
    "log.checked": _("recomputed the log"),
    "log.address_added": _("added an address for checkpoints of the log"),
    "log.address_removed": _("removed an address for checkpoints of the log"),
    "log.checkpoint_asked": _("had the checkpoint of the log mailed"),
}

MEMBERS = {
    "member.added": _("wrote a member down"),
    "member.changed": _("wrote a member anew"),
    "member.naming_given": _("noted that a member agrees to be named in reports"),
    "member.naming_withdrawn": _("noted that a member no longer wants to be named in reports"),
    "member.held": _("held a member back from erasure"),
    "member.released": _("let a member be erased again"),
    "erasure.asked": _("had a member erased"),
    "erasure.certified": _("searched everything again after an erasure: nothing was found"),
    "retention.set": _("set how long a kind of data is kept"),
    "retention.run": _("deleted what was kept long enough"),
}

CRISES = {
    "clock.warned": _("warned that a clock is running out"),
    "clock.breached": _("saw that a member had waited too long"),
    "service.called": _("told the next contact that a member waits"),
    "service.lettered": _("wrote to a contact that a member waits"),
    "promise.made": _("promised a member an answer"),
    "crisis.proposed": _("said that this may be a crisis"),
    "crisis.declared": _("put a crisis in force: every act is asked as in a crisis"),
    "crisis.dismissed": _("said that this is no crisis"),
    "crisis.own_acts": _("decided about what the brand had scheduled before a crisis"),
    "crisis.ended": _("ended a crisis"),
    "crisis.alerted": _("saw unusual numbers or a listed signal"),
    "crisis.called": _("called the next contact"),
    "crisis.lettered": _("wrote to a contact"),
    "crisis.call_passed": _("went past a contact who did not take it"),
    "crisis.taken": _("took a crisis in hand"),
    "crisis.noted": _("wrote something down during a crisis"),
    "crisis.rule_set": _("signed the rule for crises"),
    "crisis.review_begun": _("began the review of a crisis"),
    "crisis.review_written": _("wrote in the review of a crisis"),
    "crisis.review_finished": _("finished the review of a crisis"),
}

SESSIONS = {
    "session.entered": _("came into the brand’s space"),
    "session.moved": _("went on in the same session from another place or with another browser"),
    "session.proved": _("proved again who they are"),
    "session.left": _("signed out"),
    "session.ended": _("had their session ended"),
    "sign_in.failed": _("counted failed sign-ins of somebody who belongs here"),
}

MENTIONS = {
    "moderation.opened": _("opened a case about something that a member wrote"),
    "moderation.evidence": _("kept evidence of something that a member wrote"),
    "moderation.asked": _("asked for an act upon what a member wrote"),
    "moderation.stands": _("saw how something that a member wrote stands now"),
    "moderation.telling": _("prepared to tell a member which house rule was cited"),
    "moderation.appealed": _("wrote an appeal down"),
    "moderation.appeal_given": _("handed an appeal to somebody else, for whoever was to answer it no longer can"),
    "moderation.appeal_decided": _("answered an appeal"),
    "moderation.calm": _("decided to go slow, or to let members talk"),
    "moderation.calm_ended": _("ended such a decision early"),
    "moderation.raid": _("hid many things with one press"),
    "moderation.raid_undone": _("took such a press back"),
    "moderation.left_out": _("left one thing out: it could not be done"),
    "mention.taken_in": _("took mentions in"),
    "mention.sorted": _("said what kind a mention is"),
    "mention.learnt": _("learnt from corrections how mentions are sorted"),
    "mention.learning": _("decided whether what was learnt may propose"),
    "mention.hold": _("took a mention in hand"),
    "mention.let_go": _("let a mention go"),
    "mention.snooze": _("put a mention off"),
    "mention.wake": _("brought a mention back that was put off"),
    "mention.answer": _("saw the answer to a mention on its way"),
    "mention.lose": _("saw that the answer to a mention did not get out"),
    "mention.hand": _("handed a mention over"),
    "mention.told_back": _("said what came of a mention"),
    "mention.no_reply": _("decided that a mention needs no reply"),
    "mention.merge": _("merged a mention with another"),
    "mention.split": _("took a mention out of another"),
    "mention.wrong": _("found that a mention is not about the brand"),
    "mention.reopen": _("took a mention up again"),
    "mention.undo": _("undid the last step with a mention"),
    "press.begun": _("drew a press review up"),
    "press.picked": _("took a piece into a press review"),
    "press.dropped": _("took a piece out of a press review"),
    "press.ordered": _("put the pieces of a press review in another order"),
    "press.commented": _("wrote a sentence beside a piece of the press"),
    "press.out": _("let a press review out"),
    "press.rule_set": _("set how press reviews are drawn up"),
    "press.noted": _("noted what comes up"),
    "press.note_dropped": _("dropped a note of what comes up"),
    "inbox.view_saved": _("kept filters of the inbox under a name"),
    "inbox.view_dropped": _("dropped a saved view of the inbox"),
}

SOURCES = {
    "source.added": _("added a source"),
    "source.changed": _("changed a source"),
    "source.agreed": _("agreed to a source that the agency proposed"),
    "source.paused": _("paused a source"),
    "source.resumed": _("let a source be looked at again"),
    "source.removed": _("removed a source"),
    "source.accepted": _("said that a source is right as it is now"),
    "source.invited": _("let the agency give what opens a source"),
    "source.opened": _("gave what opens a source"),
    "source.looked": _("had a source looked at"),
    "source.brought": _("brought something to a source"),
    "source.alarmed": _("found a source in trouble"),
    "source.recovered": _("found a source well again"),
}

VERBS = (
    SOURCES
    | REPORTS
    | INSIGHTS
    | CUSTODY
    | CRM
    | KEYS
    | WEBHOOKS
    | CONVERSATIONS
    | MENTIONS
    | SESSIONS
    | MEMBERS
    | LOG
    | ITEMS
    | GATE
    | RULES
    | PLACES
    | INFORMATION
    | EVIDENCE
    | OPENINGS
    | CRISES
)

OPERATIONS = {
    "insert": _("rows were added"),
    "update": _("rows were changed"),
    "delete": _("rows were deleted"),
    "truncate": _("a whole table was emptied"),
}

# What lines are about, as a choice on the page of the log.
SUBJECTS = {
    "items.item": _("Items"),
    "mandates.charterversion": _("Charter"),
    "mandates.mandate": _("Mandates"),
    "approvals.standingapproval": _("Standing approvals"),
    "channels.channel": _("Channels"),
    "briefings.briefingversion": _("Briefing"),
    "disclosure.disclosure": _("What left"),
    "evidence.check": _("Checks of the log"),
    "mentions.mention": _("Mentions"),
    "moderation.case": _("Moderation"),
    "keys.key": _("Keys"),
    "crm.system": _("Customer systems"),
    "insights.insight": _("Insights"),
    "press.review": _("Press review"),
    "reports.report": _("Reports"),
    "looks.brandlook": _("Look"),
    "sources.source": _("Sources"),
    "crisis.crisis": _("Crises"),
    "breakglass.opening": _("Access of the operator"),
}

VIAS = {
    "page": _("on a page"),
    "api": _("over the interface for programs"),
    "worker": _("in the background"),
    "command": _("by a command"),
    "mail_link": _("from a mail"),
    "import": _("by an import"),
}
