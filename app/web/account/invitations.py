"""``/invite/…``: the link with which a user chooses a password."""

from fastapi import Response

from app.identity.queries import InvitedUser
from app.identity.rules import SHORTEST_PASSWORD
from app.identity.service.invitations import accept_invitation, find_invitation
from app.kernel.errors import RuleBroken
from app.web.account.forms import NewPasswordForm
from app.web.shared.forms import Bound, FormBody, bind, filled
from app.web.shared.pages import Pages
from app.web.shared.reasons import refused
from app.web.shared.templating import page, redirect
from app.web.shared.visit import PUBLIC, CurrentVisit, Visit

pages = Pages()


@pages.get("/invite/{token}", name="account:invitation", access=PUBLIC)
def show(visit: CurrentVisit, token: str) -> Response:
    invited = find_invitation(visit.db, token)
    if invited is None:
        return over(visit)
    return _form(visit, token, invited, filled(NewPasswordForm))


@pages.post_unbound("/invite/{token}", name="account:accept_invitation", access=PUBLIC)
def accept(visit: CurrentVisit, token: str, form: FormBody) -> Response:
    """Unbound: no transaction may wait while a password is hashed."""
    with visit.database.reading() as db:
        invited = find_invitation(db, token)
    if invited is None:
        return over(visit)
    bound = bind(NewPasswordForm, form)
    if bound.errors:
        return _form(visit, token, invited, bound, status=422)
    try:
        accept_invitation(visit.database, token, bound.value.password)
    except RuleBroken as broken:
        return _form(visit, token, invited, refused(bound, broken), status=422)
    return redirect(visit, "account:login", flash="password_chosen")


def over(visit: Visit) -> Response:
    """One page for links that are used, too old, replaced and invented: it tells nobody which ones there were."""
    return page(visit, "account/invitation_over.html", status=410)


def _form(
    visit: CurrentVisit, token: str, invited: InvitedUser, bound: Bound[NewPasswordForm], status: int = 200
) -> Response:
    context = {
        "token": token,
        "name": invited.name,
        "email": invited.email,
        "bound": bound,
        "shortest": SHORTEST_PASSWORD,
        "providers": visit.providers.offered,
    }
    return page(visit, "account/invitation.html", context, status=status)
