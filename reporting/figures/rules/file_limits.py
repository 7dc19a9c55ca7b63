"""How large a file of figures may be, and which sheet of a workbook it stands on."""

from kok.sheets import Limits

LIMITS = Limits(bytes=20_000_000, rows=150_000, columns=40, cell_length=1_000)
SHEET = "Daten"
