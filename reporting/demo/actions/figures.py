"""Invented figures of five regions over five years, handed in like real ones: files that are checked and accepted."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import starmap

from kok import sheets
from kok.models import User
from kok.workdays import Policy, due
from members.models import Agreement
from reporting.demo.actions.past import moment
from reporting.figures.actions import datasets
from reporting.figures.actions.importing import import_file

Row = dict[str, sheets.Cell]
Shares = Iterable[tuple[str, float | None]]
REGION_COLUMNS = {"KOK-8C": "reporting_kgs", "KOK-8D": "region_kgs", "KOK-IND": "region_kgs"}
OWN, FIRST_YEAR, MOST_YEARS, YEARS_OF_OTHERS = "06440", 2021, 5, 2
CHANGE_OF_LAW, NEW_CENSUS = 2024, 2022
# Adults and people with benefits in 2021; both grow a little every year.
ADULTS = {"06440": 258_000, "06434": 196_000, "06531": 229_000, "06535": 88_000, "06631": 185_000}
WITH_BENEFITS = {"06440": 2_873, "06434": 1_702, "06531": 3_218, "06535": 1_184, "06631": 2_391}
DISTRICTS = {"064": (3_352_000, 36_870), "065": (884_000, 11_420), "066": (1_021_000, 13_660)}
HESSEN = (5_257_000, 61_950)
PLACES = (("OUT", 0.148), ("BOTH", 0.037), ("UNK", 0.006), ("IN", None))
SEXES = (("W", 0.431), ("D", 0.002), ("O", 0.003), ("M", None))
AGES = (
    ("A18_20", 0.042), ("A21_24", 0.071), ("A25_29", 0.089), ("A30_39", 0.188), ("A40_49", 0.172), ("A50_59", 0.219),
    ("A60_64", 0.118), ("A_GT_RAG", 0.045), ("A65_RAG", None),
)  # fmt: skip
SERVICES = (("S02", 0.394), ("S07", 0.251), ("S08", 0.412), ("S10", 0.117), ("S10T", 0.069), ("S16", 0.008))
COUNTS = {"I07": 0.008, "I09": 0.394, "I11": 0.011, "I12": 0.013, "I13": 0.069, "I14": 0.027}
EUROS = {"I17": ("I01", 27_300), "I18": ("I03", 52_400), "I19": ("I05", 15_900), "I20": ("I09", 18_700)}
PAST_THE_LIMIT = (("RAG_69", 0.34), ("A70_74", 0.29), ("A75_79", 0.2), ("A80_84", 0.11), ("A85P", None))
REASON = "Zwölf Personen waren bei zwei Regionen gezählt."
ANSWER = "Die Veränderung ist geprüft und erklärt sich aus der Änderung der Zuständigkeit."


class Figures:
    """Hands in what both partners report, in time, and one correction."""

    def __init__(self, agreement: Agreement, users: dict[str, User], today: date) -> None:
        self.agreement, self.today = agreement, today
        self.county, self.lwv = users["wetteraukreis-reporter"], users["lwv-hessen-reporter"]

    def tell(self) -> None:
        """Every Stichtag that lies behind us."""
        is_in = due(date(self.today.year, 4, 26), Policy.ROLL_BACK) < self.today
        last = self.today.year - (1 if is_in else 2)
        years = range(max(FIRST_YEAR, last - MOST_YEARS + 1), last + 1)
        for year in years:
            self._hand_in("KOK-8C", OWN, year, _past_the_limit(year), by=self.county, other=self.lwv)
            for kgs in ADULTS if year > last - YEARS_OF_OTHERS else (OWN,):
                self._hand_in("KOK-8D", kgs, year, _residents(_people(kgs, year)), by=self.lwv, other=self.county)
                self._hand_in("KOK-IND", kgs, year, _indicators(kgs, year), by=self.lwv, other=self.county)
        if len(years) > 1:
            rows = _residents(_people(OWN, years[-2]) - 12)
            self._hand_in("KOK-8D", OWN, years[-2], rows, by=self.lwv, other=self.county, revision=1)

    def _hand_in(
        self, name: str, kgs: str, year: int, rows: Iterator[Row], *, by: User, other: User, revision: int = 0
    ) -> None:
        day = due(date(year + 1, 4, 26), Policy.ROLL_BACK) + timedelta(days=20 * revision)
        head: Row = {
            "format_id": name,
            "format_version": "1.0.0",
            REGION_COLUMNS[name]: kgs,
            "reference_date": f"{year}-12-31",
            "revision": revision,
        }
        now = moment(day)
        found = import_file(
            content=_csv([head | row for row in rows]),
            filename=f"{name}_{kgs}_{year}-12-31_r{revision}_v1.0.0.csv",
            agreement=self.agreement,
            correction_reason=REASON if revision else "",
            by=by,
            now=now,
        )
        for rule in sorted({each["rule"] for each in found.warnings}):
            datasets.remark(revision=found, key=rule, text=ANSWER, by=by, now=now)
        found = datasets.submit(revision=found, by=by, now=now)
        if kgs == OWN and day + timedelta(days=9) <= self.today:
            datasets.accept(revision=found, by=other, now=moment(day + timedelta(days=9)))


def _csv(rows: list[Row]) -> bytes:
    header = list(dict.fromkeys(name for row in rows for name in row))
    return sheets.write_csv(header, [[row.get(name) for name in header] for row in rows])


def _split(total: int, shares: Shares) -> Iterator[tuple[str, int]]:
    """The parts of a whole; the one without a share takes the rest."""
    parts = {code: int(total * share) for code, share in shares if share is not None}
    yield from parts.items()
    yield from ((code, total - sum(parts.values())) for code, share in shares if share is None)


def _people(kgs: str, year: int) -> int:
    """People with benefits; from 2024 on those past the age limit count too."""
    return _grown(WITH_BENEFITS[kgs], year)


def _grown(people: int, year: int) -> int:
    return int(people * (1 + 0.021 * (year - FIRST_YEAR)) * (1.018 if year >= CHANGE_OF_LAW else 1))


def _settings(total: int, year: int) -> dict[str, int]:
    """Fewer people in besondere Wohnformen, more outside, year by year."""
    moved = 0.006 * (year - FIRST_YEAR)
    return dict(_split(total, (("BWF", 0.312 - moved), ("EIG", 0.448 + moved), ("PFF", 0.008), ("NON", None))))


def _past_the_limit(year: int) -> Iterator[Row]:
    """8c: until 2023 the county, afterwards nobody."""
    everything: Row = {"sex": "T", "age_group": "T", "service": "T", "setting": "T"}
    total = 0 if year >= CHANGE_OF_LAW else 47 + 4 * (year - FIRST_YEAR)
    yield everything | {"person_count": total}
    if total:
        for code, count in _split(total, PAST_THE_LIMIT):
            yield everything | {"age_group": code, "person_count": count}


def _residents(total: int) -> Iterator[Row]:
    """8d: every person once, by place, sex, age and setting; benefits overlap."""
    names = ("sex", "age_group", "location", "service", "setting", "disability")
    everything: Row = {**dict.fromkeys(names, "T"), "ga_basis": "P98"}
    yield everything | {"person_count": total}
    parts = {
        "location": _split(total, PLACES),
        "sex": _split(total, SEXES),
        "age_group": _split(total, AGES),
        "setting": _settings(total, FIRST_YEAR).items(),
        "service": _split(total, SERVICES),
    }
    for name, counts in parts.items():
        for code, count in counts:
            yield everything | {name: code, "person_count": count}


def _indicators(kgs: str, year: int) -> Iterator[Row]:
    """Punkt 9: the region, its Regierungsbezirk and Hessen."""
    groups = {"REGION": (ADULTS[kgs], WITH_BENEFITS[kgs]), "RP": DISTRICTS[kgs[:3]], "HESSEN": HESSEN}
    census = 2022 if year >= NEW_CENSUS else 2011
    source: Row = {
        "population_source": f"Fortschreibung, Basis Zensus {census}", "population_date": f"{year}-12-31",
    }  # fmt: skip
    for group, (adults, people) in groups.items():
        population = int(adults * (1 + 0.004 * (year - FIRST_YEAR)) * (0.993 if year >= NEW_CENSUS else 1))
        for row in _of_group(_grown(people, year), population, year):
            yield source | {"comparison_group": group} | row
    for code, count in _split(_people(kgs, year), AGES):
        yield source | {"comparison_group": "REGION"} | _count("I01", count) | {"age_group": code}
    yield source | {"comparison_group": "REGION"} | _count("I22", 9 + year % 5)


def _of_group(total: int, population: int, year: int) -> Iterator[Row]:
    settings = _settings(total, year)
    counts = {"I01": total, "I03": settings["BWF"], "I05": settings["EIG"]}
    counts |= {code: int(total * share) for code, share in COUNTS.items()}
    yield from starmap(_count, counts.items())
    for code, counted in (("I02", "I01"), ("I04", "I03"), ("I06", "I05")):
        yield _ratio(code, "PER_1000", counts[counted], population, 1000)
    yield _ratio("I10", "PER_1000", counts["I09"], int(population * 0.74), 1000)
    yield _ratio("I08", "PERCENT", counts["I05"], counts["I03"] + counts["I05"], 100)
    yield _ratio("I15", "PERCENT", int(counts["I03"] * (0.291 + 0.005 * (year - FIRST_YEAR))), counts["I03"], 100)
    yield _ratio("I16", "PERCENT", int(total * 0.185), total, 100)
    for code, (counted, euros) in EUROS.items():
        yield {"indicator": code, "value": counts[counted] * _dearer(euros, year), "unit": "EUR"}
    yield _ratio("I21", "EUR", total * _dearer(EUROS["I17"][1], year), total, 1)


def _dearer(euros: int, year: int) -> int:
    return int(euros * (1 + 0.045 * (year - FIRST_YEAR)))


def _count(code: str, count: int) -> Row:
    return {"indicator": code, "value": count, "unit": "PERSON"}


def _ratio(code: str, unit: str, numerator: int, denominator: int, factor: int) -> Row:
    value = (Decimal(numerator) / denominator * factor).quantize(Decimal("0.01"))
    return {"indicator": code, "value": value, "unit": unit, "numerator": numerator, "denominator": denominator}
