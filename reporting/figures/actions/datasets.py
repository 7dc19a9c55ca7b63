"""What becomes of a delivery that was read in: remarks, submission, acceptance, or away with it."""

from datetime import datetime

from django.db import transaction

from kok import audit
from kok.errors import require
from kok.models import User
from reporting.figures.models import DatasetRevision
from reporting.figures.queries.datasets import parts_of
from reporting.figures.rules import revisions as rules
from reporting.figures.rules.codes import DeliveryPart

State = DatasetRevision.State


@transaction.atomic
def remark(*, revision: DatasetRevision, key: str, text: str, by: User, now: datetime) -> DatasetRevision:
    """Answers the warnings of one rule (`V-C08`) before the submission. Raises Refused."""
    found = _locked(revision)
    _check_part(found, by, DeliveryPart.DELIVERS)
    rules.check_remark(state=found.state, rule=key, warnings=found.warnings, text=text)
    found.remarks = {**found.remarks, key: text.strip()}
    found.save(update_fields=["remarks"])
    _audit("dataset.remarked", found, by, now)
    return found


@transaction.atomic
def submit(*, revision: DatasetRevision, by: User, now: datetime) -> DatasetRevision:
    """Hands a checked delivery to the other partner; from now on nothing of it changes. Raises Refused.

    This fulfils neither 8c nor 8d: they are handed in through the statewide exchange (finding 2).
    """
    found = _locked(revision)
    _check_part(found, by, DeliveryPart.DELIVERS)
    before = found.dataset.revisions.filter(number__lt=found.number, state=State.VALIDATED)
    rules.check_submission(
        state=found.state,
        without_remark=rules.open_rules(found.warnings, found.remarks),
        waiting_before=list(before.values_list("number", flat=True)),
    )
    found.state, found.submitted_at, found.submitted_by = State.SUBMITTED, now, by
    found.save(update_fields=["state", "submitted_at", "submitted_by"])
    _audit("dataset.submitted", found, by, now)
    return found


@transaction.atomic
def accept(*, revision: DatasetRevision, by: User, now: datetime) -> DatasetRevision:
    """The other partner takes note of a submitted delivery. Raises Refused."""
    found = _locked(revision)
    _check_part(found, by, DeliveryPart.RECEIVES)
    rules.check_acceptance(state=found.state)
    found.state, found.accepted_at, found.accepted_by = State.ACCEPTED, now, by
    found.save(update_fields=["state", "accepted_at", "accepted_by"])
    _audit("dataset.accepted", found, by, now)
    return found


@transaction.atomic
def discard(*, revision: DatasetRevision, by: User, now: datetime) -> None:
    """Deletes a delivery that nobody submitted, so that a mended file can take its number. Raises Refused."""
    found = _locked(revision)
    _check_part(found, by, DeliveryPart.DELIVERS)
    is_newest = not found.dataset.revisions.filter(number__gt=found.number).exists()
    rules.check_discard(state=found.state, is_newest=is_newest)
    _audit("dataset.discarded", found, by, now)
    dataset = found.dataset
    found.delete()
    if not dataset.revisions.exists():
        dataset.delete()


def _locked(revision: DatasetRevision) -> DatasetRevision:
    """Under the lock of the dataset, which an import takes too."""
    found = DatasetRevision.objects.select_for_update(of=("self", "dataset")).select_related("dataset", "agreement")
    return found.get(pk=revision.pk)


def _check_part(revision: DatasetRevision, by: User, part: DeliveryPart) -> None:
    require(
        part in parts_of(by, revision),
        f"Das entscheidet über diese Lieferung {part.label}. Es wurde nichts geändert. Wenden Sie sich an die "
        "Meldungen dieses Partners.",
    )


def _audit(action: str, revision: DatasetRevision, by: User, now: datetime) -> None:
    dataset = revision.dataset
    note = f"{dataset.format_id} {dataset.region_kgs} {dataset.reference_date} {revision.label}"
    audit.record(by=by, action=action, obj=revision, agreement=revision.agreement.slug, note=note, now=now)
