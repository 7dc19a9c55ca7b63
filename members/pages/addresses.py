"""What the page says to which the mailed link to a new address leads."""

from kok.entrances import Entrance
from kok.models import AddressChange, User
from kok.words import spelled
from members.queries.addresses import LASTS

GONE = Entrance(
    heading="Der Link gilt nicht mehr",
    texts=(
        (
            "Vielleicht ist die Adresse schon bestätigt, zurückgenommen oder durch eine andere ersetzt, oder der Link "
            f"ist älter als {spelled(LASTS.days)} Tage. Es wurde nichts geändert."
        ),
        (
            "Die Stelle Ihres Partners, die Konten pflegt, kann die Adresse noch einmal eintragen. Sie selbst können "
            "das auch, unter Ihrem Namen bei „E-Mail-Adresse“."
        ),
    ),
    way=("Zur Startseite", "kok:start"),
)


def confirming(change: AddressChange | None, user: User) -> Entrance:
    """The button for whose account it is, and what to do for others."""
    if change is None:
        return GONE
    if change.user_id == user.pk:
        asks = (
            f"An {change.email} sollen alle Mails Ihres Kontos gehen, auch Links zu einem neuen Passwort. Bestätigen "
            "Sie das nur, wenn Sie dieses Postfach selbst lesen."
        )
        return Entrance(
            heading="Neue E-Mail-Adresse bestätigen",
            texts=(asks,),
            submit="Adresse bestätigen",
            leave=("Nicht bestätigen", "address:own"),
        )
    told = (
        f"Sie sind als {user.get_username()} angemeldet. Die neue Adresse bestätigt nur, wer das Konto benutzt, um "
        "das es geht. Melden Sie sich ab und öffnen Sie den Link noch einmal mit jenem Konto. Es wurde nichts geändert."
    )
    return Entrance(heading="Der Link gehört zu einem anderen Konto", texts=(told,), way=("Abmelden", "account_logout"))
