"""Opening a template: what is changed in it once, before the first paper is written."""

import io
import zipfile
from typing import Any, Final

import docx
from docx.document import Document
from lxml import etree

from app.documents.docx.parts import Frame, declared, member, serialised
from app.documents.docx.xml import R, W, w
from app.guard.examine import examined
from app.guard.ooxml import DOCUMENT_TYPE, TEMPLATE_TYPE
from app.kernel.errors import Reason, RuleBroken

LARGEST: Final = 20 * 1024 * 1024  # bytes

CONTENT_TAG: Final = "innhold"
_HERE: Final = "<?samstyr-content ?>"
# What follows themeFontLang in the schema of settings, so that it is put in its place.
_AFTER_FONT_LANGUAGE: Final = frozenset(
    {
        *(
            "clrSchemeMapping",
            "doNotIncludeSubdocsInStats",
            "doNotAutoCompressPictures",
            "forceUpgrade",
            "captions",
        ),
        *("readModeInkLockDown", "smartTagType", "schemaLibrary", "shapeDefaults", "doNotEmbedSmartTags"),
        *("decimalSymbol", "listSeparator"),
    }
)


class TemplateRefused(RuleBroken):
    """The file cannot serve as a template. The reason codes are those of the guard, or ``template-broken``,
    ``template-is-paper`` and ``template-too-large``."""


def open_document(data: bytes) -> Document:
    """The template, opened by python-docx. A ``.dotx`` is taken as well.

    :raise TemplateRefused: when the file is unsafe, broken, or a finished paper.
    """
    if len(data) > LARGEST:
        raise TemplateRefused(Reason("template-too-large"))
    try:
        data = examined(data, "docx", may_be_template=True)
    except RuleBroken as broken:
        raise TemplateRefused(*(Reason(reason.code) for reason in broken.reasons)) from broken
    try:
        document = docx.Document(io.BytesIO(_as_document(data)))
        body = document.element.body
        # These parts are read when they are first asked for; broken ones must be found now.
        document.settings.element, document.styles.element, document.core_properties.title  # noqa: B018
    except Exception as error:  # python-docx has no error of its own for a file that it cannot read
        raise TemplateRefused(Reason("template-broken")) from error
    if body is None:
        raise TemplateRefused(Reason("template-broken"))
    if any(tag_of(control).startswith(("sec:", "meta:")) for control in body.iter(w("sdt"))):
        raise TemplateRefused(Reason("template-is-paper"))
    return document


def _as_document(data: bytes) -> bytes:
    """Turn a Word template file into a Word document, which differs in one word."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        types = source.read("[Content_Types].xml")
        if TEMPLATE_TYPE.encode() not in types:
            return data
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
            for member in source.infolist():
                content = source.read(member)
                if member.filename == "[Content_Types].xml":
                    content = content.replace(TEMPLATE_TYPE.encode(), DOCUMENT_TYPE.encode())
                copy.writestr(member.filename, content)
    return target.getvalue()


def drop_second_styles(document: Document) -> None:
    """Take away Word 2010's second copy of the styles: it must not differ from the first, which we change."""
    relations = document.part.rels
    for key in [key for key, each in relations.items() if each.reltype.endswith("/stylesWithEffects")]:
        relations.pop(key)


def tag_of(control: Any) -> str:
    """The tag of a content control."""
    tag = control.find(f"{w('sdtPr')}/{w('tag')}")
    return str(tag.get(w("val")) or "") if tag is not None else ""


def set_language(document: Document, language: str) -> None:
    """Write the language where Word looks for it, and take away what would speak against it."""
    styles, settings = document.styles.element, document.settings.element
    for style in styles.iterfind(w("style")):
        for look in style.iter(w("rPr")):
            for stated in look.findall(w("lang")):
                look.remove(stated)
    look = styles
    for name in ("docDefaults", "rPrDefault", "rPr"):
        inner = look.find(w(name))
        if inner is None:
            inner = look.makeelement(w(name))
            look.insert(0, inner)
        look = inner
    stated = look.find(w("lang"))
    if stated is None:
        stated = look.makeelement(w("lang"))
        look.append(stated)
    stated.set(w("val"), language)
    for name in ("updateFields", "attachedTemplate"):
        for each in settings.findall(w(name)):
            settings.remove(each)
    font_language = settings.find(w("themeFontLang"))
    if font_language is None:
        font_language = settings.makeelement(w("themeFontLang"))
        following = next(
            (each for each in settings if each.tag.rpartition("}")[2] in _AFTER_FONT_LANGUAGE), None
        )
        if following is None:
            settings.append(font_language)
        else:
            following.addprevious(font_language)
    font_language.set(w("val"), language)


def has_content_control(document: Document) -> bool:
    """Whether the template says where the paper goes."""
    return _content_control(document) is not None


def _content_control(document: Document) -> Any | None:
    """The control tagged ``innhold``, or the paragraph that holds it when it stands inside a line."""
    for control in document.element.body.iter(w("sdt")):
        if tag_of(control).strip().casefold() != CONTENT_TAG:
            continue
        content = control.find(w("sdtContent"))
        inside = {each.tag for each in content} if content is not None else set()
        parent = control.getparent()
        if parent is not None and parent.tag == w("p"):
            return parent
        if not inside & {w("tc"), w("tr")}:
            return control
    return None


def is_blank(element: Any) -> bool:
    """Whether a child of the body is a paragraph without text, picture or section break."""
    return element.tag == w("p") and not any(
        each.tag
        in {w("t"), w("drawing"), w("pict"), w("object"), w("sectPr"), w("fldSimple"), w("instrText")}
        for each in element.iter()
    )


def document_frame(document: Document) -> Frame:
    """The body around the place of the paper: the control tagged ``innhold``, else the end."""
    body = document.element.body
    for mark in [*body.iter(w("bookmarkStart"))]:
        if str(mark.get(w("name"))).startswith(("sec_", "meta_")):
            mark.getparent().remove(mark)
    here = etree.ProcessingInstruction("samstyr-content")
    target = _content_control(document)
    if target is not None:
        target.getparent().replace(target, here)
    else:
        content = [each for each in body if each.tag != w("sectPr")]
        if all(is_blank(each) for each in content):
            for each in content:
                body.remove(each)
        final = body.find(w("sectPr"))
        if final is None:
            body.append(here)
        else:
            final.addprevious(here)
    whole = declared(serialised(document.element), "w", W)
    before, _, after = declared(whole, "r", R).partition(_HERE)
    return Frame(member(document.part), before, after)
