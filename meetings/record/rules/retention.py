"""How long minutes and what belongs to them are kept (domain.md 5.5).

They are never erased by the application: after ten years they are offered to the archive.
"""

from kok.durations import months
from meetings.convening.rules.retention import MEETINGS

MINUTES = MEETINGS  # own
REVISIONS = months(12)  # saved drafts of sections and replaced versions, after the approval (proposal)
