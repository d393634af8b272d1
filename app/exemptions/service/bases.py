"""The list of legal bases. Nothing on it is edited: what is no longer law is ended, and what has come is added."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from app.access.actor import Actor, require
from app.access.permissions import Permission
from app.audit.service import changed, record
from app.exemptions.models import LegalBasis
from app.exemptions.queries import last_position
from app.kernel.errors import Conflict, NotFound, Reason, RuleBroken, refuse_if
from app.kernel.language import Language
from app.kernel.lengths import too_long
from app.kernel.text import clean_line


def add_basis(
    db: Session,
    actor: Actor,
    *,
    law: str,
    section: str,
    paragraph: str,
    printed: Mapping[str, str],
    about: str,
    is_duty: bool,
    whole_document: bool,
    valid_from: date,
    valid_to: date | None = None,
) -> LegalBasis:
    """Add a provision last on the list. ``printed`` is its citation by language; one that is missing is lent another.

    :raise NotAllowed: without ``basis:edit``.
    :raise RuleBroken: ``basis.incomplete``, ``basis.days``, ``text.too_long``.
    """
    require(actor, Permission.BASIS_EDIT)
    law, section, paragraph, about = (clean_line(text) for text in (law, section, paragraph, about))
    cited = {code: clean_line(text) for code, text in printed.items() if clean_line(text)}
    refuse_if(
        (
            *(
                Reason("basis.incomplete", name)
                for name, text in (("law", law), ("section", section))
                if not text
            ),
            *((Reason("basis.incomplete", "printed_nb"),) if not cited else ()),
            *too_long("law", law),
            *too_long("section", section),
            *too_long("paragraph", paragraph),
            *too_long("about", about),
            *(each for code, text in cited.items() for each in too_long(f"printed_{code}", text)),
            *((Reason("basis.days", "valid_to"),) if valid_to is not None and valid_to < valid_from else ()),
        )
    )
    basis = LegalBasis(
        key=f"own-{uuid4().hex}",
        law=law,
        section=section,
        paragraph=paragraph,
        position=last_position(db) + 1,
        printed=cited,
        about={language.value: about for language in Language} if about else {},
        is_duty=is_duty,
        whole_document=whole_document,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    db.add(basis)
    db.flush()
    record(db, actor, "basis.added", basis, name=next(iter(cited.values())))
    db.flush()
    return basis


def end_basis(db: Session, actor: Actor, basis_id: UUID, *, version: int, valid_to: date) -> LegalBasis:
    """Say on which day a provision was law for the last time. Exemptions that stand by it stay until a person ends them.

    :raise NotAllowed: without ``basis:edit``.
    :raise Conflict: when somebody else ended it first.
    :raise RuleBroken: ``basis.days``.
    """
    require(actor, Permission.BASIS_EDIT)
    basis = db.get(LegalBasis, basis_id, with_for_update=True, populate_existing=True)
    if basis is None:
        raise NotFound
    if basis.version != version:
        raise Conflict("basis", stored_version=basis.version)
    if valid_to < basis.valid_from:
        raise RuleBroken(Reason("basis.days", "valid_to"))
    changes = changed(basis, valid_to=valid_to)
    if changes:
        basis.version += 1
        record(db, actor, "basis.ended", basis, name=next(iter(basis.printed.values())), changes=changes)
        db.flush()
    return basis
