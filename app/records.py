"""Every table and every guard of the house, imported once so that both lists are whole."""

from app.audit import guards as audit_guards
from app.audit import models as audit
from app.cases import guards as case_guards
from app.cases import models as cases
from app.directory import models as directory
from app.files import models as files
from app.forums import models as forums
from app.identity import models as identity
from app.meetings import models as meetings

__all__ = [
    "audit",
    "audit_guards",
    "case_guards",
    "cases",
    "directory",
    "files",
    "forums",
    "identity",
    "meetings",
]
