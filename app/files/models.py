"""The table of stored files, by the hash of their content."""

from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from app.files.rules import ScanState
from app.platform.db import Base
from app.platform.types import UtcDateTime, enum_column


class Blob(Base):
    """A file in the store. The same bytes are stored once, whoever sent them."""

    __tablename__ = "blob"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)  # bytes
    media_type: Mapped[str] = mapped_column(String(120))  # as we found it, not as the client said
    scan_state: Mapped[ScanState] = mapped_column(
        enum_column(ScanState, "scan_state"),
        default=ScanState.SKIPPED,
        server_default=ScanState.SKIPPED.value,
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
