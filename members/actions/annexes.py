"""Begins a version of an Anlage; a body that it no longer names ends, and nothing that hangs on it is orphaned."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta

from django.db.models import Q

from kok import words
from kok.errors import Refused, require
from members.actions.versions import Older, Started, VersionDraft, end_newest
from members.models import Agreement, AnnexBody, AnnexVersion, Body, Partner, Seat
from members.queries.bodies import hanging_on
from members.queries.versions import annex_text_of, annexes_of
from members.rules import agreement as wanted
from members.rules.agreement import AgreementFile
from members.rules.wording import AnnexText, annexes_in


def begin_annexes(
    file: AgreementFile, agreement: Agreement, partners: dict[str, Partner], now: datetime
) -> Iterator[Started | Older]:
    """The same for each Anlage, which ages apart from the agreement."""
    stored, texts = annexes_of(agreement), annexes_in(file)
    for gone in sorted(stored.keys() - texts.keys()):
        raise Refused(f"annex: Die Anlage {gone} fehlt. Lassen Sie sie stehen. Es wurde nichts geändert.")
    for n, annex in enumerate(file.annexes, 1):
        before, said, title = stored.get(annex.number, []), texts[annex.number], f"Anlage {annex.number}"
        draft = VersionDraft(
            file, title, title, f"annex[{n}]", said, before, annex.valid_from, annex.reason, not stored
        )
        changes = draft.changes(annex_text_of)
        if draft.known and not changes:
            yield from draft.repeated(draft.known)
            continue
        draft.check()
        remains = tuple(_ending(before, said, draft.starts_on))
        end_newest(before, draft.starts_on)
        version = _new_annex(agreement, annex, said, draft, now)
        _name_bodies(file, agreement, partners, version, said)
        yield Started(title, version.number, draft.starts_on, version.reason, changes, remains)


def _new_annex(
    agreement: Agreement, annex: wanted.Annex, said: AnnexText, draft: VersionDraft, now: datetime
) -> AnnexVersion:
    return AnnexVersion.objects.create(
        agreement=agreement,
        annex=annex.number,
        number=draft.number,
        period=(draft.starts_on, None),
        reason=annex.reason,
        heading=said.heading,
        reading_note=said.reading_note,
        seats=[asdict(seat) for seat in said.seats],
        loaded_at=now,
    )


def _ending(before: Sequence[AnnexVersion], said: AnnexText, starts_on: date) -> Iterator[str]:
    """What remains of the bodies that the new version no longer names, and therefore end.

    Raises Refused while somebody sits there afterwards or a meeting stands there: it would belong to no body.
    """
    named = [line.slug for line in said.bodies]
    ending = Body.objects.filter(named__version__in=before[-1:]).exclude(slug__in=named)
    for body in ending.order_by("named__position"):
        seats = Seat.objects.filter(Q(period__fully_gt=(None, starts_on)) | Q(period__contains=starts_on), body=body)
        hanging = hanging_on(body, starts_on)
        if seats.exists():
            hanging.hinders.insert(0, "hat danach noch Sitze. Beenden Sie zuerst die Sitze auf seiner Seite")
        last_day = words.day(starts_on - timedelta(days=1))
        require(
            not hanging.hinders,
            f"body: Das Gremium „{body.slug}“ fehlt und endet am {last_day}. "
            f"Es {', und es '.join(hanging.hinders)}. Oder lassen Sie das Gremium in der Datei stehen. "
            "Es wurde nichts geändert.",
        )
        yield f"Das Gremium „{body.called_on(starts_on).short_name}“ endet am {last_day}."
        yield from hanging.remains


def _name_bodies(
    file: AgreementFile, agreement: Agreement, partners: dict[str, Partner], version: AnnexVersion, said: AnnexText
) -> None:
    wanted_bodies = {body.slug: body for body in file.bodies}
    for position, line in enumerate(said.bodies, 1):
        named = wanted_bodies[line.slug]
        body, _ = Body.objects.get_or_create(
            agreement=agreement,
            slug=line.slug,
            defaults={
                "kind": named.kind,
                "number_prefix": named.number_prefix,
                "operator": partners[named.operator] if named.operator else None,
            },
        )
        AnnexBody.objects.create(
            version=version,
            body=body,
            position=position,
            name=line.name,
            short_name=line.short_name,
            scope=line.scope,
        )
