"""The page of a meeting, its papers, who was sent what; the secretariat."""

from django.urls import path

from meetings.convening.urls import MEETING
from meetings.desk.views import dispatches, meeting, postponed, secretariat
from meetings.record.urls import VERSION

urlpatterns = [
    path("geschaeftsfuehrung/", secretariat.secretariat, name="secretariat"),
    path("geschaeftsfuehrung/abweichung", secretariat.deviating_term, name="deviating-term"),
    path(MEETING, meeting.detail, name="detail"),
    path(f"{MEETING}tagesordnung/vertagt", postponed.postponed, name="postponed"),
    path(f"{MEETING}unterlagen/", meeting.documents, name="documents"),
    path(f"{MEETING}versand/", dispatches.of_meeting, name="dispatches"),
    path(f"{MEETING}versand/<int:dispatch>/brief", dispatches.note_letter, name="letter-note"),
    path(f"{MEETING}verlauf/", meeting.history, name="history"),
    path(f"{VERSION}versand/", dispatches.of_version, name="version-dispatches"),
]
