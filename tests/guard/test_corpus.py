"""Hostile files of every class are refused or made harmless; honest ones come in as they are."""

import io
import json
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.documents.docx.case_presentation import build_case_presentation
from app.documents.docx.styles import shipped_template
from app.documents.docx.template import Template
from app.guard.examine import examine
from app.guard.intake import guard
from app.kernel.errors import RuleBroken
from app.kernel.language import Language
from tests.factories.fetching import TAKEN_OUT
from tests.factories.hostile import REFUSED, chart_with, members_of
from tests.factories.packages import field, odf, office, paragraph, png_head, relations
from tests.factories.papers import full_content
from tests.factories.templates import localised_template, png

DATA = Path(__file__).parent.parent / "data"
ROOT = Path(__file__).parent.parent.parent


def word_made() -> bytes:
    """What Word for Mac wrote, with everything that python-docx ships of it."""
    target = io.BytesIO()
    docx.Document().save(target)
    return target.getvalue()


def own() -> bytes:
    return build_case_presentation(full_content(Language.NB), Template.open(shipped_template(), Language.NB))


HONEST = {
    "Word": ("docx", word_made()),
    "Word, Norwegian": ("docx", localised_template()),
    "our template": ("docx", shipped_template()),
    "our paper": ("docx", own()),
    "our paper by LibreOffice": ("docx", (DATA / "libreoffice-own.docx").read_bytes()),
    "LibreOffice docx": ("docx", (DATA / "libreoffice-foreign.docx").read_bytes()),
    "LibreOffice odt": ("odt", (DATA / "libreoffice-foreign.odt").read_bytes()),
    # Google writes streams: sizes behind the data, no properties, and links as relationships.
    "Google docx": (
        "docx",
        office(
            inside=paragraph(), links=(("rId1", "hyperlink", "https://www.digdir.no/", True),), streamed=True
        ),
    ),
    "Google xlsx": ("xlsx", office("xlsx", streamed=True)),
    "Google pptx": ("pptx", office("pptx", streamed=True)),
    "mail link": ("docx", office(links=(("rId1", "hyperlink", "mailto:post@digdir.no", True),))),
    "place in the document": ("docx", office(links=(("rId1", "hyperlink", "#del2", True),))),
    "chart": ("docx", chart_with(office("xlsx"))),
    "ordinary fields": (
        "docx",
        office(
            inside=field("PAGE")
            + field('TOC \\o "1-3" \\h')
            + field("MERGEFIELD Navn")
            + field("MACROBUTTON NoMacro [Klikk her]")
            + field('HYPERLINK "https://www.digdir.no"')
            + field('HYPERLINK \\l "_Toc1"')
            + field("REF _Ref1 \\h")
        ),
    ),
    "words about fields": ("docx", office(inside=paragraph("DDEAUTO og INCLUDETEXT er felt i Word"))),
    "pictures": (
        "docx",
        office(parts={"word/media/1.png": png(), "word/media/2.png": png_head(8_000, 6_000)}),
    ),
    "long": ("docx", office(inside=paragraph("Et vanlig avsnitt med noen ord. ") * 5_000)),
    "white space": ("docx", office(inside=" " * (2 << 20))),
    "old drawing of Excel": (
        "xlsx",
        office("xlsx", parts={"xl/drawings/vmlDrawing1.vml": "<xml><br></xml>"}),
    ),
    "formulas": (
        "xlsx",
        office(
            "xlsx",
            parts={"xl/worksheets/s.xml": "<w><f>IF(A1=\"a|'b\",1,2)</f><f>'Ark 1'!A1+SUM(B:B)</f></w>"},
        ),
    ),
    "neighbouring workbook": (
        "xlsx",
        office(
            "xlsx",
            parts={
                "xl/externalLinks/_rels/e.xml.rels": relations(
                    ("r1", "externalLinkPath", "Budsjett.xlsx", True)
                )
            },
        ),
    ),
    "empty member": (
        "odt",
        odf(parts={"Configurations2/accelerator/current.xml": b"", "Configurations2/x/": b""}),
    ),
    "odt with a link": (
        "odt",
        odf(inside='<text:p><text:a xlink:href="https://www.digdir.no/">x</text:a></text:p>'),
    ),
    "ods": ("ods", odf("ods")),
    "odp": ("odp", odf("odp")),
    "PDF": ("pdf", b"%PDF-1.7\n1 0 obj\nendobj\ntrailer\n%%EOF\n"),
    "text": ("txt", "Blåbær på fjellet".encode("cp1252")),
    "png": ("png", png()),
    "photograph": ("png", png_head(9_000, 6_000)),
}


def said_of(extension: str, data: bytes) -> tuple[str, bytes | None]:
    """What the guard says, and the copy that it made."""
    copy = io.BytesIO()
    try:
        verdict = examine(io.BytesIO(data), extension, copy)
    except RuleBroken as broken:
        return str(broken), None
    return " ".join(verdict.removed), copy.getvalue() if verdict.is_rewritten else None


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_file_is_refused_with_its_reason(name):
    extension, data, code = REFUSED[name]
    assert said_of(extension, data) == (code, None)


@pytest.mark.parametrize("name", TAKEN_OUT)
def test_what_would_fetch_something_is_taken_out_and_the_words_stay(name):
    extension, data, removed = TAKEN_OUT[name]
    said, copy = said_of(extension, data)
    assert said == " ".join(removed)
    assert copy is not None
    assert said_of(extension, copy) == ("", None)
    before, after = members_of(data), members_of(copy)
    assert before.keys() == after.keys()
    joined = b"".join(after.values())
    for trace in (
        b"evil",
        b"INCLUDE",
        b"http://x",
        b"example.no",
        b"/etc/passwd",
        b"javascript:",
        b"ppaction",
    ):
        assert trace not in joined
    if b"svar" in b"".join(before.values()):
        assert b"svar" in joined


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_file_comes_in_as_it_is(name):
    assert said_of(*HONEST[name]) == ("", None)


def test_the_figures():
    caught = sum(said_of(kind, data)[0] == code for kind, data, code in REFUSED.values())
    cleaned = sum(said_of(kind, data)[1] is not None for kind, data, _ in TAKEN_OUT.values())
    false = [name for name, file in HONEST.items() if said_of(*file) != ("", None)]
    print(
        f"upload guard: hostile {len(REFUSED) + len(TAKEN_OUT)}, refused {caught}, made harmless {cleaned}; "
        f"honest {len(HONEST)}, false alarms {len(false)}"
    )
    assert (caught, cleaned, false) == (len(REFUSED), len(TAKEN_OUT), [])


def test_a_tag_without_an_end_is_refused_for_what_it_is(tmp_path):
    """Read again from its beginning at every piece, it would take all the time that a file may have."""
    endless = b'<a b="' + random.Random(1).randbytes(20 << 20).hex().encode()
    file = tmp_path / "sak.docx"
    file.write_bytes(office(parts={"word/endless.xml": endless}))
    with pytest.raises(RuleBroken, match=r"file\.broken"):
        guard(file, "docx", tmp_path / "copy.docx")


def test_without_the_guard_the_same_files_open():
    """The twin: a usual library takes what the guard refuses, so the refusals are the guard's own work."""
    opened = 0
    for name in ("altChunk", "DDE", "OLE", "frame", "double", "prefix", "appended", "subdocument"):
        data = REFUSED[name][1]
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as package:
                opened += bool(package.read("word/document.xml"))
        except zipfile.BadZipFile:
            pass
    assert opened == 8


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(["our paper", "LibreOffice odt", "Google docx", "chart"]),
    st.integers(0, 2**32),
    st.data(),
)
def test_damaged_files_are_refused_or_still_readable(name, seed, data):
    extension, honest = HONEST[name]
    chance = random.Random(seed)
    damaged = bytearray(honest)
    match data.draw(st.sampled_from(["flip", "cut", "insert", "repeat"])):
        case "flip":
            for _ in range(chance.randint(1, 8)):
                damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        case "cut":
            del damaged[chance.randrange(len(damaged)) :]
        case "insert":
            place = chance.randrange(len(damaged))
            damaged[place:place] = chance.randbytes(chance.randint(1, 40))
        case "repeat":
            place = chance.randrange(len(damaged))
            damaged += damaged[place:]
    said, copy = said_of(extension, bytes(damaged))
    if said.startswith("file."):
        return
    with zipfile.ZipFile(io.BytesIO(copy if copy is not None else bytes(damaged))) as package:
        assert package.testzip() is None


WORST = """
import json, resource, sys, time
from pathlib import Path
from app.guard.intake import guard
from app.kernel.errors import RuleBroken
longest, said = 0.0, {}
for name in sys.argv[2:]:
    path = Path(sys.argv[1]) / name
    begun = time.monotonic()
    try:
        found = " ".join(guard(path, name.rpartition(".")[2], path.with_suffix(".copy")).removed)
    except RuleBroken as broken:
        found = str(broken)
    longest = max(longest, time.monotonic() - begun)
    said[name] = found
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
print(json.dumps([peak, longest, said]))
"""


def measured(folder: Path, files: dict[str, bytes]) -> tuple[int, float, dict[str, str]]:
    """The highest memory of a worker in MB, the longest time of a file, and what was said; from outside of this process."""
    for name, data in files.items():
        (folder / name).write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-c", WORST, str(folder), *files],
        capture_output=True,
        check=True,
        cwd=ROOT,
        text=True,
    )
    peak, longest, said = json.loads(done.stdout)
    return peak, longest, said


def greedy() -> dict[str, bytes]:
    """Files that ask for as much as the guard lets them, and more."""
    include = field('INCLUDETEXT "http://x"')
    attributes = " ".join(f"a{number}='{number}'" for number in range(300_000))
    runs = "".join(f'<w:r w:rsidR="{number:08x}"><w:t>x</w:t></w:r>' for number in range(200_000))
    return {
        "bomb.docx": office(parts={"word/x.bin": bytes(200 << 20)}),
        "runs.docx": office(inside=include + runs),
        "attributes.docx": office(inside=include + f"<w:r {attributes}/>"),
        "deep.docx": office(inside="<w:r>" * 400_000 + "</w:r>" * 400_000),
        "line.docx": office(inside=include + '<w:r a="' + "x" * (9 << 20) + '"/>'),
        "members.docx": office(parts={f"x/{number}.xml": "<a/>" for number in range(9_900)}),
    }


def test_no_file_takes_more_than_its_share_of_memory_and_time(tmp_path):
    peak, longest, said = measured(tmp_path, greedy())
    print(f"upload guard, greedy files: {len(said)}, most memory {peak} MB, longest {longest:.1f} s, {said}")
    assert peak < 512
    assert said["bomb.docx"] == "file.bomb"
    assert said["deep.docx"] == "file.too_long"


@pytest.mark.long
def test_no_file_takes_more_than_its_share_many(tmp_path):
    include = field('INCLUDETEXT "http://x"')
    chance = random.Random(7)
    cells = "".join(f'<c r="A{number}"><v>{number}</v></c>' for number in range(1_990_000))
    files = {
        "cells.xlsx": office("xlsx", parts={"xl/worksheets/s.xml": f"<s>{cells}</s>"}),
        "words.docx": office(inside=include + f"<w:t>{chance.randbytes(20 << 20).hex()}</w:t>"),
        "value.docx": office(inside=f'<w:r a="{chance.randbytes(20 << 20).hex()}"/>'),
        "names.docx": office(inside=include + "".join(f'<w:r xmlns:n{n}="u:{n}"/>' for n in range(300_000))),
        "formula.xlsx": office(
            "xlsx", parts={"xl/worksheets/s.xml": f"<f>{chance.randbytes(60 << 20).hex()}</f>"}
        ),
        "laughs.xlsx": REFUSED["billion laughs"][1],
    }
    peak, longest, said = measured(tmp_path, files)
    print(
        f"upload guard, greedier files: {len(said)}, most memory {peak} MB, longest {longest:.1f} s, {said}"
    )
    assert peak < 512
