"""How long files of figures that were read are remembered (domain.md 5.5 names no period: a proposal)."""

from kok.durations import months

IMPORT_JOBS = months(12)  # after they were uploaded
