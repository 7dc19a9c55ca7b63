"""Who may open which page: every address of the application, every role.

The table is for people who must judge access, such as data protection officers. `tests/test_access.py` asks every
cell of the running application and fails for an address without a line and for a line without an address.

Signs     ok     opens, or would open: an address that only takes what a form sends refuses mere looking after access
                 was granted (405)
          login  leads to the page for signing in
          403    refused: may see what this is about, but not do it (kok.access.SHOWN_BY)
          404    does not exist for this account
Columns   anonym  nobody is signed in
          fremd   holds every role of both partners of another agreement, of which the LWV is a partner here too, and
                  none in this one; as an auditor of the other he reads the lines of that one
          GS      secretariat (Geschäftsstelle)    Mitgl  member            Genehm approver
          Stamm   registrar (Stammdaten)           Meldg  reporter          Fall   case-officer
          Freig   case-releaser                    Empf   case-receiver
          PrüfK   auditor of the county in this agreement
          PrüfL   auditor of the LWV in all its agreements
          Technik admin of the installation
All roles but Technik are those of one partner in this agreement, the county; Empf and PrüfL are of the LWV. What PrüfK
and PrüfL find on the same page differs: each reads of people only those of his own house (tests/kok/test_auditors.py).
The three case roles stand inside the sealed area: a second factor is proven and a reason is given. Without that every
address below „Geschützter Bereich“ leads to the door, which a test of its own asks for. Stamm, Fall, Freig, Empf,
PrüfK, PrüfL and Technik have a second factor; without one their roles open nothing (tests/kok/test_factor_demanded.py).
A heading in brackets names the object that is asked for; an address can stand under two headings.
"""

ROLES = (
    "anonymous", "outsider", "secretariat", "member", "approver", "registrar", "reporter",
    "case-officer", "case-releaser", "case-receiver", "auditor", "auditor-lwv", "admin",
)  # fmt: skip
SIGNS = frozenset({"ok", "login", "403", "404"})

TABLE = """
                                  anonym fremd  GS    Mitgl Genehm Stamm Meldg Fall  Freig Empf  PrüfK PrüfL Technik

[] Offen für alle
kok:live                          ok     ok     ok    ok    ok     ok    ok    ok    ok    ok    ok    ok    ok
kok:ready                         ok     ok     ok    ok    ok     ok    ok    ok    ok    ok    ok    ok    ok
kok:page                          ok     ok     ok    ok    ok     ok    ok    ok    ok    ok    ok    ok    ok
kok:barrier-report                ok     ok     ok    ok    ok     ok    ok    ok    ok    ok    ok    ok    ok
kok:barrier-reported              ok     ok     ok    ok    ok     ok    ok    ok    ok    ok    ok    ok    ok
kok:security-txt                  ok     ok     ok    ok    ok     ok    ok    ok    ok    ok    ok    ok    ok
account_login                     ok     ok     ok    ok    ok     ok    ok    ok    ok    ok    ok    ok    ok
account_logout                    ok     ok     ok    ok    ok     ok    ok    ok    ok    ok    ok    ok    ok
account_signup                    404    404    404   404   404    404   404   404   404   404   404   404   404
account_inactive                  ok     ok     ok    ok    ok     ok    ok    ok    ok    ok    ok    ok    ok
account_reset_password            ok     ok     ok    ok    ok     ok    ok    ok    ok    ok    ok    ok    ok
account_reset_password_done       ok     ok     ok    ok    ok     ok    ok    ok    ok    ok    ok    ok    ok
account_reset_password_from_key   ok     ok     ok    ok    ok     ok    ok    ok    ok    ok    ok    ok    ok
account_reset_password_from_key_done ok  ok     ok    ok    ok     ok    ok    ok    ok    ok    ok    ok    ok
mfa_authenticate                  login  ok     ok    ok    ok     ok    ok    ok    ok    ok    ok    ok    ok

[] Nur in der Vorführung: im Betrieb und mit einem Mailserver gibt es diese Seite nicht
kok:demo-mail                     ok     ok     ok    ok    ok     ok    ok    ok    ok    ok    ok    ok    ok
kok:demo-code                     ok     ok     ok    ok    ok     ok    ok    ok    ok    ok    ok    ok    ok

[] Das eigene Konto
kok:start                         login  ok     ok    ok    ok     ok    ok    ok    ok    ok    ok    ok    ok
kok:devices                       login  ok     ok    ok    ok     ok    ok    ok    ok    ok    ok    ok    ok
kok:devices-end                   login  ok     ok    ok    ok     ok    ok    ok    ok    ok    ok    ok    ok
own:roles                         login  ok     ok    ok    ok     ok    ok    ok    ok    ok    ok    ok    ok
address:own                       login  ok     ok    ok    ok     ok    ok    ok    ok    ok    ok    ok    ok
address:withdraw                  login  ok     ok    ok    ok     ok    ok    ok    ok    ok    ok    ok    ok
address:confirm                   login  ok     ok    ok    ok     ok    ok    ok    ok    ok    ok    ok    ok
kok:device-end                    login  ok     ok    ok    ok     ok    ok    ok    ok    ok    ok    ok    ok
account_reauthenticate            login  ok     ok    ok    ok     ok    ok    ok    ok    ok    ok    ok    ok
account_change_password           login  ok     ok    ok    ok     ok    ok    ok    ok    ok    ok    ok    ok
account_set_password              login  ok     ok    ok    ok     ok    ok    ok    ok    ok    ok    ok    ok
mfa_index                         login  ok     ok    ok    ok     ok    ok    ok    ok    ok    ok    ok    ok
mfa_reauthenticate                login  ok     ok    ok    ok     ok    ok    ok    ok    ok    ok    ok    ok
mfa_activate_totp                 login  ok     ok    ok    ok     ok    ok    ok    ok    ok    ok    ok    ok
mfa_generate_recovery_codes       login  ok     ok    ok    ok     ok    ok    ok    ok    ok    ok    ok    ok
mfa_list_webauthn                 login  ok     ok    ok    ok     ok    ok    ok    ok    ok    ok    ok    ok
mfa_add_webauthn                  login  ok     ok    ok    ok     ok    ok    ok    ok    ok    ok    ok    ok
mfa_reauthenticate_webauthn       login  ok     ok    ok    ok     ok    ok    ok    ok    ok    ok    ok    ok
kok:factor                        login  ok     ok    ok    ok     ok    ok    ok    ok    ok    ok    ok    ok
kok:prove-mail                    login  ok     ok    ok    ok     ok    ok    ok    ok    ok    ok    ok    ok

[] Der zweite Faktor: eine App haben die Rollen, die einen brauchen; Schlüssel und Ersatzcodes hat niemand
mfa_deactivate_totp               login  ok     404   404   404    ok    404   ok    ok    ok    ok    ok    ok
mfa_remove_webauthn               login  ok     ok    ok    ok     ok    ok    404   404   404   ok    ok    ok
mfa_view_recovery_codes           login  ok     404   404   404    ok    404   404   404   404   ok    ok    ok
mfa_download_recovery_codes       login  ok     404   404   404    ok    404   404   404   404   ok    ok    ok

[] Die Protokolle der Anwendung: nur Prüfung
kok:audit                         login  ok     404   404   404    404   404   404   404   404   ok    ok    404
kok:audit-download                login  ok     404   404   404    404   404   404   404   404   ok    ok    404
kok:sign-ins                      login  ok     404   404   404    404   404   404   404   404   ok    ok    404
kok:sign-ins-download             login  ok     404   404   404    404   404   404   404   404   ok    ok    404
kok:erasure-runs                  login  ok     404   404   404    404   404   404   404   404   ok    ok    404
transitions-log:entries           login  ok     404   404   404    404   404   404   404   404   ok    ok    404
transitions-log:check             login  ok     404   404   404    404   404   404   404   404   ok    ok    404
transitions-log:download          login  ok     404   404   404    404   404   404   404   404   ok    ok    404
[seal-check] Eine Prüfung aller Siegel, um die dieselbe Person gebeten hat
transitions-log:checked           login  404    404   404   404    404   404   404   404   404   ok    404   404

[message] Betrieb der Installation: nur Technik
kok:jobs                          login  404    404   404   404    404   404   404   404   404   404   404   ok
kok:dismiss-message               login  404    404   404   404    404   404   404   404   404   404   404   ok
kok:retry-message                 login  404    404   404   404    404   404   404   404   404   404   404   ok
[statutory-page] Die Seiten der Fußzeile schreiben: nur Technik
kok:pages                         login  404    404   404   404    404   404   404   404   404   404   404   ok
kok:page-edit                     login  404    404   404   404    404   404   404   404   404   404   404   ok
kok:page-versions                 login  404    404   404   404    404   404   404   404   404   404   404   ok
kok:page-version                  login  404    404   404   404    404   404   404   404   404   404   404   ok
[barrier] Gemeldete Barrieren: Stammdaten der benannten Behörde, hier des Kreises; Technik sieht nur Nummern und Fristen
kok:barriers                      login  404    404   404   404    ok    404   404   404   404   404   404   ok
kok:barrier                       login  404    404   404   404    ok    404   404   404   404   404   404   404
kok:barrier-aside                 login  404    404   404   404    ok    404   404   404   404   404   404   404
barrier-office:name               login  404    404   404   404    404   404   404   404   404   404   404   ok
[account] Alle Konten der Installation
accounts:list                     login  404    404   404   404    404   404   404   404   404   404   404   ok
accounts:close                    login  404    404   404   404    404   404   404   404   404   404   404   ok
accounts:open                     login  404    404   404   404    404   404   404   404   404   404   404   ok
accounts:factor                   login  404    404   404   404    404   404   404   404   404   404   404   ok
accounts:name                     login  404    404   404   404    404   404   404   404   404   404   404   ok
accounts:technik                  login  404    404   404   404    404   404   404   404   404   404   404   ok
accounts:invite                   login  404    404   404   404    404   404   404   404   404   404   404   ok
[technik-role] Eine Rolle der Technik
accounts:technik-end              login  404    404   404   404    404   404   404   404   404   404   404   ok
[technik-request] Was eine zweite Person der Technik bestätigt
accounts:requests                 login  404    404   404   404    404   404   404   404   404   404   404   ok
accounts:request-confirm          login  404    404   404   404    404   404   404   404   404   404   404   ok
accounts:request-refuse           login  404    404   404   404    404   404   404   404   404   404   404   ok
accounts:request-withdraw         login  404    404   404   404    404   404   404   404   404   404   404   ok

[] Vereinbarung, Sitze und Gremien lesen
reporting:overview                login  404    ok    ok    ok     ok    ok    ok    ok    ok    404   404   404
meetings:secretariat              login  404    ok    ok    ok     ok    ok    ok    ok    ok    404   404   404
members:agreement                 login  404    ok    ok    ok     ok    ok    ok    ok    ok    404   404   404
members:original                  login  404    ok    ok    ok     ok    ok    ok    ok    ok    404   404   404
members:seats                     login  404    ok    ok    ok     ok    ok    ok    ok    ok    404   404   404
members:bodies                    login  404    ok    ok    ok     ok    ok    ok    ok    ok    404   404   404
members:body                      login  404    ok    ok    ok     ok    ok    ok    ok    ok    404   404   404
transitions:age-limit             login  404    ok    ok    ok     ok    ok    ok    ok    ok    404   404   404
transitions:responsibility        login  404    ok    ok    ok     ok    ok    ok    ok    ok    404   404   404
[seat] Ein Sitz
members:seat                      login  404    ok    ok    ok     ok    ok    ok    ok    ok    404   404   404

[authority] Behörde mit einer vorgesehenen Änderung
members:authority                 login  404    ok    ok    ok     ok    ok    ok    ok    ok    404   404   404
members:authority-change          login  404    404   404   404    ok    404   404   404   404   404   404   404
members:authority-withdraw        login  404    404   404   404    ok    404   404   404   404   404   404   404

[seat] Stammdaten des eigenen Partners ändern: nur Stammdaten
members:seat-new                  login  404    404   404   404    ok    404   404   404   404   404   404   404
members:assign                    login  404    404   404   404    ok    404   404   404   404   404   404   404
members:seat-end                  login  404    404   404   404    ok    404   404   404   404   404   404   404
members:seat-fill                 login  404    404   404   404    ok    404   404   404   404   404   404   404
[assignment] Eine Besetzung
members:assignment-end            login  404    404   404   404    ok    404   404   404   404   404   404   404
members:assignment-correct        login  404    404   404   404    ok    404   404   404   404   404   404   404
members:assignment-remove         login  404    404   404   404    ok    404   404   404   404   404   404   404
[person] Eine Person des eigenen Partners
members:people                    login  404    404   404   404    ok    404   404   404   404   404   404   404
members:person-new                login  404    404   404   404    ok    404   404   404   404   404   404   404
members:person                    login  404    404   404   404    ok    404   404   404   404   404   404   404
members:address-withdraw          login  404    404   404   404    404    404   404   404   404   404   404   404
members:person-leave              login  404    404   404   404    ok    404   404   404   404   404   404   404
members:invite                    login  404    404   404   404    ok    404   404   404   404   404   404   404
[unused] Jemand, der umsonst angelegt ist
members:person-delete             login  404    404   404   404    ok    404   404   404   404   404   404   404
[leaver] Jemand, dessen Ausscheiden eingetragen ist
members:person-stay               login  404    404   404   404    ok    404   404   404   404   404   404   404
[account] Ein Konto des eigenen Partners
members:accounts                  login  404    404   404   404    ok    404   404   404   404   404   404   404
members:account                   login  404    404   404   404    ok    404   404   404   404   404   404   404
members:invite-again              login  404    404   404   404    ok    404   404   404   404   404   404   404
members:role-new                  login  404    404   404   404    ok    404   404   404   404   404   404   404
members:account-close             login  404    404   404   404    ok    404   404   404   404   404   404   404
members:account-open              login  404    404   404   404    ok    404   404   404   404   404   404   404
members:account-factor            login  404    404   404   404    ok    404   404   404   404   404   404   404
[role] Eine Rolle
members:role-end                  login  404    404   404   404    ok    404   404   404   404   404   404   404
[account-request] Was eine zweite Person der Stammdaten bestätigt
members:requests                  login  404    404   404   404    ok    404   404   404   404   404   404   404
members:request-confirm           login  404    404   404   404    ok    404   404   404   404   404   404   404
members:request-refuse            login  404    404   404   404    ok    404   404   404   404   404   404   404
members:request-withdraw          login  404    404   404   404    ok    404   404   404   404   404   404   404

[] Fristen lesen
reporting:deadlines               login  404    ok    ok    ok     404   ok    404   404   404   404   404   404
[duty] Eine Frist
reporting:duty                    login  404    ok    ok    ok     404   ok    404   404   404   404   404   404
[duty] Abgaben des eigenen Partners eintragen: nur Meldungen
reporting:record                  login  404    403   403   403    404   ok    404   404   404   404   404   404
reporting:withdraw                login  404    403   403   403    404   ok    404   404   404   404   404   404

[] Lieferungen von Zahlen, mit genauen Werten
reporting:datasets                login  404    ok    ok    ok     404   ok    404   404   404   404   404   404
reporting:format                  login  404    ok    ok    ok     404   ok    404   404   404   404   404   404
reporting:format-template         login  404    ok    ok    ok     404   ok    404   404   404   404   404   404
[dataset] Eine Lieferung des Trägers und ihre Berichtigung
reporting:dataset                 login  404    ok    ok    ok     404   ok    404   404   404   404   404   404
reporting:dataset-compare         login  404    ok    ok    ok     404   ok    404   404   404   404   404   404

[checked] Zahlen des eigenen Partners einlesen und abgeben: nur Meldungen
reporting:dataset-import          login  404    403   403   403    404   ok    404   404   404   404   404   404
reporting:dataset-remark          login  404    403   403   403    404   ok    404   404   404   404   404   404
reporting:dataset-submit          login  404    403   403   403    404   ok    404   404   404   404   404   404
reporting:dataset-discard         login  404    403   403   403    404   ok    404   404   404   404   404   404
[submitted] Eine abgegebene Lieferung des LWV Hessen annehmen: nur Meldungen
reporting:dataset-accept          login  404    403   403   403    404   ok    404   404   404   404   404   404
[import-job] Eine Datei, die dieselbe Person eingelesen hat
reporting:import-job              login  404    403   403   403    404   ok    404   404   404   404   404   404
reporting:import-problems         login  404    403   403   403    404   ok    404   404   404   404   404   404

[] Sitzungen und Aufgaben lesen
meetings:list                     login  404    ok    ok    ok     404   404   404   404   404   404   404   404
meetings:tasks                    login  404    ok    ok    ok     404   404   404   404   404   404   404   404
[invited] Eine Sitzung, zu der eingeladen ist
meetings:detail                   login  404    ok    ok    ok     404   404   404   404   404   404   404   404
meetings:attendance               login  404    ok    ok    ok     404   404   404   404   404   404   404   404
meetings:minutes                  login  404    ok    ok    ok     404   404   404   404   404   404   404   404
meetings:history                  login  404    ok    ok    ok     404   404   404   404   404   404   404   404
meetings:documents                login  404    ok    ok    ok     404   404   404   404   404   404   404   404
meetings:dispatches               login  404    ok    ok    ok     404   404   404   404   404   404   404   404
meetings:document                 login  404    ok    ok    ok     404   404   404   404   404   404   404   404
meetings:document-state           login  404    ok    ok    ok     404   404   404   404   404   404   404   404
meetings:document-retry           login  404    ok    ok    ok     404   404   404   404   404   404   404   404
meetings:answer                   login  404    ok    ok    ok     404   404   404   404   404   404   404   404

[invited] Sitzungen vorbereiten: nur Geschäftsstelle
meetings:plan                     login  404    ok    403   403    404   404   404   404   404   404   404   404
meetings:day-hint                 login  404    ok    403   403    404   404   404   404   404   404   404   404
meetings:edit                     login  404    ok    403   403    404   404   404   404   404   404   404   404
meetings:reschedule               login  404    ok    403   403    404   404   404   404   404   404   404   404
meetings:cancel                   login  404    ok    403   403    404   404   404   404   404   404   404   404
meetings:invite                   login  404    ok    403   403    404   404   404   404   404   404   404   404
meetings:agenda                   login  404    ok    403   403    404   404   404   404   404   404   404   404
meetings:item-new                 login  404    ok    403   403    404   404   404   404   404   404   404   404
meetings:item                     login  404    ok    403   403    404   404   404   404   404   404   404   404
meetings:item-remove              login  404    ok    403   403    404   404   404   404   404   404   404   404
meetings:letter-note              login  404    ok    403   403    404   404   404   404   404   404   404   404
meetings:round-withhold           login  404    ok    403   403    404   404   404   404   404   404   404   404
meetings:begin                    login  404    ok    403   403    404   404   404   404   404   404   404   404
meetings:did-not-meet             login  404    ok    403   403    404   404   404   404   404   404   404   404
meetings:resume                   login  404    ok    403   403    404   404   404   404   404   404   404   404
meetings:postponed                login  404    ok    403   403    404   404   404   404   404   404   404   404
meetings:late-entry               login  404    ok    403   403    404   404   404   404   404   404   404   404
meetings:deviating-term           login  404    ok    403   403    404   404   404   404   404   404   404   404

[entered-later] Eine nachgetragene Sitzung
meetings:late-entry-take-out      login  404    ok    403   403    404   404   404   404   404   404   404   404

[draft] Ein Entwurf: Mitglieder und Genehmigende sehen noch keinen Text
meetings:minutes                  login  404    ok    ok    ok     404   404   404   404   404   404   404   404
meetings:attendance               login  404    ok    ok    ok     404   404   404   404   404   404   404   404
meetings:minutes-read             login  404    ok    404   404    404   404   404   404   404   404   404   404
meetings:approve                  login  404    403   403   404    404   404   404   404   404   404   404   404
meetings:minutes-version          login  404    404   404   404    404   404   404   404   404   404   404   404
meetings:minutes-changes          login  404    404   404   404    404   404   404   404   404   404   404   404
meetings:version-dispatches       login  404    404   404   404    404   404   404   404   404   404   404   404
meetings:minutes-pdf              login  404    404   404   404    404   404   404   404   404   404   404   404
meetings:minutes-pdf-state        login  404    404   404   404    404   404   404   404   404   404   404   404

[draft] Am Entwurf schreiben und ihn versenden: nur Geschäftsstelle
meetings:minutes-header           login  404    ok    403   403    404   404   404   404   404   404   404   404
meetings:minutes-save             login  404    ok    403   403    404   404   404   404   404   404   404   404
meetings:section                  login  404    ok    403   403    404   404   404   404   404   404   404   404
meetings:revisions                login  404    ok    403   403    404   404   404   404   404   404   404   404
meetings:revision-restore         login  404    ok    403   403    404   404   404   404   404   404   404   404
meetings:resolution-new           login  404    ok    403   403    404   404   404   404   404   404   404   404
meetings:resolution               login  404    ok    403   403    404   404   404   404   404   404   404   404
meetings:resolution-remove        login  404    ok    403   403    404   404   404   404   404   404   404   404
meetings:item-correct             login  404    ok    403   403    404   404   404   404   404   404   404   404
meetings:item-supplement          login  404    ok    403   403    404   404   404   404   404   404   404   404
meetings:begin-take-back          login  404    ok    403   403    404   404   404   404   404   404   404   404
meetings:positions                login  404    ok    403   403    404   404   404   404   404   404   404   404
meetings:positions-remove         login  404    ok    403   403    404   404   404   404   404   404   404   404
meetings:task-new                 login  404    ok    403   403    404   404   404   404   404   404   404   404
meetings:task                     login  404    ok    403   403    404   404   404   404   404   404   404   404
meetings:task-remove              login  404    ok    403   403    404   404   404   404   404   404   404   404
meetings:circulate                login  404    ok    403   403    404   404   404   404   404   404   404   404
meetings:send-file                login  404    404   403   403    404   404   404   404   404   404   404   404

[circulated] Ein versandtes Protokoll
meetings:minutes                  login  404    ok    ok    ok     404   404   404   404   404   404   404   404
meetings:minutes-read             login  404    ok    ok    ok     404   404   404   404   404   404   404   404
meetings:minutes-version          login  404    ok    ok    ok     404   404   404   404   404   404   404   404
meetings:take-back                login  404    ok    403   403    404   404   404   404   404   404   404   404
meetings:approve                  login  404    403   403   ok     404   404   404   404   404   404   404   404
meetings:remark                   login  404    403   403   ok     404   404   404   404   404   404   404   404
meetings:remark-answer            login  404    ok    403   403    404   404   404   404   404   404   404   404

[approved] Ein genehmigtes Protokoll
meetings:minutes                  login  404    ok    ok    ok     404   404   404   404   404   404   404   404
meetings:minutes-read             login  404    ok    ok    ok     404   404   404   404   404   404   404   404
meetings:minutes-version          login  404    ok    ok    ok     404   404   404   404   404   404   404   404
meetings:minutes-changes          login  404    ok    ok    ok     404   404   404   404   404   404   404   404
meetings:version-dispatches       login  404    ok    ok    ok     404   404   404   404   404   404   404   404
meetings:minutes-pdf              login  404    ok    ok    ok     404   404   404   404   404   404   404   404
meetings:minutes-pdf-state        login  404    ok    ok    ok     404   404   404   404   404   404   404   404
meetings:minutes-pdf-retry        login  404    ok    ok    ok     404   404   404   404   404   404   404   404
meetings:send-file                login  404    ok    403   403    404   404   404   404   404   404   404   404
meetings:task-close               login  404    ok    ok    ok     404   404   404   404   404   404   404   404
meetings:task-reopen              login  404    ok    ok    ok     404   404   404   404   404   404   404   404

[] Zahlen der Übergänge
transitions:counts                login  404    ok    ok    ok     404   404   ok    ok    ok    404   404   404

[] Die Tür zum geschützten Bereich und was davor liegt
transitions:enter                 login  404    404   404   404    404   404   ok    ok    ok    404   404   404
transitions:leave                 login  404    404   404   404    404   404   ok    ok    ok    404   404   404
transitions:import-template       login  404    404   404   404    404   404   ok    403   403   404   404   404

[] Geschützter Bereich: Listen und Anfragen
transitions:stay-on               login  404    404   404   404    404   404   ok    ok    ok    404   404   404
transitions:lists                 login  404    404   404   404    404   404   ok    ok    ok    404   404   404
transitions:list-begin            login  404    404   404   404    404   404   ok    403   403   404   404   404
transitions:requests              login  404    404   404   404    404   404   ok    ok    ok    404   404   404
transitions:questions             login  404    404   404   404    404   404   ok    ok    ok    404   404   404
transitions:request-new           login  404    404   404   404    404   404   ok    ok    ok    404   404   404

[list-draft] Geschützter Bereich: ein Entwurf des Trägers; für den LWV Hessen gibt es ihn nicht
transitions:version               login  404    404   404   404    404   404   ok    ok    404   404   404   404
transitions:entry-new             login  404    404   404   404    404   404   ok    403   403   404   404   404
transitions:entry                 login  404    404   404   404    404   404   ok    403   403   404   404   404
transitions:entry-end             login  404    404   404   404    404   404   ok    403   403   404   404   404
transitions:entry-keep            login  404    404   404   404    404   404   ok    403   403   404   404   404
transitions:entry-remove          login  404    404   404   404    404   404   ok    403   403   404   404   404
transitions:proposals             login  404    404   404   404    404   404   ok    403   403   404   404   404
transitions:submit                login  404    404   404   404    404   404   ok    403   403   404   404   404
transitions:give-back             login  404    404   404   404    404   404   403   ok    403   404   404   404
transitions:take-back             login  404    404   404   404    404   404   ok    403   403   404   404   404
transitions:two-people            login  404    404   404   404    404   404   ok    ok    ok    404   404   404
transitions:release               login  404    404   404   404    404   404   403   ok    403   404   404   404
transitions:discard               login  404    404   404   404    404   404   ok    403   403   404   404   404
transitions:import                login  404    404   404   404    404   404   ok    403   403   404   404   404
transitions:import-take-over      login  404    404   404   404    404   404   ok    403   403   404   404   404
transitions:import-discard        login  404    404   404   404    404   404   ok    403   403   404   404   404
transitions:print                 login  404    404   404   404    404   404   ok    ok    404   404   404   404
transitions:export                login  404    404   404   404    404   404   ok    ok    404   404   404   404
transitions:receipt               login  404    404   404   404    404   404   404   404   404   404   404   404

[list-released] Geschützter Bereich: eine übermittelte Liste und ein Fall darauf
transitions:version               login  404    404   404   404    404   404   ok    ok    ok    404   404   404
transitions:receipt               login  404    404   404   404    404   404   ok    ok    ok    404   404   404
transitions:print                 login  404    404   404   404    404   404   ok    ok    ok    404   404   404
transitions:export                login  404    404   404   404    404   404   ok    ok    ok    404   404   404
transitions:acknowledge           login  404    404   404   404    404   404   403   403   ok    404   404   404
transitions:outcomes              login  404    404   404   404    404   404   403   403   ok    404   404   404
transitions:case                  login  404    404   404   404    404   404   ok    ok    ok    404   404   404
transitions:confirm               login  404    404   404   404    404   404   ok    403   403   404   404   404
transitions:outcome               login  404    404   404   404    404   404   403   403   ok    404   404   404
transitions:outcome-revoke        login  404    404   404   404    404   404   403   403   ok    404   404   404
transitions:case-export           login  404    404   404   404    404   404   ok    ok    ok    404   404   404
transitions:question-ask          login  404    404   404   404    404   404   403   403   ok    404   404   404

[question] Geschützter Bereich: eine Rückfrage der empfangenden Stelle
transitions:question-answer       login  404    404   404   404    404   404   ok    403   403   404   404   404

[subject-request] Geschützter Bereich: die Anfrage einer Person beim Träger (Formulare des anderen Partners: 404)
transitions:request               login  404    404   404   404    404   404   ok    ok    404   404   404   404
transitions:request-answer        login  404    404   404   404    404   404   ok    ok    ok    404   404   404
transitions:request-complete      login  404    404   404   404    404   404   ok    ok    ok    404   404   404
transitions:request-extend        login  404    404   404   404    404   404   ok    ok    ok    404   404   404
transitions:request-correct       login  404    404   404   404    404   404   ok    ok    ok    404   404   404
transitions:request-lift          login  404    404   404   404    404   404   ok    ok    ok    404   404   404
transitions:request-search        login  404    404   404   404    404   404   ok    ok    404   404   404   404

[] Zahlen, gerundet oder genau; der Vergleich nur für Rollen des LWV Hessen, die genaue sehen
reporting:figures                 login  404    ok    ok    ok     ok    ok    ok    ok    ok    404   404   404
reporting:figure-series           login  404    ok    ok    ok     ok    ok    ok    ok    ok    404   404   404
reporting:figures-download        login  404    ok    ok    ok     ok    ok    ok    ok    ok    404   404   404
reporting:figures-sheet           login  404    ok    ok    ok     ok    ok    ok    ok    ok    404   404   404
reporting:statewide-figures       login  404    404   404   404    404   404   404   404   404   404   404   404
reporting:yearly-reports          login  404    ok    ok    ok     ok    ok    ok    ok    ok    404   404   404
reporting:yearly-report-make      login  404    ok    403   403    404   404   404   404   404   404   404   404

[yearly-report] Jahresbericht: lesen, wer Zahlen sieht; erstellen und vorlegen die Geschäftsstellen
reporting:yearly-report           login  404    ok    ok    ok     ok    ok    ok    ok    ok    404   404   404
reporting:yearly-report-present   login  404    ok    403   403    404   404   404   404   404   404   404   404
reporting:yearly-report-pdf       login  404    ok    ok    ok     ok    ok    ok    ok    ok    404   404   404
reporting:yearly-report-pdf-state login  404    ok    ok    ok     ok    ok    ok    ok    ok    404   404   404
reporting:yearly-report-pdf-retry login  404    ok    ok    ok     ok    ok    ok    ok    ok    404   404   404
"""
