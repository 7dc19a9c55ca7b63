"""What is stored about duties and figures."""

from reporting.models.duties import Submission
from reporting.models.figures import DataCell, Dataset, DatasetRevision, ImportJob, YearlyReport

__all__ = ["DataCell", "Dataset", "DatasetRevision", "ImportJob", "Submission", "YearlyReport"]
