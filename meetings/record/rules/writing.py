"""Who writes minutes and closes tasks (R-SEC-2; domain.md 7.2)."""

from collections.abc import Collection
from datetime import time

from kok.articles import beim
from kok.errors import require
from meetings.record.rules.codes import TaskState


def check_owner(owner: int, acting: Collection[int], *, owner_name: str) -> None:
    """R-SEC-2: chair and minutes belong to the partner in office on the day of the meeting. Raises Refused."""
    require(
        owner in acting,
        f"Leitung und Protokoll dieser Sitzung liegen {beim(owner_name)}. Es wurde nichts geändert. "
        "Bitten Sie die dortige Geschäftsstelle darum.",
    )


def check_version(*, shown: int, now: int) -> None:
    """Nobody circulates or approves a text that he did not see. Raises Refused."""
    require(
        shown == now,
        f"Das Protokoll wurde inzwischen geändert, jetzt ist es die Fassung {now}. Es wurde nichts gespeichert. "
        "Lesen Sie die neue Fassung, und entscheiden Sie dann.",
    )


def check_times(*, began_at: time | None, ended_at: time | None) -> None:
    """A meeting ends after it began. Raises Refused."""
    require(
        began_at is None or ended_at is None or began_at < ended_at,
        "Das Ende der Sitzung liegt vor ihrem Beginn. Ihre Angaben stehen noch hier. Prüfen Sie die Uhrzeiten.",
    )


def check_deputy_named(name: str, *, function: str) -> None:
    """Whoever stands in for a seat is named. Raises Refused."""
    require(
        name,
        f"Es fehlt, wer die Stelle „{function}“ vertreten hat. Es wurde nichts gespeichert, Ihre Angaben stehen "
        "noch hier. Tragen Sie den Namen ein.",
    )


def check_take_back(reason: str) -> None:
    """Whoever was told of a text is told why it changes. Raises Refused."""
    require(reason.strip(), "Der Grund fehlt. Das Protokoll ist unverändert. Schreiben Sie einen kurzen Grund.")


def check_chosen(number: int) -> None:
    """Somebody must be chosen before anything is sent. Raises Refused."""
    require(number, "Es ist niemand ausgewählt. Es wurde nichts versandt. Wählen Sie, wer das PDF erhalten soll.")


def check_task_update(*, allowed: bool) -> None:
    """Members close the tasks of their own partner, the secretariats all. Raises Refused."""
    require(
        allowed,
        "Diese Aufgabe gehört zu einem anderen Partner. Es wurde nichts geändert. "
        "Bitten Sie die Geschäftsstelle, den Stand einzutragen.",
    )


def check_close(*, number: str, is_open: bool, state: str, note: str) -> None:
    """An open task is closed once; one that is dropped says why, so that nothing falls under the table.

    Raises Refused.
    """
    require(
        is_open,
        f"Die Aufgabe {number} ist schon abgeschlossen. Es wurde nichts geändert. Öffnen Sie sie wieder, "
        "wenn noch etwas zu tun ist.",
    )
    require(
        state != TaskState.DROPPED or note.strip(),
        f"Die Aufgabe {number} soll nicht weiter verfolgt werden. Es wurde noch nichts geändert. "
        "Schreiben Sie kurz, warum.",
    )


def check_reopen(*, number: str, is_open: bool) -> None:
    """Only a closed task can be opened again. Raises Refused."""
    require(not is_open, f"Die Aufgabe {number} ist schon offen. Es ist nichts zu tun.")
