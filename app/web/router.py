"""Every area of the web floor, in the order in which addresses are matched."""

from app.web.account.identities import pages as identities
from app.web.account.invitations import pages as invitations
from app.web.account.routes import pages as account
from app.web.account.second_factor import pages as second_factor
from app.web.account.single_sign_on import pages as single_sign_on
from app.web.admin.access import pages as access
from app.web.admin.bases import pages as bases
from app.web.admin.history import pages as admin_history
from app.web.admin.users import pages as users
from app.web.cases.routes import all_case_pages
from app.web.directory.organisations import pages as organisations
from app.web.directory.persons import pages as persons
from app.web.directory.word_template import pages as word_template
from app.web.forums.deadlines import pages as deadlines
from app.web.forums.mandates import pages as mandates
from app.web.forums.members import pages as members
from app.web.forums.routes import pages as forums
from app.web.forums.seats import pages as seats
from app.web.forums.settings import pages as settings
from app.web.forums.wording import pages as wording
from app.web.health.routes import pages as health
from app.web.home.routes import pages as home
from app.web.meetings.agenda import pages as agenda
from app.web.meetings.attendance import pages as attendance
from app.web.meetings.backlog import pages as backlog
from app.web.meetings.cancel import pages as cancellations
from app.web.meetings.exemptions import pages as attendance_exemptions
from app.web.meetings.routes import pages as meetings
from app.web.shared.pages import Pages
from app.web.writing.routes import pages as writing


def all_pages() -> tuple[Pages, ...]:
    """The areas; the application includes them all."""
    return (
        health,
        home,
        account,
        invitations,
        second_factor,  # before single sign-on: /login/code is no provider
        single_sign_on,
        identities,
        users,
        access,
        bases,
        admin_history,
        organisations,
        word_template,
        persons,
        forums,
        settings,
        wording,
        deadlines,
        mandates,
        members,
        seats,
        meetings,
        cancellations,
        backlog,
        agenda,
        attendance,
        attendance_exemptions,
        *all_case_pages,
        writing,
    )
