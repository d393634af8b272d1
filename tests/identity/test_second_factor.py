"""Codes from an app: each works once, wrong ones count, and nothing is stored that gives them away."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest
import time_machine
from sqlalchemy import select

from app.access.actor import Actor
from app.audit.models import AuditEvent
from app.identity.codes import matching_step, new_secret, recovery_codes
from app.identity.models import RecoveryCode, SecondFactor, UserAccount, UserSession
from app.identity.rules import SignInMethod, TotpRequired
from app.identity.service import proving, sessions, setting_up_codes
from app.identity.service import second_factor as service
from app.identity.service.sessions import CodeNeeded, SignInRefused, find_session, sign_in
from app.identity.service.setting_up_codes import OfferedSecret, token_afterwards
from app.kernel.errors import NotAllowed, NotFound, RuleBroken
from app.platform.db import Database
from app.platform.keys import InstallationKeys
from tests.factories.forums import administrator, outsider
from tests.factories.users import PASSWORD, make_user

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def keys(tmp_path: Path) -> InstallationKeys:
    return InstallationKeys(tmp_path)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Verification without its cost."""

    def verify(password: str, stored: str | None) -> bool:
        return stored is not None and password == PASSWORD

    for module in (sessions, service, proving):
        monkeypatch.setattr(module, "verify_password", verify)


class Account:
    """Somebody with a password, an app and recovery codes."""

    def __init__(self, database: Database, keys: InstallationKeys, email: str = "kari@example.no") -> None:
        self.database, self.keys, self.email = database, keys, email
        with database.writing() as db:
            self.user = make_user(db, email=email)
        self.actor = Actor(self.user.id, self.user.name)
        token = self.password()
        assert isinstance(token, str)
        with database.reading() as db:
            self.session = find_session(db, token, idle_minutes=60)
        assert self.session is not None
        self.first_token = token
        self.secret = new_secret()
        self.app = pyotp.TOTP(self.secret)
        self.token = token_afterwards(keys, token, "")
        self.codes = self.set_up(self.now())

    def set_up(self, code: str, *, secret: str = "", password: str = PASSWORD, actor: Actor | None = None):
        return setting_up_codes.set_up(
            self.database,
            self.keys,
            actor or self.actor,
            OfferedSecret(secret or self.secret, ""),
            password=password,
            code=code,
            address="10.0.0.1",
            session_id=self.session.session_id,
            token=self.token,
        )

    def now(self, seconds: int = 0) -> str:
        return self.app.at(datetime.now(UTC) + timedelta(seconds=seconds))

    def password(self, password: str = PASSWORD, address: str = "10.0.0.1"):
        return sign_in(
            self.database, email=self.email, password=password, address=address, user_agent="x", hours=12
        )

    def give(self, code: str, *, mark: str | None = None, address: str = "10.0.0.1"):
        if mark is None:
            needed = self.password()
            assert isinstance(needed, CodeNeeded)
            mark = needed.password_mark
        return service.give_code(
            self.database,
            self.keys,
            user_id=self.user.id,
            mark=mark,
            code=code,
            address=address,
            user_agent="x",
            hours=12,
        )


@pytest.fixture
def kari(database: Database, keys: InstallationKeys, clock) -> Account:
    account = Account(database, keys)
    clock.shift(60)
    return account


def said(answer) -> str:
    return answer.reason.code if isinstance(answer, SignInRefused) else "signed in"


def test_a_password_alone_opens_nothing_any_more(kari: Account, database: Database) -> None:
    answer = kari.password()
    assert isinstance(answer, CodeNeeded)
    with database.reading() as db:
        assert len(db.scalars(select(UserSession)).all()) == 1  # the one that set the codes up
    token = kari.give(kari.now())
    assert isinstance(token, str)
    with database.reading() as db:
        found = find_session(db, token, idle_minutes=60)
        assert found is not None
        assert found.method is SignInMethod.PASSWORD_AND_CODE


def test_a_code_works_once(kari: Account) -> None:
    assert said(kari.give(kari.now())) == "signed in"
    assert said(kari.give(kari.now())) == "code.wrong"
    assert said(kari.give(kari.now(-30))) == "code.wrong"  # an older one neither
    assert said(kari.give(kari.now(30))) == "signed in"


def test_the_code_that_set_it_up_is_used(database: Database, keys: InstallationKeys, clock) -> None:
    ola = Account(database, keys)
    assert said(ola.give(ola.now())) == "code.wrong"


def test_a_code_sent_many_times_at_once_acts_once(kari: Account) -> None:
    needed = kari.password()
    code = kari.now()
    with ThreadPoolExecutor(4) as pool:
        answers = [
            said(one)
            for one in pool.map(
                lambda at: kari.give(code, mark=needed.password_mark, address=f"10.1.0.{at}"), range(5)
            )
        ]
    assert sorted(answers) == ["code.wrong"] * 4 + ["signed in"]


@pytest.mark.parametrize(
    ("seconds", "answer"),
    [(-60, "code.wrong"), (-30, "signed in"), (0, "signed in"), (30, "signed in"), (60, "code.wrong")],
)
def test_clocks_may_differ_by_one_step(kari: Account, clock, seconds, answer) -> None:
    clock.shift(300)
    assert said(kari.give(kari.now(seconds))) == answer


@pytest.mark.parametrize("typed", ["", " ", "abc", "12345", "1234567", "١٢٣٤٥٦", "\x00", "😀" * 6, "x" * 16])
def test_odd_codes_are_wrong_codes(kari: Account, typed) -> None:
    assert said(kari.give(typed)) == "code.wrong"


def test_codes_are_typed_as_people_do(kari: Account) -> None:
    code = kari.now()
    assert said(kari.give(f" {code[:3]} {code[3:]} ")) == "signed in"


def test_wrong_codes_count_towards_the_limit_of_the_account(kari: Account, clock) -> None:
    marks = [kari.password().password_mark for _ in range(2)]
    for number in range(5):
        assert said(kari.give("000000", mark=marks[0], address=f"10.0.1.{number}")) == "code.wrong"
    assert said(kari.give(kari.now(), mark=marks[0])) == "sign_in.blocked"
    assert said(kari.password()) == "sign_in.blocked"
    clock.shift(timedelta(minutes=15, seconds=1))
    assert said(kari.give(kari.now())) == "signed in"


def test_the_limit_holds_for_codes_at_the_same_time(kari: Account) -> None:
    mark = kari.password().password_mark
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda at: said(kari.give(f"{at:06}", mark=mark)), range(16)))
    assert answers.count("code.wrong") <= 5
    assert set(answers) == {"code.wrong", "sign_in.blocked"}


def test_a_recovery_code_works_once(kari: Account, database: Database) -> None:
    first, second = kari.codes[:2]
    assert said(kari.give(first.upper().replace("-", " "))) == "signed in"
    assert said(kari.give(first)) == "code.wrong"
    assert said(kari.give(second)) == "signed in"
    with database.reading() as db:
        actions = db.scalars(select(AuditEvent.action)).all()
    assert actions.count("user.recovery_code_used") == 2


def test_somebody_elses_codes_are_no_use(kari: Account, database: Database, keys, clock) -> None:
    ola = Account(database, keys, "ola@example.no")
    clock.shift(60)
    assert said(kari.give(ola.now())) == "code.wrong"
    assert said(kari.give(ola.codes[0])) == "code.wrong"
    assert said(ola.give(ola.codes[0])) == "signed in"


def test_what_the_browser_carries_dies_with_the_password_and_the_account(
    kari: Account, database: Database
) -> None:
    mark = kari.password().password_mark
    assert said(kari.give(kari.now(), mark="0" * 32)) == "code.begin_again"
    with database.writing() as db:
        db.get_one(UserAccount, kari.user.id).password_hash = "another"
    assert said(kari.give(kari.now(), mark=mark)) == "code.begin_again"
    with database.writing() as db:
        user = db.get_one(UserAccount, kari.user.id)
        user.password_hash, user.is_active = kari.user.password_hash, False
    assert said(kari.give(kari.now(), mark=mark)) == "code.begin_again"


def test_nothing_that_is_stored_gives_a_code_away(kari: Account, database: Database) -> None:
    kari.give(kari.codes[0])
    with database.reading() as db:
        factor = db.scalars(select(SecondFactor)).one()
        hashes = db.scalars(select(RecoveryCode.code_hash)).all()
        told = " ".join(str(event.changes) for event in db.scalars(select(AuditEvent)))
    assert kari.secret not in factor.sealed_secret
    assert len(hashes) == len(set(hashes)) == 10
    bare = {code.replace("-", "") for code in kari.codes}
    assert not any(code in value for code in [*kari.codes, *bare, kari.secret] for value in [*hashes, told])


def test_without_the_installations_key_only_recovery_codes_help(
    kari: Account, database: Database, tmp_path: Path
) -> None:
    """What happens after a restore that left the key out."""
    kari.keys = InstallationKeys(tmp_path / "another")
    assert said(kari.give(kari.now())) == "code.wrong"
    assert said(kari.give(kari.codes[0])) == "signed in"


def test_setting_up_needs_the_right_code_and_ends_other_sessions(
    database: Database, keys: InstallationKeys, clock
) -> None:
    kari = Account(database, keys)
    with database.reading() as db:
        assert find_session(db, kari.token, idle_minutes=60) is not None
        # Who had got hold of it before a code was asked for has not come in with a code.
        assert find_session(db, kari.first_token, idle_minutes=60) is None
    with pytest.raises(RuleBroken, match=r"code\.already"):
        kari.set_up(kari.now(), secret=new_secret())
    with database.writing() as db:
        invited = make_user(db, email="ny@example.no", with_password=False)
        ola = make_user(db, email="ola@example.no")
    for user, reason in ((invited, "code.no_password"), (ola, "code.wrong_at_set_up")):
        with pytest.raises(RuleBroken, match=reason):
            kari.set_up("123456", secret=new_secret(), actor=Actor(user.id, user.name))
    with database.reading() as db:
        assert len(db.scalars(select(SecondFactor)).all()) == 1


def test_the_same_sent_again_brings_the_same_codes_and_changes_nothing(
    kari: Account, database: Database, clock
) -> None:
    """A double click sends it twice, and only the second answer is seen."""
    assert kari.set_up(kari.now()) == kari.codes
    for password, code, reason in (
        ("feil", kari.now(), r"password\.wrong"),
        (PASSWORD, "000000", "code.wrong_at_set_up"),
    ):
        with pytest.raises(RuleBroken, match=reason):
            kari.set_up(code, password=password)
    with database.reading() as db:
        assert len(db.scalars(select(RecoveryCode)).all()) == 10
        assert find_session(db, kari.token, idle_minutes=60) is not None
        told = db.scalars(select(AuditEvent).where(AuditEvent.action == "user.code_set_up")).all()
        assert len(told) == 1
    assert said(kari.give(kari.codes[3])) == "signed in"


def test_who_sits_at_an_open_browser_cannot_set_up_codes(kari: Account, database: Database) -> None:
    with database.writing() as db:
        ola = make_user(db, email="ola@example.no")
    tries = []
    for _ in range(7):
        with pytest.raises(RuleBroken) as refused:
            kari.set_up("123456", secret=new_secret(), password="feil", actor=Actor(ola.id, ola.name))
        tries.append(refused.value.reasons[0].code)
    assert tries == ["password.wrong"] * 5 + ["sign_in.blocked"] * 2


def test_an_offer_is_for_one_user_and_half_an_hour(keys: InstallationKeys, database: Database, clock) -> None:
    with database.writing() as db:
        kari, ola = make_user(db), make_user(db, email="ola@example.no")
    offered = setting_up_codes.offer_secret(keys, kari.id)
    again = setting_up_codes.offered_again(keys, kari.id, offered.sealed)
    assert again == offered
    assert offered.secret not in offered.sealed
    for sealed in (offered.sealed[:-2], "", "x", "é", "\ud800"):
        assert setting_up_codes.offered_again(keys, kari.id, sealed) is None
    assert setting_up_codes.offered_again(keys, ola.id, offered.sealed) is None
    clock.shift(timedelta(minutes=31))
    assert setting_up_codes.offered_again(keys, kari.id, offered.sealed) is None


def remove(kari: Account, password: str, code: str) -> str:
    try:
        service.remove_own(
            kari.database,
            kari.keys,
            kari.actor,
            password=password,
            code=code,
            address="10.0.0.1",
            session_id=kari.session.session_id,
        )
    except RuleBroken as broken:
        return broken.reasons[0].code
    return "removed"


def test_doing_without_codes_takes_the_password_and_a_code(kari: Account, database: Database) -> None:
    other = kari.give(kari.now())
    assert remove(kari, "feil", kari.codes[0]) == "password.wrong"
    assert remove(kari, PASSWORD, "000000") == "code.wrong"
    assert isinstance(kari.password(), CodeNeeded)
    assert remove(kari, PASSWORD, kari.codes[0]) == "removed"
    assert isinstance(kari.password(), str)
    with database.reading() as db:
        assert find_session(db, str(other), idle_minutes=60) is None
        left = find_session(db, kari.token, idle_minutes=60)
        assert left is not None
        assert left.method is SignInMethod.PASSWORD
        assert db.scalars(select(RecoveryCode)).all() == []


def test_who_sits_at_an_open_browser_cannot_guess(kari: Account) -> None:
    answers = [remove(kari, PASSWORD, "000000") for _ in range(7)]
    assert answers == ["code.wrong"] * 5 + ["sign_in.blocked"] * 2
    assert remove(kari, PASSWORD, kari.codes[0]) == "sign_in.blocked"


def test_an_administrator_resets_codes_and_it_is_written_down(kari: Account, database: Database) -> None:
    with pytest.raises(NotAllowed), database.writing() as db:
        service.reset(db, outsider(), kari.user.id)
    with database.writing() as db:
        service.reset(db, administrator(), kari.user.id)
        with pytest.raises(NotFound):
            service.reset(db, administrator(), kari.user.id)
    with database.reading() as db:
        assert find_session(db, kari.token, idle_minutes=60) is None
        assert (
            db.scalars(select(AuditEvent.action).order_by(AuditEvent.seq.desc())).first() == "user.code_reset"
        )
    assert isinstance(kari.password(), str)


@pytest.mark.parametrize(
    ("setting", "method", "is_administrator", "concerns"),
    [
        ("none", SignInMethod.PASSWORD, True, False),
        ("admins", SignInMethod.PASSWORD, True, True),
        ("admins", SignInMethod.PASSWORD, False, False),
        ("all", SignInMethod.PASSWORD, False, True),
        ("all", SignInMethod.PASSWORD_AND_CODE, False, False),
        ("all", SignInMethod.PROVIDER, True, False),
    ],
)
def test_whom_the_setting_concerns(setting, method, is_administrator, concerns) -> None:
    assert TotpRequired(setting).concerns(method, is_administrator=is_administrator) is concerns


def test_codes_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B, in six digits."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    at = datetime.fromtimestamp(1111111109, UTC)
    assert matching_step(secret, "081804", at=at, after=0) == 1111111109 // 30
    assert matching_step(secret, "081804", at=at, after=1111111109 // 30) is None


def test_recovery_codes_are_all_different() -> None:
    made = [code for seed in range(100) for code in recovery_codes(bytes([seed]) * 32)]
    assert len(set(made)) == 1000
    letters = "".join(made).replace("-", "")
    assert len(letters) == 16_000
    assert len(set(letters)) == 31  # every letter of the alphabet is in use
