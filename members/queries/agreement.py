"""What the page of the agreement reads."""

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from kok.models import Document
from members.models import Agreement, AgreementVersion, Authority, Clause, ObligationRule, Partner
from members.rules.codes import Recurrence

ORIGINAL = "agreement.original"


def agreed() -> QuerySet[Agreement]:
    """Every agreement that lays something down; one without a version was put in past the application."""
    return Agreement.objects.filter(Exists(AgreementVersion.objects.filter(agreement=OuterRef("pk"))))


def partners_of_agreement(agreement: Agreement) -> list[Partner]:
    """The partners in the order of the secretariat."""
    return list(agreement.partners.all())


def carriers_of(agreement: Agreement) -> list[Partner]:
    """The örtlichen Träger of an agreement in the order of the secretariat: each has its own Kreisschlüssel."""
    return list(agreement.partners.exclude(authority__kgs=""))


def clause_of(agreement: Agreement, recurrence: Recurrence, day: date) -> str:
    """The Punkt that owes what recurs so, by the version of a day; "" where it names none."""
    rule = ObligationRule.objects.filter(version=agreement.terms_on(day).id, recurrence=recurrence).first()
    return rule.clause if rule else ""


def headings_on(agreement: Agreement, day: date) -> dict[str, str]:
    """The Punkte of the version of a day, each number with its heading."""
    clauses = Clause.objects.filter(version=agreement.terms_on(day).id)
    return dict(clauses.values_list("number", "heading"))


def signed_for(partner: Partner, version: AgreementVersion) -> list[dict[str, str]]:
    """Who signed this version for a partner; nobody is named under words of which no file says that he signed them."""
    return [each for each in version.signatories if each["partner"] == partner.slug] if version.signed_on else []


def authorities_by_slug() -> dict[str, Authority]:
    """Every authority that is a partner somewhere, by its short name."""
    return Authority.objects.filter(partners__isnull=False).distinct().in_bulk(field_name="slug")


def originals_of(agreement: Agreement) -> QuerySet[Document]:
    """The unchanged wordings of all versions as they were loaded beside their files, without their bytes."""
    found = Document.objects.filter(kind=ORIGINAL, object_id=agreement.pk, state=Document.State.DONE)
    return found.defer("content")


def original_of(agreement: Agreement, number: int) -> Document | None:
    """That of one version."""
    return originals_of(agreement).filter(version=number).first()
