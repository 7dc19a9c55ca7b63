"""Pages that the law wants and only the operator can write: published by Technik, version after version.

What stands there is public. A page without a version says so; `unpublished` is what the operator still owes.
"""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from kok import audit, erasure, markup, retention, turns, vault
from kok.errors import Refused
from kok.models import StatutoryPage, User

TEXTS = Path(__file__).parent / "texts"


class PageOvertaken(Refused):
    """Somebody else published this page meanwhile."""


@dataclass(frozen=True)
class Page:
    """A page of the footer. `is_owed`: without a version the operator is told; `why` says what the law wants there.

    `unread` is its heading until a Prüfgruppe has read the text; empty where none has to.
    """

    slug: str
    title: str
    why: str
    is_owed: bool = True
    wants_link: bool = False
    unread: str = ""

    @property
    def start(self) -> str:
        """What writing begins with: headings, and gaps in double brackets. Of Leichte Sprache it is a draft."""
        return (TEXTS / f"{self.slug}.txt").read_text(encoding="utf-8").strip()

    def heading(self, *, is_reviewed: bool) -> str:
        """What stands above the text."""
        return self.title if is_reviewed or not self.unread else self.unread


PAGES = {
    page.slug: page
    for page in (
        Page("impressum", "Impressum", "Wer die Anwendung betreibt, und wie man diese Stelle erreicht (§ 5 DDG)."),
        Page(
            "datenschutz",
            "Datenschutz",
            "Wer verantwortlich ist, auf welcher Grundlage, welche Aufsicht zuständig ist (Art. 13 und 14 DSGVO). "
            "Was die Anwendung selbst weiß, steht unter Ihrem Text.",
        ),
        Page(
            "barrierefreiheit",
            "Barrierefreiheit",
            "Die Erklärung zur Barrierefreiheit nach dem Muster der Überwachungsstelle (§ 4 HVBIT), jedes Jahr neu.",
        ),
        Page(
            "gebaerdensprache",
            "Gebärdensprache",
            "Videos in Deutscher Gebärdensprache mit ihrem Text (§ 3 Abs. 3 HVBIT). Die Videos liegen an anderer "
            "Stelle, hier stehen die Adressen.",
            wants_link=True,
        ),
        Page(
            "leichte-sprache",
            "Leichte Sprache",
            "Worum es geht, in Leichter Sprache (§ 3 Abs. 3 HVBIT). Bis Sie etwas veröffentlichen, steht dort ein "
            "Entwurf in einfacher Sprache.",
            is_owed=False,
            unread="Einfache Sprache (Entwurf)",
        ),
    )
}


def current(slug: str) -> StatutoryPage | None:
    """The version that everybody reads: the newest that stands as it was published; None while there is none."""
    return next((row for row in versions(slug).iterator(chunk_size=10) if _stands(row)), None)


def _stands(row: StatutoryPage) -> bool:
    """Without the key nobody can tell, and what the law wants must be there all the same."""
    try:
        return row.sealing.stands(row)
    except vault.KeyLost:
        return True


def newest_number(slug: str) -> int:
    """The number of the newest version, whoever wrote it; 0 where there is none."""
    return versions(slug).values_list("number", flat=True).first() or 0


def versions(slug: str) -> QuerySet[StatutoryPage]:
    """All versions, the newest first."""
    return StatutoryPage.objects.filter(page=slug).order_by("-number")


def version(slug: str, number: int) -> StatutoryPage | None:
    """One version."""
    return versions(slug).filter(number=number).first()


def states() -> list[tuple[Page, StatutoryPage | None]]:
    """Every page with its current version, for the list of those who write them."""
    newest = StatutoryPage.objects.order_by("page", "-number").distinct("page").select_related("published_by")
    found = {row.page: row for row in newest.defer("text")}
    return [(page, found.get(page.slug)) for page in PAGES.values()]


def unpublished() -> list[Page]:
    """The pages that the operator owes and has not published."""
    published = set(StatutoryPage.objects.order_by("page").values_list("page", flat=True).distinct())
    return [page for page in PAGES.values() if page.is_owed and page.slug not in published]


def ask(_: datetime) -> list[str]:
    """For the state of the application: a sentence for each page that the operator owes."""
    return [f"Die Seite „{page.title}“ ist noch nicht veröffentlicht." for page in unpublished()]


def open_points(page: Page, text: str) -> list[str]:
    """German sentences on why a text cannot be published as it is, none when it can."""
    found = markup.problems(text)
    found += [f"Ersetzen Sie noch „{gap}“." for gap in markup.gaps(text)]
    if page.wants_link and not markup.has_outside_link(text):
        found.append("Nennen Sie die Adresse von mindestens einem Video. Sie beginnt mit https:// .")
    return found


@transaction.atomic
def publish(*, page: Page, text: str, base: int, is_reviewed: bool = False, by: User, now: datetime) -> StatutoryPage:
    """Puts the next version in place of number `base` (0: of none).

    Raises PageOvertaken when another one stands there meanwhile, and Refused when the text has open points.
    """
    if points := open_points(page, text):
        raise Refused("Die Seite ist noch nicht veröffentlicht. " + " ".join(points))
    turns.wait("statutory-pages")  # two people who publish at once are told of each other
    number = newest_number(page.slug)
    if number != base:
        raise PageOvertaken(
            f"Inzwischen gibt es die Fassung {number} dieser Seite. Ihr Text steht noch hier, veröffentlicht ist er "
            "nicht. Vergleichen Sie beide, und übernehmen Sie, was fehlt."
        )
    row = StatutoryPage.objects.create(
        page=page.slug, number=number + 1, text=text, is_reviewed=is_reviewed, published_at=now, published_by=by
    )
    audit.record(by=by, action="page.published", obj=row, note=f"{page.title}, Fassung {row.number}", now=now)
    return row


def _replaced(today: date) -> QuerySet[StatutoryPage]:
    """Versions whose successor has stood in their place for ten years: one that was put in replaces none.

    Raises KeyLost.
    """
    old = StatutoryPage.objects.filter(published_at__lt=erasure.over(today, retention.REPLACED_PAGES))
    ours = list(StatutoryPage.sealing.standing(old.values_list("pk", flat=True)))
    newer = StatutoryPage.objects.filter(pk__in=ours, page=OuterRef("page"), number__gt=OuterRef("number"))
    return StatutoryPage.objects.filter(Exists(newer))


RULES = (
    erasure.RetentionRule(
        "page-versions", "Ersetzte Fassungen der Seiten dieser Anwendung",
        f"{retention.REPLACED_PAGES}, nachdem eine neuere Fassung sie ersetzt hat", "proposal",
        lambda today: erasure.pks(_replaced(today)), erasure.deleting(StatutoryPage),
        proven=erasure.standing(StatutoryPage),
    ),
)  # fmt: skip
