"""Why a file from outside cannot be opened as a Word template, found before anything opens it."""

import zipfile
from io import BytesIO
from typing import Any, Final

from lxml import etree

from app.kernel.errors import Reason, RuleBroken

LARGEST: Final = 20 * 1024 * 1024  # bytes, packed and unpacked
_MOST_MEMBERS: Final = 2000
_MOST_PARAGRAPHS: Final = 20_000
_TYPES: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml."
DOCUMENT_TYPE: Final = _TYPES + "document.main+xml"
TEMPLATE_TYPE: Final = _TYPES + "template.main+xml"
_RELATIONSHIP: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_EMBEDDED: Final = ("/oleObject", "/package", "/control", "/activeXControlBinary", "/aFChunk", "/subDocument")


class TemplateRefused(RuleBroken):
    """The file cannot serve as a template. The reason codes are those of ``refusals``."""


def refusals(data: bytes) -> tuple[Reason, ...]:
    """Every reason to refuse the file; none means that it may be opened.

    - ``template-not-word``: no Word document, or one that is protected by a password
    - ``template-too-large``: more than 20 MB, 2,000 members or 20,000 paragraphs when unpacked
    - ``template-macros``: it carries macros
    - ``template-external``: it fetches something from elsewhere when opened: an attached template, a picture, a frame
    - ``template-embedded``: it carries an object of another program
    - ``template-dtd``: it declares entities
    - ``template-broken``: a part is missing, doubled or no XML
    """
    if len(data) > LARGEST:
        return (Reason("template-too-large"),)
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            return _of_package(package)
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        RuntimeError,
        ValueError,
        OSError,
        EOFError,
    ):
        return (Reason("template-not-word"),)


def _of_package(package: zipfile.ZipFile) -> tuple[Reason, ...]:
    members = package.infolist()
    # The declared size is what zipfile will read at most, so a bomb is refused without being unpacked.
    if len(members) > _MOST_MEMBERS or sum(member.file_size for member in members) > LARGEST:
        return (Reason("template-too-large"),)
    names = [member.filename for member in members]
    if "[Content_Types].xml" not in names or any(member.flag_bits & 1 for member in members):
        return (Reason("template-not-word"),)
    if len(set(names)) != len(names):
        return (Reason("template-broken"),)
    codes: set[str] = set()
    for name in names:
        if name.lower().endswith((".xml", ".rels")):
            codes |= _of_part(name, package.read(name))
        elif name.lower().endswith("vbaproject.bin"):
            codes.add("template-macros")
    return tuple(Reason(code) for code in sorted(codes))


def _of_part(name: str, content: bytes) -> set[str]:
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        return {"template-dtd"}
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return {"template-broken"}
    document: Any = root.getroottree()
    if document.docinfo.doctype:  # a part in another encoding than ASCII hides from the search above
        return {"template-dtd"}
    if name == "[Content_Types].xml":
        types = {str(entry.get("ContentType", "")) for entry in root}
        if any("macroEnabled" in each or "vbaProject" in each for each in types):
            return {"template-macros"}
        return set() if types & {DOCUMENT_TYPE, TEMPLATE_TYPE} else {"template-not-word"}
    if name.endswith(".rels"):
        return {code for relation in root.iter(_RELATIONSHIP) for code in _of_relation(relation)}
    too_long = content.count(b"<w:p ") + content.count(b"<w:p>") + content.count(b"<w:p/>") > _MOST_PARAGRAPHS
    return {"template-too-large"} if too_long else set()


def _of_relation(relation: etree._Element) -> set[str]:
    kind = str(relation.get("Type", ""))
    if kind.endswith("/attachedTemplate"):
        return {"template-external"}
    if relation.get("TargetMode") == "External" and not kind.endswith("/hyperlink"):
        return {"template-external"}
    return {"template-embedded"} if kind.endswith(_EMBEDDED) else set()
