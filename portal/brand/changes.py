"""What changed between two contents, whatever changed: text, a channel's own wording, title, link, pictures, channels, times.

An approval speaks of all of it, so a diff of the text alone would show nothing beside a refusal.
"""

from collections.abc import Mapping

from clients.items.content import Content
from portal.brand.rows import names_of, sensitivity_word
from portal.diffing import Part, word_diff
from portal.times import exact
from portal.wording import kind_word


def what_changed(old: Content, new: Content, names: Mapping[str, str]) -> list[Part]:
    """Word by word, and only the lines that differ; empty when nothing does."""
    before, after = _lines(old, names), _lines(new, names)
    differing = [line for line in before | after if before.get(line, "") != after.get(line, "")]
    parts: list[Part] = []
    for line in differing:
        parts += [Part("same", "\n")] if parts else []
        parts += word_diff(before.get(line, ""), after.get(line, ""))
    return parts


def _lines(content: Content, names: Mapping[str, str]) -> dict[str, str]:
    """Each line under a name of its own, in reading order."""
    lines = {"title": content.title, "text": content.text}
    for channel in sorted(content.variants):
        lines[channel] = f"{names.get(channel, '?')}: {content.variants[channel]}"
    lines["thread"] = "\n".join(content.parts)
    lines["comment"] = content.first_comment
    lines["link"] = content.link
    # The alternative text stands for the picture; its digest tells two pictures with the same words apart.
    lines["media"] = "\n".join(f"{media.alt} ({media.digest[:8]})" for media in content.media)
    lines["what"] = " · ".join(
        part for part in (kind_word(content.kind), sensitivity_word(content.sensitivity)) if part
    )
    lines["where"] = names_of(list(content.channels), dict(names))
    lines["whom"] = " ".join(part for part in (content.recipient, content.target) if part)
    lines["when"] = " – ".join(exact(moment) for moment in (content.not_before, content.not_after) if moment)
    lines["topic"] = content.topic
    return lines
