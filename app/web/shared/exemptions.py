"""The form of a decision that something is withheld from the public, the same whatever it is that is withheld."""

from uuid import UUID

from starlette.datastructures import FormData

from app.exemptions.queries import BasisLine, ExemptionView, valid_bases
from app.exemptions.rules import NEEDS_PUBLIC_TEXT, Covers
from app.exemptions.service.decisions import ExemptionDraft
from app.files.models import Blob
from app.platform.clock import today
from app.web.shared.forms import (
    Bound,
    FieldError,
    Form,
    LineField,
    OptionalDate,
    OptionalId,
    ProseField,
    bind,
    filled,
)
from app.web.shared.templating import say
from app.web.shared.visit import Visit

Options = list[tuple[str, str | list[tuple[str, str]]]]


class ExemptionForm(Form):
    """A decision that something is withheld. ``replaces`` is the exemption that the person saw there."""

    replaces: OptionalId = None
    basis_id: OptionalId = None
    considered_wider_access: LineField = ""
    whole_is_meant: LineField = ""
    public_text: LineField = ""
    review_on: OptionalDate = None
    note: ProseField = ""
    drop_redacted: LineField = ""


class EndExemptionForm(Form):
    """Giving free what was withheld, by somebody who saw this exemption there."""

    exemption_id: UUID


def standing_form(exemption: ExemptionView | None) -> Bound[ExemptionForm]:
    """The form, filled with the decision that stands, when there is one."""
    if exemption is None:
        return filled(ExemptionForm)
    return filled(
        ExemptionForm,
        replaces=exemption.id,
        basis_id=exemption.basis_id,
        considered_wider_access=exemption.considered_wider_access,
        public_text=exemption.public_text,
        review_on=exemption.review_on,
        note=exemption.note,
    )


def sent_form(form: FormData) -> Bound[ExemptionForm]:
    """The form as it came in; without a legal basis it has an error."""
    bound = bind(ExemptionForm, form)
    if bound.form is not None and bound.form.basis_id is None:
        return bound.with_errors(FieldError("basis_id", "exemption.no_basis"))
    return bound


def replacing(bound: Bound[ExemptionForm], standing: ExemptionView | None) -> Bound[ExemptionForm]:
    """The form after somebody else has decided: what was typed stands, and would replace what stands now."""
    return Bound({**bound.data, "replaces": str(standing.id) if standing else ""})


def draft_of(
    made: ExemptionForm, covers: Covers, *, redacted: Blob | None = None, redacted_name: str = ""
) -> ExemptionDraft:
    """The decision as the command wants it.

    :raise ValueError: for a form without a legal basis, which ``sent_form`` lets through to nobody.
    """
    if made.basis_id is None:
        raise ValueError("a decision without a basis")
    return ExemptionDraft(
        basis_id=made.basis_id,
        considered_wider_access=bool(made.considered_wider_access),
        public_text=made.public_text if covers in NEEDS_PUBLIC_TEXT else "",
        review_on=made.review_on,
        note=made.note,
        redacted=redacted,
        redacted_name=redacted_name,
        whole_is_meant=bool(made.whole_is_meant),
    )


def basis_options(visit: Visit) -> Options:
    """The provisions that are law today, those that oblige apart from those that allow."""
    _ = say(visit)
    groups: dict[bool, list[tuple[str, str]]] = {False: [], True: []}
    for basis in valid_bases(visit.db, visit.language, today()):
        groups[basis.is_duty].append(_option(basis))
    return [
        ("", _("Choose a legal basis")),
        (_("May be withheld"), groups[False]),
        (_("Must be withheld"), groups[True]),
    ]


def _option(basis: BasisLine) -> tuple[str, str]:
    return str(basis.id), " – ".join(filter(None, (basis.printed, basis.about)))
