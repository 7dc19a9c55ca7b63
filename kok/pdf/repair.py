"""What WeasyPrint's tags lack for a screen reader, put right in the finished file with pikepdf.

Validators let these pass, readers stumble over them: header cells without direction, lists without their kind,
page footers read aloud in the middle of a sentence, pictures at a wrong place, cell names without an index. The file
also learns here to call itself PDF/UA-1, which WeasyPrint offers only instead of PDF/A.
"""

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import chain as chained
from typing import NamedTuple

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, String

PX_TO_PT = 0.75
SECTIONS = {"/THead", "/TBody", "/TFoot"}
BULLETS = {"•": Name.Disc, "◦": Name.Circle, "▪": Name.Square}
MARKED = re.compile(rb"/\w+\n<</MCID (\d+)>>\nBDC")
FOOTER = b"/Artifact\n<</Type /Pagination /Subtype /Footer>>\nBDC"
UNKNOWN = "WeasyPrint writes its text in another way than this repair knows."
UA = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">\
<pdfuaid:part>1</pdfuaid:part></rdf:Description>\
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""


class Tag(NamedTuple):
    """A structure element, its kind and the section of the table around it."""

    element: Object
    kind: str
    section: str


def repair(content: bytes) -> bytes:
    """The same pages, readable aloud. Equal input gives equal output. Raises ValueError on tags it does not know."""
    with Pdf.open(BytesIO(content)) as pdf:
        tags = list(_walk(pdf.Root.StructTreeRoot.K[0]))
        for tag in tags:
            if mend := MENDING.get(tag.kind):
                mend(pdf, tag)
        _list_names(pdf, tags)
        _footers_to_artifacts(pdf, {tag.element.objgen for tag in tags})
        _declare_ua(pdf)
        target = BytesIO()
        pdf.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return target.getvalue()


def _walk(root: Object) -> Iterator[Tag]:
    """Every structure element that can be reached, in reading order."""
    waiting = [Tag(root, "", "")]
    while waiting:
        element, _, section = waiting.pop()
        kind = str(element.get(Name.S, ""))
        section = kind if kind in SECTIONS else section
        yield Tag(element, kind, section)
        waiting.extend(Tag(kid, "", section) for kid in reversed(_kids(element)))


def _kids(element: Object) -> list[Object]:
    kids = element.get(Name.K, Array())
    return [kid for kid in (kids if isinstance(kids, Array) else [kids]) if isinstance(kid, Dictionary)]


def _header_cell(_: Pdf, tag: Tag) -> None:
    """Direction by section: the head names columns, the body rows."""
    tag.element.A.Scope = Name.Column if tag.section == "/THead" else Name.Row


def _list(_: Pdf, tag: Tag) -> None:
    labels = (part for item in _kids(tag.element) for part in _kids(item) if part.get(Name.S) == Name.Lbl)
    label = next(map(_first_character, labels), "")
    numbering = Name.Decimal if label.isdecimal() else BULLETS.get(label, Name("/None"))
    tag.element.A = Dictionary(O=Name.List, ListNumbering=numbering)


def _list_item(pdf: Pdf, tag: Tag) -> None:
    """A marker inside the line leaves the text without the body ISO 14289-1, 7.6 asks for.

    Markers outside would have it, but are painted after the page, which confuses readers that go by position.
    """
    item = tag.element
    marks: list[Object] = []
    text: list[Object] = []
    for kid in _kids(item):
        (marks if kid.S in (Name.Lbl, Name.LBody) else text).append(kid)
    if text:
        body = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.LBody, P=item, Pg=item.Pg, K=Array(text)))
        for kid in text:
            kid.P = body
        item.K = Array([*marks, body])


def _first_character(label: Object) -> str:
    """What the marker of a list item shows: its first glyph, translated by the table inside its font."""
    text = _kids(label)[0]
    begin = rb"<</MCID %d>>\nBDC\n(?:(?!EMC).)*?/(\w+) \S+ Tf\n\[<(\w+)>" % int(text.K[0])
    font, glyph = _search(begin, text.Pg.Contents.read_bytes()).groups()
    table = text.Pg.Resources.Font[f"/{font.decode()}"].ToUnicode.read_bytes()
    return bytes.fromhex(_search(rb"<%s> <(\w+)>" % glyph, table)[1].decode()).decode("utf-16-be")


def _search(pattern: bytes, content: bytes) -> re.Match[bytes]:
    if found := re.search(pattern, content, re.DOTALL):
        return found
    raise ValueError(UNKNOWN)


def _figure(_: Pdf, tag: Tag) -> None:
    """From CSS pixels below the top to points above the bottom."""
    left, top, right, bottom = (float(value) * PX_TO_PT for value in tag.element.A.BBox)
    height = float(tag.element.Pg.MediaBox[3])
    tag.element.A.BBox = Array([round(value, 2) for value in (left, height - bottom, right, height - top)])


MENDING: dict[str, Callable[[Pdf, Tag], None]] = {
    "/TH": _header_cell,
    "/L": _list,
    "/LI": _list_item,
    "/Figure": _figure,
}


def _list_names(pdf: Pdf, tags: list[Tag]) -> None:
    """The index of named cells that ISO 32000-1, 14.7.2 asks for."""
    named = sorted((bytes(tag.element.ID), tag.element) for tag in tags if Name.ID in tag.element)
    if named:
        pairs = chained.from_iterable((String(name), element) for name, element in named)
        pdf.Root.StructTreeRoot.IDTree = pdf.make_indirect(Dictionary(Names=Array(pairs)))


def _footers_to_artifacts(pdf: Pdf, reachable: set[tuple[int, int]]) -> None:
    """Marked text that no tag reaches stands in the margin: it is not read aloud."""
    pairs = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
    parents = dict(zip(map(int, pairs[::2]), pairs[1::2], strict=True))
    for page in pdf.pages:
        elements = parents[int(page.StructParents)]
        orphans = {i for i, element in enumerate(elements) if element.objgen not in reachable}
        if orphans:
            _mark_as_footer(page, orphans)
        for i in orphans:
            elements[i] = None


def _mark_as_footer(page: pikepdf.Page, orphans: set[int]) -> None:
    def replace(found: re.Match[bytes]) -> bytes:
        return FOOTER if int(found[1]) in orphans else found[0]

    content = MARKED.sub(replace, page.Contents.read_bytes())
    if content.count(FOOTER) != len(orphans):
        raise ValueError(UNKNOWN)
    page.Contents.write(content)


def _declare_ua(pdf: Pdf) -> None:
    metadata = pdf.Root.Metadata
    metadata.write(metadata.read_bytes().replace(b"</rdf:RDF>", UA + b"</rdf:RDF>"))
