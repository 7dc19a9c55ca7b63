"""What is said of tasks that somebody closed while the next version of their minutes is written."""

from kok import words
from meetings.convening.rules.outgoing import ended
from meetings.record.models import ActionItem, Minutes
from meetings.record.queries.tasks import closed_meanwhile, is_worded_anew


def reported_meanwhile(minutes: Minutes) -> list[str]:
    """A sentence for each that the draft strikes or words anew."""
    return [*map(_reported, closed_meanwhile(minutes))]


def _reported(task: ActionItem) -> str:
    told = ended(f"{task.number} „{(task.circulated or task.agreed)['what']}“")
    draft = "ist sie gestrichen" if task.is_struck else f"lautet sie „{task.what}“"
    opens = " Mit dem Versand ist sie wieder offen." if is_worded_anew(task) else ""
    return f"{told}{closed_words(task)} {ended(f'Im Entwurf {draft}')}{opens}"


def closed_words(task: ActionItem) -> str:
    """What became of a closed task and what was noted, to be said behind it; "" of an open one."""
    if task.closed_at is None:
        return ""
    note = ended(f" Vermerk: „{task.closing_note}“") if task.closing_note else ""
    return f" Am {words.day(task.closed_at)} abgeschlossen, {task.get_state_display()}.{note}"
