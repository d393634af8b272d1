"""Rich text of a part on its way into the database: stored as trees, rendered once when saved."""

from app.cases.models import PresentationPart
from app.documents.richtext.blocks import Tree
from app.documents.richtext.codec import from_json, to_json
from app.documents.richtext.html import to_html
from app.kernel.language import Language


def set_texts(
    part: PresentationPart, language: Language, *, lead_in: Tree, body: Tree, closing: Tree
) -> None:
    """Store the trees and what a page shows of them: the sentence before the list, the list, what follows it."""
    part.lead_in = to_json(lead_in)
    part.body = to_json(body)
    part.closing = to_json(closing)
    # On a page the notes of each part are counted by themselves; only the printed paper counts them through.
    part.html = to_html((*lead_in, *body, *closing), part.key, language)


def texts_of(part: PresentationPart) -> tuple[Tree, Tree, Tree]:
    """The trees before the list, of the list and after it."""
    return from_json(part.lead_in), from_json(part.body), from_json(part.closing)
