"""Begins a version of an Anlage; a body that it no longer names ends, and nothing that hangs on it is orphaned."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta

from django.db.models import Q

from kok.errors import Refused, require
from members.actions.versions import Older, Started, compared_with, end_newest, older_than_newest, short_names
from members.models import Agreement, AnnexBody, AnnexVersion, Body, Partner, Seat
from members.queries.bodies import hanging_on
from members.queries.versions import ROLE_TITLES, annexes_of, text_of
from members.rules import agreement as wanted
from members.rules.agreement import AgreementFile
from members.rules.amendment import check_begins, check_reason, check_same
from members.rules.wording import AnnexText, annexes_in, differences


def begin_annexes(
    file: AgreementFile, agreement: Agreement, partners: dict[str, Partner], now: datetime
) -> Iterator[Started | Older]:
    """The same for each Anlage, which ages apart from the agreement."""
    stored, texts = annexes_of(agreement), annexes_in(file)
    if gone := sorted(stored.keys() - texts.keys()):
        raise Refused(f"annex: Die Anlage {gone[0]} fehlt. Lassen Sie sie stehen. Es wurde nichts geändert.")
    is_new = not stored
    for n, annex in enumerate(file.annexes, 1):
        before, said = stored.get(annex.number, []), texts[annex.number]
        known = compared_with(before, annex.valid_from, agreement)
        changes = differences(text_of(known), said, short_names(file), ROLE_TITLES) if known else ()
        if known and not changes:
            told = {"valid_from": annex.valid_from, "reason": annex.reason}
            check_same(f"annex[{n}]", told, {"valid_from": known.period.lower, "reason": known.reason})
            yield from older_than_newest(f"Anlage {annex.number}", known, before)
            continue
        starts_on = annex.valid_from
        if before or is_new:
            first_days = [each.period.lower for each in before]
            check_begins(
                f"annex[{n}].valid_from", f"Anlage {annex.number}", starts_on, first_days, file.agreement.in_force_on
            )
        elif starts_on is None:
            raise Refused(
                f"annex[{n}].valid_from: Anlage {annex.number} kommt neu hinzu. Tragen Sie hier den Tag ein, ab dem "
                "sie gilt. Es wurde nichts geändert."
            )
        if not is_new:
            check_reason(f"annex[{n}].reason", f"Anlage {annex.number}", annex.reason)
        starts_on = starts_on or file.agreement.in_force_on
        remains = tuple(_ending(before, said, starts_on))
        end_newest(before, starts_on)
        version = _new_annex(agreement, annex, said, len(before) + 1, starts_on, now)
        _name_bodies(file, agreement, partners, version, said)
        yield Started(f"Anlage {annex.number}", version.number, starts_on, version.reason, changes, remains)


def _new_annex(
    agreement: Agreement, annex: wanted.Annex, said: AnnexText, number: int, starts_on: date, now: datetime
) -> AnnexVersion:
    return AnnexVersion.objects.create(
        agreement=agreement,
        annex=annex.number,
        number=number,
        period=(starts_on, None),
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
    named = {line.slug for line in said.bodies}
    for body in [each.body for each in before[-1].bodies.all() if each.body.slug not in named] if before else []:
        seats = Seat.objects.filter(Q(period__fully_gt=(None, starts_on)) | Q(period__contains=starts_on), body=body)
        hanging = hanging_on(body, starts_on)
        if seats.exists():
            hanging.hinders.insert(0, "hat danach noch Sitze. Beenden Sie zuerst die Sitze auf seiner Seite")
        last_day = f"{starts_on - timedelta(days=1):%d.%m.%Y}"
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
