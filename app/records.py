"""Every table and every guard of the house, imported once so that both lists are whole."""

from app.audit import guards as audit_guards
from app.audit import models as audit
from app.backup import models as backup
from app.cases import guards as case_guards
from app.cases import models as cases
from app.directory import models as directory
from app.exemptions import models as exemptions
from app.files import models as files
from app.forums import models as forums
from app.idempotency import models as idempotency
from app.identity import models as identity
from app.jobs import models as jobs
from app.meetings import models as meetings
from app.writing import models as writing

__all__ = [
    "audit",
    "audit_guards",
    "backup",
    "case_guards",
    "cases",
    "directory",
    "exemptions",
    "files",
    "forums",
    "idempotency",
    "identity",
    "jobs",
    "meetings",
    "writing",
]
