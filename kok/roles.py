"""The roles by their slugs and names, pure, so that rules name them too; what each may do says `kok.access`."""

from kok.codes import Code


class RoleSlug(Code):
    """How a role is called in rows, files and commands, and on pages."""

    SECRETARIAT = "secretariat", "Geschäftsstelle"
    MEMBER = "member", "Mitglied"
    APPROVER = "approver", "Genehmigung"
    REGISTRAR = "registrar", "Stammdaten"
    REPORTER = "reporter", "Meldungen"
    CASE_OFFICER = "case-officer", "Fallbearbeitung"
    CASE_RELEASER = "case-releaser", "Freigabe"
    CASE_RECEIVER = "case-receiver", "Empfang"
    AUDITOR = "auditor", "Prüfung"
    ADMIN = "admin", "Technik"
