"""Records → the content of a case presentation."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.cases.rules import number_text
from app.directory.queries import organisation_names
from app.documents.case_presentation import CasePresentation
from app.documents.wording import label
from app.files.rules import safe_file_name
from app.forums.queries import labels_of
from app.meetings.queries.find import meeting_of
from app.papers.queries import (
    PaperFacts,
    hidden_grounds,
    paper_attachments,
    paper_corrections,
    paper_facts,
    paper_parts,
    paper_presenters,
)
from app.platform.clock import today

_LONGEST_TITLE = 80  # characters of the title in a file name


def content_of(db: Session, actor: Actor, treatment_id: UUID) -> CasePresentation:
    """Everything that the paper of a treatment says. At most eight queries, however long the paper is.

    :raise NotFound: when the treatment is missing or not readable.
    """
    return content_from(db, paper_facts(db, actor, treatment_id))


def content_from(db: Session, facts: PaperFacts) -> CasePresentation:
    """As ``content_of``, for facts that the caller has read already."""
    meeting = meeting_of(db, facts.treatment_id) if facts.has_paper else None
    if meeting is not None and not meeting.is_held:
        meeting = None
    day = meeting.day if meeting is not None else facts.dated or today()
    names = organisation_names(db, [facts.secretariat_id] if facts.secretariat_id else [], day)
    author = names.get(facts.secretariat_id) if facts.secretariat_id else None
    kind_label = facts.kind_label
    if not kind_label and facts.has_paper:
        kind_label = labels_of(db, facts.forum_id, facts.language).case_kind[facts.kind.value]
    return CasePresentation(
        language=facts.language,
        forum=facts.forum_name,
        title=facts.title,
        kind_label=kind_label,
        number=number_text(facts.paper_pattern, facts.sequence, facts.period, facts.prefix),
        meeting_date=meeting.day if meeting is not None else None,
        parts=paper_parts(db, facts),
        attachments=paper_attachments(db, facts),
        corrections=paper_corrections(db, facts),
        presenters=paper_presenters(db, facts),
        preparer=facts.preparer,
        place=facts.place,
        dated=facts.dated,
        case_id=str(facts.case_id),
        revision=facts.revision,
        author=author.name if author is not None else "",
        wording=facts.wording,
        exempt_by=(facts.paper_ground,) if facts.paper_ground else (),
        # What the whole paper is withheld by covers its title as well.
        title_exempt_by=(facts.title_ground,) if facts.title_ground not in {"", facts.paper_ground} else (),
        parts_left_out_by=hidden_grounds(db, facts),
    )


def file_name_of(facts: PaperFacts, extension: str) -> str:
    """``Sak 13-19 Title.docx``: the number by the forum's pattern for file names, and the title as far as it fits."""
    number = number_text(facts.file_pattern, facts.sequence, facts.period, facts.prefix)
    if number and number[0].isdigit():
        number = f"{label(facts.language, 'case', facts.wording)} {number}"
    title = facts.title.replace("/", "-")
    if len(title) > _LONGEST_TITLE:
        title = title[:_LONGEST_TITLE].rpartition(" ")[0] or title[:_LONGEST_TITLE]
    return safe_file_name(f"{number.replace('/', '-')} {title}".strip() + f".{extension}")
