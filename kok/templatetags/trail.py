"""The German words of the trail and of messages: what is stored as a code is shown as a sentence."""

from typing import Any

from django import template
from django.apps import apps

register = template.Library()

ACTS = {
    "access-log.checked": "Siegel und Enden der Ketten geprüft",
    "access-log.exported": "Zugriffsprotokoll heruntergeladen",
    "access-log.read": "Zugriffsprotokoll gelesen",
    "account.address-asked": "Neue E-Mail-Adresse eingetragen, noch nicht bestätigt",
    "account.address-changed": "Neue E-Mail-Adresse bestätigt",
    "account.address-withdrawn": "Neue E-Mail-Adresse zurückgenommen",
    "account.closed": "Konto gesperrt",
    "account.factor-removed": "Zweiter Faktor entfernt, weil er verloren ist",
    "account.invited": "Konto eingeladen",
    "account.opened": "Konto freigegeben",
    "account.password-changed": "Passwort geändert",
    "account.password-reset": "Passwort neu gesetzt",
    "account.password-set": "Passwort gesetzt",
    "account.recovery-codes-generated": "Ersatzcodes erzeugt",
    "account.recovery-codes-shown": "Ersatzcodes angezeigt",
    "account.sealed-anew": "Konto gesperrt und neu versiegelt, weil es an der Anwendung vorbei geändert war",
    "account.session-ended": "Gerät abgemeldet",
    "account.sessions-ended": "Alle anderen Geräte abgemeldet",
    "account.totp-activated": "Zweiter Faktor eingeschaltet",
    "account.totp-deactivated": "Zweiter Faktor ausgeschaltet",
    "account.webauthn-added": "Sicherheitsschlüssel eingerichtet",
    "account.webauthn-removed": "Sicherheitsschlüssel entfernt",
    "accounts.sealed-anew": "Alle Konten neu versiegelt, weil ein anderer Schlüssel gilt",
    "agenda.item-added": "Tagesordnungspunkt ergänzt",
    "agenda.item-changed": "Tagesordnungspunkt geändert",
    "agenda.item-corrected": "Tagesordnungspunkt im Protokoll berichtigt",
    "agenda.item-removed": "Tagesordnungspunkt entfernt",
    "agenda.ordered": "Tagesordnung neu geordnet",
    "agreement.amended": "Vereinbarung angepasst",
    "agreement.loaded": "Vereinbarung geladen",
    "authority.changed": "Behörde: Änderung eingetragen",
    "authority.in-force": "Behörde: Änderung in Kraft",
    "authority.withdrawn": "Behörde: Änderung zurückgezogen",
    "barrier.answered": "Barriere: als erledigt eingetragen",
    "barrier.office": "Behörde für gemeldete Barrieren benannt oder zurückgenommen",
    "barrier.reported": "Barriere gemeldet",
    "barrier.set-aside": "Barriere: kein Anliegen zur Barrierefreiheit",
    "case-keys.changed": "Schlüssel der Übergangslisten und zweiten Faktoren gewechselt",
    "chain-ends.written": "Enden der Ketten aufgeschrieben",
    "dataset.accepted": "Datenlieferung angenommen",
    "dataset.discarded": "Datenlieferung verworfen",
    "dataset.imported": "Datenlieferung eingelesen",
    "dataset.remarked": "Bemerkung zu einer Datenlieferung",
    "dataset.submitted": "Datenlieferung abgegeben",
    "dispatch.letter-noted": "Brief zu Einladung oder Protokoll vermerkt",
    "erasure.run": "Löschlauf",
    "factor.requested": "Beantragt: verlorenen zweiten Faktor entfernen",
    "inspection.access-log-failed": "Prüfung des Zugriffsprotokolls: Befund",
    "inspection.access-log-passed": "Prüfung des Zugriffsprotokolls",
    "inspection.chain-ends-failed": "Prüfung der Enden der Ketten: Befund",
    "inspection.chain-ends-passed": "Prüfung der Enden der Ketten",
    "inspection.database-rights-failed": "Prüfung der Rechte in der Datenbank: Befund",
    "inspection.database-rights-passed": "Prüfung der Rechte in der Datenbank",
    "inspection.documents-failed": "Prüfung der Dokumente: Befund",
    "inspection.documents-passed": "Prüfung der Dokumente",
    "inspection.erasure-failed": "Prüfung der Löschläufe: Befund",
    "inspection.erasure-passed": "Prüfung der Löschläufe",
    "inspection.names-failed": "Prüfung der Kennzeichen von Namen: Befund",
    "inspection.names-passed": "Prüfung der Kennzeichen von Namen",
    "inspection.outbox-failed": "Prüfung der Nachrichten: Befund",
    "inspection.outbox-passed": "Prüfung der Nachrichten",
    "inspection.receipts-failed": "Prüfung der Quittungen: Befund",
    "inspection.receipts-passed": "Prüfung der Quittungen",
    "inspection.seals-failed": "Prüfung der Siegel: Befund",
    "inspection.seals-passed": "Prüfung der Siegel",
    "invitation.answered": "Einladung beantwortet",
    "meeting.withheld": "Einladung oder Absage gesperrt",
    "meeting.begun": "Sitzung begonnen",
    "meeting.cancelled": "Sitzung abgesagt",
    "meeting.changed": "Sitzung geändert",
    "meeting.invited": "Zur Sitzung eingeladen",
    "meeting.planned": "Sitzung geplant",
    "meeting.rescheduled": "Sitzung verlegt",
    "message.dismissed": "Nachricht erledigt, wird nicht mehr gesendet",
    "message.retried": "Nachricht noch einmal gesendet",
    "minutes.approved": "Protokoll genehmigt",
    "minutes.circulated": "Protokoll versandt",
    "minutes.file_requested": "Protokoll als Datei angefordert",
    "minutes.file_sent": "Protokoll als Datei versandt",
    "minutes.partner_approved": "Protokoll für einen Partner genehmigt",
    "minutes.taken_back": "Protokoll zurückgenommen",
    "name.requested": "Beantragt: anderer Name einer Person",
    "opening.requested": "Beantragt: Konto freigeben",
    "page.published": "Seite veröffentlicht",
    "person.added": "Person angelegt",
    "person.changed": "Person geändert",
    "person.renamed": "Name einer Person geändert",
    "person.leaves": "Ausscheiden eingetragen",
    "person.stays": "Ausscheiden zurückgenommen",
    "positions.recorded": "Auffassungen festgehalten",
    "resolution.changed": "Beschluss geändert",
    "resolution.recorded": "Beschluss festgehalten",
    "resolution.removed": "Beschluss entfernt",
    "pulse.beat-silent": "Zeitplan (beat) schweigt",
    "pulse.worker-silent": "Worker schweigt",
    "request.lapsed": "Antrag zu einem Konto verfallen",
    "request.refused": "Antrag zu einem Konto abgelehnt",
    "request.withdrawn": "Antrag zu einem Konto zurückgenommen",
    "role.ended": "Rolle beendet",
    "role.extended": "Ende einer Rolle verschoben oder aufgehoben",
    "role.given": "Rolle gegeben",
    "role.requested": "Rolle beantragt",
    "role.restored": "Rolle gilt weiter",
    "seat.assigned": "Sitz besetzt",
    "seat.created": "Sitz angelegt",
    "seat.ended": "Sitz beendet",
    "seat.vacated": "Besetzung beendet",
    "secretariat.deviation-recorded": "Abweichende Geschäftsführung eingetragen",
    "subject_request.answered": "Anfrage einer betroffenen Person beantwortet",
    "subject_request.completed": "Anfrage einer betroffenen Person ergänzt",
    "subject_request.extended": "Frist einer Anfrage verlängert",
    "subject_request.lifted": "Einschränkung der Verarbeitung aufgehoben",
    "subject_request.registered": "Anfrage einer betroffenen Person eingetragen",
    "subject_request.reopened": "Anfrage einer betroffenen Person neu aufgenommen: Antwort war falsch",
    "sign-ins.exported": "Anmeldungen heruntergeladen",
    "sign-ins.read": "Anmeldungen gelesen",
    "submission.recorded": "Abgabe eingetragen",
    "submission.withdrawn": "Abgabe zurückgenommen",
    "task.changed": "Aufgabe geändert",
    "task.closed": "Aufgabe abgeschlossen",
    "task.recorded": "Aufgabe festgehalten",
    "task.removed": "Aufgabe entfernt",
    "task.struck": "Aufgabe eines versandten Protokolls gestrichen",
    "task.reopened": "Aufgabe wieder geöffnet",
    "trail.read": "Änderungsprotokoll gelesen",
    "trail.exported": "Änderungsprotokoll heruntergeladen",
    "yearly-report.made": "Jahresbericht erstellt",
    "yearly-report.presented": "Jahresbericht auf die Tagesordnung gesetzt",
}

MESSAGES = {
    "account.address": "Bestätigung einer neuen E-Mail-Adresse",
    "account.address-asked": "Hinweis auf eine neue E-Mail-Adresse",
    "account.address-changed": "Hinweis, dass eine neue E-Mail-Adresse gilt",
    "account.changed": "Änderung am eigenen Konto",
    "account.code": "Code zur Bestätigung der E-Mail-Adresse",
    "account.invited": "Einladung eines Kontos",
    "account.reset": "Link zu einem neuen Passwort",
    "barrier.office": "Hinweis, dass eine Behörde gemeldete Barrieren beantwortet",
    "barrier.reported": "Gemeldete Barriere",
    "cases.acknowledged": "Übergangsliste: Empfang bestätigt",
    "cases.answered": "Übergangsliste: Rückfrage beantwortet",
    "cases.asked": "Übergangsliste: Rückfrage",
    "cases.changed": "Übergangsliste: Ergebnis eingetragen",
    "cases.name-limit": "Hinweis: Protokolle oft auf Namen geprüft",
    "cases.released": "Übergangsliste: neue Fassung",
    "cases.crossed": "Übergangsliste: Ergebnis zu einem Fall, den ein Entwurf von der Liste nimmt",
    "cases.recalled": "Übergangsliste: Entwurf zurückgeholt",
    "cases.returned": "Übergangsliste: Entwurf zurückgegeben",
    "cases.sent": "Übergangsliste: freigegeben und übermittelt",
    "cases.submitted": "Übergangsliste: wartet auf Freigabe",
    "cancellation": "Absage einer Sitzung",
    "chain-ends.told": "Enden der Ketten für die Prüfung",
    "inspection.failed": "Befund einer nächtlichen Prüfung",
    "invitation": "Einladung zur Sitzung",
    "invitation.ended": "Hinweis, dass eine Einladung nicht mehr gilt",
    "minutes.approved": "Genehmigtes Protokoll",
    "minutes.circulated": "Protokoll zur Genehmigung",
    "minutes.file": "Protokoll als Datei",
    "minutes.taken_back": "Hinweis, dass ein Protokoll überarbeitet wird",
    "minutes.withheld": "Bitte, eine gesperrte Fassung zu vernichten",
    "power.told": "Änderung bei Konten, Rollen oder einer Behörde",
    "power.waiting": "Antrag zu einem Konto wartet",
    "pulse.silent": "Hinweis auf einen Teil, der nicht arbeitet",
    "reminder.barrier": "Erinnerung an eine gemeldete Barriere",
    "reminder.duty": "Erinnerung an eine Pflicht",
    "reminder.meetings": "Warnung: zu wenige Sitzungen",
    "reminder.outcomes": "Erinnerung an fehlende Ergebnisse einer Übergangsliste",
    "reminder.request": "Erinnerung an einen Antrag zu einem Konto",
    "reminder.subject-request": "Erinnerung an eine Anfrage einer betroffenen Person",
}

DOCUMENTS = {"agenda": "Einladung mit Tagesordnung", "minutes": "Protokoll", "yearly-report": "Jahresbericht"}


@register.filter
def act(code: str) -> str:
    """`seat.assigned` as "Sitz besetzt"; a code without words stays as it is."""
    return ACTS.get(code, code)


THINGS = {"account.EmailAddress": "E-Mail-Adresse eines Kontos", "mfa.Authenticator": "Zweiter Faktor"}  # of allauth


@register.filter
def thing(label: str) -> str:
    """`meetings.Meeting` as "Sitzung"; a model that no longer exists keeps its name, and so does what is none."""
    if label in THINGS:
        return THINGS[label]
    try:
        return str(apps.get_model(label)._meta.verbose_name)
    except (LookupError, ValueError):
        return label


@register.filter
def message(kind: str) -> str:
    """What a message is about, without any content."""
    return MESSAGES.get(kind, kind)


@register.filter
def document(kind: str) -> str:
    """What a document is."""
    return DOCUMENTS.get(kind, kind)


SOURCES = {"found": "gefunden", "own": "eigene Lesart", "proposal": "Vorschlag"}


@register.filter
def source(mark: str) -> str:
    """Where a period comes from: read in the law or in public material, our reading of it, or a proposal."""
    return SOURCES[mark]


@register.filter
def erased(lines: list[dict[str, Any]]) -> str:
    """What a run of the retention rules erased, in a few words."""
    number, failed = sum(line["erased"] for line in lines), sum(bool(line["failed"]) for line in lines)
    told = f"{number} gelöscht" if number else "nichts gelöscht"
    return f"{told}, {failed} nicht gelungen" if failed else told
