"""How a text being written will look."""

from fastapi import Response
from fastapi.responses import HTMLResponse

from app.documents.richtext.html import to_html
from app.documents.richtext.markdown_reader import parse_markdown
from app.kernel.lengths import LONGEST_TEXT
from app.web.shared.forms import FormBody
from app.web.shared.pages import Pages
from app.web.shared.visit import SIGNED_IN, CurrentVisit

pages = Pages()


@pages.post_reading("/preview", name="cases:preview", access=SIGNED_IN)
def preview(visit: CurrentVisit, form: FormBody) -> Response:
    """The HTML of the Markdown in the field ``text``. Built from the block tree, so it holds nothing else."""
    text = form.get("text")
    source = text[:LONGEST_TEXT] if isinstance(text, str) else ""
    return HTMLResponse(to_html(parse_markdown(source), "preview", visit.language))
