"""Attendance, minutes, resolutions and tasks."""

from django.urls import path

from meetings.convening.urls import MEETING
from meetings.record.views import approval, attendance, decisions, minutes, remarks, saving, tasks, titles, versions

MINUTES = f"{MEETING}protokoll/"
VERSION = f"{MINUTES}fassung/<int:number>/"

urlpatterns = [
    path("aufgaben/", tasks.tasks, name="tasks"),
    path("aufgaben/<int:task>/", tasks.close, name="task-close"),
    path("aufgaben/<int:task>/oeffnen", tasks.reopen, name="task-reopen"),
    path(f"{MEETING}beginnen", attendance.begin, name="begin"),
    path(f"{MEETING}beginnen/zuruecknehmen", attendance.take_back_begin, name="begin-take-back"),
    path(f"{MEETING}teilnehmende/", attendance.attendance, name="attendance"),
    path(MINUTES, minutes.minutes, name="minutes"),
    path(f"{MINUTES}lesen/", versions.read, name="minutes-read"),
    path(f"{MINUTES}speichern", saving.everything, name="minutes-save"),
    path(f"{MINUTES}angaben", saving.header, name="minutes-header"),
    path(f"{MINUTES}abschnitt/<int:section>", saving.section, name="section"),
    path(f"{MINUTES}abschnitt/<int:section>/fassungen/", minutes.revisions, name="revisions"),
    path(f"{MINUTES}abschnitt/<int:section>/fassungen/<int:revision>", minutes.restore, name="revision-restore"),
    path(f"{MINUTES}ergaenzung/", titles.add_supplement, name="item-supplement"),
    path(f"{MINUTES}top/<int:item>/titel/", titles.correct_item, name="item-correct"),
    path(f"{MINUTES}top/<int:item>/beschluss/", decisions.new_resolution, name="resolution-new"),
    path(f"{MINUTES}top/<int:item>/auffassungen/", decisions.positions, name="positions"),
    path(f"{MINUTES}top/<int:item>/auffassungen/streichen", decisions.remove_positions, name="positions-remove"),
    path(f"{MINUTES}top/<int:item>/aufgabe/", tasks.new_task, name="task-new"),
    path(f"{MINUTES}beschluss/<int:resolution>/", decisions.change_resolution, name="resolution"),
    path(f"{MINUTES}beschluss/<int:resolution>/streichen", decisions.remove_resolution, name="resolution-remove"),
    path(f"{MINUTES}aufgabe/<int:task>/", tasks.change_task, name="task"),
    path(f"{MINUTES}aufgabe/<int:task>/streichen", tasks.remove_task, name="task-remove"),
    path(f"{MINUTES}versenden/", approval.circulate, name="circulate"),
    path(f"{MINUTES}zurueck/", approval.take_back, name="take-back"),
    path(f"{MINUTES}genehmigen/", approval.approve, name="approve"),
    path(f"{MINUTES}aenderung-erbitten/", remarks.ask, name="remark"),
    path(f"{MINUTES}aenderungswunsch/<int:remark>/", remarks.answer, name="remark-answer"),
    path(f"{MINUTES}zustellen/", approval.send_file, name="send-file"),
    path(VERSION, versions.version, name="minutes-version"),
    path(f"{VERSION}aenderungen/", versions.changes, name="minutes-changes"),
    path(f"{VERSION}pdf", versions.file, name="minutes-pdf"),
    path(f"{VERSION}pdf/stand", versions.file_state, name="minutes-pdf-state"),
    path(f"{VERSION}pdf/erneut", versions.retry_file, name="minutes-pdf-retry"),
]
