"""Dates, agenda, invitations and answers."""

from django.urls import path

from meetings.convening.views import agenda, documents, invitations, late, lists, planning

MEETING = "gremien/<slug:body>/sitzungen/<int:pk>/"

urlpatterns = [
    path("sitzungen/", lists.meetings, name="list"),
    path("sitzungen/neu", planning.plan, name="plan"),
    path("sitzungen/nachtrag", late.enter, name="late-entry"),
    path("sitzungen/neu/tag", planning.hint, name="day-hint"),
    path(f"{MEETING}angaben", planning.edit, name="edit"),
    path(f"{MEETING}verlegen", planning.reschedule, name="reschedule"),
    path(f"{MEETING}nicht-stattgefunden", planning.did_not_meet, name="did-not-meet"),
    path(f"{MEETING}wieder-aufnehmen", planning.resume, name="resume"),
    path(f"{MEETING}nachtrag-zuruecknehmen", late.take_out, name="late-entry-take-out"),
    path(f"{MEETING}absagen", planning.cancel, name="cancel"),
    path(f"{MEETING}einladen", invitations.invite, name="invite"),
    path(f"{MEETING}antwort", invitations.answer, name="answer"),
    path(f"{MEETING}tagesordnung/", agenda.agenda, name="agenda"),
    path(f"{MEETING}tagesordnung/neu", agenda.new_item, name="item-new"),
    path(f"{MEETING}tagesordnung/<int:item>/", agenda.item, name="item"),
    path(f"{MEETING}tagesordnung/<int:item>/loeschen", agenda.remove_item, name="item-remove"),
    path(f"{MEETING}unterlagen/<int:document>/", documents.document, name="document"),
    path(f"{MEETING}unterlagen/<int:document>/stand", documents.document_state, name="document-state"),
    path(f"{MEETING}unterlagen/<int:document>/erneut", documents.document_retry, name="document-retry"),
    path(f"{MEETING}unterlagen/einladung/<int:number>/sperren", invitations.withhold, name="round-withhold"),
]
