"""Whether anything ever came of somebody who was entered: nobody is deleted at whom something points."""

from django.db.models import Q
from django.db.models.fields.reverse_related import ForeignObjectRel

from kok.models import Dispatch
from kok.words import local_day
from members.models import Person, SeatCorrection


def uses_of(person: Person) -> list[str]:
    """What keeps a person, in words; empty for somebody who was entered in vain.

    Whatever points at people in any app counts, also what comes later; a correction of an entry that never counted
    does not.
    """
    found = ["ein Konto"] if person.user_id else []
    for relation in Person._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel) or relation.related_model is SeatCorrection:
            continue
        model = relation.related_model
        if model._base_manager.filter(**{relation.field.name: person}).exists():
            found.append(f"Eintragungen der Art „{model._meta.verbose_name}“")
    if any(_counted(line) for line in corrections_naming(person) if line.was_person_id == person.pk):
        found.append("eine berichtigte Besetzung, die schon begonnen hatte")
    if Dispatch.objects.filter(person=person.pk).exists():
        found.append("ein Versand")
    return list(dict.fromkeys(found))


def _counted(line: SeatCorrection) -> bool:
    return line.was is not None and line.was.lower <= local_day(line.made_at)


def corrections_naming(person: Person) -> list[SeatCorrection]:
    """The corrections in which somebody stands, before or after."""
    return list(SeatCorrection.objects.filter(Q(was_person=person) | Q(became_person=person)))
