"""What web, worker and beat may do in these tables; see `kok.database.rights`.

What web may delete are drafts: triggers keep whatever was released, and everybody who was ever named.
"""

RIGHTS = """
transitions_transitionlist         SIUD  SIUD  -
transitions_transitionlistversion  SIUD  SIUD  -
transitions_transitioncase         SIUD  SIUD  -
transitions_caseentry              SIUD  SIUD  -
transitions_caseevent              SIUD  SIUD  -
transitions_namemarks              SIUD  SIUD  -
transitions_casequestion           SIUD  SIUD  -
transitions_twopeople              SIUD  SIUD  -
transitions_transmissionreceipt    SI    SID   -
transitions_acknowledgement        SI    SID   -
transitions_pendingimport          SIUD  SIUD  -
transitions_accesslogentry         SI    SID   -
transitions_accesslogday           SIU   SIU   -     # grows only; the closing seals stay for good
transitions_datasubjectrequest     SIU   SIUD  -
transitions_checkjob               SI    SUD   -     # web asks, the worker answers
"""
