"""The seals over rows that must not change unseen (`kok.models.sealing`): chains of a line for each state of a row."""

import json
import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from django.db import models
from django.db.models import Q

from kok import chains, clock, retention, vault
from kok.readable import by_number

log = logging.getLogger(__name__)
MARK = 8  # digits that tell the fields apart; whether the row is right says `state` alone
BATCH = 1000
AT_ONCE = 2000  # lines that get their places together, as others wait
MOST_LOOKED_AT = 20_000  # lines of a chain that wait and are not ours

Fields = Mapping[str, str]  # what is sealed of a row, by name


class Seal(models.Model):
    """One state of one row: `state` is sealed over its fields. No foreign keys, and nothing that says who or what.

    `marks` are the beginnings of a seal over each field, so that the check can say which one changed. `number` counts
    the states of the row: the highest is its newest, wherever in the chain somebody puts the line. `proof` is sealed
    over the line alone, `seal` over the line with its place, once it has one. `salt` makes the line one of a kind, so
    that it cannot be told twice; it follows from row and number (`salt_of`), so that a line of ours is found among any
    number of others.
    """

    chain = models.CharField("Kette", max_length=20)
    object_id = models.CharField("Nummer der Zeile", max_length=36)
    number = models.PositiveIntegerField("wievielter Stand der Zeile")
    at = models.DateTimeField("Zeitpunkt")
    salt = models.UUIDField("Zufallszahl", unique=True, default=uuid4)
    is_gone = models.BooleanField("gelöscht", default=False)
    state = models.CharField("Prüfwert der Angaben", max_length=64)
    marks = models.CharField("Prüfwerte der einzelnen Angaben", max_length=300, blank=True)
    day = models.DateField("Tag in Hessen", null=True)
    position = models.PositiveIntegerField("Stelle in der Kette des Tages", null=True)
    proof = models.CharField("Siegel ohne Platz", max_length=64)
    seal = models.CharField("Siegel", max_length=64, blank=True)
    transaction = models.BigIntegerField("Nummer der Transaktion", null=True, editable=False)  # a trigger sets it

    class Meta:
        verbose_name = "Siegel einer Zeile"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["chain", "day", "position"], name="seal_position_once"),
            models.CheckConstraint(
                condition=Q(day__isnull=True, position__isnull=True) | Q(day__isnull=False, position__gte=1),
                name="seal_has_a_place_or_waits",
            ),
        ]
        indexes = [
            models.Index(fields=["chain", "object_id", "number", "id"], name="seal_of_row"),
            models.Index(fields=["transaction", "object_id"], name="seal_of_transaction"),
            models.Index(fields=["chain", "id"], condition=Q(position__isnull=True), name="seal_waits"),
        ]

    class Privacy:
        personal = ()
        confidential = ()
        plain = (
            "id", "chain", "object_id", "number", "at", "salt", "is_gone", "state", "marks", "day", "position", "proof",
            "seal", "transaction",
        )  # fmt: skip
        keep = (
            f"ohne Personenbezug: vom Änderungsprotokoll {retention.TRAIL}, von Anmeldungen {retention.SIGN_INS}, "
            "sonst dauerhaft"
        )

    def put_over(self, fields: Fields | None) -> None:
        """Seals what a row says now, None where it is gone. Raises KeyLost."""
        self.is_gone, self.state = fields is None, self._seal_of(fields)
        self.marks = " ".join(self._mark(name, value) for name, value in (fields or {}).items())
        self.proof = vault.signature(self._words())

    def fits(self, fields: Fields) -> bool:
        """Whether the row says what was sealed. Raises KeyLost."""
        return not self.is_gone and self.state == self._seal_of(fields)

    def changed(self, fields: Fields) -> tuple[list[str], bool]:
        """The names of fields that say something else than was sealed, and whether one was emptied. Raises KeyLost."""
        kept = set(self.marks.split())
        other = [name for name, value in fields.items() if self._mark(name, value) not in kept]
        return other, len(kept) > len(fields)

    def says(self, name: str, value: str) -> bool:
        """Whether the field said this when it was sealed, of a row that is gone or changed since. Raises KeyLost."""
        return self._mark(name, value) in self.marks.split()

    def is_ours(self) -> bool:
        """Whether the application wrote this line, wherever it stands. Raises KeyLost."""
        return self.proof == vault.signature(self._words())

    def _words(self) -> str:
        return json.dumps(told_by(self), sort_keys=True)

    def _seal_of(self, fields: Fields | None) -> str:
        """Sealed for this line alone."""
        told = {
            "salt": str(self.salt), "chain": self.chain, "row": self.object_id, "number": self.number, "fields": fields,
        }  # fmt: skip
        return vault.signature(json.dumps(told, sort_keys=True, ensure_ascii=False))

    def _mark(self, name: str, value: str) -> str:
        return vault.signature(json.dumps([str(self.salt), name, value]))[:MARK]


class SealDay(chains.ChainDay):
    """The closing seal of a day of such a chain; it stays when its lines are erased."""

    class Meta:
        verbose_name = "Tagessiegel"
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["chain", "day"], name="seal_day_once")]

    class Privacy:
        personal = ()
        confidential = ()
        plain = ("id", "chain", "day", "entries", "seal", "proof")
        keep = "dauerhaft, ohne Personenbezug: sie verbindet die Kette, wenn Zeilen gelöscht sind"


def read(line: str) -> Seal:
    """A line that the database gave as JSON with the row that it is about."""
    told = json.loads(line)
    told |= {"salt": UUID(told["salt"]), "at": datetime.fromisoformat(told["at"])}
    return Seal(**told | {"day": told["day"] and date.fromisoformat(told["day"])})


def salt_of(chain: str, row: str, number: int) -> UUID:
    """The salt of a state of a row: who has no key can neither foresee one nor take one twice. Raises KeyLost."""
    return UUID(vault.signature(json.dumps(["salt", chain, row, number]))[:32])


def told_by(line: Seal) -> dict[str, object]:
    """What a line says, without its place."""
    return {
        "chain": line.chain, "row": line.object_id, "number": line.number, "salt": str(line.salt), "gone": line.is_gone,
        "state": line.state, "marks": line.marks, "at": line.at.astimezone(UTC).isoformat(),
    }  # fmt: skip


def words(line: Seal, before: str) -> str:
    """Everything that the seal of a line in its chain covers, with the seal before it."""
    place = {"before": before, "position": line.position, "day": line.day.isoformat() if line.day else None}
    return json.dumps(told_by(line) | place, sort_keys=True)


NEWEST_FIRST = ("-number", "-pk")


def newest(seals: models.QuerySet[Seal]) -> models.QuerySet[Seal]:
    """The newest line of each row."""
    return seals.order_by("object_id", *NEWEST_FIRST).distinct("object_id")


def give_places(chain: chains.Chain, numbers: Collection[int] | None = None) -> None:
    """Puts the lines that wait into their chain; those that are not ours wait for ever, and the check names them.

    Those with these numbers only, when they are given: who writes does not look at what somebody put there. Else the
    newest first, some at a time, so that nobody waits for long; no more once `MOST_LOOKED_AT` were not ours.
    """
    if numbers is not None:
        _give_places(chain, sorted(numbers))
        return
    left, before = MOST_LOOKED_AT, None
    while left > 0 and (some := _waiting_before(chain, before)):
        before = some[0]
        if mine := [line.pk for line in _waiting_of_ours(chain, some)]:  # found before anybody waits
            _give_places(chain, mine)
        left -= len(some) - len(mine)


def waiting(chain: str) -> models.QuerySet[Seal]:
    """The lines of a chain that have no place yet."""
    return Seal.objects.filter(chain=chain, position__isnull=True)


def _waiting_before(chain: chains.Chain, before: int | None) -> list[int]:
    """The newest of them, or those before a number, in the order in which they were written."""
    lines = waiting(chain.code) if before is None else waiting(chain.code).filter(pk__lt=before)
    return list(lines.order_by("-pk").values_list("pk", flat=True)[:AT_ONCE])[::-1]


def _waiting_of_ours(chain: chains.Chain, numbers: Sequence[int]) -> list[Seal]:
    """Of the lines with these numbers, which are in order, those of ours that still wait."""
    return list(filter(Seal.is_ours, by_number(waiting(chain.code), numbers).values()))


def _give_places(chain: chains.Chain, numbers: Sequence[int]) -> None:
    chains.append(
        chain,
        lambda: _waiting_of_ours(chain, numbers),
        lambda lines: Seal.objects.bulk_update(lines, ["day", "position", "seal"], batch_size=BATCH),
        clock.now(),
    )


def place_after_commit(chain: chains.Chain, numbers: Collection[int]) -> None:
    """`give_places` for an act that is through: whatever fails now, the act stands, and the night gives the places.

    So it does for beat, which holds up nobody: it has no right to take a turn.
    """
    try:
        give_places(chain, numbers)
    except Exception as error:  # noqa: BLE001  whoever acted is answered
        log.warning("Kette %s: Neue Zeilen warten auf ihren Platz (%s).", chain.slug, type(error).__name__)
