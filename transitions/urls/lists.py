"""The county's lists."""

from django.urls import path

from transitions.views import doubles, entries, lists, proposals, release

_LIST = "uebergaenge/listen/<uuid:version>/"
_ENTRY = "uebergaenge/eintraege/<uuid:entry>"

urlpatterns = [
    path("uebergaenge/listen/", lists.lists, name="lists"),
    path("uebergaenge/listen/<int:year>/beginnen", lists.begin, name="list-begin"),
    path(_LIST, lists.version, name="version"),
    path(f"{_LIST}quittung", lists.receipt, name="receipt"),
    path(f"{_LIST}verwerfen", lists.discard, name="discard"),
    path(f"{_LIST}vorschlaege", proposals.proposals, name="proposals"),
    path(f"{_LIST}vorlegen", release.submit, name="submit"),
    path(f"{_LIST}zurueckgeben", release.give_back, name="give-back"),
    path(f"{_LIST}zurueckholen", release.take_back, name="take-back"),
    path(f"{_LIST}freigeben", release.release, name="release"),
    path(f"{_LIST}zwei-personen", doubles.two_people, name="two-people"),
    path(f"{_LIST}faelle/neu", entries.new, name="entry-new"),
    path(_ENTRY, entries.change, name="entry"),
    path(f"{_ENTRY}/entfernen", entries.remove, name="entry-remove"),
    path(f"{_ENTRY}/beenden", entries.end, name="entry-end"),
    path(f"{_ENTRY}/bleibt", entries.keep, name="entry-keep"),
]
