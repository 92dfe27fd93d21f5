"""Writing a proposal: a line that nobody touched stays the grant it was, and a change tells its limits before and after."""

import re
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from clients.autonomy.grant import Charter, Grant
from clients.autonomy.levels import Level
from clients.autonomy.vocabulary import ActionKind, Sensitivity
from clients.channels.actions import connect_channel, revoke_channel
from clients.mandates.drafting import draft_of, read_grants
from clients.mandates.models import CharterVersion, GrantRow
from clients.mandates.queries import charter_as_written
from clients.mandates.sentences import sentences_between
from portal.brand.grant_lines import draft_from, lines_of, typed_from, typed_in
from portal.wording.charters import change_sentence
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.portal.conftest import Browse
from tests.world import World

HOURS = st.none() | st.builds(
    lambda a, b, days: {"start": min(a, b), "end": max(a, b), "weekdays": sorted(days)},
    st.integers(0, 719),
    st.integers(720, 1440),
    st.sets(st.integers(0, 6), min_size=1),
)
GRANTS = st.fixed_dictionaries(
    {
        "channel": st.sampled_from(["", "c1"]),
        "kind": st.sampled_from(["", "publish", "answer"]),
        "sensitivity": st.sampled_from([str(s) for s in Sensitivity]),
        "level": st.integers(0, 6),
        "hours": HOURS,
        "daily_cap": st.none() | st.integers(1, 100_000),
        "until": st.none() | st.dates().map(lambda day: day.isoformat()),
    }
)


def posted(*lines: Any) -> QueryDict:
    """The form as a browser sends it back untouched."""
    form = QueryDict(mutable=True)
    form["count"] = str(len(lines))
    for n, line in enumerate(lines):
        for name, value in line.items():
            if name == "days":
                form.setlist(f"days-{n}", list(value))
            else:
                form[f"{name}-{n}"] = value
    return form


@given(GRANTS)
def test_a_line_that_nobody_touched_stays_the_grant_it_was(draft: dict[str, Any]) -> None:
    (grant,), wrong = read_grants([draft], {"c1"})
    assert not wrong
    (again,), wrong = read_grants([draft_from(line) for line in typed_in(posted(typed_from(draft_of(grant))))], {"c1"})
    assert not wrong
    assert again == grant


def test_no_day_is_an_error_and_never_every_day() -> None:
    line = typed_from(draft_of(Grant("", ActionKind.PUBLISH, Sensitivity.ROUTINE, Level.REPORT))) | {
        "start": "09:00",
        "days": "",
    }
    _, (error,) = read_grants([draft_from(line)], set())
    assert (error.field, error.code) == ("grants.0.hours", "hours_empty")


def test_a_refused_field_is_marked_in_its_line() -> None:
    lines = lines_of([{"level": "2", "days": "0123456"}] * 2, "grants.1.hours.start")
    assert [line.wrong for line in lines] == ["", "hours.start", "", "", ""]
    assert [line.limited for line in lines] == [False, True, False, False, False]


def test_monday_and_tuesday_come_back_as_monday_and_tuesday(world: World, browse: Browse) -> None:
    """Through the page: what the form shows, sent back as it is, changes nothing."""
    spare = connect_channel(actor=world.owner, kind="memory", name="Ancien mur")
    hours = {"start": 540, "end": 1080, "weekdays": [0, 1]}
    world.sign(
        {"channel": "", "kind": "publish", "sensitivity": "routine", "level": 5, "hours": hours},
        {"channel": str(spare.pk), "kind": "", "sensitivity": "routine", "level": 4},
    )
    client = browse(world.people[Role.AGENCY_MANAGER], world.brand)
    form = shown(client.get(f"/charter/{world.mandate.pk}/propose").content.decode())
    sent = client.post(f"/charter/{world.mandate.pk}/propose", form)
    assert sent.status_code == 303
    with brand_scope(world.brand):
        version = CharterVersion.objects.get(pk=sent["Location"].split("/")[-2])
        assert GrantRow.objects.get(charter=version, kind="publish").weekdays == "01"
        assert version.base is not None
        assert set(charter_as_written(version).grants) == set(charter_as_written(version.base).grants)


def test_a_line_about_a_channel_that_has_ended_is_not_widened_to_every_channel(world: World, browse: Browse) -> None:
    spare = connect_channel(actor=world.owner, kind="memory", name="Ancien mur")
    world.sign({"channel": str(spare.pk), "kind": "", "sensitivity": "routine", "level": 6})
    revoke_channel(actor=world.owner, channel_id=spare.pk)
    client = browse(world.people[Role.AGENCY_MANAGER], world.brand)
    form = shown(client.get(f"/charter/{world.mandate.pk}/propose").content.decode())
    assert str(spare.pk) in form.values()
    answer = client.post(f"/charter/{world.mandate.pk}/propose", form | {"daily_cap-0": "2"})
    assert answer.status_code == 422


def test_a_change_tells_its_limits_before_and_after() -> None:
    def charter(**limits: Any) -> Charter:
        return Charter(1, (Grant("", "", Sensitivity.ROUTINE, Level.REPORT, **limits),))

    def told(old: Charter, new: Charter) -> str:
        (sentence,) = sentences_between(old, new, date(2026, 11, 21))
        return change_sentence(sentence, {})

    with translation.override("en"):
        lifted = told(charter(daily_cap=3), charter())
        assert "stays at “report”" in lifted and "permits more" in lifted
        assert "Limits before: at most 3 a day. Limits after: none." in lifted
        assert "Limits before: none. Limits after: at most 3 a day." in told(charter(), charter(daily_cap=3))


PLAIN = re.compile(r'<input (?:type="(?:hidden|time|date)"|inputmode)[^>]*? name="([\w-]+)"[^>]*? value="([^"]*)"')
SELECT = re.compile(r'<select id="[\w-]+" name="([\w-]+)"[^>]*>(.*?)</select>', re.DOTALL)


def shown(page: str) -> dict[str, Any]:
    """What a browser would send of the form of a proposal."""
    form: dict[str, Any] = dict(PLAIN.findall(page))
    for name, value in re.findall(r'type="checkbox" name="(days-\d)" value="(\d)" checked', page):
        form.setdefault(name, []).append(value)
    for name, options in SELECT.findall(page):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        form[name] = chosen[1] if chosen else ""
    return form
