"""Every text and file that stands open when a treatment is released: what ``policy`` leaves to a reader without rights."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.access.actor import Actor
from app.access.permissions import Permission
from app.cases.models import Attachment, Presentation, PresentationPart, Presenter, Treatment
from app.cases.policy import THE_PUBLIC, paper_for, part_for, readable
from app.cases.queries.corrections import corrections_of
from app.documents.richtext.codec import from_json
from app.documents.richtext.markdown_writer import to_markdown
from app.documents.richtext.plain import plain_text
from app.exemptions.models import Exemption, LegalBasis


@dataclass(frozen=True, slots=True)
class PublishedText:
    """A text with the kind of place it stands in, and what people call the place."""

    kind: str  # title, presenters, facts, part, correction, attachment
    place: str
    text: str


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """A stored file with the words that stand for it in public."""

    place: str
    sha256: str
    file_name: str


def published_texts(db: Session, treatment_id: UUID) -> list[PublishedText]:
    """The texts, in the order of the page."""
    row = db.execute(
        select(
            Treatment.public_title,
            Treatment.kind_label,
            Treatment.wanted_result,
            Treatment.preparer,
            Presentation.place,
            Presentation.wording,
            Presentation.exemption_id,
        )
        .join(Presentation, Presentation.treatment_id == Treatment.id)
        .where(Treatment.id == treatment_id)
    ).one()
    texts = [PublishedText("title", "", row.public_title)]
    if row.exemption_id is None:
        facts = (row.kind_label, row.wanted_result, row.preparer, row.place, *row.wording.values())
        texts += [PublishedText("facts", "", text) for text in facts if text]
        presenters = select(Presenter.text).where(Presenter.treatment_id == treatment_id)
        texts += [PublishedText("presenters", "", text) for text in db.scalars(presenters)]
        texts += _parts(db, treatment_id)
        texts += _corrections(db, treatment_id)
    return [*texts, *_attachment_texts(db, treatment_id)]


def published_files(db: Session, treatment_id: UUID, *, with_exempt: bool = False) -> list[PublishedFile]:
    """The files of attachments that are not exempt, and the redacted files of what is.

    ``with_exempt`` adds those that would come out were an exemption ended: the files of everything that is exempt.
    """
    wanted = (
        select(Attachment.title, Attachment.sha256, Attachment.file_name)
        .join(Presentation, Presentation.id == Attachment.presentation_id)
        .where(Presentation.treatment_id == treatment_id)
        .order_by(Attachment.position)
    )
    if not with_exempt:
        wanted = wanted.where(Presentation.exemption_id.is_(None), Attachment.exemption_id.is_(None))
    found = [
        PublishedFile(title, sha256, file_name) for title, sha256, file_name in db.execute(wanted) if sha256
    ]
    for exemption in _exemptions(db, treatment_id, below=with_exempt):
        if exemption.redacted_sha256:
            name = exemption.public_text or exemption.redacted_name
            found.append(PublishedFile(name, exemption.redacted_sha256, exemption.redacted_name))
    return found


def bases_that_ended(db: Session, treatment_id: UUID) -> list[LegalBasis]:
    """The provisions with a last day, of exemptions that stand in the treatment."""
    ids = {exemption.basis_id for exemption in _exemptions(db, treatment_id)}
    if not ids:
        return []
    wanted = select(LegalBasis).where(LegalBasis.id.in_(ids), LegalBasis.valid_to.is_not(None))
    return list(db.scalars(wanted.order_by(LegalBasis.position)))


def is_changed_in_public(db: Session, actor: Actor, treatment_id: UUID, permission: Permission) -> bool:
    """Whether the treatment is released, and the actor may read it and has the permission in its forum."""
    wanted = select(Treatment.forum_id).where(
        Treatment.id == treatment_id, Treatment.released_at.is_not(None), readable(actor)
    )
    forum_id = db.scalar(wanted)
    return forum_id is not None and actor.may(permission, forum_id)


def _exemptions(db: Session, treatment_id: UUID, *, below: bool = False) -> list[Exemption]:
    """The exemptions in force that concern the treatment: of title and paper; of parts and attachments while these show.

    ``below`` adds those of parts and attachments of a paper that is exempt as a whole.
    """
    of_title, of_paper = aliased(Treatment), aliased(Presentation)
    ids = [
        *db.scalars(select(of_title.title_exemption_id).where(of_title.id == treatment_id)),
        *db.scalars(select(of_paper.exemption_id).where(of_paper.treatment_id == treatment_id)),
    ]
    whole_paper = ids[1] is not None
    if below or not whole_paper:
        for table in (PresentationPart, Attachment):
            held = (
                select(table.exemption_id)
                .join(Presentation, Presentation.id == table.presentation_id)
                .where(Presentation.treatment_id == treatment_id, table.exemption_id.is_not(None))
            )
            ids += db.scalars(held)
    wanted = select(Exemption).where(Exemption.id.in_([each for each in ids if each is not None]))
    return list(db.scalars(wanted.order_by(Exemption.decided_at, Exemption.id)))


def _parts(db: Session, treatment_id: UUID) -> Iterator[PublishedText]:
    part = PresentationPart
    wanted = (
        select(part.heading, part.party, part.lead_in, part.body, part.closing)
        .join(Presentation, Presentation.id == part.presentation_id)
        .join(Treatment, Treatment.id == Presentation.treatment_id)
        .where(Treatment.id == treatment_id, part_for(THE_PUBLIC))
        .order_by(part.position)
    )
    for row in db.execute(wanted):
        trees = [from_json(stored) for stored in (row.lead_in, row.body, row.closing)]
        # The plain text joins what formatting splits; the Markdown holds the addresses behind links.
        said = [row.heading, row.party, *map(plain_text, trees), *map(to_markdown, trees)]
        yield PublishedText("part", row.heading, "\n".join(said))


def _corrections(db: Session, treatment_id: UUID) -> Iterator[PublishedText]:
    for each in corrections_of(db, treatment_id, is_whole=False):
        body = from_json(each.body)
        yield PublishedText("correction", "", "\n".join((each.reason, plain_text(body), to_markdown(body))))


def _attachment_texts(db: Session, treatment_id: UUID) -> Iterator[PublishedText]:
    wanted = (
        select(Attachment.title, Attachment.file_name, Attachment.exemption_id, Exemption.public_text)
        .join(Presentation, Presentation.id == Attachment.presentation_id)
        .join(Treatment, Treatment.id == Presentation.treatment_id)
        .outerjoin(Exemption, Exemption.id == Attachment.exemption_id)
        .where(Treatment.id == treatment_id, paper_for(THE_PUBLIC))
        .order_by(Attachment.position)
    )
    for title, file_name, exemption_id, public_text in db.execute(wanted):
        words = public_text if exemption_id is not None else f"{title}\n{file_name}"
        yield PublishedText("attachment", public_text if exemption_id is not None else title, words)
    for exemption in _exemptions(db, treatment_id):
        if exemption.redacted_name:
            yield PublishedText("attachment", exemption.redacted_name, exemption.redacted_name)
