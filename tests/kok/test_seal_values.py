"""By SQL, without a key: no value is sealed as another one is, however alike the two are written."""

import uuid
from typing import Any

import pytest
from django.db import connection, models

from kok.models.sealing import Sealing, sealings
from members.models import Authority, Person
from tests.builders import an_agreement


def of_all_kinds() -> list[Any]:
    return [
        (each, field)
        for each in sealings()
        for field in each.model._meta.concrete_fields
        if field.name not in each._without and not field.primary_key
    ]


def told(sealing: Sealing, field: models.Field, value: Any) -> str | None:  # type: ignore[type-arg]
    row = sealing.model()
    setattr(row, field.attname, value)
    return sealing.fields(row).get(field.attname)


def alike(field: Any) -> list[Any]:
    nothing = [None] if field.null else []
    if isinstance(field, models.JSONField):
        return [None, "", "None", False, "False", "false", 0, "0", 1, "1", [], "[]", {}, "{}", ["a"], '["a"]']
    if isinstance(field, models.CharField | models.TextField):
        return [*nothing, "", "None", "False", "0"]
    if isinstance(field, models.BooleanField):
        return [*nothing, False, True]
    return []


def test_given_every_column_that_is_sealed_when_it_holds_what_is_written_alike_then_each_is_sealed_otherwise():
    tried = [(each, field) for each, field in of_all_kinds() if alike(field)]
    assert len(tried) > 100
    for sealing, field in tried:
        values = alike(field)
        said = [told(sealing, field, value) for value in values]
        assert len(set(said)) == len(values), f"{field}: {said}"
        assert said.count(None) == 1, f"{field}: a new field that is empty changes no seal"


@pytest.mark.django_db
@pytest.mark.parametrize(("before", "after"), [("", "None"), ("", "False"), ("None", ""), ("False", "")])
def test_given_an_empty_text_when_sql_makes_a_word_of_it_or_the_other_way_then_the_row_stands_no_more(before, after):
    an_agreement()
    authority = Authority.objects.first()
    person = Person.objects.create(given_name=before, family_name=str(uuid.uuid4()), employer=authority)
    assert Person.sealing.stands(Person.objects.get(pk=person.pk))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE members_person SET given_name = %s WHERE id = %s", [after, person.pk])
    assert not Person.sealing.stands(Person.objects.get(pk=person.pk))
