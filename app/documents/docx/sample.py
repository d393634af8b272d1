"""An invented case, for showing what a template does with a paper."""

from datetime import date

from app.documents.case_presentation import AttachmentLine, CasePresentation, Part, PartKind
from app.documents.richtext.blocks import (
    Block,
    BulletList,
    Heading,
    ListItem,
    NumberedList,
    Paragraph,
    Table,
    Text,
)
from app.kernel.language import Language
from app.platform.i18n import paper_word

_DAY = date(2024, 9, 12)


def sample_content(language: Language) -> CasePresentation:
    """A short case with everything that a paper may hold, in the language."""

    def paragraph(*runs: str | Text) -> Paragraph:
        return Paragraph(tuple(run if isinstance(run, Text) else Text(run) for run in runs))

    def item(text: str) -> ListItem:
        return ListItem((paragraph(text),))

    table = Table(
        (
            ((Text(paper_word(language, "Year")),), (Text(paper_word(language, "Cost")),)),
            ((Text("2025"),), (Text("1,5"),)),
            ((Text("2026"),), (Text("0,8"),)),
        )
    )
    background: tuple[Block, ...] = (
        paragraph(
            paper_word(language, "This is an invented case. It shows how a paper looks with this template."),
            " ",
            Text(paper_word(language, "Words may be bold,"), bold=True),
            " ",
            Text(paper_word(language, "or italic."), italic=True),
        ),
        Heading(2, (Text(paper_word(language, "A heading inside a section")),)),
        BulletList(
            (item(paper_word(language, "The first point")), item(paper_word(language, "The second point")))
        ),
        table,
    )
    return CasePresentation(
        language=language,
        forum=paper_word(language, "The sample forum"),
        title=paper_word(language, "A case that shows the template"),
        kind_label=paper_word(language, "Case for decision"),
        number="1/2024",
        meeting_date=_DAY,
        parts=(
            Part(
                "proposal",
                PartKind.PROPOSAL,
                paper_word(language, "Proposed decision"),
                (
                    NumberedList(
                        (
                            item(paper_word(language, "The template is taken into use.")),
                            item(paper_word(language, "The second point")),
                        )
                    ),
                ),
            ),
            Part("background", PartKind.SECTION, paper_word(language, "Background"), background),
            Part(
                "questions",
                PartKind.QUESTIONS,
                paper_word(language, "Questions for discussion"),
                (NumberedList((item(paper_word(language, "Is every style as it should be?")),)),),
            ),
        ),
        attachments=(AttachmentLine(1, paper_word(language, "An attachment")),),
        presenters=paper_word(language, "Name of the presenter"),
        preparer=paper_word(language, "Name of the preparing body"),
        place=paper_word(language, "Name of the place"),
        dated=_DAY,
    )
