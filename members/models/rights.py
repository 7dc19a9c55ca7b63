"""What web, worker and beat may do in these tables; see `kok.database.rights`."""

RIGHTS = """
members_authority            SIU   SIU   -
members_authoritychange      SIUD  SIU   -
members_agreement            SIU   SIU   S     # beat asks whom to tell when the worker is silent
members_agreementversion     SIU   SIU   -     # of a version only the end moves, a trigger sees to it
members_annexversion         SIU   SIU   -
members_annexbody            SI    SI    -
members_clause               SI    SI    -
members_partner              SIU   SIU   S
members_obligationrule       SIU   SIU   -     # U: to be locked while a fulfilment is entered
members_roleassignment       SIU   SIUD  S
members_person               SIUD  SIU   -     # D: somebody who was entered in vain, nothing points at him
members_body                 SIU   SIU   -
members_seat                 SIU   SIU   -
members_seatassignment       SIUD  SIUD  -
members_seatcorrection       SIU   SI    -     # U: forgets somebody who is deleted and never counted
members_departure            SIU   SIUD  -
members_departureline        SIU   SIUD  -
members_accountrequest       SIU   SIUD  -
"""
