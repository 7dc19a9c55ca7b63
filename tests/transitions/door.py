"""A page in the sealed area, and what stands around it, for tests of its door."""

from django.http import HttpResponse
from django.urls import include, path

from kok.access import Permission, requires
from kok.urls import urlpatterns as pages
from kok.vault import KeyLost
from transitions.models import AccessLogEntry
from transitions.urls import area
from transitions.views.area import sealed

NAME = "Wilhelmine Überall-Nirgends"
reached: list[dict[str, list[str]]] = []  # what reached the page


@sealed(Permission.CASES_DRAFT)
def probe(request):
    """A page of the area: shows why somebody is here, takes what is typed."""
    reached.append({name: request.POST.getlist(name) for name in request.POST})
    return HttpResponse(f"{request.access.reason} {request.access.user.username}")


@sealed(Permission.CASES_DRAFT)
def lost(request):
    """A page whose content cannot be opened."""
    raise KeyLost


@requires(Permission.CASES_COUNT)
def outside(request):
    """Stands for the lists and the counts."""
    return HttpResponse("Zahlen")


probes = [
    path("uebergaenge/probe", probe, name="probe"),
    path("uebergaenge/verloren", lost, name="lost"),
    path("uebergaenge/zahlen", outside, name="counts"),
    path("uebergaenge/listen/", outside, name="lists"),
    path("uebergaenge/regelaltersgrenze", outside, name="age-limit"),
]
urlpatterns = [
    *(each for each in pages if "transitions" not in str(getattr(each, "urlconf_name", ""))),
    path("<slug:agreement>/", include(([*probes, *area.urlpatterns], "transitions"))),
]
PROBE = "/wetteraukreis/uebergaenge/probe"
ENTRANCE = "/wetteraukreis/uebergaenge/eintreten"


def leads_to_the_door(answer):
    return answer.status_code == 302 and answer["Location"].startswith(ENTRANCE)


def entries():
    return list(AccessLogEntry.objects.order_by("pk").values_list("action", "reason", "actor"))
