"""Single sign-on under test: an application with one provider, people with identities, and the way there and back."""

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from app.access.actor import Actor
from app.audit.models import AuditEvent
from app.identity.models import UserAccount
from app.identity.service.identities import link_identity
from app.identity.service.users import create_user
from app.kernel.language import Language
from app.main import create_app
from app.platform.settings import Settings
from tests.support.provider import CLIENT_ID, CLIENT_SECRET, TestProvider, running_provider
from tests.support.web import Web

SYSTEM = Actor.system()
PASSWORD = "riktig hest batteri stift"
ORIGIN = "http://testserver"


@pytest.fixture(scope="module")
def server():
    """A provider on loopback."""
    with running_provider() as one:
        yield one


@pytest.fixture
def provider(server: TestProvider) -> TestProvider:
    """The provider, honest again."""
    fresh = TestProvider(server.issuer)
    fresh.key = server.key
    fresh.published = [server.key]
    for name, value in vars(fresh).items():
        setattr(server, name, value)
    return server


def site(database, tmp_path: Path, provider: TestProvider, **more: str) -> Web:
    """The application with this provider."""
    one = {"issuer": provider.issuer, "client_id": CLIENT_ID, "label": "Etaten", **more}
    if "private_key_file" not in one:
        one["client_secret"] = CLIENT_SECRET
    settings = Settings(data_dir=tmp_path / "data", public_origin=ORIGIN, oidc={"etat": one})
    app = create_app(settings)
    app.state.database.dispose()
    app.state.database = database
    return Web(app, database)


@pytest.fixture
def web(database, tmp_path: Path, provider: TestProvider) -> Web:
    """The application with an ordinary provider."""
    return site(database, tmp_path, provider)


def make(web: Web, name: str = "Kari", *, password: str | None = None, **fields) -> UserAccount:
    """An account that reads English."""
    with web.database.writing() as db:
        return create_user(
            db,
            SYSTEM,
            email=f"{name.lower()}@example.no",
            name=name,
            language=Language.EN,
            password=password,
            **fields,
        )


def link(web: Web, user: UserAccount, subject: str, issuer: str) -> None:
    """Tie an account to an identity."""
    with web.database.writing() as db:
        link_identity(
            db,
            Actor(user.id, user.name),
            provider="etat",
            issuer=issuer,
            subject=subject,
            shown="kari@etat.no",
        )


def begin(client: TestClient, path: str = "/login/etat") -> str:
    """Start; the provider's address."""
    answer = client.get(path)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def come_back(client: TestClient, provider: TestProvider, subject: str, path: str = "/login/etat"):
    """To the provider and back, and on to the question that comes then, if any."""
    answer = client.get(provider.allow(begin(client, path), subject))
    onward = answer.headers.get("location", "")
    return client.get(onward) if onward.endswith("/confirm") else answer


def signed_in(client: TestClient) -> bool:
    """Whether the browser is somebody."""
    return client.get("/account").status_code == 200


def count(web: Web, what) -> int:
    """How many rows there are."""
    with web.database.reading() as db:
        return db.scalar(select(func.count()).select_from(what))


def actions(web: Web) -> list[str]:
    """What has been written down, in order."""
    with web.database.reading() as db:
        return list(db.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)))


def offer_in(text: str) -> str:
    """What a page that asks for confirmation would send."""
    (offer,) = re.findall(r'name="offer" value="([^"]+)"', text)
    return offer
