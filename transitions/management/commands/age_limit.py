"""The individuelle Regelaltersgrenze: `manage.py age_limit 1959-12-31 --exception miner --on 2026-12-31 --json`."""

from argparse import ArgumentTypeError
from datetime import date
from typing import Any, TypedDict

from django.core.management.base import CommandParser

from kok import clock, words
from kok.management.base import KokCommand, a_day
from transitions.rules.age_limit import check_born_on, code, counts_on, limit_months, limit_reached_on
from transitions.rules.age_limit import words as age_in_words
from transitions.rules.codes import LimitException

EXCEPTIONS = {each.value.lower(): each for each in LimitException}


def a_birthday(text: str) -> date:
    """An argument such as 1959-12-31; which years are possible is for the rule to say."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"„{text}“ ist kein Tag. Schreiben Sie ihn wie 1959-12-31.") from None


class AgeAnswer(TypedDict):
    """What is told of one date of birth; `counts_on`: None without a Stichtag."""

    age: str
    months_above_65: int
    limit_reached_on: date
    counts_on: bool | None


class Command(KokCommand):
    """Only computes; nothing is stored. `counts_on` is null where no Stichtag is named."""

    help = "Berechnet die individuelle Regelaltersgrenze nach § 235 SGB VI."

    def add_arguments(self, parser: CommandParser) -> None:
        """Date of birth, exception, Stichtag."""
        super().add_arguments(parser)
        parser.add_argument("born_on", type=a_birthday, metavar="GEBURTSDATUM", help="zum Beispiel 1959-12-31")
        parser.add_argument(
            "--exception",
            choices=EXCEPTIONS,
            help="Grenze bleibt bei 65 Jahren: Altersteilzeit, vor 2007 vereinbart, oder Anpassungsgeld (Bergbau)",
        )
        parser.add_argument(
            "--on", type=a_day, metavar="STICHTAG", help="zum Beispiel 2026-12-31; ohne Angabe wird nicht gezählt"
        )

    def answer(self, **options: Any) -> AgeAnswer:
        """Raises Refused for a date of birth after today or after the Stichtag, and as `limit_months`."""
        born_on, on = options["born_on"], options["on"]
        exception = EXCEPTIONS.get(options["exception"])
        check_born_on(born_on, clock.today())
        self.on = on
        months = limit_months(born_on, exception)
        return {
            "age": code(months),
            "months_above_65": months,
            "limit_reached_on": limit_reached_on(born_on, exception),
            "counts_on": counts_on(born_on, on, exception) if on else None,
        }

    def tell(self, found: AgeAnswer) -> str:
        """One sentence, a second one with a Stichtag."""
        sentence = (
            f"Die Regelaltersgrenze beträgt {age_in_words(found['months_above_65'])}. "
            f"Sie ist mit dem Ende des {words.day(found['limit_reached_on'])} erreicht."
        )
        if self.on is None:
            return sentence
        counted = "mit" if found["counts_on"] else "nicht mit"
        return f"{sentence} Am Stichtag {words.day(self.on)} zählt die Person {counted}."
