"""Accounts, built directly."""

from functools import cache
from typing import Any

from sqlalchemy.orm import Session

from app.identity.models import UserAccount
from app.identity.passwords import hash_password
from app.platform.clock import utc_now

PASSWORD = "fjorten grå hester"


@cache
def _hash() -> str:
    return hash_password(PASSWORD)


def make_user(
    db: Session,
    email: str = "kari@example.no",
    name: str = "Kari Nordmann",
    *,
    with_password: bool = True,
    **fields: Any,
) -> UserAccount:
    """An active account whose password is ``PASSWORD``."""
    user = UserAccount(
        email=email,
        name=name,
        password_hash=_hash() if with_password else None,
        created_at=utc_now(),
        **fields,
    )
    db.add(user)
    db.flush()
    return user
