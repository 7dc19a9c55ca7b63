"""What is stored about duties, figures and reports: each room has its own models, Django finds them here."""

from reporting.duties.models import Submission
from reporting.figures.models import DataCell, Dataset, DatasetRevision, ImportJob
from reporting.yearly.models import YearlyReport

__all__ = ["DataCell", "Dataset", "DatasetRevision", "ImportJob", "Submission", "YearlyReport"]
