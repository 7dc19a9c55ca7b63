"""What is asked for, in words: for the list, for the second person, and who is told once it is confirmed."""

from datetime import date

from kok.access import ROLES
from kok.models import User
from kok.words import day, moment
from members.models import AccountRequest
from members.queries.accounts import name_of
from members.queries.addresses import counts_since
from members.queries.identities import Identities, Somebody
from members.rules.codes import AccountRequestKind

ENDS = "Der Antrag endet und kann nicht mehr bestätigt werden. Am Konto und an seinen Rollen ändert sich nichts."
_IN_FEW_WORDS: dict[str, str] = {
    AccountRequestKind.ROLE: "Rolle {title}",
    AccountRequestKind.FACTOR: "Zweiten Faktor entfernen",
    AccountRequestKind.OPENING: "Konto freigeben",
    AccountRequestKind.NAME: "Anderer Name: {row.new_name}",
}
_ASK_BEFORE = "Fragen Sie die Person vorher selbst, zum Beispiel am Telefon, ob sie "
_WHAT_HAPPENS: dict[str, tuple[str, ...]] = {
    AccountRequestKind.ROLE: (
        "{whose} bekommt die Rolle {title} für {row.whom}.",
        "Sie gilt ab dem {first}.",
        "Dafür ist sie da: {who}",
    ),
    AccountRequestKind.FACTOR: (
        "Der zweite Faktor des Kontos {whose} wird entfernt, alle seine Sitzungen enden.",
        "Die Person meldet sich mit ihrem Passwort an und richtet einen neuen ein.",
        f"{_ASK_BEFORE}ihn verloren hat.",
    ),
    AccountRequestKind.OPENING: (
        "Das Konto {whose} kann sich wieder anmelden, mit seinem Passwort und seinen Rollen.",
    ),
    AccountRequestKind.NAME: (
        "{whose} heißt in der Anwendung dann {row.new_name}. Ältere Protokolle behalten den alten Namen.",
        f"{_ASK_BEFORE}so heißt.",
    ),
}


def summary(row: AccountRequest) -> str:
    """What is asked for, in a few words."""
    title, _ = role_of(row)
    return _IN_FEW_WORDS[row.kind].format(row=row, title=title)


def what_happens(row: AccountRequest, today: date) -> list[str]:
    """What it opens, in sentences, for the second person."""
    title, who = role_of(row)
    first = max(row.period.lower, today) if row.period else today
    said = {
        "row": row,
        "whose": f"„{row.user.username}“ ({name_of(row.user)})",
        "title": title,
        "who": who,
        "first": day(first),
    }
    return [sentence.format_map(said) for sentence in _WHAT_HAPPENS[row.kind]]


def role_of(row: AccountRequest) -> tuple[str, str]:
    """The title of the role that is asked for and who may hold it; empty where none is."""
    role = ROLES.get(row.role)
    return (role.title, role.who) if role else ("", "")


def asked_by(row: AccountRequest) -> str:
    """Who asked for it and when."""
    return f"Beantragt hat es {name_of(row.given_by)} („{row.given_by.username}“), {moment(row.given_at)}."


def address_in_words(user: User) -> str:
    """Where whoever opens the account reads his mail; the second person compares it before anything counts."""
    if not user.email:
        return "Bei diesem Konto fehlt die E-Mail-Adresse."
    if since := counts_since(user):
        return (
            f"Mails für dieses Konto gehen an {user.email}, eine Adresse, die erst seit dem {day(since)} gilt. "
            "Bestätigen Sie nur, wenn sie der Person gehört."
        )
    what = "Mails für dieses Konto gehen" if user.has_usable_password() else "Die Einladung ging oder geht"
    return f"{what} an {user.email}. Bestätigen Sie nur, wenn diese Adresse der Person gehört."


def who_is_told(user: User) -> str:
    """Who gets a mail once it is confirmed; somebody whose invitation is open has that one."""
    if user.has_usable_password() and user.email:
        return "Die Person und alle, die in ihrem Haus Konten pflegen oder prüfen, bekommen eine Mail."
    why = "Sie hat noch kein Passwort gewählt." if user.email else "Bei ihrem Konto fehlt die Adresse."
    return f"Alle, die in ihrem Haus Konten pflegen oder prüfen, bekommen eine Mail, die Person selbst keine. {why}"


def who_it_is(people: Identities) -> list[str]:
    """What tells somebody from others of the same name, in sentences, and which name is new."""
    invited = f"eingeladen hat {people.invited_by}" if people.invited_by else "eingeladen wurde es auf dem Server"
    told = [f"Das Konto gibt es seit dem {day(people.since)}, {invited}."]
    if people.namesakes:
        told.append(
            "Zweite Person dieses Namens: Jemand heißt schon so oder fast so, bei "
            f"{' und '.join(people.namesakes)}. Fragen Sie nach, wer gemeint ist."
        )
    if people.has_twin_user_name:
        told.append("Ein anderer Benutzername sieht fast genauso aus. Fragen Sie nach, welcher gemeint ist.")
    told += filter(None, map(_renamed, (people.receiver, people.giver)))
    if people.giver.house:
        told.append(f"Der Antrag kommt von {people.giver.house}.")
    return told


def _renamed(somebody: Somebody) -> str:
    if somebody.renamed_at is None:
        return ""
    by = f", eingetragen von „{somebody.renamed_by}“" if somebody.renamed_by else ""
    return f"{somebody.name} („{somebody.username}“) heißt hier so erst seit {moment(somebody.renamed_at)}{by}."
