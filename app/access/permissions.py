"""Everything that can be allowed, one line each. The spelling is ``what:action``."""

from enum import StrEnum


class Permission(StrEnum):
    """A permission is asked for in one forum, except those of the installation, which are asked for without one."""

    FORUM_READ = "forum:read"  # see the forum, its seats, members and meetings
    FORUM_HISTORY = "forum:history"  # see who changed what in the forum
    FORUM_EDIT = "forum:edit"  # change settings, mandate, sections, labels
    FORUM_SEAT = "forum:seat"  # give and end seats and memberships
    MEETING_EDIT = "meeting:edit"  # make and change meetings and their agenda
    CASE_READ = "case:read"  # read cases that have been shared with the forum
    CASE_READ_EXEMPT = "case:read_exempt"  # read also what is exempt from public access
    CASE_READ_RELEASED = (
        "case:read_released"  # installation: read the public part of released cases of any forum
    )
    CASE_READ_DRAFT = "case:read_draft"  # read cases that are still private drafts
    CASE_HISTORY = "case:history"  # see who changed what in a case
    CASE_EDIT = "case:edit"  # make cases, write and arrange the presentation, attach files
    CASE_SHARE = "case:share"  # show a draft to the forum
    CASE_EXEMPT = "case:exempt"  # decide, change and end exemptions from public access
    CASE_RELEASE = "case:release"  # release a shared case to the outside, and withdraw the release
    CASE_EXPORT = "case:export"  # take the presentation out as a file
    FORUM_CREATE = "forum:create"  # installation: make a forum
    DIRECTORY_READ = "directory:read"  # installation: look up organisations and persons
    DIRECTORY_EDIT = "directory:edit"  # installation: change organisations, persons and Word templates
    BASIS_EDIT = "basis:edit"  # installation: keep the list of legal bases for exemptions
    USER_MANAGE = "user:manage"  # installation: invite, stop and name administrators
    ACCESS_READ = "access:read"  # installation: read this table
    AUDIT_READ = "audit:read"  # installation: see who changed what outside the forums
    AUDIT_ERASE = "audit:erase"  # installation: erase names and texts from the record
