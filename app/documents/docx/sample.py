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

    def say(message: str) -> str:
        return paper_word(language, message)

    def paragraph(*runs: str | Text) -> Paragraph:
        return Paragraph(tuple(run if isinstance(run, Text) else Text(run) for run in runs))

    def item(text: str) -> ListItem:
        return ListItem((paragraph(text),))

    table = Table(
        (
            ((Text(say("Year")),), (Text(say("Cost")),)),
            ((Text("2025"),), (Text("1,5"),)),
            ((Text("2026"),), (Text("0,8"),)),
        )
    )
    background: tuple[Block, ...] = (
        paragraph(
            say("This is an invented case. It shows how a paper looks with this template."),
            " ",
            Text(say("Words may be bold,"), bold=True),
            " ",
            Text(say("or italic."), italic=True),
        ),
        Heading(2, (Text(say("A heading inside a section")),)),
        BulletList((item(say("The first point")), item(say("The second point")))),
        table,
    )
    return CasePresentation(
        language=language,
        forum=say("The sample forum"),
        title=say("A case that shows the template"),
        kind_label=say("Case for decision"),
        number="1/2024",
        meeting_date=_DAY,
        parts=(
            Part(
                "proposal",
                PartKind.PROPOSAL,
                say("Proposed decision"),
                (
                    NumberedList(
                        (item(say("The template is taken into use.")), item(say("The second point")))
                    ),
                ),
            ),
            Part("background", PartKind.SECTION, say("Background"), background),
            Part(
                "questions",
                PartKind.QUESTIONS,
                say("Questions for discussion"),
                (NumberedList((item(say("Is every style as it should be?")),)),),
            ),
        ),
        attachments=(AttachmentLine(1, say("An attachment")),),
        presenters=say("Name of the presenter"),
        preparer=say("Name of the preparing body"),
        place=say("Name of the place"),
        dated=_DAY,
    )
