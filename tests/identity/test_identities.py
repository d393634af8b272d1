"""Identities at providers: what they open, and what they do not open any more."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.identity.models import UserIdentity, UserSession
from app.identity.service import identities
from app.identity.service.identities import link_identity, sign_in_with_identity
from app.identity.service.sessions import SignInRefused
from app.platform.db import Database
from tests.factories.users import make_user

WHO = {"provider": "etat", "issuer": "https://id.example.no", "subject": "kari"}


def log_in(database: Database) -> str | SignInRefused:
    return sign_in_with_identity(database, **WHO, address="::1", user_agent="x", hours=12)


def test_a_link_that_is_taken_away_while_its_account_is_locked_opens_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.writing() as db:
        user = make_user(db)
        link_identity(db, Actor(user.id, user.name), **WHO, shown="kari")
    assert isinstance(log_in(database), str)
    answers = [identities.identity_of, lambda *_asked: None]  # there at first, and gone once the lock is ours

    def asked(db: Session, issuer: str, subject: str) -> UserIdentity | None:
        return answers.pop(0)(db, issuer, subject)

    monkeypatch.setattr(identities, "identity_of", asked)
    assert isinstance(log_in(database), SignInRefused)
    with database.reading() as db:
        assert len(db.scalars(select(UserSession)).all()) == 1
