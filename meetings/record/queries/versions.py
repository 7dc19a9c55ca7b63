"""What was circulated of minutes: the versions, who approved which, and the files of each."""

from dataclasses import dataclass
from operator import attrgetter

from django.db.models.functions import Length

from kok.models import Document
from kok.statements import Kept
from meetings.record.models import Minutes, MinutesApproval, MinutesVersion
from members.models import Body

DRAFT_FILE, APPROVED_FILE = 1, 2  # the two files of a version: before the approval it says that it is a draft


def versions_of(minutes: Minutes) -> list[MinutesVersion]:
    """Everything that was circulated, the newest first, each with the version that it can be compared with."""
    found: list[MinutesVersion] = list(_VERSIONS(minutes.pk))
    earlier: int | None = None
    for version in reversed(found):
        if version.is_readable:
            version.compared_with, earlier = earlier, version.number
    return found


_VERSIONS = Kept(lambda minutes: MinutesVersion.objects.filter(minutes=minutes).order_by("-number"), int)


def version_numbered(minutes: Minutes, number: int) -> MinutesVersion | None:
    """One of them."""
    return next((version for version in versions_of(minutes) if version.number == number), None)


def newest_of(minutes: Minutes) -> MinutesVersion | None:
    """What readers read; None before the first."""
    return next(iter(versions_of(minutes)), None)


def readable_of(minutes: Minutes) -> list[MinutesVersion]:
    """Those whose text may be read, the newest first."""
    return [version for version in versions_of(minutes) if version.is_readable]


def replaced_numbers(minutes: Minutes) -> list[int]:
    """Of those of them that were taken back."""
    return [version.number for version in readable_of(minutes) if not version.counts]


@dataclass(frozen=True)
class VersionPair:
    """Two versions of minutes to be compared; `later` is None where it is the draft."""

    number: int
    later: MinutesVersion | None
    earlier: MinutesVersion
    listed: list[MinutesVersion]  # before the later one

    @property
    def is_withheld(self) -> bool:
        """Whether nobody may read one of them any more."""
        return self.earlier.is_withheld or (self.later is not None and self.later.is_withheld)

    @property
    def is_shown(self) -> bool:
        """Whether both texts are there."""
        return self.earlier.is_readable and (self.later is None or self.later.is_readable)

    @property
    def others(self) -> list[MinutesVersion]:
        """With which it can be compared instead."""
        return [version for version in self.listed if version.is_readable and version != self.earlier]


def pair_of(minutes: Minutes, number: int, wanted: str | None, *, sees_draft: bool) -> VersionPair | None:
    """A version, or the draft, beside an earlier version; None where one of both is not there."""
    versions = versions_of(minutes)
    later = next((version for version in versions if version.number == number), None)
    if later is None and not (sees_draft and number == minutes.version):
        return None
    listed = [version for version in versions if version.number < number]
    earlier = _earlier(listed, wanted)
    return VersionPair(number, later, earlier, listed) if earlier else None


def _earlier(listed: list[MinutesVersion], wanted: str | None) -> MinutesVersion | None:
    """The one with the `wanted` number, else the newest that can be read, if any."""
    if wanted is None:
        return max(listed, key=attrgetter("is_readable", "number"), default=None)
    return next((version for version in listed if str(version.number) == wanted), None)


def numbers_circulated(body: Body) -> list[str]:
    """Of resolutions and tasks of this body, also of what was struck since: they are never given again (7.5)."""
    rows = MinutesVersion.objects.filter(minutes__meeting__body=body).values_list("numbers", flat=True)
    return [number for numbers in rows for number in numbers]


def version_by_pk(pk: int) -> MinutesVersion:
    """A version with its minutes and meeting, for whoever makes a file or a mail of it."""
    related = ("minutes__meeting__body__agreement", "minutes__owner__authority")
    return MinutesVersion.objects.select_related(*related).get(pk=pk)


_APPROVALS = Kept(lambda version: MinutesApproval.objects.filter(version=version).order_by("pk"), int)


def approvals_of(version: MinutesVersion) -> list[MinutesApproval]:
    """The approvals of this version, void ones as well."""
    return list(_APPROVALS(version.pk))


_FILE = Kept(
    lambda version, stage: (
        Document.objects.filter(kind="minutes", object_id=version, version=stage)
        .defer("content")
        .annotate(size=Length("content"))
    ),
    int,
    int,
)


def stage_of(version: MinutesVersion, minutes: Minutes) -> int:
    """Which of the two files belongs to a version now."""
    is_approved = minutes.state == Minutes.State.APPROVED and version.counts
    return APPROVED_FILE if is_approved else DRAFT_FILE


def file_of(version: MinutesVersion, minutes: Minutes) -> Document | None:
    """The PDF of a version with its size in bytes, without the bytes; None of a text that nobody may read any more."""
    return next(iter(_FILE(version.pk, stage_of(version, minutes))), None) if version.is_readable else None
