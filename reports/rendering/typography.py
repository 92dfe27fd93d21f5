"""How French and English are set: spaces before marks, quotation marks, numbers, shares, times, dates. Pure.

A narrow no-break space (U+202F) stands before ; ! ? and inside French numbers, a no-break space (U+00A0) before : and
inside « ».
"""

import re
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

Language = Literal["en", "fr"]
NARROW, WIDE, MINUS, APOSTROPHE = "\u202f", "\u00a0", "\u2212", "\u2019"
LOCALES = {"en": "en_GB", "fr": "fr_FR"}
MINUTES_OF_AN_HOUR = 60
HOURS_OF_A_DAY = 24

_BEFORE_MARKS = re.compile(r"(?<=[\w)\]»’'\"%])[ \u00a0\u202f]?(?P<mark>[;!?]+)(?=[\s\u00a0\u202f»)]|$)")
_BEFORE_COLON = re.compile(r"(?<=[\w)\]»])[ \u00a0\u202f]*:(?=\s|$)")
_OPENING = re.compile(r"«[ \u00a0\u202f]*")
_CLOSING = re.compile(r"[ \u00a0\u202f]*»")
_STRAIGHT = re.compile(r'(?P<before>^|[\s(\[«])"(?P<inside>[^"\n]{1,400})"')
_SIGNS = re.compile(r"(?<=\d)[ \u00a0](?=[%€])")


def set_text(text: str, language: Language) -> str:
    """Words of the house as they are printed. What people wrote stays as they wrote it: it does not come here."""
    text = text.replace("'", APOSTROPHE)
    if language == "en":
        return _STRAIGHT.sub("\\g<before>\u201c\\g<inside>\u201d", text)
    text = _STRAIGHT.sub(f"\\g<before>«{WIDE}\\g<inside>{WIDE}»", text)
    text = _CLOSING.sub(f"{WIDE}»", _OPENING.sub(f"«{WIDE}", text))
    text = _BEFORE_MARKS.sub(f"{NARROW}\\g<mark>", text)
    return _SIGNS.sub(NARROW, _BEFORE_COLON.sub(f"{WIDE}:", text))


def quoted(text: str, language: Language) -> str:
    """Somebody's words between the quotation marks of the language."""
    return f"«{WIDE}{text}{WIDE}»" if language == "fr" else f"\u201c{text}\u201d"


def number(value: float, language: Language, places: int = 0) -> str:
    """As '12 345,6' or '12,345.6'; a real minus before what is below 0."""
    form = "#,##0" + ("." + "0" * places if places else "")
    text = format_decimal(abs(value), format=form, locale=LOCALES[language])
    rounds_to_nothing = round(abs(value), places) == 0
    return text if value >= 0 or rounds_to_nothing else f"{MINUS}{text}"


def signed(value: float, language: Language, places: int = 0) -> str:
    """The same with its sign: '+3', '−3', '±0'."""
    if round(abs(value), places) == 0:
        return "±" + number(0, language)
    return ("+" if value > 0 else "") + number(value, language, places)


def percent(share: float, language: Language, places: int = 0) -> str:
    """A share of 1 as '45 %' (French) or '45%'."""
    return number(share * 100, language, places) + (f"{NARROW}%" if language == "fr" else "%")


def money(cents: int, language: Language, sign: str = "€") -> str:
    """As '1 234,50 €' or '€1,234.50'."""
    amount = number(abs(cents) / 100, language, 2)
    text = f"{amount}{WIDE}{sign}" if language == "fr" else f"{sign}{amount}"
    return f"{MINUS}{text}" if cents < 0 else text


def minutes(value: float, language: Language) -> str:
    """A length of time: '45 min', '3 h 05', '2 d 4 h' ('2 j 4 h')."""
    whole = round(abs(value))
    hours, rest = divmod(whole, MINUTES_OF_AN_HOUR)
    days, hours_left = divmod(hours, HOURS_OF_A_DAY)
    if not hours:
        text = f"{number(rest, language)}{WIDE}min"
    elif days < 2:
        text = f"{number(hours, language)}{WIDE}h" + (f"{WIDE}{rest:02d}" if rest else "")
    else:
        day = "j" if language == "fr" else "d"
        text = f"{number(days, language)}{WIDE}{day}" + (f" {hours_left}{WIDE}h" if hours_left else "")
    return f"{MINUS}{text}" if value < 0 and whole else text


def day(value: date, language: Language, *, year: bool = True) -> str:
    """As '16 novembre 2026' or '16 November 2026'; '1er novembre'."""
    text = format_date(value, "d MMMM y" if year else "d MMMM", locale=LOCALES[language])
    if language == "fr" and value.day == 1:
        text = "1er" + text[1:]
    return text.replace(" ", WIDE, 1)


def short_day(value: date, language: Language) -> str:
    """As '16 nov.' or '16 Nov', for axes and narrow columns."""
    return format_date(value, "d MMM", locale=LOCALES[language]).replace(" ", WIDE)


def span(start: date, end: date, language: Language) -> str:
    """From one day to another: '16–22 November 2026', 'du 16 au 22 novembre 2026'."""
    if start == end:
        return day(start, language)
    same_month = (start.year, start.month) == (end.year, end.month)
    if language == "fr":
        first = (
            ("1er" if start.day == 1 else str(start.day))
            if same_month
            else day(start, "fr", year=start.year != end.year)
        )
        return f"du {first} au {day(end, 'fr')}"
    if same_month:
        return f"{start.day}\u2013{day(end, 'en')}"
    return f"{day(start, 'en', year=start.year != end.year)} \u2013 {day(end, 'en')}"


def moment(value: datetime, language: Language, zone: str, *, parted: bool = False) -> str:
    """A day and an hour on the clock of `zone`: '16 nov. 2026 à 09:30', '16 Nov 2026, 09:30'. `parted`: on two lines too."""
    local = value.astimezone(ZoneInfo(zone))
    day_text, hour = (
        format_datetime(local, form, locale=LOCALES[language]).replace(" ", WIDE) for form in ("d MMM y", "HH:mm")
    )
    gap = " " if parted else WIDE
    return f"{day_text}{gap}à{WIDE}{hour}" if language == "fr" else f"{day_text},{gap}{hour}"
