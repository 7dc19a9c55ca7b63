"""The first accounts of an installation: a registrar for each partner, somebody for the technical operation."""

from typing import Any

from django.core.management.base import CommandParser

from kok import clock
from kok.errors import Refused
from kok.management.base import KokCommand
from members import actions, queries


class Command(KokCommand):
    """Invites by mail; the person chooses a password through the link, nobody else learns it."""

    help = "Lädt das erste Konto eines Partners (Stammdaten) oder der Technik ein."

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

    def answer(self, **options: Any) -> dict[str, str]:
        """Invites, and says whom."""
        username, email = options["username"], options["email"]
        if options["admin"]:
            actions.invite_admin(username=username, email=email, now=clock.now())
            return {"username": username, "role": "admin"}
        partner = self._partner(options)
        details = actions.PersonDetails(
            given_name=options["given_name"], family_name=options["family_name"], email=email
        )
        actions.invite_first_registrar(partner=partner, username=username, details=details, now=clock.now())
        return {"username": username, "role": "registrar"}

    def _partner(self, options: dict[str, Any]) -> Any:
        if not (options["agreement"] and options["partner"] and options["family_name"]):
            raise Refused("Nennen Sie --agreement, --partner und --family-name, oder --admin für die Technik.")
        partners = {
            partner.slug: partner for partner in queries.partners_of_agreement(self.agreement(options["agreement"]))
        }
        if options["partner"] not in partners:
            raise Refused(f"Diesen Partner gibt es nicht. Möglich sind: {', '.join(partners)}.")
        return partners[options["partner"]]

    def tell(self, found: dict[str, str]) -> str:
        """One sentence."""
        return (
            f"Das Konto {found['username']} ist angelegt. Die Einladung geht per Mail hinaus, sobald ein Worker läuft."
        )
