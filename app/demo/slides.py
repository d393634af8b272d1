"""A small PDF to attach: pages with one line each, written by hand so that the demo needs no library for it."""

from collections.abc import Sequence
from typing import Final

_LINES = ("Slik gikk vi fram", "Hva som virket", "Hva vi ville gjort annerledes")
REDACTED: Final = ("Slik gikk vi fram", "Resten av tilbudet er unntatt offentlighet")


def slides_pdf(lines: Sequence[str] = _LINES) -> bytes:
    """A valid PDF of landscape pages, each with one of the lines; the same bytes each time."""
    pages = range(len(lines))
    kids = " ".join(f"{4 + 2 * page} 0 R" for page in pages)
    objects = [
        "<< /Type /Catalog /Pages 2 0 R /Lang (nb-NO) >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(lines)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for page in pages:
        drawing = f"BT /F1 32 Tf 72 300 Td ({lines[page]}) Tj ET"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 842 595] /Contents {5 + 2 * page} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(drawing)} >>\nstream\n{drawing}\nendstream")
    out = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start = len(out)
    count = len(objects) + 1
    trailer = f"trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return out + f"xref\n0 {count}\n0000000000 65535 f \n{table}{trailer}".encode()
