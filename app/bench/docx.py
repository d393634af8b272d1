"""How long a Word file takes: our builder, and python-docx called element by element, in the same run."""

import gc
import statistics
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from time import process_time_ns
from typing import Any, Final

from app.bench.docx_element_api import build_with_element_api
from app.documents.case_presentation import AttachmentLine, CasePresentation, Part, PartKind
from app.documents.docx.case_presentation import build_case_presentation
from app.documents.docx.styles import shipped_template
from app.documents.docx.template import Template
from app.documents.richtext.blocks import Block, Tree
from app.documents.richtext.markdown_reader import parse_markdown
from app.kernel.language import Language

_PAGE: Final = """## Chapter {page}

The council has discussed how the **coordination** of digitalisation across the public sector should be organised, and the
agencies have sent their views, which are summed up in this paper together with [the strategy](https://example.org/{page}).

The working committee went through the measures one by one and asked for an estimate of cost and benefit^[See the minutes.].

- which measures belong together
- which agency should *lead* each of them
  - where the law already says so
  - where it does not
- what can begin before the funding is settled

1. pick the measures that the council should take part in
2. put them in order, with a plan until 2025
3. work out those that come first

| Measure | Lead | Cost |
| --- | --- | --- |
| Shared infrastructure for data | Agency A | 12.5 |
| Guidance | Agency B | 1 |

The paper was prepared in dialogue with the members, and their remarks are taken in where they agree. What remains open is put
to the council as questions, so that the discussion can be short and the decision clear to those who shall carry it out.
"""


def paper_of(pages: int) -> CasePresentation:
    """A case presentation of about so many pages, with everything that real ones have."""
    body: Tree = tuple(block for page in range(1, max(pages - 1, 1) * 2) for block in _page(page))
    points = parse_markdown("- organise the work as the council proposes\n- use its advice on the plan")
    advice = parse_markdown("- say what should be done first\n- think through the funding")
    return CasePresentation(
        language=Language.EN,
        forum="Council",
        title="A plan of action for digitalisation across the public sector",
        kind_label="For decision",
        number="13/2019",
        meeting_date=date(2019, 6, 13),
        parts=(
            Part("background", PartKind.SECTION, "Background", body),
            Part(
                "proposal",
                PartKind.PROPOSAL,
                "Proposed decision:",
                points,
                parse_markdown("The agency is asked to"),
            ),
            Part("advice", PartKind.INPUT, "Advice from the working committee", advice),
        ),
        attachments=(AttachmentLine(1, "Annex 1: the strategy"), AttachmentLine(2, "Annex 2: the timetable")),
        presenters="A. Person",
        preparer="Agency A",
        place="Oslo",
        dated=date(2019, 5, 27),
    )


def _page(number: int) -> tuple[Block, ...]:
    return parse_markdown(_PAGE.format(page=number))


def run(rounds: int = 15) -> list[dict[str, Any]]:
    """Measure and return a row for each length: median processor milliseconds of both ways, and how many times faster.

    The two ways take turns, so that a busy machine slows both. Every paper differs from the last in its title.
    """
    data = shipped_template()
    template = Template.open(data, Language.EN)
    rows = []
    for pages in (3, 30):
        content = paper_of(pages)
        ours: list[float] = []
        theirs: list[float] = []
        for number in range(rounds):
            paper = replace(content, title=f"{content.title} {number}")
            ours.append(_milliseconds(partial(build_case_presentation, paper, template)))
            theirs.append(_milliseconds(partial(build_with_element_api, paper, data)))
        mine, other = statistics.median(ours), statistics.median(theirs)
        rows.append(
            {
                "pages": pages,
                "ours_ms": round(mine, 2),
                "element_api_ms": round(other, 2),
                "times_faster": round(other / mine, 1),
                "rounds": rounds,
            }
        )
    return rows


def _milliseconds(build: Callable[[], bytes]) -> float:
    gc.collect()
    start = process_time_ns()
    build()
    return (process_time_ns() - start) / 1e6
