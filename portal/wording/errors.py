"""What went wrong, in a sentence that says what to do next where there is something to do.

Every code that the house raises stands here (a test reads them out of the source). What is missing for somebody is worded in
one way, whatever it is: absent and forbidden look the same.
"""

from django.utils.translation import gettext_lazy as _

from clients.channels.labels import CODES
from portal.wording.conversations import ERRORS as CONVERSATIONS
from portal.wording.crm import ERRORS as CRM
from portal.wording.custody import ERRORS as CUSTODY
from portal.wording.insights import ERRORS as INSIGHTS
from portal.wording.keys import ERRORS as KEYS
from portal.wording.moderation import ERRORS as MODERATION
from portal.wording.reports import ERRORS as REPORTS
from portal.wording.sources import PROBLEMS as SOURCES
from portal.wording.webhooks import ERRORS as WEBHOOKS

NOTHING_HERE = _("This does not exist, or not for you.")
MISSING = dict.fromkeys(
    (
        *(
            "address",
            "agency",
            "batch",
            "brand",
            "briefing",
            "charter",
            "dispatch",
            "entry",
            "hold",
            "import",
            "invitation",
            "item",
            "mandate",
        ),
        *("media", "membership", "person", "receipt", "series", "session", "standing"),
        *("key", "family", "webhook", "delivery"),
        *("disclosure", "integration", "link", "note", "opening", "section", "proposal"),
        *("conversation", "saved_reply", "stand_in"),
        *("figure",),
        *("appeal", "calm", "case", "evidence", "raid", "turn"),
        *("insight", "asking", "department", "theme", "released"),
        *("report", "report_rule", "paper", "picture", "reader"),
        *("mention", "handing", "view", "review", "review_entry", "watch_note"),
        *("member", "erasure"),
        "source",
        *("crisis", "review"),
    ),
    NOTHING_HERE,
)

DOORS = {
    "not_allowed": _("Your role does not allow this."),
    "wrong_side": _("Only the other side may do this."),
    "both_sides": _("You also work for the agency, so somebody else signs for the brand."),
    "second_factor_needed": _("First set up a second factor, in your account."),
    "unknown_second_factor": _("Please choose who needs a second factor."),
    "step_up_required": _("Please confirm that it is you, then try again."),
    "own_item": _("Nobody approves their own item."),
    "other_sides_item": _("This item belongs to the other side."),
    "not_an_approver": _("One of these people may not approve here."),
    "agency_unknown": _("No agency has this short name. Please ask the agency for it."),
    "no_mandate": _("The agency has no mandate here."),
    "role_not_yours_to_give": _("You cannot give this role."),
    "role_of_other_side": _("This role belongs to the other side."),
    "unknown_role": _("There is no such role."),
    "already_member": _("This person is a member already."),
    "last_owner": _("A brand keeps at least one owner."),
    "agency_needed": _("Please say for which agency."),
    "bad_email": _("This is not an e-mail address."),
    "ended_by_brand": _("The brand has ended this person's place here."),
    "name_empty": _("Please give a name."),
    "name_no_name": _("Please give a name only, without an address or a link."),
    "password_weak": _("This password is too easy to guess."),
    "person_exists": _("There is an account for this address already: please sign in."),
    "other_address": _("This invitation was sent to another address."),
    "invitation_used": _("This invitation has been used already."),
    "invitation_revoked": _("This invitation was taken back."),
    "invitation_expired": _("This invitation is over. Ask for another one."),
    "too_many_invitations": _("Too many invitations are open at once. Close some first."),
}

LOG = {
    "log_not_sealed": _("This is not sealed yet. Please come back in a moment."),
    "log_not_opened": _("Nothing has been sealed yet."),
    "log_key_unreadable": _("The key of the log cannot be opened. The operator has to put it right."),
    "check_running": _("The log is being recomputed already."),
    "address_known": _("This address is on the list already."),
    "too_many_addresses": _("Ten addresses are enough. Remove one first."),
    "pdf_impossible": _(
        "No PDF can be made here: a library that draws text (Pango) is missing. The table has the same content."
    ),
}

OPENINGS = {
    "opening_over": _("This access has ended already."),
    "opening_reason_missing": _("Please say in a sentence why somebody has to look."),
    "opening_words_too_long": _("This is too long: 300 characters for a reason, 60 for a ticket."),
    "opening_too_long": _("An access lasts four hours at most."),
    "part_unknown": _("There is no such part of a brand."),
    "table_closed": _("This access does not show that table."),
    "column_closed": _("This access does not show one of these columns."),
}

ANSWERS = {
    "nothing_to_send": _("Nothing of this item is left to send."),
    "too_early": _("It is too early for this."),
    "stale_version": _("Somebody changed this in the meantime."),
    "already_decided": _("Somebody answered this already."),
    "already_said": _("You said this already."),
    "already_lifted": _("Somebody lifted this stop already."),
    "channel_not_open": _("This channel does not work at the moment, or is not confirmed yet."),
    "stopped": _("You have stopped this. No test leaves either until you resume."),
    "tested_just_now": _("A test went over this channel a moment ago. Please wait a minute."),
    "not_in_this_state": _("This is no longer possible: the item has moved on."),
    "done_missing": _("Please say whether it took place."),
    "not_performed": _("A person said that it did not take place."),
    "not_begun": _("It had not begun to leave when the work was interrupted; it is tried again."),
    "crashed_while_sending": _("The work was interrupted while it was leaving. Please look whether it went out."),
    "content_altered": _(
        "What is stored is not what was approved any more, so it did not go out. Please write it anew."
    ),
    "media_missing": _("A picture is no longer stored, so it did not go out."),
    "not_for_a_person": _("This channel sends by itself; nobody performs it."),
    "comment_missing": _("Please write what should change."),
    "batch_mixed_risk": _("Please choose items of one kind and one sensitivity."),
    "batch_size": _("Please choose between 1 and %(limit)s items."),
    "too_late": _("Too late to take it back: it has taken effect."),
    "unknown_scope": _("Please say what to stop."),
    "scope_value": _("Please say what to stop."),
    "not_a_duration": _("Please give hours, like 4 or 1:30."),
    "nobody_named": _("Please name the people who must all say yes."),
    "unknown_lapse": _("Please say what happens when nobody answers."),
}

CHARTERS = {
    "stale_charter": _("Another version has come into force in the meantime. Please write the proposal anew."),
    "charter_altered": _("This charter is not what was signed. Nothing goes out under it; please tell us at once."),
    "nothing_changes": _("This changes nothing."),
    "raises_level": _("This would permit more in one case: only a signed proposal can."),
    "overlapping_grants": _("Two lines say something about the same case."),
    "above_irreversible_ceiling": _("What cannot be undone goes no higher than level %(most)s."),
    "unknown_level": _("There is no such level: choose 0 to 6."),
    "unknown_kind": _("There is no such action."),
    "unknown_sensitivity": _("There is no such sensitivity."),
    "unknown_field": _("One field of this line is unknown."),
    "not_a_grant": _("This line cannot be read."),
    "not_hours": _("These hours cannot be read."),
    "not_a_minute": _("This is not a time of the day."),
    "hours_empty": _("These hours are empty."),
    "unknown_weekday": _("There is no such day."),
    "cap_below_one": _("A daily number is at least 1."),
    "cap_too_high": _("A daily number is at most %(most)s."),
    "too_many_grants": _("At most %(most)s lines."),
    "not_a_date": _("This is not a date."),
    "not_a_moment": _("This is not a date and time."),
    "end_before_start": _("The end lies before the start."),
    "mandate_live": _("This agency already has a mandate."),
    "notice_out_of_range": _("At most %(most)s days of notice."),
    "too_many_slots": _("At most %(limit)s slots."),
    "irreversible_kind": _("What cannot be undone is never approved in advance."),
}

CONTENT = {
    "control_characters": _("This contains characters that cannot be seen."),
    "time_without_zone": _("This time lacks its time zone."),
    "channel_missing": _("Please choose at least one channel."),
    "channel_twice": _("One channel is named twice."),
    "too_many_channels": _("At most %(limit)s channels."),
    "unknown_channel": _("There is no such channel."),
    "channel_not_open": _("This channel is not connected."),
    "variant_without_channel": _("One wording is for a channel that is not chosen."),
    "unknown_media": _("One picture is no longer here."),
    "time_skipped": _(
        "In that night the clocks go forward and %(time)s does not exist. The next time that does is %(next)s."
    ),
    "time_twice": _("In that night the clocks go back and %(time)s comes twice. Please choose which of the two."),
    "time_past": _("This moment is past."),
    "not_a_clock": _("This is not a time of the day: write it like 9:30."),
    "table_empty": _("There is no row in this table."),
    "storage_full": _(
        "There is no room for it: this brand may keep %(limit)s megabytes of files and keeps %(used)s. Whoever runs this "
        "Relais can allow more."
    ),
    "table_too_big": _("The file is too big: at most %(limit)s megabytes."),
    "table_too_long": _("At most %(limit)s rows at once; this table has %(actual)s."),
    "table_unreadable": _("The file cannot be read as a table: look at line %(line)s."),
    "table_column_unknown": _("No column is called “%(name)s” here."),
    "table_column_twice": _("The column “%(name)s” is there twice."),
    "table_without_text": _("The table has no column for the text."),
    "table_too_many_cells": _("This row has more cells than the table has columns."),
    "table_missing": _("Please choose a file."),
    "import_confirmed": _("This table has become drafts already."),
    "import_nothing": _("No row of this table can become a draft."),
    "rule_unreadable": _("This rule cannot be read: choose days, weeks or months, and how many."),
    "series_day_made": _("A day from then on is an item already: withdraw or move that one, or choose a later day."),
    "series_no_day": _("The series has nothing on this day."),
    "series_stopped": _("This series has ended already."),
}

BRIEFINGS = {
    "briefing_empty": _("Please write at least one section."),
    "unknown_section": _("There is no such section."),
    "not_text": _("This cannot be read as a text."),
    "not_lines": _("This cannot be read as lines."),
    "too_long": _("At most %(most)s characters."),
    "too_many_lines": _("At most %(most)s lines."),
    "column_missing": _("One line is only half filled in."),
    "unknown_setting": _("There is no such setting."),
    "bad_hours": _("These hours cannot be read."),
    "no_working_hours": _("A brand has at least some working hours in a week."),
    "unknown_time_zone": _("There is no such time zone."),
    "unknown_country": _("There is no such country."),
    "unknown_region": _("There is no such region."),
    "bad_date": _("This is not a date."),
    "too_many_days": _("Too many days off."),
    "briefing_forged": _("Something else than an erasure changed this version. Please write the next one."),
    "both_must_agree": _("Both sides share these sections: propose the change, and the agency agrees to it."),
    "refusal_reason_missing": _("Please say why not."),
    "nobody_to_remind": _("Everybody has read it, or was reminded a moment ago."),
    "line_twice": _("Two lines have the same number or key."),
    "goal_without_figure": _("Please choose the figure that this goal is for."),
    "unknown_figure": _("No goal can be set for this figure."),
    "goal_without_number": _("Please say how much."),
    "number_unreadable": _("This is not a number here. Please write it as %(example)s."),
    "more_than_all": _("A share is at most 100 percent."),
    "goal_twice": _("Two lines set a goal for the same figure, per the same period, from the same day."),
    "no_phrase": _("Please give words, with semicolons between them."),
    "unknown_choice": _("Please choose what follows."),
    "not_a_number": _("Please give a whole number."),
    "not_a_key": _("A key has small letters, digits and hyphens only."),
    "unknown_language": _("Please give a language by its short name, such as fr or en."),
}

BRANDS = {
    "slug_shape": _("An address has small letters, digits and hyphens only."),
    "slug_reserved": _("This address is reserved."),
    "slug_taken": _("This address is taken."),
    "no_blank_ready": _("No space is ready for a new brand. Please try again in a minute."),
    "brand_state": _("This brand’s state does not allow it."),
    "brand_not_ready": _("This brand is being updated. Please try again in a minute."),
}

INFORMATION = {
    "class_forbids": _("What is kept this strictly does not leave this way."),
    "reason_missing": _("Please say why more people may read it."),
    "text_empty": _("Please write something."),
    "nothing_to_share": _("Nothing in it may be read by others: share a section first."),
    "policy_over": _("What this system may read has ended."),
    "unknown_system": _("Please choose what kind of system it is."),
    "unknown_class": _("Please choose who may read it."),
    "link_too_long": _("A link to this lives at most %(most)s days."),
    "number_out_of_range": _("Please give a number from 1 to %(most)s."),
    "code_missing": _("Please give the code that the recipient types, at least %(least)s characters."),
    "purpose_missing": _("Please say what for."),
    "fields_missing": _("Please name the fields it may read."),
    "already_ended": _("This has ended already."),
    "media_kept": _("The brand keeps this picture for itself. It must share it before an item can carry it."),
}

MEMBERS = {
    "unknown_preferred": _("Please choose how the member prefers to be reached."),
    "unknown_consent": _("Please choose whether the member consents."),
    "how_missing": _("Please say how they agreed, as “by mail of 3 May”."),
    "naming_stands": _("This is what is noted already."),
    "because_missing": _("Please say why the data must be kept."),
    "basis_missing": _("Please say on what ground."),
    "being_erased": _("This member is being erased: nobody reads or changes them any more."),
    "member_held": _("This member is held back: release them first."),
    "not_held": _("This member is not held back."),
    "unknown_retention": _("There is no such kind of data."),
    "days_out_of_range": _("Please give a number of days from %(least)s to %(most)s."),
}

CRISES = {
    "crisis_already_open": _("There is a crisis on already: please go on there."),
    "crisis_moved_on": _("This crisis has moved on meanwhile: please look at where it stands."),
    "already_taken": _("Somebody has taken it already."),
    "review_finished": _("This review is finished."),
    "unknown_answer": _("Please choose one of the answers."),
    "unknown_alert": _("There is no such kind of alert."),
    "minutes_out_of_range": _("Please give a number of minutes from %(least)s to %(most)s."),
}

WATCHED = {
    "watched_twice": _("Two entries of the list have the same key."),
    "watched_language": _("Entries are for French (fr), English (en), or both if you leave it empty."),
    "watched_empty": _("An entry needs words to look for, or a pattern."),
    "watched_phrase": _("This cannot be looked for: “%(fact)s”. Please give words, at most 200 characters."),
    "watched_too_many": _("One entry takes at most %(most)s phrases. Please make several entries of it."),
    "watched_within": _("Please give a number of words from 0 to %(most)s."),
    "watched_pattern_alone": _("A pattern stands alone: without phrases and without words near it."),
    "watched_pattern_long": _("A pattern has at most %(most)s characters."),
    "watched_patterns": _("A list has at most %(most)s patterns."),
    "watched_pattern_wrong": _("This pattern cannot be read: %(fact)s"),
    "watched_pattern_empty": _("This pattern would be found in every text: it also means nothing at all."),
    "unknown_mention_kind": _("Please choose one of the kinds."),
    "nothing_learnt": _("There is nothing learnt yet: at least thirty corrections are needed."),
}

MENTIONS = {
    "mention_not_in_this_state": _("It has its outcome already. Please look at what was done with it."),
    "too_late_to_undo": _("This can no longer be undone: only your own last step can, for ten minutes."),
    "held_by_another": _("Somebody else has it in hand. Press once more if you want to do it all the same."),
    "not_in_your_hands": _("You do not have it in hand."),
    "merge_with_itself": _("It cannot be merged with itself."),
    "merge_with_copy": _("That one is a copy itself. Please choose what it is a copy of."),
    "not_a_copy": _("It is no copy of another."),
    "hand_to_oneself": _("It is with you already. “I have it” tells the others."),
    "may_not_receive": _("This person may not read it, so it cannot be handed to them."),
    "handing_closed": _("This was closed already."),
    "unknown_reason": _("Please choose a reason."),
    "unknown_step": _("Please choose what becomes of it."),
    "words_missing": _("Please say it in words."),
    "too_far": _("Please choose a moment within half a year."),
    "nothing_chosen": _("Please choose something first."),
    "too_many_chosen": _("At most %(most)s at once."),
    "review_out": _("This review is out: it changes no more."),
    "review_full": _("A review holds at most %(most)s pieces."),
    "review_empty": _("There is nothing in it yet."),
    "span_too_long": _("At most %(days)s days at once."),
    "subject_empty": _("Please say what comes up."),
    "unknown_rhythm": _("Please choose how often."),
    "unknown_weekday": _("Please choose a day of the week."),
    "too_many_views": _("At most %(most)s views. Please drop one first."),
}

ERRORS = (
    WATCHED
    | REPORTS
    | CONVERSATIONS
    | CUSTODY
    | CRM
    | KEYS
    | MODERATION
    | INSIGHTS
    | MENTIONS
    | WEBHOOKS
    | (
        CRISES
        | MEMBERS
        | MISSING
        | DOORS
        | LOG
        | OPENINGS
        | ANSWERS
        | CHARTERS
        | CONTENT
        | BRIEFINGS
        | BRANDS
        | INFORMATION
        | CODES
        | SOURCES
    )
)
