"""Questions as pages tell them: in which other case the person may stand as well, and why nobody waits any more."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.utils.html import format_html
from django.utils.safestring import SafeString

from kok import words
from kok.errors import first_problem
from members.models import Agreement
from transitions.models import CaseQuestion, TransitionCase
from transitions.pages.links import link

ToldQuestion = tuple[CaseQuestion, SafeString]
"""A question, and in which other case the person may stand as well."""


def second_words(second: TransitionCase | None, openable: Collection[UUID], agreement: Agreement) -> SafeString:
    """In which other case somebody may stand as well; with a link where its page may be opened (`openable`)."""
    if second is None:
        return SafeString()
    named = format_html("Fall {}", second.case_ref)
    if second.pk in openable:
        named = format_html('<a href="{}">{}</a>', link(agreement, "case", second.pk), named)
    return format_html(' Genannt ist auch <span class="kok-nowrap">{}.</span>', named)


def told_questions(
    questions: Iterable[CaseQuestion], openable: Collection[UUID], agreement: Agreement
) -> list[ToldQuestion]:
    """Each with what `second_words` says of it."""
    return [(each, second_words(each.other_case, openable, agreement)) for each in questions]


def over_words(case: TransitionCase) -> str:
    """Why nobody waits for an answer about this case any more; "" where somebody does."""
    since = f" am {words.day(case.ended_at)}" if case.ended_at else ""
    told = f"Die empfangende Stelle hat{since} das Ergebnis „{case.get_outcome_display()}“ eingetragen."
    return first_problem(
        (case.outcome, told),
        (case.end_reason, f"Der Fall steht nicht mehr auf der Liste ({case.get_state_display()}{since})."),
        (case.is_over, "Die Angaben zu diesem Fall sind gelöscht."),
    )
