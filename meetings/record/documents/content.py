"""What stands in a Protokoll, as `templates/pdf/minutes.html` reads it: frozen text and dates, nothing to fetch."""

from dataclasses import dataclass
from datetime import date, time

from kok.words import day, hour


@dataclass(frozen=True)
class AttendanceLine:
    """One line of the list of attendance; never a reason of absence."""

    name: str
    function: str
    attendance: str


@dataclass(frozen=True)
class Delegation:
    """The people of one partner."""

    partner: str
    people: tuple[AttendanceLine, ...]


@dataclass(frozen=True)
class Guest:
    """A guest, the item he was there for (without one the whole meeting), and how he was there, where that is known."""

    name: str
    office: str
    item_number: str
    presence: str = ""

    @property
    def called(self) -> str:
        """Name and office."""
        return ", ".join(filter(None, (self.name, self.office)))

    @property
    def there_for(self) -> str:
        """The item, or the whole meeting, and how."""
        item = f"TOP {self.item_number}" if self.item_number else "ganze Sitzung"
        return ", ".join(filter(None, (item, self.presence)))


@dataclass(frozen=True)
class View:
    """What one partner holds where there is no consensus."""

    partner: str
    text: str


@dataclass(frozen=True)
class Decision:
    """A resolution; or where none came about, what was proposed and the positions of the partners."""

    number: str
    text: str
    has_consensus: bool = True
    views: tuple[View, ...] = ()


@dataclass(frozen=True)
class AgreedTask:
    """Who does what until when."""

    number: str
    what: str
    who: str
    due_on: date | None
    item_number: str

    @property
    def words(self) -> str:
        """What is to be done, by whom and until when."""
        until = f"bis {day(self.due_on)}" if self.due_on else "ohne Frist"
        return f"{self.what}\n{self.who or 'noch niemand'}, {until}"


@dataclass(frozen=True)
class Item:
    """One TOP with what was written and what came of it."""

    number: str
    title: str
    level: int
    text: str
    outcome: str
    guests: tuple[str, ...]
    resolutions: tuple[Decision, ...]
    tasks: tuple[AgreedTask, ...]
    late: str = ""  # that and when it was handed in after the first invitation
    is_supplement: bool = False  # put on the agenda by the meeting itself

    @property
    def agreed(self) -> list[Decision]:
        """What all partners agreed on."""
        return [decision for decision in self.resolutions if decision.has_consensus]

    @property
    def proposed(self) -> str:
        """What they did not agree on."""
        return "".join(decision.text for decision in self.resolutions if not decision.has_consensus)

    @property
    def views(self) -> list[View]:
        """What each partner holds where they did not."""
        return [view for decision in self.resolutions for view in decision.views]


@dataclass(frozen=True)
class Approval:
    """The approval of one partner, or that it is missing."""

    partner: str
    name: str
    function: str
    approved_on: date | None


@dataclass(frozen=True)
class MinutesDocument:
    """Everything the template reads; nothing is fetched while rendering."""

    body: str
    number: str
    version: int
    is_approved: bool
    drafted_on: date
    held_on: date
    starts_at: time
    ends_at: time | None
    place: str
    chair: str
    keeper: str
    convened: str
    quorum: str
    delegations: tuple[Delegation, ...]
    guests: tuple[Guest, ...]
    items: tuple[Item, ...]
    approvals: tuple[Approval, ...]
    distribution: str

    @property
    def tasks(self) -> tuple[AgreedTask, ...]:
        """Every task of the meeting in one list."""
        return tuple(task for item in self.items for task in item.tasks)

    @property
    def numbers(self) -> list[str]:
        """Of every resolution and task."""
        decisions = (decision.number for item in self.items for decision in item.resolutions)
        return [*filter(None, decisions), *(task.number for task in self.tasks)]

    @property
    def where(self) -> str:
        """The place, or that it was convened as a video conference. Who was there how stands with the people."""
        return self.place or "Videokonferenz"

    @property
    def hours(self) -> str:
        """`10:00 bis 12:00`; without an end the beginning."""
        return " bis ".join(filter(None, map(hour, (self.starts_at, self.ends_at))))
