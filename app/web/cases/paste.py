"""What is pasted from other programs, as the Markdown of the text field."""

from fastapi import Response
from fastapi.responses import PlainTextResponse

from app.documents.richtext.html_reader import HtmlTooLong, read_html
from app.documents.richtext.markdown_writer import to_markdown
from app.web.shared.forms import FormBody
from app.web.shared.pages import Pages
from app.web.shared.visit import SIGNED_IN, CurrentVisit

pages = Pages()


@pages.post_unbound("/paste", name="cases:paste", access=SIGNED_IN)
def paste(visit: CurrentVisit, form: FormBody) -> Response:
    """The Markdown of the HTML in the field ``html``, and how many images were left out.

    Unbound: no connection is held while much is read. Changes nothing.
    """
    with visit.unit_of_work(writes=False, access=SIGNED_IN):
        pass
    html = form.get("html")
    try:
        pasted = read_html(html if isinstance(html, str) else "")
    except HtmlTooLong:
        return PlainTextResponse("too long", status_code=413)
    headers = {"x-images-left-out": str(pasted.images)}
    return PlainTextResponse(to_markdown(pasted.tree).encode("utf-8", "replace"), headers=headers)
