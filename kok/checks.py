"""System checks: a view without declared access, a model without a privacy declaration."""

from collections.abc import Iterator, Sequence

from django.core.checks import CheckMessage, Error, register
from django.urls import URLPattern, URLResolver, get_resolver

from kok import privacy
from kok.third_party import THIRD_PARTY


def views(
    patterns: Sequence[URLPattern | URLResolver] | None = None, prefix: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Every URL of the application with its route, included ones too."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns, route)
        else:
            yield route, pattern


@register()
def every_view_declares_access(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """An undeclared view is an error: nobody knows who may call it."""
    return [
        Error(
            f"{route} erklärt keinen Zugang.", hint="@requires, @installation, @signed_in oder @public", id="kok.E001"
        )
        for route, pattern in views()
        if not hasattr(pattern.callback, "access") and pattern.name not in THIRD_PARTY
    ]


@register()
def every_model_declares_privacy(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Every stored field is named personal, confidential or plain."""
    return [Error(sentence, id="kok.E002") for sentence in privacy.problems()]
