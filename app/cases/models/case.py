"""The matter itself."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.platform.db import Base, Identified, Versioned
from app.platform.types import Line, UtcDateTime


class Case(Identified, Versioned, Base):
    """A matter under its working title. It may pass through several forums, and one forum several times."""

    __tablename__ = "case_file"  # CASE is a reserved word of SQL

    # The first title of its first treatment. On no page: one forum may keep words of it that another has exempted.
    working_title: Mapped[str] = mapped_column(Line)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
