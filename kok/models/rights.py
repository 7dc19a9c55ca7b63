"""What web, worker and beat may do in the tables of the kernel and of the libraries; see `kok.database.rights`."""

RIGHTS = """
django_migrations            S     S     S
django_content_type          S     S     -
auth_permission              S     S     -
auth_group                   S     S     -
auth_group_permissions       S     S     -
account_emailaddress         SIUD  SIUD  -
account_emailconfirmation    SIUD  SIUD  -
mfa_authenticator            SIUD  SIUD  S     # whose role counts; the secrets are sealed
kok_user                     SIU   SIU   S
kok_user_groups              S     S     -
kok_user_user_permissions    S     S     -
kok_addresschange            SIUD  SIUD  -
kok_accountsession           SIUD  SIUD  -
kok_attempts                 SIU   SIUD  -     # counts up within its window; only some kinds are given back
kok_usedcode                 SIU   SIUD  -     # what was used stays used for its hour
kok_signinevent              SIU   SID   -     # the same again within an hour counts along
kok_statutorypage            SI    SID   -     # a version stays as it was published
kok_barrierreport            SIU   SIUD  -
kok_auditevent               SI    SID   SI    # nobody changes the trail
kok_seal                     SIU   SIUD  SI    # a line of the trail has one; only its place is added, not by beat
kok_rowchange                S     SD    -     # a trigger adds, nobody changes
kok_sealday                  SIU   SIU   S     # grows only
kok_outboxmessage            SIU   SIUD  SIU
kok_dispatch                 SIU   SIUD  S(id,key,result)  # who was sent what stays; the worker says what became of it
kok_textcheck                SIU   SIUD  -
kok_document                 SIU   SIUD  -     # goes with its object
kok_publicholiday            S     S     -
kok_erasurerequest           SI    SID   -     # web asks, the worker looks whether it is due, nobody changes one
kok_erasurerun               S     SIUD  -
kok_erasedobject             S     SID   -
kok_pulse                    S     SIU   SIU
kok_turn                     SIU   SIU   -     # U: to be locked while somebody is at it
"""
