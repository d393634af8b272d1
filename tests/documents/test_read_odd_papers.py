"""The reader of finished papers: odd forms of papers, and the proof that no line is lost."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.documents.reading import every_line_once, read_case_presentation
from app.documents.reading.vocabulary import vocabulary
from app.documents.richtext.blocks import BulletList, Heading, NumberedList, Paragraph, Text
from app.kernel.language import Language
from tests.support.papers import INVENTED, outline, part, read, words


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
