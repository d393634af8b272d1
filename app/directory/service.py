"""Commands on organisations and persons; the only writer of these tables."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor, require
from app.access.permissions import Permission
from app.audit.service import Changes, changed, record
from app.directory.models import Organisation, OrganisationName, Person
from app.directory.queries.names import last_name
from app.directory.rules import Side, registration_number_reasons
from app.kernel.errors import Conflict, NotFound, Reason, RuleBroken, refuse_if
from app.kernel.sorting import sort_key
from app.kernel.text import clean_line

_NO_CANDIDATE: Final[Mapping[str, Any]] = {
    "candidate_sha256": None,
    "candidate_name": "",
    "candidate_removed": "",
}


def create_organisation(
    db: Session,
    actor: Actor,
    *,
    name: str,
    abbreviation: str = "",
    side: Side,
    registration_number: str = "",
    valid_from: date | None = None,
    predecessor_id: UUID | None = None,
) -> Organisation:
    """Make an organisation with its first name, which holds from ``valid_from``, or always.

    :raise RuleBroken: for a missing name, a wrong registration number or an unknown predecessor.
    """
    require(actor, Permission.DIRECTORY_EDIT)
    number = "".join(registration_number.split())
    refuse_if([*_name_reasons(name, "organisation"), *registration_number_reasons(number)])
    _check_predecessor(db, None, predecessor_id)
    organisation = Organisation(
        side=side, registration_number=number, predecessor_id=predecessor_id, names=[]
    )
    organisation.names.append(_new_name(name, abbreviation, valid_from))
    db.add(organisation)
    db.flush()
    record(db, actor, "organisation.created", organisation, name=organisation.names[0].name)
    db.flush()
    return organisation


def update_organisation(
    db: Session,
    actor: Actor,
    organisation_id: UUID,
    *,
    version: int,
    side: Side,
    registration_number: str,
    predecessor_id: UUID | None,
) -> Organisation:
    """Change what is not the name.

    :raise RuleBroken: also when the organisation would come before itself.
    :raise Conflict: when it was changed since the caller read it.
    """
    require(actor, Permission.DIRECTORY_EDIT)
    organisation = _organisation_for_change(db, organisation_id, version)
    number = "".join(registration_number.split())
    refuse_if(registration_number_reasons(number))
    _check_predecessor(db, organisation.id, predecessor_id)
    changes = changed(organisation, side=side, registration_number=number, predecessor_id=predecessor_id)
    if changes:
        organisation.version += 1
        called = last_name(db, organisation.id).name
        record(db, actor, "organisation.changed", organisation, name=called, changes=changes)
    db.flush()
    return organisation


def rename_organisation(
    db: Session,
    actor: Actor,
    organisation_id: UUID,
    *,
    version: int,
    name: str,
    abbreviation: str,
    valid_from: date,
) -> Organisation:
    """Give an organisation a new name from a day on. The name before it ends the day before.

    :raise RuleBroken: for a missing name, or a day that is not after the present name's first.
    :raise Conflict: when it was changed since the caller read it.
    """
    require(actor, Permission.DIRECTORY_EDIT)
    organisation = _organisation_for_change(db, organisation_id, version)
    refuse_if(_name_reasons(name, "organisation"))
    old = last_name(db, organisation.id)
    if old.valid_from is not None and valid_from <= old.valid_from:
        raise RuleBroken(Reason("organisation.name_too_early", "valid_from"))
    old.valid_to = valid_from - timedelta(days=1)
    new = _new_name(name, abbreviation, valid_from)
    new.organisation_id = organisation.id
    db.add(new)
    organisation.version += 1
    changes = {
        "name": (old.name, new.name),
        "abbreviation": (old.abbreviation, new.abbreviation),
        "valid_from": (old.valid_from, valid_from),
    }
    record(db, actor, "organisation.renamed", organisation, name=new.name, changes=changes)
    db.flush()
    return organisation


def offer_template(
    db: Session,
    actor: Actor,
    organisation_id: UUID,
    *,
    version: int,
    sha256: str,
    name: str,
    removed: Sequence[str] = (),
) -> Organisation:
    """Keep a Word template that is to be looked at before papers are made with it; it takes the place of one before it.

    The caller has checked that the file is a template that we can use. ``removed`` names what was taken out of it.

    :raise Conflict: when the organisation was changed since the caller read it.
    """
    require(actor, Permission.DIRECTORY_EDIT)
    organisation = _organisation_for_change(db, organisation_id, version)
    changes = changed(
        organisation,
        candidate_sha256=sha256,
        candidate_name=clean_line(name),
        candidate_removed=" ".join(removed),
    )
    _record_template(db, actor, "organisation.template_offered", organisation, changes)
    return organisation


def use_template(db: Session, actor: Actor, organisation_id: UUID, *, version: int) -> Organisation:
    """Make papers with the template that was looked at, from now on.

    :raise Conflict: when the organisation was changed since the caller read it.
    :raise NotFound: when no template waits.
    """
    require(actor, Permission.DIRECTORY_EDIT)
    organisation = _organisation_for_change(db, organisation_id, version)
    if organisation.candidate_sha256 is None:
        raise NotFound
    changes = changed(
        organisation,
        template_sha256=organisation.candidate_sha256,
        template_name=organisation.candidate_name,
        **_NO_CANDIDATE,
    )
    _record_template(db, actor, "organisation.template_changed", organisation, changes)
    return organisation


def discard_template(db: Session, actor: Actor, organisation_id: UUID, *, version: int) -> Organisation:
    """Leave the template that waits; the one in use stays.

    :raise Conflict: when the organisation was changed since the caller read it.
    """
    require(actor, Permission.DIRECTORY_EDIT)
    organisation = _organisation_for_change(db, organisation_id, version)
    changes = changed(organisation, **_NO_CANDIDATE)
    _record_template(db, actor, "organisation.template_discarded", organisation, changes)
    return organisation


def set_template(
    db: Session, actor: Actor, organisation_id: UUID, *, version: int, sha256: str | None, name: str
) -> Organisation:
    """Choose the organisation's own Word template by the hash of a stored file; None goes back to the house's.

    The caller has checked that the file is a template that we can use.

    :raise Conflict: when the organisation was changed since the caller read it.
    """
    require(actor, Permission.DIRECTORY_EDIT)
    organisation = _organisation_for_change(db, organisation_id, version)
    file_name = clean_line(name) if sha256 else ""
    changes = changed(organisation, template_sha256=sha256, template_name=file_name)
    _record_template(db, actor, "organisation.template_changed", organisation, changes)
    return organisation


def _record_template(
    db: Session, actor: Actor, action: str, organisation: Organisation, changes: Changes
) -> None:
    if changes:
        organisation.version += 1
        called = last_name(db, organisation.id).name
        record(db, actor, action, organisation, name=called, changes=changes)
    db.flush()


def create_person(
    db: Session, actor: Actor, *, name: str, email: str = "", organisation_id: UUID | None = None
) -> Person:
    """Make a person.

    :raise RuleBroken: for a missing name or an unknown organisation.
    """
    require(actor, Permission.DIRECTORY_EDIT)
    _check_person(db, name, organisation_id)
    name = clean_line(name)
    person = Person(
        name=name, sort_key=sort_key(name), email=_person_email(email), organisation_id=organisation_id
    )
    db.add(person)
    db.flush()
    record(db, actor, "person.created", person, name=person.name)
    db.flush()
    return person


def update_person(
    db: Session,
    actor: Actor,
    person_id: UUID,
    *,
    version: int,
    name: str,
    email: str,
    organisation_id: UUID | None,
) -> Person:
    """Change a person.

    :raise RuleBroken: for a missing name or an unknown organisation.
    :raise Conflict: when the person was changed since the caller read it.
    """
    require(actor, Permission.DIRECTORY_EDIT)
    person = db.get(Person, person_id, with_for_update=True, populate_existing=True)
    if person is None:
        raise NotFound
    if person.version != version:
        raise Conflict("person", stored_version=person.version)
    _check_person(db, name, organisation_id)
    name = clean_line(name)
    changes = changed(person, name=name, email=_person_email(email), organisation_id=organisation_id)
    if changes:
        person.sort_key = sort_key(name)
        person.version += 1
        record(db, actor, "person.changed", person, name=person.name, changes=changes)
    db.flush()
    return person


def _organisation_for_change(db: Session, organisation_id: UUID, version: int) -> Organisation:
    organisation = db.get(Organisation, organisation_id, with_for_update=True, populate_existing=True)
    if organisation is None:
        raise NotFound
    if organisation.version != version:
        raise Conflict("organisation", stored_version=organisation.version)
    return organisation


def _check_predecessor(db: Session, organisation_id: UUID | None, predecessor_id: UUID | None) -> None:
    # The chain is locked while it is followed: two changes at once could close a ring that neither of them sees.
    step = predecessor_id
    while step is not None:
        if step == organisation_id:
            raise RuleBroken(Reason("organisation.predecessor_ring", "predecessor_id"))
        earlier = db.get(Organisation, step, with_for_update=True, populate_existing=True)
        if earlier is None:
            raise RuleBroken(Reason("organisation.predecessor_unknown", "predecessor_id"))
        step = earlier.predecessor_id


def _check_person(db: Session, name: str, organisation_id: UUID | None) -> None:
    reasons = _name_reasons(name, "person")
    if organisation_id is not None and db.get(Organisation, organisation_id) is None:
        reasons.append(Reason("person.organisation_unknown", "organisation_id"))
    refuse_if(reasons)


def _name_reasons(name: str, subject: str) -> list[Reason]:
    return [] if clean_line(name) else [Reason(f"{subject}.name_missing", "name")]


def _new_name(name: str, abbreviation: str, valid_from: date | None) -> OrganisationName:
    name = clean_line(name)
    return OrganisationName(
        name=name, abbreviation=clean_line(abbreviation), sort_key=sort_key(name), valid_from=valid_from
    )


def _person_email(email: str) -> str:
    # Folded, so that a search finds it on both databases.
    return clean_line(email).casefold()
