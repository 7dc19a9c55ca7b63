"""What web, worker and beat may do in these tables; see `kok.database.rights`."""

RIGHTS = """
meetings_meeting                   SIU   SIU   -
meetings_agendaitem                SIUD  SIU   -
meetings_declineditem              SID   S     -
meetings_lateentry                 SI    S     -
meetings_invitationround           SIU   SIU   -
meetings_invitation                SIU   SIU   -
meetings_noticeconsent             SI    SI    -
meetings_attendance                SIUD  SIU   -
meetings_minutes                   SIUD  SIU   -     # by web while nothing is written, when its beginning is taken back
meetings_minutessection            SIUD  SIU   -
meetings_sectionrevision           SIU   SIUD  -
meetings_resolution                SIUD  SIU   -
meetings_partnerposition           SIUD  SIUD  -
meetings_actionitem                SIUD  SIU   -
meetings_minutesversion            SIU   SIU   -     # taken back by web; the worker empties old texts
meetings_minutesapproval           SI    SI    -     # stays, void or not
meetings_minutesremark             SIU   SIU   -     # answered by web; the worker empties old words
meetings_deviatingterm             SIU   SIU   -
"""
