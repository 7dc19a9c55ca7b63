"""Samples of the statutory pages: the texts that writing begins with, their gaps filled with what is invented."""

import re
from datetime import datetime

from kok import statutory
from kok.models import User

NOTE = "Muster der Vorführung: Alle Angaben auf dieser Seite sind erfunden."
COUNTY = "Musterkreis, Fachdienst Soziales"
STREET, TOWN = "Musterstraße 1", "00000 Musterstadt"
PHONE, MAIL = "030 23125 001", "kok@example.org"
PLACE = f"{COUNTY}, {STREET}, {TOWN}, Telefon {PHONE}, {MAIL}"
VIDEO = "[Video ansehen](https://www.example.org/video)"

INVENTED = {
    "Adresse der Anwendung": "https://kok.example.org",
    "Adresse des Videos": VIDEO,
    "Amt und Name": "Landrätin Erika Mustermann",
    "Anschrift, Telefon, E-Mail und Internetadresse der Durchsetzungsstelle, so wie sie auf deren Seite heute stehen": (
        f"Musterstelle, {STREET}, {TOWN}, Telefon 030 23125 003, stelle@example.org"
    ),
    "Die Anwendung ist vollständig / teilweise / nicht mit den Anforderungen vereinbar. "
    "Lassen Sie einen der drei Stände stehen.": "Die Anwendung ist teilweise mit den Anforderungen vereinbar.",
    "E-Mail-Adresse": MAIL,
    "Empfänger, und wer die Anwendung im Auftrag betreibt": "Die Partner der Vereinbarung. Betrieben wird die "
    "Anwendung von einem Musterrechenzentrum.",
    "Jede bekannte Barriere: was nicht zugänglich ist, warum, welche Maßnahme geplant ist, bis wann, und welche "
    "Alternative es gibt": "Videos in Deutscher Gebärdensprache fehlen noch. Sie werden bis Ende des Jahres "
    "hergestellt; bis dahin hilft der Text in einfacher Sprache.",
    "Kontakt der Datenschutzbeauftragten jeder verantwortlichen Stelle": f"{STREET}, {TOWN}, datenschutz@example.org",
    "Name der Behörde": COUNTY,
    "Name der zuständigen Stelle": COUNTY,
    "Name und Anschrift der Aufsichtsbehörde": f"Musteraufsicht, {STREET}, {TOWN}.",
    "Name und Anschrift der verantwortlichen Stellen, mit Telefon und E-Mail": PLACE,
    "Postleitzahl und Ort": TOWN,
    "Rechtsgrundlagen jeder Verarbeitung: Geschäftsgang der Kooperationskonferenz, Übergangsliste, Zahlen, "
    "Zugriffsprotokoll": "Welche Rechtsgrundlage für welche Verarbeitung gilt, steht im Betrieb an dieser Stelle.",
    "Selbstbewertung, oder Prüfung durch eine andere Stelle mit deren Namen": "Selbstbewertung.",
    "Straße und Hausnummer": STREET,
    "Tag der Erstellung": "01.03.2022",
    "Tag der letzten Prüfung": "01.03.2022",
    "Telefonnummer": PHONE,
    "Text des Videos: Anmelden, Menü, Hilfe": "Sie melden sich mit Benutzername und Passwort an. Oben steht das Menü, "
    "unten auf jeder Seite die Hilfe.",
    "Text des Videos: Was barrierefrei ist und was noch nicht, und wie man eine Barriere meldet": "Die Anwendung ist "
    "zum Teil barrierefrei. Stoßen Sie auf eine Barriere? Dann [melden Sie sie](/barriere-melden/).",
    "Text des Videos: was die Anwendung ist und wer mit ihr arbeitet": "Hier arbeiten ein Landkreis und der "
    "Landeswohlfahrtsverband Hessen zusammen: Sie planen Sitzungen und halten fest, was sie vereinbaren.",
    "Umsatzsteuer-Identifikationsnummer, sonst löschen Sie diesen Abschnitt": "DE000000000",
    "Wofür Sie sich darauf berufen, mit der Begründung und mit der Alternative; sonst: Wir berufen uns auf keine "
    "unverhältnismäßige Belastung.": "Wir berufen uns auf keine unverhältnismäßige Belastung.",
}


def publish_samples(*, by: User, now: datetime) -> None:
    """Publishes a sample of every page that would else be missing; each begins with the words that it is one."""
    for page in statutory.unpublished():
        filled = re.sub(r"\[\[([^\[\]]+)\]\]", lambda gap: INVENTED[gap[1]], page.start)
        statutory.publish(page=page, text=f"{NOTE}\n\n{filled}", base=0, by=by, now=now)
