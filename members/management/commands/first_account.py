"""Accounts by command: a registrar for each partner, auditors, somebody for the technical operation."""

from typing import TYPE_CHECKING

from django.core.management.base import CommandParser
from django.forms import Form

from kok import clock
from kok.access import ROLES
from kok.errors import Refused, require
from kok.management.base import KokCommand
from members import actions, queries
from members.forms import FirstAccountForm, FirstPersonForm
from members.rules.power import ADMIN, AUDITOR, REGISTRAR

if TYPE_CHECKING:
    from members.models import Authority, Partner

FORMS = (
    "Nennen Sie --agreement und --partner für Stammdaten, oder --auditor und --authority, auf Wunsch mit --agreement, "
    "oder --admin allein für die Technik."
)


class Command(KokCommand[dict[str, str]]):
    """Invites by mail; the person chooses a password through the link, nobody else learns it."""

    help = (
        "Lädt auf dem Server ein Konto mit der Rolle Stammdaten, Prüfung oder Technik ein. Ein Konto, das in Gebrauch "
        "ist, bekommt Stammdaten oder Prüfung für eine weitere Vereinbarung. Solange niemand ein Passwort festgelegt "
        "hat, berichtigt ein zweiter Aufruf mit demselben --username die Angaben und lädt neu ein. Alle, die im selben "
        "Haus Stammdaten pflegen oder prüfen, bekommen eine Mail."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """`--agreement` and `--partner`; `--auditor` and `--authority`, for one `--agreement` or all; or `--admin`."""
        super().add_arguments(parser)
        parser.add_argument("--admin", action="store_true", help="Konto für die Technik der ganzen Installation")
        parser.add_argument("--auditor", action="store_true", help="Konto für die Prüfung, mit --authority")
        parser.add_argument("--authority", metavar="KURZNAME", help="Behörde der Prüfung, zum Beispiel lwv-hessen")
        parser.add_argument("--agreement", metavar="KURZNAME", help="zum Beispiel wetteraukreis")
        parser.add_argument("--partner", metavar="KURZNAME", help="zum Beispiel lwv-hessen")
        parser.add_argument("--given-name", default="", metavar="VORNAME")
        parser.add_argument("--family-name", default="", metavar="NACHNAME")
        parser.add_argument("--username", required=True, metavar="NAME", help="zum Anmelden")
        parser.add_argument("--email", required=True, metavar="ADRESSE", help="dienstliche Adresse")

    def answer(
        self,
        *,
        admin: bool,
        auditor: bool,
        authority: str | None,
        agreement: str | None,
        partner: str | None,
        **options: object,
    ) -> dict[str, str]:
        """Invites, and says whom."""
        self.require_key()
        _check_one_form(admin=admin, auditor=auditor, authority=authority, agreement=agreement, partner=partner)
        if admin:
            typed = _checked(FirstAccountForm(options))
            outcome = actions.invite_admin(**typed, now=clock.now())
            return {"username": typed["username"], "role": ADMIN, "outcome": outcome}
        role = AUDITOR if auditor else REGISTRAR
        place = self._place_of_auditor(agreement, authority) if auditor else self._partner(agreement, partner)
        typed = _checked(FirstPersonForm(options))
        username = typed.pop("username")
        details = actions.PersonDetails(**typed)
        outcome = actions.first_account(role=role, place=place, username=username, details=details, now=clock.now())
        return {"username": username, "role": role, "outcome": outcome}

    def _place_of_auditor(self, agreement: str | None, authority: str | None) -> "Partner | Authority":
        """The authority in all its agreements, or in the one that is named."""
        if agreement and authority:
            return self._partner(agreement, authority)
        known = queries.authorities_by_slug()
        sentence = f"Nennen Sie mit --authority die Behörde. Möglich sind: {', '.join(known)}."
        return require(known.get(authority or ""), sentence)

    def _partner(self, agreement: str | None, slug: str | None) -> "Partner":
        named = require(agreement if slug else None, FORMS)
        partners = {partner.slug: partner for partner in queries.partners_of_agreement(self.agreement(named))}
        sentence = f"Diesen Partner gibt es nicht. Möglich sind: {', '.join(partners)}."
        return require(partners.get(slug or ""), sentence)

    def tell(self, found: dict[str, str]) -> str:
        """What happened to the account, and how the person learns of it."""
        done = {
            "new": f"Das Konto {found['username']} ist angelegt.",
            "corrected": f"Das Konto {found['username']} gab es schon, noch ohne Passwort. Die Angaben sind "
            "berichtigt, frühere Links gelten nicht mehr.",
            "extended": f"Das Konto {found['username']} gab es schon. Es hat jetzt eine weitere Rolle: "
            f"{ROLES[found['role']].title}.",
        }[found["outcome"]]
        return f"{done} Die Mails gehen hinaus, sobald ein Worker läuft."


def _check_one_form(
    *, admin: bool, auditor: bool, authority: str | None, agreement: str | None, partner: str | None
) -> None:
    """Raises Refused where options of two forms are named: nobody gets another role than the one that was meant."""
    beside = [auditor, authority, agreement, partner] if admin else [partner] if auditor else [authority]
    require(not any(beside), f"Diese Angaben passen nicht zusammen. {FORMS} Es wurde nichts angelegt.")


def _checked(form: Form) -> dict[str, str]:
    """What was typed, by the rules of the pages. Raises Refused with a sentence for each fault."""
    if form.is_valid():
        return form.cleaned_data
    told = [f"--{name.replace('_', '-')}: {' '.join(map(str, sentences))}" for name, sentences in form.errors.items()]
    raise Refused("\n".join([*told, "Es wurde nichts angelegt."]))
