"""The words for channels: kinds, settings and their choices, and a sentence for every code that can come out of here.

`portal.wording` takes them in. They stand here because a new connector brings its words along with its codes, and
because a test can then see that none is missing.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KINDS: dict[str, Promise] = {
    "memory": _("memory wall (to try things out)"),
    "email": _("e-mail"),
    "phone": _("phone"),
    "field": _("in person"),
    "bluesky": _("Bluesky"),
    "mastodon": _("Mastodon"),
    "webhook": _("webhook (a server of your own)"),
    "discourse": _("Discourse forum"),
    "wordpress": _("WordPress"),
    "ghost": _("Ghost"),
    "nodebb": _("NodeBB forum"),
    "facebook": _("Facebook page"),
    "linkedin": _("LinkedIn page"),
    "youtube": _("YouTube comments"),
    "newsletter": _("newsletter (a list of addresses)"),
    "telegram": _("Telegram channel or group"),
    "instagram": _("Instagram (professional account)"),
}

SETTINGS: dict[str, Promise] = {
    "name": _("Name"),
    "handle": _("Account or address"),
    "language": _("Language of the posts, such as fr"),
    "visibility": _("Who sees the posts"),
    "host": _("Server"),
    "port": _("Port"),
    "site": _("Address of the server"),
    "tls": _("Encryption of the line"),
    "user": _("User name"),
    "password": _("Password"),
    "from_address": _("Sender’s address"),
    "from_name": _("Sender’s name"),
    "to": _("Recipients of newsletters"),
    "note": _("Note for those who perform the acts"),
    "admin_key": _("Admin API key of an integration"),
    "tags": _("Tags for every post, with commas between them"),
    "endpoint": _("Address that is called"),
    "signing_secret": _("Signing secret (whsec_…)"),
    "signing_secret_old": _("Former signing secret, while you change it"),
    "api_key": _("API key"),
    "category": _("Number of the category for new topics"),
    "token": _("Access token"),
    "uid": _("Number of the account, with a master token only"),
    "page": _("Number of the page"),
    "organization": _("Number of the page"),
    "access_token": _("Access token"),
    "unsubscribe": _("Page (https://…) or mail address for leaving the list"),
    "chat": _("Channel or group: @name or number"),
    "bot_token": _("Token of the bot"),
    "account": _("Number of the Instagram account"),
}

CHOICES: dict[str, Promise] = {
    "public": _("Everybody"),
    "unlisted": _("Everybody, but not in public lists"),
    "private": _("Followers only"),
    "starttls": _("STARTTLS"),
    "implicit": _("TLS from the start"),
    "none": _("None (only on your own machine)"),
}

# What a test over a channel will do, said before it is asked for; and its own words.
SELF_TESTS: dict[str, Promise] = {
    "mail": _("Sends a short mail over this channel to your own address."),
    "draft": _("Makes a draft there that no reader sees, and deletes it again."),
    "message": _("Writes a message there that only the account itself sees, and takes it back."),
}
TEST_TITLE = _("A test from Relais")
TEST_TEXT = _(
    "This is a test. It shows that the channel works; nobody but your brand sees it, and nothing is to be done."
)

# What a SendFailed says; the same codes stand in a channel's `health`.
FAILURES: dict[str, Promise] = {
    "answer_too_big": _("The server’s answer is too big."),
    "answer_unreadable": _("The server’s answer cannot be understood."),
    "auth_missing": _("The server offers no way to log in that we know."),
    "cannot_check": _("This channel cannot be asked whom its credentials open."),
    "cannot_test": _("Nothing can be sent over this channel that only you would see."),
    "cannot_look": _("This channel does not show what became of a post."),
    "cannot_look_up": _("This channel cannot be asked whether something went out."),
    "certificate_refused": _("The server’s certificate is not valid for its name."),
    "connection_lost": _("The connection broke off."),
    "connector_failed": _("Something unexpected happened while sending."),
    "content_refused": _("The network refuses this content."),
    "credentials_refused": _("The server refuses the user name or the password."),
    "daily_limit": _("The network lets this account publish no more today."),
    "draft_expired": _("The network has forgotten the draft. Please bring the item once more."),
    "deadline": _("The channel did not answer in time."),
    "host_not_allowed": _("The server lies in a private network, which is not allowed."),
    "host_unknown": _("There is no server of this name."),
    "media_not_fetched": _("The network could not fetch the picture from here."),
    "media_not_ready": _("The network has not finished with the picture yet."),
    "message_refused": _("The server refused the message."),
    "not_permitted": _("The network does not allow this account to do this."),
    "performed_by_person": _("A person performs this act and confirms it."),
    "quiet_too_long": _("The network wants to hear nothing for longer than a day."),
    "recipient_refused": _("The server refused every recipient."),
    "redirected": _("The server sends us elsewhere."),
    "scope_missing": _("The credentials do not allow this; please connect the channel again with all rights."),
    "secret_unreadable": _("The stored credentials cannot be read; please give them again."),
    "sender_refused": _("The server refuses the sender’s address."),
    "service_closing": _("The server is closing down for the moment."),
    "service_refused": _("The server refuses to talk to us."),
    "target_gone": _("What this concerns is no longer there."),
    "target_not_a_message": _("What is answered is not a mail."),
    "test_left_behind": _("The test worked, but what it made could not be deleted there. Please delete it by hand."),
    "timeout": _("The server took too long."),
    "tls_missing": _("The server offers no encryption of the line."),
    "too_many_requests": _("The network asks us to wait."),
    "unreachable": _("The server cannot be reached."),
    "receiver_gone": _("The receiver says that it is gone for good."),
    "receiver_missing": _("There is no receiver at this address."),
    "edited_meanwhile": _("Somebody is writing in this post at the moment."),
    "target_not_here": _("What this concerns is nothing that this site knows."),
    "target_not_a_comment": _("Only comments can be taken back or hidden there from outside: posts in its own app."),
    "target_not_a_post": _("What this concerns is not a post there."),
    "target_not_a_topic": _("Only a whole topic can be hidden there: name its first post."),
    "recipient_not_a_user": _("The recipient is not the name of an account there."),
    "chat_moved": _("The group has a new number since it grew; please connect it with that."),
    "goes_to_the_list": _("A newsletter goes to its whole list, not to one person."),
}

# Why a channel does not take a content: the codes of `rules.validate_content`.
CONTENT: dict[str, Promise] = {
    "alt_missing": _("Please describe the picture for people who cannot see it."),
    "alt_too_long": _("The description of the picture is too long: %(actual)s signs of %(limit)s."),
    "first_comment_not_taken": _("This channel takes no first comment."),
    "hashtags_too_many": _("Too many hashtags for this channel: %(actual)s of %(limit)s."),
    "kind_not_supported": _("This channel cannot do this."),
    "link_not_web": _("The link must begin with https:// or http://."),
    "media_too_big": _("The file of the picture is too big."),
    "media_too_few": _("This channel publishes nothing without a picture."),
    "media_too_many": _("Too many pictures for this channel: %(actual)s of %(limit)s."),
    "media_too_many_pixels": _("The picture has too many pixels."),
    "media_type_not_taken": _("This channel does not take this type of picture."),
    "others_named": _(
        "A direct message reaches everybody whom it names with an @. Please name nobody but %(limit)s: not %(actual)s."
    ),
    "recipient_missing": _("Please name the person this goes to."),
    "target_missing": _("Please name the post that this is about."),
    "text_control_characters": _("The text holds invisible characters that are not allowed."),
    "text_too_heavy": _("The text is too long for this channel: %(actual)s bytes of %(limit)s."),
    "text_missing": _("Please write something, or add a picture."),
    "text_too_long": _("The text is too long for this channel: %(actual)s signs of %(limit)s."),
    "too_many_parts": _("Too many posts for a thread on this channel: %(actual)s of %(limit)s."),
    "title_control_characters": _("The title must be one line without invisible characters."),
    "title_missing": _("This channel needs a title."),
    "title_too_long": _("The title is too long for this channel: %(actual)s signs of %(limit)s."),
}

# What is wrong with an upload: the codes of `media`.
UPLOADS: dict[str, Promise] = {
    "media_broken": _("The picture is damaged."),
    "media_empty": _("The file is empty."),
    "media_not_what_it_says": _("The file is not what its name says: it is %(actual)s."),
    "media_too_many_frames": _("The moving picture is too long."),
    "media_type_unknown": _("This is not a picture that we know: JPEG, PNG, GIF and WebP are."),
}

# What is wrong when a brand connects or changes a channel.
CONNECTING: dict[str, Promise] = {
    "channel": _("This channel does not exist, or not for you."),
    "channel_kind_unknown": _("There is no such kind of channel."),
    "channel_name_taken": _("Another channel has this name."),
    "channel_revoked": _("This channel has ended."),
    "health_unknown": _("No such failure of a channel is known."),
    "not_a_choice": _("Please choose one of the values offered."),
    "not_a_host": _("This is not the name of a server."),
    "not_a_number": _("Please give a whole number."),
    "not_a_site": _("This is not the address of a website, such as https://example.org."),
    "not_a_text": _("Please give a text."),
    "not_an_address": _("This is not a mail address."),
    "out_of_range": _("This number is not allowed here."),
    "secret_missing": _("Please give the new credential."),
    "setting_control_characters": _("This must be one line without invisible characters."),
    "setting_missing": _("Please fill this in."),
    "setting_too_long": _("This is too long: %(actual)s signs of %(limit)s."),
    "setting_unknown": _("This kind of channel has no such setting."),
    "tls_required": _("Mail leaves this installation over an encrypted line only."),
    "too_many_addresses": _("Too many addresses: %(actual)s of %(limit)s."),
    "user_and_password_together": _("Please give both a user name and a password, or neither."),
    "channel_changed": _("The channel was connected anew meanwhile. Please look at it once more."),
    "channel_not_invited": _("The brand does not wait for this channel."),
    "client_not_registered": _("This installation is not registered with this network."),
    "code_refused": _("The network no longer takes this permission. Please connect the channel once more."),
    "journey_over": _("This way to a network is over. Please connect the channel once more."),
    "no_authorisation": _("This network has no page on which it gives its permission."),
    "nothing_to_connect": _("A person performs these acts: there is nothing to connect."),
    "admin_key_malformed": _("An Admin API key is an id, a colon and a secret, as Ghost shows it."),
    "bot_token_malformed": _("A bot’s token is a number, a colon and a secret, as BotFather shows it."),
    "chat_malformed": _("Please give a channel or group by its @name or by its number, which begins with a minus."),
    "https_required": _("Please give an address that begins with https://."),
    "signing_secret_malformed": _("A signing secret is whsec_ and the base64 of 24 to 64 bytes."),
    "unsubscribe_malformed": _("Please give a page (https://…) or a mail address for leaving the list."),
}

CODES: dict[str, Promise] = {**FAILURES, **CONTENT, **UPLOADS, **CONNECTING}
