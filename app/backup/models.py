"""What an installation knows of having been put back from a backup."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.platform.db import Base, Identified
from app.platform.types import UtcDateTime


class Restoration(Identified, Base):
    """One return from a backup: what was done between the two moments is not in this database."""

    __tablename__ = "restoration"

    backup_taken_at: Mapped[datetime] = mapped_column(UtcDateTime)
    restored_at: Mapped[datetime] = mapped_column(UtcDateTime)
