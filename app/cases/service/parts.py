"""Writing and arranging the parts of a presentation."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit.service import Changes, changed
from app.cases.models import Presentation, PresentationPart, Treatment
from app.cases.queries.find import parts_of, treatment_of_part
from app.cases.service.earlier import forget_subject, remember
from app.cases.service.opening import finish, open_content, touch
from app.cases.service.presenters import check_organisation
from app.cases.service.rich_text import set_texts, texts_of
from app.documents.case_presentation import PartKind
from app.documents.richtext.markdown_reader import parse_markdown
from app.documents.richtext.markdown_writer import to_markdown
from app.exemptions.service.decisions import end
from app.forums.queries import forum_by_id
from app.kernel.errors import Conflict, NotFound, Reason, refuse_if
from app.kernel.lengths import LONGEST_TEXT, too_long
from app.kernel.ordering import Direction, move
from app.kernel.text import clean_line


def save_part(
    db: Session,
    actor: Actor,
    part_id: UUID,
    *,
    version: int,
    heading: str,
    body_markdown: str,
    lead_in_markdown: str = "",
    closing_markdown: str = "",
    party: str = "",
    party_organisation_id: UUID | None = None,
    party_forum_id: UUID | None = None,
) -> PresentationPart:
    """Save what a part says. ``party`` is the addressee of a proposal or the forum behind an input.

    :raise Conflict: when somebody else saved the part first; the part as stored is in ``edit_view``.
    :raise RuleBroken: ``treatment.closed``, ``part.no_heading``, ``part.only_body`` when a section is given more than
        a body, ``text.too_long``, ``organisation.unknown``.
    """
    treatment, presentation, part = _open_part(db, actor, part_id)
    if version != part.version:
        raise Conflict("part", stored_version=part.version)
    refuse_if(
        (
            *_heading_problems(heading),
            *too_long("party", party),
            *too_long("lead_in", lead_in_markdown, LONGEST_TEXT),
            *too_long("body", body_markdown, LONGEST_TEXT),
            *too_long("closing", closing_markdown, LONGEST_TEXT),
        )
    )
    lead_in, body, closing = (
        parse_markdown(text) for text in (lead_in_markdown, body_markdown, closing_markdown)
    )
    if part.kind is PartKind.SECTION and (lead_in or closing):
        refuse_if((Reason("part.only_body", "body"),))
    check_organisation(db, party_organisation_id, "party")
    if party_forum_id is not None and party_forum_id != part.party_forum_id:
        forum_by_id(db, actor, party_forum_id)
    before = _sources(part)
    stood = {"heading": [part.heading], "party": [part.party]} | {
        name: [text] for name, text in before.items()
    }
    changes = changed(
        part,
        heading=clean_line(heading),
        party=clean_line(party),
        party_organisation_id=party_organisation_id,
        party_forum_id=party_forum_id,
    )
    if texts_of(part) != (lead_in, body, closing):
        set_texts(part, presentation.language, lead_in=lead_in, body=body, closing=closing)
        changes |= {name: (before[name], text) for name, text in _sources(part).items()}
    if changes:
        remember(db, part.id, part.version, stood)
        part.version += 1
        _finish(db, actor, "case.part_edited", treatment, presentation, part, changes)
    return part


def add_part(
    db: Session, actor: Actor, treatment_id: UUID, *, kind: PartKind, heading: str
) -> PresentationPart:
    """Add an empty part after the others, under a key that no part of this paper has: ``free-N``.

    :raise RuleBroken: ``treatment.closed``, ``part.no_heading``, ``text.too_long``.
    """
    treatment, presentation = open_content(db, actor, treatment_id)
    refuse_if(_heading_problems(heading))
    parts = parts_of(db, presentation.id)
    taken = {part.key for part in parts}
    key = next(key for number in range(1, len(parts) + 2) if (key := f"free-{number}") not in taken)
    part = PresentationPart(
        presentation_id=presentation.id,
        key=key,
        kind=kind,
        position=max((part.position for part in parts), default=0) + 1,
        heading=clean_line(heading),
        lead_in=[],
        body=[],
        closing=[],
    )
    db.add(part)
    db.flush()
    _finish(db, actor, "case.part_added", treatment, presentation, part, {"kind": (None, kind)})
    return part


def move_part(db: Session, actor: Actor, part_id: UUID, *, direction: Direction) -> None:
    """Let the part change places with its neighbour; the first does not go up nor the last down.

    :raise RuleBroken: ``treatment.closed``.
    """
    treatment, presentation, part = _open_part(db, actor, part_id)
    moved = move(parts_of(db, presentation.id), part, direction)
    if moved is not None:
        _finish(db, actor, "case.part_moved", treatment, presentation, part, {"position": moved})


def remove_part(db: Session, actor: Actor, part_id: UUID) -> None:
    """Take the part out of the paper. Its text stays readable in the history of the case.

    :raise RuleBroken: ``treatment.closed``.
    """
    treatment, presentation, part = _open_part(db, actor, part_id)
    changes = {name: (text, None) for name, text in _sources(part).items()}
    if part.exemption_id is not None:
        end(db, actor, part.exemption_id, forum_id=treatment.forum_id)
    db.delete(part)
    forget_subject(db, part.id)
    _finish(db, actor, "case.part_removed", treatment, presentation, part, changes)


def _open_part(db: Session, actor: Actor, part_id: UUID) -> tuple[Treatment, Presentation, PresentationPart]:
    treatment, presentation = open_content(db, actor, treatment_of_part(db, part_id))
    part = db.get(PresentationPart, part_id, with_for_update=True, populate_existing=True)
    if part is None:
        raise NotFound
    return treatment, presentation, part


def _heading_problems(heading: str) -> tuple[Reason, ...]:
    if not heading.strip():
        return (Reason("part.no_heading", "heading"),)
    return too_long("heading", heading)


def _sources(part: PresentationPart) -> dict[str, str]:
    names = ("lead_in", "body", "closing")
    return {name: to_markdown(tree) for name, tree in zip(names, texts_of(part), strict=True)}


def _finish(
    db: Session,
    actor: Actor,
    action: str,
    treatment: Treatment,
    presentation: Presentation,
    part: PresentationPart,
    changes: Changes,
) -> None:
    touch(treatment, presentation)
    finish(db, actor, action, treatment, subject=part, name=part.heading, changes=changes)
