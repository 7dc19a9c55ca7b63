"""The application with 200 rows on a page of meetings instead of 50, to see what a row costs."""

from kok.wsgi import application
from meetings.convening.views import lists

__all__ = ["application"]

lists.PER_PAGE = 200
