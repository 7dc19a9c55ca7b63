"""What a seal says of the values of a row: each in one way, whatever the column, and no two of them alike."""

import json
from datetime import UTC, datetime
from functools import singledispatch

from django.contrib.postgres.fields import ArrayField
from django.db import models

SHORT = 20_000  # characters


def is_long(field: models.Field) -> bool:
    """Whether somebody can write megabytes into it."""
    is_text = isinstance(field, models.TextField) and (field.max_length or SHORT + 1) > SHORT
    return is_text or isinstance(field, models.JSONField | models.BinaryField | ArrayField)


def is_empty(field: models.Field, value: object) -> bool:
    """Whether a field says nothing. By what it holds, not by how that is written: somebody may be called "None"."""
    if value is None:
        return True
    # Where a column knows NULL as well, or JSON, "" and false are something else than nothing.
    return not (field.null or isinstance(field, models.JSONField)) and (value is False or value == "")


def told(field: models.Field, value: object) -> str:
    """The value as it is sealed; in JSON "1" is something else than 1."""
    return json_of(value) if isinstance(field, models.JSONField) else _told(value)


@singledispatch
def _told(value: object) -> str:
    return str(value)


@_told.register
def _(value: datetime) -> str:
    return value.astimezone(UTC).isoformat()


@_told.register(dict)
@_told.register(list)
def json_of(value: object) -> str:
    """In one order; the database keeps JSON in an order of its own."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
