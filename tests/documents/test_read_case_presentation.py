"""The reader of finished papers: what it recognises in a whole paper."""

from datetime import date
from pathlib import Path

import pytest

from app.documents.case_presentation import PartKind
from app.documents.reading import every_line_once, printed_lines, read_case_presentation
from app.documents.richtext.blocks import BulletList, Heading, ListItem, NumberedList, Paragraph, Text
from app.kernel.case_number import CaseNumber
from app.kernel.language import Language
from tests.support.papers import DANISH, INVENTED, PAPERS, outline, part, read, words


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
