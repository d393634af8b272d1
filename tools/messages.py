"""Gather the words of the interface and of papers into the catalogues: ``make messages``.

Words stand in templates (``_``, ``pgettext``, ``{% trans %}``), in ``say("…")``, ``N_("…")`` and ``paper_word(language, "…")``.
"""

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

LANGUAGES = ("nb", "nn", "da")
METHODS = [("app/**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}}
# paper_word's message is its second argument; its context is the same for all, so it is added below.
KEYWORDS = {
    "_": None,
    "N_": None,
    "say": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "paper_word": (2,),
    "P_": None,
}
PAPER = {"paper_word", "P_"}


def extract(root: Path) -> Catalog:
    """Every message of the source tree, with its context."""
    catalogue = Catalog()
    for keywords, context in (
        ({name: spec for name, spec in KEYWORDS.items() if name not in PAPER}, None),
        ({name: KEYWORDS[name] for name in PAPER}, "paper"),
    ):
        for name, _line, message, _comments, found_context in extract_from_dir(
            root, METHODS, OPTIONS, keywords=keywords, directory_filter=_ours
        ):
            if context == "paper" and name.endswith(".html"):
                continue  # templates have no printed words; {% trans %} is found whatever the keywords
            catalogue.add(message, None, context=context or found_context)
    return catalogue


def _ours(path: str) -> bool:
    parts = Path(path).parts
    return not {"var", ".venv", "node_modules", "tests", "build", "dist"} & set(parts)


def update(root: Path) -> None:
    """Bring the catalogues in step: new messages are added empty, unused ones dropped, nothing is guessed."""
    wanted = extract(root)
    for language in LANGUAGES:
        path = root / "locale" / language / "LC_MESSAGES" / "messages.po"
        with path.open("rb") as source:
            old = read_po(source, locale=language)
        new = Catalog(locale=language, project="Samstyr", charset="utf-8", fuzzy=False, header_comment="")
        missing = 0
        for message in wanted:
            if not message.id:
                continue
            known = old.get(message.id, message.context)
            string = known.string if known is not None else ""
            missing += not string
            new.add(message.id, string, context=message.context)
        text = io.BytesIO()
        write_po(text, new, sort_output=True, no_location=True, omit_header=False, width=120)
        dateless = [line for line in text.getvalue().splitlines(keepends=True) if b"-Date:" not in line]
        path.write_bytes(b"".join(dateless))
        print(f"{language}: {missing} to translate")


if __name__ == "__main__":
    if sys.argv[1:] != ["update"]:
        sys.exit("usage: python tools/messages.py update")
    update(Path(__file__).resolve().parent.parent)
