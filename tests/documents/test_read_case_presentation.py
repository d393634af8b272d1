"""The reader of finished papers: what it recognises, and that it never loses a line."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.documents.case_presentation import Part, PartKind
from app.documents.reading import ReadPaper, every_line_once, printed_lines, read_case_presentation
from app.documents.reading.vocabulary import vocabulary
from app.documents.richtext.blocks import BulletList, Heading, ListItem, NumberedList, Paragraph, Text
from app.kernel.case_number import CaseNumber
from app.kernel.language import Language

DATA = Path(__file__).parent.parent / "data"
INVENTED = DATA / "saksframlegg-oppdiktet.txt"
DANISH = DATA / "sagsfremstilling-opdigtet.txt"
SEED = DATA.parent.parent.parent / "shared" / "seeds" / "saksframlegg-skate-13-2019.txt"
PAPERS = [path for path in (INVENTED, DANISH, SEED) if path.exists()]


def read(*lines: str) -> ReadPaper:
    text = "\n".join(lines)
    paper = read_case_presentation(text)
    assert every_line_once(text, paper)
    return paper


def part(paper: ReadPaper, key: str) -> Part:
    return next(part for part in paper.content.parts if part.key == key)


def words(block: Paragraph | Heading) -> str:
    return "".join(run.text for run in block.runs if isinstance(run, Text))


def outline(found: BulletList | NumberedList) -> list[object]:
    """A list as nested Python lists of texts."""
    result: list[object] = []
    for item in found.items:
        first, *below = item.blocks
        assert isinstance(first, Paragraph)
        result.append(words(first))
        result.extend(outline(each) for each in below if not isinstance(each, Paragraph))
    return result


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.stem)
def test_a_whole_paper_is_understood_line_by_line(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    paper = read_case_presentation(text)

    assert paper.unplaced == ()
    assert every_line_once(text, paper)
    assert paper.kind == "decide"
    assert {part.kind for part in paper.content.parts} == set(PartKind)


@pytest.mark.parametrize("path", [path for path in PAPERS if path != DANISH], ids=lambda path: path.stem)
def test_a_paper_with_dates_in_numbers_is_printed_again_as_it_stood(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    paper = read_case_presentation(text)

    assert printed_lines(paper.content) == [line for line in text.split("\n") if line.strip()]
    assert paper.content.wording == {}


def test_the_head_and_the_foot() -> None:
    content = read_case_presentation(INVENTED.read_text(encoding="utf-8")).content

    assert content.language is Language.NB
    assert content.forum == "Samvirkerådet"
    assert content.meeting_date == date(2022, 3, 9)
    assert content.number == "7/2022"
    assert content.title == "Felles kalender for innbyggertjenester - Valg av driftsmodell"
    assert content.kind_label == "Beslutningssak"
    assert content.presenters == "Ragnhild Myrvoll"
    assert content.preparer == "Tjenestekontoret"
    assert (content.place, content.dated) == ("Lillevik", date(2022, 2, 21))
    assert [line.title for line in content.attachments] == [
        "Sak 7-22 Vedlegg 1 – Tall for bemanning og drift",
        "Sak 7-22 Vedlegg 2 – Svar fra personvernombudene",
    ]


def test_the_parts_their_addressees_and_their_points() -> None:
    paper = read_case_presentation(INVENTED.read_text(encoding="utf-8"))

    assert paper.number == CaseNumber(7, 2022, "")
    assert [each.key for each in paper.content.parts] == [
        "background",
        "proposal",
        "presentation",
        "questions",
        "input",
    ]
    proposal, questions, advice = (part(paper, key) for key in ("proposal", "questions", "input"))
    assert proposal.heading == "Forslag til beslutning:"
    assert proposal.party == "Tjenestekontoret"
    assert proposal.lead_in == (Paragraph((Text("Tjenestekontoret anmodes om å"),)),)
    assert [type(block) for block in proposal.body] == [BulletList]
    assert questions.heading == "Forslag til diskusjonstema i Samvirkerådet før det stemmes over modell:"
    assert isinstance(questions.body[0], BulletList)
    assert outline(questions.body[0])[1:3] == [
        "Hvem bør stå som ansvarlig for behandlingen av opplysningene?",
        [
            "Kan ansvaret være delt, og hvordan ser i så fall avtalen ut?",
            "Bør rådet be om en uavhengig vurdering?",
        ],
    ]
    assert advice.party == "rådets forberedende gruppe (FG)"
    assert len(advice.lead_in) == len(advice.body) == len(advice.closing) == 1


def test_sub_headings_and_numbers_that_are_no_list() -> None:
    paper = read_case_presentation(INVENTED.read_text(encoding="utf-8"))

    background, presentation = part(paper, "background"), part(paper, "presentation")
    assert [type(block) for block in background.body] == [Paragraph] * 3  # "3. kvartal", "1. juli"
    headings = [words(block) for block in presentation.body if isinstance(block, Heading)]
    assert headings == ["Tre driftsmodeller", "Forholdet til arkiv og personvern"]
    numbered = next(block for block in presentation.body if isinstance(block, NumberedList))
    assert [type(block) for block in numbered.items[1].blocks] == [Paragraph, BulletList]
    assert numbered.items[2] == ListItem(
        (Paragraph((Text("Driften kjøpes i markedet gjennom en felles avtale."),)),)
    )


def test_a_danish_paper() -> None:
    paper = read_case_presentation(DANISH.read_text(encoding="utf-8"))

    content = paper.content
    assert content.language is Language.DA
    assert content.wording == {"forum": "Styregruppe:"}
    assert paper.number == CaseNumber(12, 2023, "")
    assert content.meeting_date == date(2023, 5, 4)
    assert (content.place, content.dated) == ("Vejby", date(2023, 4, 19))
    assert [each.key for each in content.parts] == [
        *("summary", "problem", "solution", "effect", "economy", "proposal", "questions", "input")
    ]
    assert isinstance(part(paper, "proposal").body[0], NumberedList)


def test_nynorsk_and_english_are_told_from_the_words() -> None:
    nynorsk = read(
        *(
            "SAKSFRAMLEGG",
            "Møtedato: 2.2.2020",
            "Sak 2/20 Samordna varsling Drøftingssak",
            "",
            "Bakgrunn",
            "",
        ),
        *("Kommunane har ikkje same løysing, og dei ønskjer eit felles opplegg frå hausten.", ""),
        *("Framlegg til vedtak", "", "Rådet ber Varslingskontoret om å lage ein plan.", ""),
        "Saka vert lagd fram av Åse Nes",
    )
    english = read(
        *("CASE PRESENTATION", "Forum: Harbour Council", "Meeting date: 3 March 2021"),
        *("Case 3/2021 Shared quay register For information", "", "Background", ""),
        *("The ports of the region keep three registers.", "", "Proposed decision:", ""),
        *("The port office is asked to", "- merge the registers", "", "Prepared by the port office"),
    )

    assert nynorsk.content.language is Language.NN
    assert (nynorsk.kind, part(nynorsk, "proposal").party) == ("discuss", "Varslingskontoret")
    assert nynorsk.content.presenters == "Åse Nes"
    assert english.content.language is Language.EN
    assert (english.kind, english.content.kind_label) == ("inform", "For information")
    assert part(english, "proposal").party == "The port office"
    assert english.content.preparer == "the port office"
    assert english.unplaced == nynorsk.unplaced == ()


@pytest.mark.parametrize(
    ("line", "number", "title", "kind_label", "kind"),
    [
        ("Sak 3/2020 Plan", "3/2020", "Plan", "", None),
        ("Sak 3-20 Plan - Orienteringssak", "3-20", "Plan", "Orienteringssak", "inform"),
        ("Sak 3/20: Plan (D-sak)", "3/20", "Plan", "D-sak", "discuss"),
        ("SAK 3/20 Plan (fase 2) Vedtakssak", "3/20", "Plan (fase 2)", "Vedtakssak", "decide"),
        ("Sak nr. 3/20 Plan – til drøfting", "3/20", "Plan", "til drøfting", "discuss"),
        ("Sak 3/20 Budsjett til godkjenning", "3/20", "Budsjett til godkjenning", "", None),
        ("Sak 3/20 Orientering", "3/20", "Orientering", "", "inform"),
        ("3/20 Plan Orientering/drøfting", "3/20", "Plan", "Orientering/drøfting", "discuss"),
        ("PS 8/11 Reguleringsplan", "PS 8/11", "Reguleringsplan", "", None),
        ("KST-63/16 Budsjett", "KST-63/16", "Budsjett", "", None),
        ("Sak: Plan Behandlingssak", "", "Plan", "Behandlingssak", "decide"),
        ("Plan for 2020 Behandlingssak", "", "Plan for 2020", "Behandlingssak", "decide"),
    ],
)
def test_case_lines(line: str, number: str, title: str, kind_label: str, kind: str | None) -> None:
    paper = read("Forum: Rådet", "", line)

    content = paper.content
    assert (content.number, content.title, content.kind_label) == (number, title, kind_label)
    assert paper.kind == kind
    assert (paper.number is None) == (number == "")
    assert paper.unplaced == ()


def test_number_title_and_kind_may_stand_on_lines_of_their_own() -> None:
    one = read("Saksnr: 4/21", "Tittel: Felles vakt", "Sakstype: Diskusjonssak", "Møtedato:", "1.2.2021")
    two = read("Sak 4/21", "", "Felles vakt", "", "Til drøfting", "", "Bakgrunn", "", "Vakten er delt.")

    for paper, label in ((one, "Diskusjonssak"), (two, "Til drøfting")):
        assert paper.number == CaseNumber(4, 2021, "")
        assert (paper.content.title, paper.content.kind_label, paper.kind) == (
            "Felles vakt",
            label,
            "discuss",
        )
        assert paper.unplaced == ()
    assert one.content.meeting_date == date(2021, 2, 1)
    assert one.content.wording["case"] == "Saksnr:"


def test_labels_that_differ_from_the_default_are_kept_as_they_stood() -> None:
    paper = read(
        *(
            "Sakspapir",
            "Utvalg: Rådet",
            "Møtedag: torsdag 1.2.2021",
            "Sak 1/21 Vakt",
            "",
            "Bakgrunn:",
            "",
            "Saken er klar.",
        ),
        *(
            "",
            "Saksdokumenter",
            "Notat om vakt",
            "",
            "Innleder: Kari Li",
            "Utarbeidet av Vaktkontoret",
            "Bø 2. januar 2021",
        ),
    )

    assert paper.content.wording == {
        "document": "Sakspapir",
        "forum": "Utvalg:",
        "meeting_date": "Møtedag:",
        "attachments": "Saksdokumenter",
        "presenter": "Innleder:",
        "preparer": "Utarbeidet av",
    }
    assert paper.content.parts[0].heading == "Bakgrunn:"
    assert [line.title for line in paper.content.attachments] == ["Notat om vakt"]
    assert (paper.content.place, paper.content.dated) == ("Bø", date(2021, 1, 2))
    assert paper.unplaced == ()


def test_bold_markers_mark_headings_and_words() -> None:
    paper = read(
        *("**Forum:** Rådet", "**Sak 1/21 Vakt**", "", "**Bakgrunn**", "", "Vi har **to** vakter.", ""),
        *("**Nattevakt**", "- om vinteren", "", "## Vurdering", "", "Godt."),
    )

    background = part(paper, "background")
    assert paper.content.forum == "Rådet"
    assert background.heading == "Bakgrunn"
    assert background.body[0] == Paragraph((Text("Vi har "), Text("to", bold=True), Text(" vakter.")))
    assert isinstance(background.body[1], Heading)
    assert words(background.body[1]) == "Nattevakt"
    assert part(paper, "assessment").heading == "Vurdering"
    assert paper.unplaced == ()


def test_windows_line_endings_byte_order_mark_tabs_and_no_break_spaces_change_nothing() -> None:
    text = INVENTED.read_text(encoding="utf-8")
    plain = read_case_presentation(text)
    windows = "\ufeff" + text.replace("\n", "\r\n").replace("Forum: ", "Forum:\t")
    windows = windows.replace("Sak 7/2022", "Sak\u00a07/2022").replace(" - Kan", "\t- Kan")

    paper = read_case_presentation(windows)

    assert paper.content == plain.content
    assert [line.number for line in paper.lines] == [line.number for line in plain.lines]
    assert every_line_once(windows, paper)


def test_wrapped_paragraphs_and_points_are_joined() -> None:
    paper = read(
        *("Sak 1/21 En vakt som dekker hele fylket, med ansvar for både vei, vann og",),
        *("ledninger Behandlingssak", "", "Bakgrunn", ""),
        "Vakten har vært delt mellom tre virksomheter siden høsten, og ingen av dem har",
        "hatt folk nok til å dekke helgene alene. Derfor ble det satt ned en gruppe som",
        *(
            "skulle se på saken.",
            "",
            "Gruppen møttes to ganger.",
            "",
            "Forslag til vedtak",
            "",
            "Vaktkontoret bes om å",
            "",
        ),
        "- lage en felles turnus for alle tre virksomhetene og sende den til rådet i god",
        "  tid før sommeren",
        "- melde fra om kostnadene",
    )

    background, proposal = part(paper, "background"), part(paper, "proposal")
    assert paper.content.kind_label == "Behandlingssak"
    assert len(background.body) == 2
    assert isinstance(proposal.body[0], BulletList)
    assert [
        str(text).endswith(("tid før sommeren", "om kostnadene")) for text in outline(proposal.body[0])
    ] == [True, True]
    assert {line.field for line in paper.lines} == {"case_line", "part:background", "part:proposal"}


def test_whole_lines_without_blank_lines_between_stay_apart() -> None:
    paper = read(
        "Sak 1/21 Vakt",
        "",
        "Bakgrunn",
        "Første avsnitt.",
        "Andre avsnitt.",
        "Tredje avsnitt er litt lengre enn de andre.",
    )

    assert [words(block) for block in part(paper, "background").body if isinstance(block, Paragraph)] == [
        "Første avsnitt.",
        "Andre avsnitt.",
        "Tredje avsnitt er litt lengre enn de andre.",
    ]


def test_nested_lists_by_indent_and_by_glyph() -> None:
    paper = read(
        *("Sak 1/21 Vakt", "", "Bakgrunn", "", "- a", "  - b", "    - c", "  - d", "- e", "", "Så:", ""),
        *("• f", "– g", "– h", "• i", "", "Til sist:", "", "3. Tre", "4. Fire"),
    )

    lists = [
        block for block in part(paper, "background").body if isinstance(block, BulletList | NumberedList)
    ]
    assert [outline(each) for each in lists] == [
        ["a", ["b", ["c"], "d"], "e"],
        ["f", ["g", "h"], "i"],
        ["Tre", "Fire"],
    ]
    assert isinstance(lists[2], NumberedList)
    assert lists[2].start == 3


def test_numbers_are_kept_where_a_paper_counts_in_its_own_way() -> None:
    paper = read(
        "Sak 1/21 Vakt",
        "",
        "Bakgrunn",
        "",
        "1. En",
        "1. En igjen",
        "2. To",
        "",
        "13. juni 2020 ble det slutt.",
    )

    lists = [block for block in part(paper, "background").body if isinstance(block, NumberedList)]
    assert [(each.start, outline(each)) for each in lists] == [(1, ["En"]), (1, ["En igjen", "To"])]
    assert isinstance(part(paper, "background").body[-1], Paragraph)


def test_text_behind_a_heading_on_the_same_line() -> None:
    paper = read(
        "Sak 1/21 Vakt",
        "",
        "Forslag til vedtak: Rådet tar saken til orientering.",
        "",
        "Vedlegg: Notat om vakt",
    )

    proposal = part(paper, "proposal")
    assert proposal.heading == "Forslag til vedtak:"
    assert proposal.body == (Paragraph((Text("Rådet tar saken til orientering."),)),)
    assert [line.title for line in paper.content.attachments] == ["Notat om vakt"]


def test_points_without_markers_follow_a_sentence_that_points_ahead() -> None:
    paper = read(
        *("Sak 1/21 Vakt", "", "Rådmannens innstilling", "", "Rådet oppfordrer Vaktkontoret til å", ""),
        *("Lage en turnus.", "", "Melde fra om kostnadene."),
    )

    proposal = part(paper, "proposal")
    assert proposal.heading == "Rådmannens innstilling"
    assert proposal.party == "Vaktkontoret"
    assert (len(proposal.lead_in), len(proposal.body)) == (1, 2)


def test_two_inputs_and_two_free_headings_have_keys_of_their_own() -> None:
    paper = read(
        *("Sak 1/21 Vakt", "", "Veien hit", "", "Det har vært to runder med vaktene.", ""),
        *("Innspill fra KS:", "", "- Bra", "", "Innspill fra Vaktforum (VF)", "", "- Mindre bra", ""),
        *("Tall for vaktene", "", "Det er ni vakter, og ingen av dem er lange nok til å dekke en helg."),
    )

    assert [(each.key, each.party) for each in paper.content.parts] == [
        ("free-1", ""),
        ("input", "KS"),
        ("input-2", "Vaktforum (VF)"),
        ("free-2", ""),
    ]


def test_what_is_not_understood_is_listed_and_not_dropped() -> None:
    text = "\n".join(
        [
            *(
                "Forum: Rådet",
                "Arkivsak: 09/810",
                "Møtedato: 3.2.2021 kl. 9",
                "Sak 1/21 Vakt",
                "En løs setning her.",
                "",
            ),
            *(
                "Bakgrunn",
                "",
                "Klart.",
                "",
                "----",
                "",
                "Vedlegg:",
                "",
                "Ingen",
                "",
                "Saken vil bli framlagt av Kari Li.",
            ),
            *("", "Med hilsen", "Kari"),
        ]
    )

    paper = read_case_presentation(text)

    assert every_line_once(text, paper)
    assert [line.text for line in paper.unplaced] == [
        *(
            "Arkivsak: 09/810",
            "Møtedato: 3.2.2021 kl. 9",
            "En løs setning her.",
            "----",
            "Ingen",
            "Med hilsen",
            "Kari",
        )
    ]
    assert paper.content.meeting_date == date(2021, 2, 3)  # taken, though the line says more
    assert paper.content.attachments == ()
    assert paper.content.presenters == "Kari Li"


def test_a_sentence_in_the_text_is_no_signature() -> None:
    paper = read(
        "Sak 1/21 Vakt", "", "Bakgrunn", "", "Saken presenteres av KS i juni", "", "Deretter ble det stille."
    )

    assert paper.content.presenters == ""
    assert len(part(paper, "background").body) == 2


@pytest.mark.parametrize("text", ["", "\n \n\t\n", "\ufeff", "\u00a0\n"])
def test_an_empty_text_is_an_empty_paper(text: str) -> None:
    paper = read_case_presentation(text, default_language=Language.DA)

    assert paper.lines == paper.unplaced == ()
    assert paper.content.language is Language.DA
    assert (paper.forum_name, paper.number, paper.kind, paper.content.parts) == ("", None, None, ())


def test_text_that_is_no_paper_is_listed_whole() -> None:
    text = "Handleliste\n\nMelk og brød og alt det andre som vi pleier å kjøpe når det er helg.\n- ost"

    paper = read_case_presentation(text)

    assert [line.number for line in paper.unplaced] == [1, 3, 4]
    assert every_line_once(text, paper)


@pytest.mark.parametrize(
    "text",
    [
        "x" * 1_000_000,
        "* " * 500_000,
        "**" * 500_000,
        "- a\n" * 40_000,
        "1. A\n" * 40_000,
        "Bakgrunn\n\n" * 40_000,
        "Sak 1/21 Vakt\n\nBakgrunn\n" + "".join(" " * (n % 700) + "- a\n" for n in range(2_500)),
        "Innspill fra " * 80_000,
        "Oslo, 27.5.2019\n" * 40_000,
        "\x00\ud800\u2028" * 300_000,
    ],
    ids=[
        "letters",
        "stars",
        "bold",
        "bullets",
        "numbers",
        "headings",
        "steps",
        "phrase",
        "dates",
        "controls",
    ],
)
def test_long_junk_is_read_to_its_end(text: str) -> None:
    assert every_line_once(text, read_case_presentation(text))


FRAGMENTS = st.sampled_from(
    [
        *(
            "",
            "Forum: Rådet",
            "Møtedato: 1.2.2021",
            "Sak 1/21 Vakt Behandlingssak",
            "Bakgrunn",
            "Forslag til vedtak:",
        ),
        *(
            "Spørsmål",
            "Innspill fra AU (AU)",
            "Vedlegg:",
            "Vedlegg: Notat",
            "Saken presenteres av Kari",
            "Bø, 1.2.2021",
        ),
        *(
            "- punkt",
            "  - under",
            "• punkt",
            "1. En",
            "2. To",
            "7. Sju",
            "13. juni 2020 var det fint.",
            "**Fet**",
            "# Del",
        ),
        *(
            "Kort linje",
            "En setning med punktum.",
            "En lang setning " * 9 + ".",
            "----",
            "SAKSFRAMLEGG",
            "Til drøfting",
        ),
        *(
            "Orienteringssak",
            "Tittel: Noe",
            "Ingen",
            "\u00a0",
            "\tinnrykk",
            "Saksdokumenter",
            "Sak 2/21",
            "Dato: 3.4.2021",
        ),
    ]
)


@settings(max_examples=300)
@given(st.lists(FRAGMENTS | st.text(max_size=60), max_size=25))
def test_whatever_stands_in_a_paper_no_line_is_lost(lines: list[str]) -> None:
    text = "\n".join(lines)

    assert every_line_once(text, read_case_presentation(text))


def test_the_proof_fails_when_a_line_is_lost() -> None:
    text = INVENTED.read_text(encoding="utf-8")

    assert not every_line_once(text + "\nEn linje til", read_case_presentation(text))
    assert not every_line_once(text.replace("tannlegene", "legene"), read_case_presentation(text))


def test_the_words_of_all_languages_load_and_mean_one_thing_each() -> None:
    words = vocabulary()

    assert words.months["mai"] == words.months["maj"] == words.months["may"] == 5
    assert words.headings["vedlegg"].languages == {Language.NB, Language.NN}
    assert words.headings["bilag"].role == "attachments"
