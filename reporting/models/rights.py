"""What web, worker and beat may do in these tables; see `kok.database.rights`."""

RIGHTS = """
reporting_submission       SIU   SIU   -
reporting_dataset          SIUD  SIUD  -
reporting_datasetrevision  SIUD  SIUD  -
reporting_datacell         SIUD  SIUD  -
reporting_importjob        SIU   SIUD  -
reporting_yearlyreport     SIU   SIU   -
"""
