"""The counter behind case numbers."""

from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.db import Base, Identified


class NumberSeries(Identified, Base):
    """One running series: ``last`` is the highest number given. Raised in the transaction that uses the number."""

    __tablename__ = "number_series"
    __table_args__ = (UniqueConstraint("forum_id", "prefix", "period"),)

    forum_id: Mapped[UUID] = mapped_column(ForeignKey("forum.id"))
    prefix: Mapped[str] = mapped_column(String(20), default="")
    period: Mapped[str] = mapped_column(
        String(10)
    )  # the year as four digits; empty for a series that never restarts
    last: Mapped[int] = mapped_column(default=0)
