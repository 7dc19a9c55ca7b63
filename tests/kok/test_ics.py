"""Calendar files, read back by a small reader of our own that knows only RFC 5545, not the library that wrote them."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kok import ics

BERLIN = ZoneInfo("Europe/Berlin")
FIRST_MONDAY = date(2026, 11, 30)
THREE_YEARS_OF_WEEKS = [FIRST_MONDAY + timedelta(weeks=week) for week in range(157)]


def appointment(**changes):
    return {
        "uid": "sitzung-17@kok.example.org",
        "sequence": 0,
        "starts_at": datetime(2027, 5, 11, 10, 0, tzinfo=BERLIN),
        "ends_at": datetime(2027, 5, 11, 12, 30, tzinfo=BERLIN),
        "summary": "Kooperationskonferenz Wetteraukreis",
        "location": "Europaplatz, 61169 Friedberg/Hessen; Raum 101",
        "url": "https://kok.example.org/wetteraukreis/gremien/kok/sitzungen/17/",
        "description": "Bitte antworten Sie über den Link.\nDie Tagesordnung liegt bei.",
        "organizer_name": "Geschäftsführung der Kooperationskonferenz",
        "organizer_email": "geschaeftsfuehrung@example.org",
        "attendee_name": "Leitung Fachbereich Jugend und Soziales",
        "attendee_email": "leitung@example.org",
        "now": datetime(2027, 4, 20, 8, 0, tzinfo=UTC),
    } | changes


def lines_of(file: bytes) -> list[str]:
    """Logical lines: RFC 5545, 3.1 joins a physical line that starts with a space to the one before."""
    return file.decode("utf-8").replace("\r\n ", "").split("\r\n")


def value_of(file: bytes, name: str) -> str:
    (value,) = (line.partition(":")[2] for line in lines_of(file) if re.match(rf"{name}[;:]", line))
    return value


def text_of(file: bytes, name: str) -> str:
    """A text value without its escapes (RFC 5545, 3.3.11)."""
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value_of(file, name))


def last_sunday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def moment_of(file: bytes, name: str) -> datetime:
    """The moment a calendar computes for a local time from the VTIMEZONE in the same file, and from nothing else."""
    (line,) = (line for line in lines_of(file) if line.startswith(f"{name};TZID=Europe/Berlin:"))
    local = datetime.fromisoformat(line.partition(":")[2])
    changes = []
    for season in re.findall(r"BEGIN:(?:DAYLIGHT|STANDARD)\r\n(.*?)END:", file.decode(), re.DOTALL):
        since = datetime.fromisoformat(re.search(r"DTSTART:(\S+)", season)[1])
        rule = dict(part.split("=") for part in re.search(r"RRULE:(\S+)", season)[1].split(";"))
        assert rule.keys() == {"FREQ", "BYMONTH", "BYDAY"}
        assert (rule["FREQ"], rule["BYDAY"]) == ("YEARLY", "-1SU")
        hours = int(re.search(r"TZOFFSETTO:\+(\d\d)00", season)[1])
        for year in (local.year - 1, local.year):
            day = last_sunday(year, int(rule["BYMONTH"]))
            changes.append((datetime.combine(day, since.time()), hours))
    offset = max(change for change in changes if change[0] <= local)[1]
    return (local - timedelta(hours=offset)).replace(tzinfo=UTC)


@pytest.mark.parametrize("day", THREE_YEARS_OF_WEEKS, ids=str)
def test_given_a_meeting_at_ten_in_any_week_when_a_calendar_reads_it_then_it_is_ten_in_berlin(day):
    starts_at = datetime(day.year, day.month, day.day, 10, 0, tzinfo=BERLIN)
    file = ics.invitation(**appointment(starts_at=starts_at, ends_at=starts_at + timedelta(hours=2)))
    assert moment_of(file, "DTSTART") == starts_at.astimezone(UTC)
    assert moment_of(file, "DTSTART").astimezone(BERLIN).hour == 10
    assert moment_of(file, "DTEND") - moment_of(file, "DTSTART") == timedelta(hours=2)


def test_given_moments_in_utc_when_invited_then_the_file_speaks_local_time():
    file = ics.invitation(
        **appointment(
            starts_at=datetime(2027, 5, 11, 8, 0, tzinfo=UTC),
            ends_at=datetime(2027, 5, 11, 10, 30, tzinfo=UTC),
        )
    )
    assert "DTSTART;TZID=Europe/Berlin:20270511T100000" in lines_of(file)
    assert value_of(file, "DTSTAMP") == "20270420T080000Z"


def test_given_a_meeting_when_invited_then_the_file_is_a_request_with_one_attendee():
    file = ics.invitation(**appointment())
    assert value_of(file, "METHOD") == "REQUEST"
    assert value_of(file, "STATUS") == "CONFIRMED"
    assert value_of(file, "ATTENDEE") == "mailto:leitung@example.org"
    assert value_of(file, "ORGANIZER") == "mailto:geschaeftsfuehrung@example.org"
    assert file.count(b"BEGIN:VEVENT") == file.count(b"BEGIN:VTIMEZONE") == 1


def test_given_a_round_moves_the_meeting_when_invited_again_then_uid_stays_and_sequence_rises():
    first = ics.invitation(**appointment())
    later = datetime(2027, 5, 18, 10, 0, tzinfo=BERLIN)
    second = ics.invitation(**appointment(sequence=1, starts_at=later, ends_at=later + timedelta(hours=1)))
    gone = ics.cancellation(**appointment(sequence=2))
    assert {value_of(file, "UID") for file in (first, second, gone)} == {"sitzung-17@kok.example.org"}
    assert [value_of(file, "SEQUENCE") for file in (first, second, gone)] == ["0", "1", "2"]


def test_given_an_invited_meeting_when_cancelled_then_the_file_removes_the_entry():
    file = ics.cancellation(**appointment(sequence=3))
    assert value_of(file, "METHOD") == "CANCEL"
    assert value_of(file, "STATUS") == "CANCELLED"
    assert value_of(file, "ATTENDEE") == "mailto:leitung@example.org"


@pytest.mark.parametrize(
    "text",
    [
        'Übergänge: Größe, Maß; „Zitat“ und "gerade" \\ Ende',
        "Zwei\nZeilen",
        "ü" * 200,
        "BEGIN:VEVENT\r\nATTENDEE:mailto:fremd@example.org",
    ],
)
@pytest.mark.parametrize("field", ["summary", "description", "location"])
def test_given_umlauts_quotes_and_breaks_when_read_back_then_the_text_is_the_same(field, text):
    file = ics.invitation(**appointment(**{field: text}))
    assert text_of(file, field.upper()) == text.replace("\r\n", "\n")
    assert value_of(file, "ATTENDEE") == "mailto:leitung@example.org"


def test_given_long_lines_when_written_then_each_has_at_most_75_bytes_and_ends_in_crlf():
    file = ics.invitation(**appointment(description="Größe " * 100))
    assert file.endswith(b"\r\n")
    assert b"\n" not in file.replace(b"\r\n", b"")
    assert max(len(line) for line in file.split(b"\r\n")) <= 75


@pytest.mark.parametrize("name", ['Leitung "Soziales", FD 2: Ost', "Zwei\r\nZeilen"])
def test_given_marks_in_a_name_when_invited_then_the_address_stays_whole(name):
    file = ics.invitation(**appointment(attendee_name=name))
    (line,) = (line for line in lines_of(file) if line.startswith("ATTENDEE"))
    assert line.endswith(":mailto:leitung@example.org")
    assert line.startswith("ATTENDEE;CN=")


def test_given_no_name_place_or_link_when_invited_then_the_file_has_no_empty_lines_for_them():
    parts = appointment(location="", url="")
    del parts["attendee_name"]
    names = {re.split("[;:]", line)[0] for line in lines_of(ics.invitation(**parts))}
    assert names.isdisjoint({"LOCATION", "URL"})
    assert "CN=" not in next(line for line in lines_of(ics.invitation(**parts)) if line.startswith("ATTENDEE"))


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"starts_at": datetime.fromisoformat("2027-05-11T10:00")}, "time zone"),
        ({"ends_at": datetime(2027, 5, 11, 10, 0, tzinfo=BERLIN)}, "after the start"),
        ({"sequence": -1}, "starts with 0"),
        ({"attendee_email": "a@example.org\r\nATTENDEE:mailto:fremd@example.org"}, "white space"),
        ({"url": "https://example.org/\r\nATTENDEE:mailto:fremd@example.org"}, "CR or LF"),
    ],
)
def test_given_a_fault_of_the_caller_when_invited_then_it_is_refused(fault, reason):
    with pytest.raises(ValueError, match=reason):
        ics.invitation(**appointment(**fault))


def test_given_the_same_input_when_written_twice_then_the_bytes_are_the_same():
    assert ics.invitation(**appointment()) == ics.invitation(**appointment())


def test_given_a_mail_part_when_typed_then_charset_and_method_stand_in_it():
    assert ics.content_type("REQUEST") == "text/calendar; charset=utf-8; method=REQUEST"
    assert ics.content_type("CANCEL") == "text/calendar; charset=utf-8; method=CANCEL"
