"""What an auditor is told of the check that he asked for."""

from datetime import date, datetime
from uuid import UUID

from kok.models import User
from transitions.models import CheckJob
from transitions.models.checks import Found


def check_of(user: User, pk: UUID) -> CheckJob | None:
    """The check that this person asked for; None for that of anybody else and where it was made up. Raises KeyLost."""
    job = CheckJob.objects.filter(pk=pk, asked_by=user).first()
    return job if job and job.is_ours() else None


def told(job: CheckJob) -> Found | None:
    """What was found, with days and moments as such; None while nothing was."""
    if job.found is None:
        return None
    found: Found = job.found
    at = found["file_written_at"]
    return found | {
        "file_written_at": datetime.fromisoformat(at) if at else None,
        "places": [_with_day(place) for place in found["places"]],
        "ends": [_with_day(end) for end in found["ends"]],
    }


def _with_day(place: Found) -> Found:
    return place | {"day": date.fromisoformat(place["day"]) if place["day"] else None}
