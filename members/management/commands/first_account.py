"""The first accounts of an installation: a registrar for each partner, somebody for the technical operation."""

from typing import Any

from django.core.management.base import CommandParser
from django.forms import Form

from kok import clock
from kok.errors import Refused
from kok.management.base import KokCommand
from members import actions, queries
from members.forms import FirstAccountForm, FirstRegistrarForm

WRONG = {
    "username": (
        "--username: Der Benutzername besteht aus höchstens 150 Buchstaben und Ziffern und den Zeichen @ . + - _, ohne "
        "Leerzeichen."
    ),
    "email": "--email: Das ist keine Mailadresse. Schreiben Sie sie wie eva.muster@kreis.example.org.",
    "given_name": "--given-name: Nennen Sie den Vornamen, mit höchstens 100 Zeichen.",
    "family_name": "--family-name: Nennen Sie den Familiennamen, mit höchstens 100 Zeichen.",
}


class Command(KokCommand):
    """Invites by mail; the person chooses a password through the link, nobody else learns it."""

    help = (
        "Lädt das erste Konto eines Partners (Stammdaten) oder der Technik ein. Solange dort niemand ein Passwort "
        "festgelegt hat, berichtigt ein zweiter Aufruf mit demselben --username die Angaben und lädt neu ein."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Either `--agreement` and `--partner` with a name, or `--admin`."""
        super().add_arguments(parser)
        parser.add_argument("--admin", action="store_true", help="Konto für die Technik der ganzen Installation")
        parser.add_argument("--agreement", metavar="KURZNAME", help="zum Beispiel wetteraukreis")
        parser.add_argument("--partner", metavar="KURZNAME", help="zum Beispiel lwv-hessen")
        parser.add_argument("--given-name", default="", metavar="VORNAME")
        parser.add_argument("--family-name", default="", metavar="NACHNAME")
        parser.add_argument("--username", required=True, metavar="NAME", help="zum Anmelden")
        parser.add_argument("--email", required=True, metavar="ADRESSE", help="dienstliche Adresse")

    def answer(self, **options: Any) -> dict[str, Any]:
        """Invites, and says whom."""
        if options["admin"]:
            typed = _checked(FirstAccountForm(options))
            is_new = actions.invite_admin(**typed, now=clock.now())
            return {"username": typed["username"], "role": "admin", "is_new": is_new}
        partner = self._partner(options)
        typed = _checked(FirstRegistrarForm(options))
        username = typed.pop("username")
        details = actions.PersonDetails(**typed)
        is_new = actions.invite_first_registrar(partner=partner, username=username, details=details, now=clock.now())
        return {"username": username, "role": "registrar", "is_new": is_new}

    def _partner(self, options: dict[str, Any]) -> Any:
        if not (options["agreement"] and options["partner"]):
            raise Refused("Nennen Sie --agreement und --partner, oder --admin für die Technik.")
        partners = {
            partner.slug: partner for partner in queries.partners_of_agreement(self.agreement(options["agreement"]))
        }
        if options["partner"] not in partners:
            raise Refused(f"Diesen Partner gibt es nicht. Möglich sind: {', '.join(partners)}.")
        return partners[options["partner"]]

    def tell(self, found: dict[str, Any]) -> str:
        """What happened to the account, and how the person learns of it."""
        done = (
            f"Das Konto {found['username']} ist angelegt."
            if found["is_new"]
            else f"Das Konto {found['username']} gab es schon, noch ohne Passwort. Die Angaben sind berichtigt, "
            "frühere Links gelten nicht mehr."
        )
        return f"{done} Die Einladung geht per Mail hinaus, sobald ein Worker läuft."


def _checked(form: Form) -> dict[str, Any]:
    """What was typed, by the rules of the pages. Raises Refused with a sentence for each fault."""
    if form.is_valid():
        return form.cleaned_data
    raise Refused("\n".join([*(WRONG[name] for name in form.errors), "Es wurde nichts angelegt."]))
