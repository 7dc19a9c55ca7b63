"""Calendar files: the only door to the iCalendar library.

One mail carries one file with one attendee, so nobody learns from it who else was asked. What makes an entry
appear, move and vanish in Outlook, Open-Xchange and Thunderbird alike (RFC 5545, RFC 5546): the UID stays
the same for the life of a meeting, the SEQUENCE rises with every round, the METHOD in the file equals the one
of the mail part (`content_type`), and times are local times of Europe/Berlin with the rules of summer time.
"""

from datetime import datetime, timedelta
from typing import Literal, NotRequired, TypedDict, Unpack
from zoneinfo import ZoneInfo

from icalendar import (
    Calendar,
    Component,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vCalAddress,
    vUri,
)

BERLIN = ZoneInfo("Europe/Berlin")
Method = Literal["REQUEST", "CANCEL"]


class Appointment(TypedDict):
    """What both kinds of file are made of.

    `uid` is the same in every file of a meeting, `sequence` higher than in the round before, starting with 0.
    `starts_at`, `ends_at` and `now` (when this file is made) are aware moments of any zone.
    `location` and `url` may be empty. No text here may name anything but functions and the meeting itself.
    """

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    summary: str
    location: str
    url: str
    description: str
    organizer_name: str
    organizer_email: str
    attendee_name: NotRequired[str]
    attendee_email: str
    now: datetime


def invitation(**appointment: Unpack[Appointment]) -> bytes:
    """The file that creates the entry in the calendar of one attendee, or moves it when `sequence` has risen.

    Raises ValueError for a moment without zone, an end that is not after the start, a negative sequence and a
    line break inside an address: each is a fault of the caller, not of the person.
    """
    return _calendar("REQUEST", "CONFIRMED", appointment)


def cancellation(**appointment: Unpack[Appointment]) -> bytes:
    """The file that removes the entry; `sequence` must be higher than in the last invitation."""
    return _calendar("CANCEL", "CANCELLED", appointment)


def content_type(method: Method) -> str:
    """The Content-Type of the mail part; without the method, calendars show a file, not an invitation."""
    return f"text/calendar; charset=utf-8; method={method}"


def _calendar(method: Method, status: str, appointment: Appointment) -> bytes:
    _check(appointment)
    calendar = Calendar()
    calendar.add("prodid", "-//Kooperationskonferenz//Sitzungen//DE")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(_berlin())
    calendar.add_component(_event(status, appointment))
    file: bytes = calendar.to_ical()
    return file


def _check(appointment: Appointment) -> None:
    moments = (appointment["starts_at"], appointment["ends_at"], appointment["now"])
    if any(moment.utcoffset() is None for moment in moments):
        raise ValueError("A calendar file needs moments with a time zone.")
    if appointment["ends_at"] <= appointment["starts_at"]:
        raise ValueError("The end must be after the start.")
    if appointment["sequence"] < 0:
        raise ValueError("The sequence starts with 0.")


def _event(status: str, appointment: Appointment) -> Event:
    event = Event()
    event.add("uid", appointment["uid"])
    event.add("sequence", appointment["sequence"])
    event.add("dtstamp", appointment["now"])
    event.add("dtstart", appointment["starts_at"].astimezone(BERLIN))
    event.add("dtend", appointment["ends_at"].astimezone(BERLIN))
    event.add("status", status)
    event.add("transp", "OPAQUE")
    event.add("summary", appointment["summary"])
    event.add("description", appointment["description"])
    if appointment["location"]:
        event.add("location", appointment["location"])
    if appointment["url"]:
        event.add("url", vUri(appointment["url"]))
    event.add("organizer", _person(appointment["organizer_email"], appointment["organizer_name"]))
    event.add("attendee", _attendee(appointment))
    return event


def _attendee(appointment: Appointment) -> vCalAddress:
    """RSVP is off: the answer is given on the page the link leads to, not by a mail nobody reads."""
    attendee = _person(appointment["attendee_email"], appointment.get("attendee_name", ""))
    attendee.params["ROLE"] = "REQ-PARTICIPANT"
    attendee.params["PARTSTAT"] = "NEEDS-ACTION"
    attendee.params["RSVP"] = "FALSE"
    return attendee


def _person(email: str, name: str) -> vCalAddress:
    if any(character.isspace() for character in email):
        raise ValueError("A mail address holds no white space.")
    person = vCalAddress(f"mailto:{email}")
    if name:
        # A parameter cannot hold a straight double quote (RFC 5545, 3.2) nor a line break.
        person.params["CN"] = " ".join(name.replace('"', "'").split())
    return person


def _berlin() -> Timezone:
    """Summer time by rule (Directive 2000/84/EC), so that a meeting in any later year keeps its hour.

    A list of past changes, which the library would write, ends somewhere; calendars then show 10:00 as 11:00.
    """
    zone = Timezone()
    since_summer, since_winter = datetime.fromisoformat("1981-03-29T02:00"), datetime.fromisoformat("1996-10-27T03:00")
    zone.add("tzid", BERLIN.key)
    summer, winter = timedelta(hours=2), timedelta(hours=1)
    zone.add_component(_season(TimezoneDaylight(), "CEST", since_summer, winter, summer))
    zone.add_component(_season(TimezoneStandard(), "CET", since_winter, summer, winter))
    return zone


def _season(season: Component, name: str, since: datetime, before: timedelta, after: timedelta) -> Component:
    season.add("tzname", name)
    season.add("dtstart", since)
    season.add("tzoffsetfrom", before)
    season.add("tzoffsetto", after)
    season.add("rrule", {"freq": "yearly", "bymonth": since.month, "byday": "-1su"})
    return season
