"""What every stored field is: the `Privacy` declaration of each model, read in one place.

    class Privacy:
        sealed = ("content",)                 # names a young person or a case: encrypted, the key lies elsewhere
        personal = ("family_name", "email")   # says who somebody is or how to reach him
        confidential = ("text",)              # content that only entitled people may read
        plain = ("id", "period")              # the rest
        keep = f"{LEFT} nach Ausscheiden"     # how long, in words; the periods follow domain.md 5.5

Every field of every model stands in exactly one group; a system check refuses anything else.
"""

from collections.abc import Iterator
from itertools import chain

from django.apps import apps
from django.db.models import Model

GROUPS = ("sealed", "personal", "confidential", "plain")

# Models of others: label -> why they need no declaration of ours.
THIRD_PARTY = {
    "account.EmailAddress": "Adressen der Konten; gelöscht mit dem Konto.",
    "account.EmailConfirmation": "Nicht benutzt.",
    "mfa.Authenticator": "Zweiter Faktor; gelöscht mit dem Konto.",
    "auth.Permission": "Technisch, ohne Personenbezug.",
    "auth.Group": "Nicht benutzt.",
    "contenttypes.ContentType": "Technisch, ohne Personenbezug.",
}


def declared(model: type[Model]) -> dict[str, str]:
    """Field name -> group of one model; empty when the model declares nothing."""
    declaration = getattr(model, "Privacy", None)
    return {name: group for group in GROUPS for name in getattr(declaration, group, ())}


def sealed_fields() -> Iterator[tuple[type[Model], tuple[str, ...]]]:
    """Every model that keeps something sealed, with the names of these fields."""
    for model in apps.get_models():
        names = tuple(name for name, group in declared(model).items() if group == "sealed")
        if names:
            yield model, names


def problems() -> Iterator[str]:
    """One German sentence for every model or field whose declaration is missing or superfluous."""
    ours = (model for model in apps.get_models() if model._meta.label not in THIRD_PARTY)
    return chain.from_iterable(map(_problems_of, ours))


def _problems_of(model: type[Model]) -> Iterator[str]:
    fields = {field.name for field in (*model._meta.concrete_fields, *model._meta.many_to_many)}
    told = declared(model).keys()
    if not getattr(getattr(model, "Privacy", None), "keep", ""):
        yield f"{model._meta.label}: Die Angabe Privacy.keep fehlt."
    for names, wrong in ((fields - told, "In Privacy fehlen"), (told - fields, "Privacy nennt unbekannte Felder")):
        if names:
            yield f"{model._meta.label}: {wrong} {', '.join(sorted(names))}."
