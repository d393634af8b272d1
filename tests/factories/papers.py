"""Case presentations for tests: one with everything, one with nothing, one as long as wanted."""

from dataclasses import replace
from datetime import date

from app.documents.case_presentation import (
    AttachmentLine,
    CasePresentation,
    CorrectionNote,
    Part,
    PartKind,
)
from app.documents.richtext.blocks import (
    Block,
    Break,
    BulletList,
    Footnote,
    Heading,
    ListItem,
    NumberedList,
    Paragraph,
    Quote,
    Run,
    Runs,
    Table,
    Text,
    Tree,
)
from app.documents.richtext.normalise import normalise
from app.kernel.language import Language

_KIND = {"nb": "Behandlingssak", "nn": "Handsamingssak", "da": "Behandlingssag", "en": "For decision"}


def runs(*pieces: str | Run) -> Runs:
    return tuple(Text(piece) if isinstance(piece, str) else piece for piece in pieces)


def para(*pieces: str | Run) -> Paragraph:
    return Paragraph(runs(*pieces))


def item(text: str, *below: BulletList | NumberedList) -> ListItem:
    return ListItem((para(text), *below))


def bullets(*items: str | ListItem) -> BulletList:
    return BulletList(tuple(item(each) if isinstance(each, str) else each for each in items))


def numbers(*items: str | ListItem, start: int = 1) -> NumberedList:
    return NumberedList(tuple(item(each) if isinstance(each, str) else each for each in items), start)


def table(*rows: tuple[str, ...]) -> Table:
    return Table(tuple(tuple(runs(cell) if cell else () for cell in row) for row in rows))


def empty_content(language: Language) -> CasePresentation:
    """A paper that has only just been begun."""
    parts = (
        Part("background", PartKind.SECTION, "Bakgrunn"),
        Part("proposal", PartKind.PROPOSAL, "Forslag til beslutning:"),
        Part("questions", PartKind.QUESTIONS, "Spørsmål"),
        Part("advice", PartKind.INPUT, "Innspill"),
    )
    return CasePresentation(language, forum="Skate", title="Ny sak", kind_label="", parts=parts)


def full_content(language: Language) -> CasePresentation:
    """A paper that uses every kind of part, block and run."""
    return CasePresentation(
        language=language,
        forum="Skate",
        title="Handlingsplan for digitalisering i offentlig sektor – organisering og innretning",
        kind_label=_KIND[language.value],
        number="13/2019",
        meeting_date=date(2019, 6, 13),
        parts=(
            Part("background", PartKind.SECTION, "Historikk/bakgrunn", _background()),
            Part(
                "proposal",
                PartKind.PROPOSAL,
                "Forslag til beslutning:",
                (
                    bullets(
                        "organisere samarbeidet om handlingsplanen slik Skate foreslår",
                        "bruke Skates råd og anbefalinger om innretningen på handlingsplanen",
                    ),
                ),
                (para("oppfordres til å"),),
                party="Difi",
            ),
            Part("presentation", PartKind.SECTION, "Presentasjon av saken", _presentation()),
            Part(
                "questions",
                PartKind.QUESTIONS,
                "Forslag til diskusjonstema:",
                (
                    bullets(
                        "Hva er Skates viktigste råd om handlingsplanen?",
                        item(
                            "Hvordan bør arbeidet organiseres?",
                            bullets(
                                "Hvilken involvering ønskes i møtene i oktober og desember?",
                                item(
                                    "Hvordan bruker vi AU best?",
                                    bullets("Til prioritering", "Til detaljering"),
                                ),
                            ),
                        ),
                    ),
                ),
                (para("Difi foreslår at Skate i første omgang diskuterer følgende"),),
            ),
            Part(
                "advice-au",
                PartKind.INPUT,
                "Innspill fra Skates arbeidsutvalg (AU)",
                (
                    bullets(
                        "Skate bør si noe om hva som bør gjøres først",
                        "Skate bør tenke gjennom finansieringen",
                    ),
                ),
                (para("Forbehandlingen i AU ga følgende råd til Skate:"),),
                (para("AU oppfordret også til å legge ved en oversikt fra virksomhetene."),),
                party="AU",
            ),
        ),
        attachments=(
            AttachmentLine(
                1, "Sak 13-19 Vedlegg 1 – Bakgrunnsstoff om prosess fra to virksomheter", "vedlegg-1.pdf"
            ),
            AttachmentLine(2, "Sak 13-19 Vedlegg 2 – Utkast til tidsplan"),
        ),
        presenters="Steffen Sutorius",
        preparer="Difi",
        place="Oslo",
        dated=date(2019, 5, 27),
        case_id="0197f1a0-0000-7000-8000-000000000013",
        revision=3,
        author="Direktoratet for forvaltning og IKT",
    )


def corrected_content(language: Language) -> CasePresentation:
    """The same paper, treated and corrected twice."""
    return replace(
        full_content(language),
        corrections=(
            CorrectionNote(
                1,
                date(2019, 9, 2),
                "Feil tall fra leverandøren",
                "Kari Oppdiktet",
                (para("3 mill., ikke 2."),),
            ),
            CorrectionNote(2, date(2019, 9, 3), "", "", (para("Se også"), bullets("tabell 1", "tabell 2"))),
        ),
    )


def _background() -> Tree:
    return (
        para(
            "Høsten 2018 begynte arbeidet med en strategi for digitalisering i offentlig sektor, for å forsterke innsats, "
            "samarbeid og samordning. Skate har gitt innspill i to runder",
            Footnote(
                runs(
                    "Møtene 26.9.2018 og 11.4.2019, se ",
                    Text("møtereferatene", link="https://example.no/r"),
                    ".",
                )
            ),
            ", og utkastet er lagt fram på Skates fagdag. Den ",
            Text("endelige strategien", bold=True),
            " presenteres ",
            Text("to dager før", italic=True),
            " møtet og ligger på ",
            Text("nettsidene", link="https://www.regjeringen.no/no/tema/statlig-forvaltning/?a=1&b=2"),
            ".",
        ),
        para(
            "Selv om tiden er kort, er det viktig at Skate raskt får sagt sitt om hvordan arbeidet med en handlingsplan bør "
            "legges opp i samarbeid med Skate, og hva som er viktig i innretningen på den."
        ),
    )


def _presentation() -> Tree:
    return (
        para(
            "13. juni 2019 vedtok Skate å gi råd om innretningen. Det er naturlig at tiltak planlegges sammen."
        ),
        Heading(2, runs("Tverrgående strategi")),
        para("Strategien består av et overordnet dokument og en handlingsplan, som sist ble revidert i AU."),
        Quote((para("Det er neppe ønskelig med overlappende strategier."),)),
        Heading(3, runs("Kostnader")),
        table(
            ("Tiltak", "Ansvar", "Kostnad (mill. kroner)"),
            (
                "Felles infrastruktur for deling av data mellom virksomheter",
                "Difi og Brønnøysundregistrene",
                "12,5",
            ),
            ("Veileder", "Difi", ""),
        ),
        para("Mellom møtene bør AU arbeide med å prioritere og detaljere tiltakene:"),
        numbers(
            "Plukke ut tiltakene som det er naturlig for Skate å engasjere seg i.",
            item("Prioritere tiltakene i en tidsplan fram mot 2025", numbers("etter nytte", "etter kostnad")),
            "Foreslå fordeling",
        ),
        para("Deretter, for tiltakene som er valgt:"),
        numbers("Finansiering", "Gevinster"),
        para("Første linje", Break(), "andre linje"),
    )


def long_content(pages: int = 30) -> CasePresentation:
    """A paper of about so many pages, as even as real ones are: text, lists, tables, notes."""
    full = full_content(Language.NB)
    blocks: list[Block] = []
    for page in range(max(pages - 2, 0)):
        blocks.append(Heading(2, runs(f"Kapittel {page + 1}")))
        blocks.extend(
            para(
                f"Avsnitt {number} på side {page + 1} handler om samordning av ",
                Text("digitalisering", bold=True),
                " i offentlig sektor, med tekst nok til at det fyller om lag tre linjer på en side, slik at målingen "
                "ligner på et ordentlig saksframlegg med ",
                Text("lenker", link=f"https://example.no/{number}"),
                Footnote((Text("En note"),)) if number == 3 else Text(" og mer"),
                ".",
            )
            for number in range(6)
        )
        blocks.append(
            bullets(*(f"Kulepunkt {number} om et tiltak som skal gjennomføres" for number in range(7)))
        )
        blocks.append(numbers(*(f"Nummerert punkt {number} i lista" for number in range(6))))
        blocks.append(table(("Tiltak", "Ansvar"), ("Deling av data", "Difi"), ("Veileder", "KS")))
    section = replace(full.parts[2], body=normalise((*full.parts[2].body, *blocks)))
    return replace(full, parts=(*full.parts[:2], section, *full.parts[3:]))
