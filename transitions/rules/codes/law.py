"""Who is responsible by law, and how well that is proven."""

from kok.codes import Code


class PeopleGroup(Code):
    """For whom somebody is responsible."""

    SCHOOL = "SCHOOL", "Menschen bis zum Ende der Schule"
    AFTER_SCHOOL = "AFTER_SCHOOL", "Menschen nach dem Ende der Schule"
    CONTINUED = "CONTINUED", "Menschen, die schon vor der Regelaltersgrenze Leistungen erhalten haben"
    AFTER_LIMIT = "AFTER_LIMIT", "Menschen, die erst nach der Regelaltersgrenze Leistungen beantragen"


class Carrier(Code):
    """The Träger der Eingliederungshilfe."""

    LOCAL = "LOCAL", "der örtliche Träger"
    LWV = "LWV", "der LWV Hessen"


class Evidence(Code):
    """How well a rule is proven."""

    FOUND = "FOUND", "gefunden in"
    OWN = "OWN", "eigene Lesart, zu prüfen; Anhaltspunkt"


class LimitException(Code):
    """For whom the limit stays at 65 (§ 235 Abs. 2 S. 3 SGB VI)."""

    PARTIAL_RETIREMENT = "PARTIAL_RETIREMENT", "Altersteilzeit, vor dem 01.01.2007 vereinbart"
    MINER = "MINER", "Anpassungsgeld für entlassene Beschäftigte des Bergbaus bezogen"
