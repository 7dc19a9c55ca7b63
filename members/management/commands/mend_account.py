"""An account was changed past the application and opens nothing any more: on the machine itself it is made good."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser

from kok import clock
from kok.errors import Refused
from kok.management.base import KokCommand
from members import actions


class Command(KokCommand[dict[str, object]]):
    """Closes it, takes password and second factors off, and seals it with the address that is named."""

    help = (
        "Richtet ein Konto, das an der Anwendung vorbei geändert wurde: sperrt es, nimmt Passwort und zweiten Faktor "
        "weg, trägt die genannte Adresse ein und versiegelt es neu. Danach geben es die Zuständigen in der Anwendung "
        "frei. Mit --all, wenn CASE_LOG_KEY verloren ist und ein anderer gilt: versiegelt alle Konten, Rollen, Listen "
        "und was sonst versiegelt war, wie es ist."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The number that the finding names and the right address; or all."""
        super().add_arguments(parser)
        chosen = parser.add_mutually_exclusive_group(required=True)
        chosen.add_argument("--number", type=int, metavar="NUMMER", help="Nummer des Kontos, wie der Befund sie nennt")
        chosen.add_argument("--all", action="store_true", help="alle Konten, nach einem verlorenen CASE_LOG_KEY")
        parser.add_argument("--email", default="", metavar="ADRESSE", help="die richtige dienstliche Adresse")

    def answer(self, *, number: int, email: str, **options: object) -> dict[str, object]:
        """Mends, and says what stands there now: the name could be wrong as well."""
        if options["all"]:
            return {"sealed": actions.seal_all_anew(now=clock.now())}
        self.require_key()
        try:
            forms.EmailField().clean(email)
        except ValidationError:
            raise Refused("Nennen Sie mit --email die richtige Adresse. Es wurde nichts geändert.") from None
        user = actions.mend_account(number=number, email=email, now=clock.now())
        return {"number": user.pk, "username": user.username, "name": user.get_full_name()}

    def tell(self, found: dict[str, object]) -> str:
        """What happened and what is next."""
        if "sealed" in found:
            return (
                f"{found['sealed']} Konten und alles, was sonst versiegelt war, sind neu versiegelt. Sehen Sie Rollen "
                "und Adressen durch."
            )
        return (
            f"Das Konto Nr. {found['number']} ({found['username']}, {found['name'] or 'ohne Namen'}) ist gesperrt, "
            "ohne Passwort und ohne zweiten Faktor, und neu versiegelt. Prüfen Sie, ob Benutzername und Name stimmen. "
            "Wer es in der Anwendung pflegt, gibt es frei und lädt neu ein."
        )
