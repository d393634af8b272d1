"""What the pages of administration are given: the words of roles and permissions, and the table they stand in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.access.matrix import INSTALLATION, MATRIX
from app.access.permissions import Permission
from app.access.roles import Role
from app.kernel.words import N_
from app.web.shared.words import ROLES

ROLE_WORDS: Mapping[str, str] = {
    **ROLES,
    Role.ADMINISTRATOR: N_("Administrator"),
    Role.SIGNED_IN: N_("Everybody who is logged in"),
}

PERMISSION_WORDS: Mapping[Permission, str] = {
    Permission.FORUM_READ: N_("See the forum, its seats, members and meetings"),
    Permission.FORUM_HISTORY: N_("See who changed what in the forum"),
    Permission.FORUM_EDIT: N_("Change the forum's settings, mandate, sections and labels"),
    Permission.FORUM_SEAT: N_("Give and end seats and memberships"),
    Permission.MEETING_EDIT: N_("Plan meetings and arrange their agendas"),
    Permission.CASE_READ: N_("Read cases that are shared with the forum"),
    Permission.CASE_READ_EXEMPT: N_("Read also what is exempt from public access"),
    Permission.CASE_READ_DRAFT: N_("Read drafts that are not shared yet"),
    Permission.CASE_HISTORY: N_("See who changed what in a case"),
    Permission.CASE_EDIT: N_("Make cases, write the papers and attach files"),
    Permission.CASE_SHARE: N_("Share a draft with the forum"),
    Permission.CASE_EXEMPT: N_("Exempt from public access, and end exemptions"),
    Permission.CASE_RELEASE: N_("Release a case to everybody, and withdraw the release"),
    Permission.CASE_EXPORT: N_("Download the paper of a case as a file"),
    Permission.FORUM_CREATE: N_("Make a new forum"),
    Permission.CASE_READ_RELEASED: N_("Read the public part of released cases in all forums"),
    Permission.DIRECTORY_READ: N_("Look up organisations and people"),
    Permission.DIRECTORY_EDIT: N_("Change organisations, people and Word templates"),
    Permission.BASIS_EDIT: N_("Keep the list of legal bases for exemptions"),
    Permission.USER_MANAGE: N_("Invite users, stop them and name administrators"),
    Permission.ACCESS_READ: N_("Read this table"),
    Permission.AUDIT_READ: N_("See who changed what outside the forums"),
    Permission.AUDIT_ERASE: N_("Erase names and texts from the history, at the command line"),
}

_GROUP_WORDS = {"forum": N_("Forums"), "meeting": N_("Meetings"), "case": N_("Cases")}
_INSTALLATION_WORD = N_("The whole installation")


@dataclass(frozen=True, slots=True)
class PermissionRow:
    """One permission: what it lets people do, and for each role of ``ROLE_WORDS`` whether it has it."""

    permission: Permission
    words: str
    held: Sequence[bool]


def permission_groups() -> list[tuple[str, list[PermissionRow]]]:
    """The permission table by what it is about; what is asked for without a forum stands last."""
    groups: dict[str, list[PermissionRow]] = {
        word: [] for word in (*_GROUP_WORDS.values(), _INSTALLATION_WORD)
    }
    for permission, words in PERMISSION_WORDS.items():
        if permission in INSTALLATION:
            group = _INSTALLATION_WORD
        else:
            group = _GROUP_WORDS[permission.value.partition(":")[0]]
        held = [permission in MATRIX[Role(role)] for role in ROLE_WORDS]
        groups[group].append(PermissionRow(permission, words, held))
    return list(groups.items())
