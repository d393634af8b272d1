"""What a template will do with a paper, said before anybody uses it."""

from dataclasses import dataclass
from pathlib import Path

from app.documents.docx.opening import TemplateRefused, has_content_control, is_blank, open_document
from app.documents.docx.parts import member
from app.documents.docx.placeholders import FIELD_TAGS, PAGE_TAG, margin_parts, tags_in
from app.documents.docx.styles import find_styles, missing_styles
from app.documents.docx.template import Template
from app.documents.docx.xml import w
from app.kernel.errors import Reason, refuse_if
from app.kernel.language import Language


@dataclass(frozen=True, slots=True)
class TemplateReport:
    """The result of checking a template."""

    refused: tuple[Reason, ...] = ()  # why it cannot be used at all
    missing_styles: tuple[str, ...] = ()  # names; each is added from the shipped template
    has_content_control: bool = (
        False  # whether the paper goes into a control tagged "innhold", else at the end
    )
    has_own_text: bool = False  # whether the template's body says something around the paper
    filled_places: tuple[tuple[str, str], ...] = ()  # header or footer part, tag of the place
    plain_margins: tuple[str, ...] = ()  # header and footer parts that are printed as they are

    @property
    def is_usable(self) -> bool:
        """Whether papers can be built with the template."""
        return not self.refused

    def lines(self) -> list[str]:
        """The report in English, a finding a line."""
        if self.refused:
            return [f"refused: {reason.code}" for reason in self.refused]
        lines = [
            f"style missing: {name} - the style of the shipped template is added"
            for name in self.missing_styles
        ]
        if self.has_content_control:
            lines.append('the paper replaces the content control tagged "innhold"')
        elif self.has_own_text:
            lines.append('no content control tagged "innhold": the paper follows the text of the template')
        else:
            lines.append('no content control tagged "innhold": the paper is the whole body')
        lines += [f"{part}: {tag} is filled in" for part, tag in self.filled_places]
        lines += [f"{part}: no place to fill, printed as it is" for part in self.plain_margins]
        if not self.filled_places and not self.plain_margins:
            known = ", ".join((*FIELD_TAGS, PAGE_TAG))
            lines.append(f"no header or footer; places that can be filled there: {known}")
        return lines


def require_template(path: str) -> None:
    """Let pass a stored file that papers can be built with; for a process that may not grow.

    :raise RuleBroken: with every reason against it.
    """
    refuse_if(check_template(Path(path).read_bytes()).refused)


def check_template(data: bytes) -> TemplateReport:
    """Check a file that somebody wants to use as a template. Never raises for what the file holds."""
    try:
        document = open_document(data)
        Template.open(data, Language.NB)
    except TemplateRefused as refusal:
        return TemplateReport(refused=refusal.reasons)
    margins = [(member(part), tags_in(part)) for part in margin_parts(document)]
    body = [each for each in document.element.body if each.tag != w("sectPr")]
    return TemplateReport(
        missing_styles=missing_styles(find_styles(document.styles.element)),
        has_content_control=has_content_control(document),
        has_own_text=any(not is_blank(each) for each in body),
        filled_places=tuple((name, tag) for name, tags in margins for tag in tags),
        plain_margins=tuple(name for name, tags in margins if not tags),
    )
