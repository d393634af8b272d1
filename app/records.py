"""Every table of the house, imported once so that the metadata is whole."""

from app.audit import models as audit
from app.backup import models as backup
from app.cases import models as cases
from app.directory import models as directory
from app.files import models as files
from app.forums import models as forums
from app.identity import models as identity
from app.jobs import models as jobs
from app.meetings import models as meetings

__all__ = ["audit", "backup", "cases", "directory", "files", "forums", "identity", "jobs", "meetings"]
