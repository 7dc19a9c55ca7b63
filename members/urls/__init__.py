from django.urls import path

from members.views import accounts, addresses, agreement, authorities, people, seat_changes, seats

app_name = "members"
urlpatterns = [
    path("vereinbarung/", agreement.reading, name="agreement"),
    path("vereinbarung/wortlaut/", agreement.original, name="original"),
    path("behoerden/<slug:authority>/", authorities.authority, name="authority"),
    path("behoerden/<slug:authority>/aendern/", authorities.change, name="authority-change"),
    path("behoerden/<slug:authority>/aenderungen/<int:pk>/", authorities.withdraw, name="authority-withdraw"),
    path("mitglieder/", seats.conference, name="seats"),
    path("gremien/", seats.bodies, name="bodies"),
    path("gremien/<slug:body>/", seats.body, name="body"),
    path("mitglieder/sitze/neu/", seat_changes.create, name="seat-new"),
    path("mitglieder/sitze/<int:pk>/", seats.seat, name="seat"),
    path("mitglieder/sitze/<int:pk>/besetzen/", seat_changes.assign, name="assign"),
    path("mitglieder/sitze/<int:pk>/beenden/", seat_changes.end_seat, name="seat-end"),
    path("mitglieder/besetzungen/<int:pk>/beenden/", seat_changes.end_assignment, name="assignment-end"),
    path("mitglieder/personen/", people.people, name="people"),
    path("mitglieder/personen/neu/", people.create, name="person-new"),
    path("mitglieder/personen/<int:pk>/", people.person, name="person"),
    path("mitglieder/personen/<int:pk>/adresse/zuruecknehmen/", addresses.withdraw, name="address-withdraw"),
    path("mitglieder/personen/<int:pk>/einladen/", accounts.invite, name="invite"),
    path("mitglieder/konten/", accounts.accounts, name="accounts"),
    path("mitglieder/konten/<int:pk>/", accounts.account, name="account"),
    path("mitglieder/konten/<int:pk>/einladung/", accounts.invite_again, name="invite-again"),
    path("mitglieder/konten/<int:pk>/rolle/<slug:partner>/", accounts.give_role, name="role-new"),
    path("mitglieder/rollen/<int:pk>/beenden/", accounts.end_role, name="role-end"),
]
