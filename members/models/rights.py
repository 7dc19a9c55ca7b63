"""What web, worker and beat may do in these tables; see `kok.database.rights`."""

RIGHTS = """
members_authority            SIU   SIU   -
members_authoritychange      SIUD  SIU   -
members_agreement            SIU   SIU   S     # beat asks whom to tell when the worker is silent
members_clause               SIUD  SIUD  -
members_partner              SIU   SIU   S
members_obligationrule       SIUD  SIUD  -
members_roleassignment       SIU   SIUD  S
members_person               SIU   SIU   -
members_body                 SIU   SIU   -
members_seat                 SIU   SIU   -
members_seatassignment       SIUD  SIUD  -
members_departure            SIU   SIUD  -
members_departureline        SIU   SIUD  -
members_accountrequest       SIU   SIUD  -
"""
