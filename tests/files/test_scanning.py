"""The virus scanner: what it finds stays outside, and while it is away files wait instead of passing."""

import contextlib
import io
import socketserver
import struct
import threading
from uuid import uuid4

import pytest

from app.access.actor import Actor
from app.access.roles import Role
from app.cases.queries.files import attachment_file, redacted_file
from app.cases.service import scans
from app.cases.service.attachments import add_attachment
from app.cases.service.exempt import Target, exempt
from app.exemptions.rules import Covers
from app.files.models import Blob
from app.files.receiving import receive
from app.files.rules import ScanState
from app.files.scanning import ScannerAway, scan
from app.files.service import SCAN_JOB, keep, require_outgoing
from app.jobs.handlers import Surroundings
from app.jobs.queries import unfinished_jobs
from app.jobs.worker import Worker
from app.kernel.errors import RuleBroken
from app.platform.settings import Settings
from app.platform.storage import FileStore
from tests.factories.cases import make_case
from tests.factories.exemptions import draft, shared_case
from tests.factories.forums import make_forum

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SECRETARY = Actor(user_id=None, name="Sekretær", roles={uuid4(): frozenset({Role.SECRETARY})})
SYSTEM = Actor.system()
NOWHERE = "clamd://127.0.0.1:9"


class Clamd(socketserver.ThreadingTCPServer):
    """Speaks as much of clamd's protocol as we use."""

    daemon_threads = True
    allow_reuse_address = True
    answer = b""

    class Conversation(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            assert self.rfile.read(10) == b"zINSTREAM\0"
            data = b""
            while length := struct.unpack("!L", self.rfile.read(4))[0]:
                data += self.rfile.read(length)
            found = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in data else b"stream: OK\0"
            self.wfile.write(self.server.answer or found)


@pytest.fixture
def clamd():
    with Clamd(("127.0.0.1", 0), Clamd.Conversation) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def address(server: Clamd) -> str:
    return f"clamd://127.0.0.1:{server.server_address[1]}"


def take(store: FileStore, data: bytes, scanner: str):
    return receive(
        SECRETARY, store, stream=io.BytesIO(data), file_name="a.txt", limit=10_000_000, scanner=scanner
    )


def attached(database, store, scanner, data=b"hei"):
    """A case with a file that came through the scanner; the treatment's attachment."""
    arrival = take(store, data, scanner)
    with database.writing() as db:
        treatment = make_case(db, make_forum(db))
        kept = keep(db, arrival)
        return add_attachment(db, SYSTEM, treatment.id, title="Vedlegg", blob=kept.blob, file_name="a.txt")


def worker(database, store, scanner) -> Worker:
    assert scans.finish_scan
    return Worker(Surroundings(database, store, Settings(scanner=scanner)))


def state_of(database, attachment) -> ScanState:
    with database.reading() as db:
        return attachment_file(db, SYSTEM, attachment.id).scan_state


def due_now(database) -> None:
    with database.writing() as db:
        for job in unfinished_jobs(db):
            job.run_at = job.created_at


def do_all(runner: Worker) -> None:
    while runner.run_next():
        pass


def test_a_clean_file_comes_in_and_goes_out(database, tmp_path, clamd):
    attachment = attached(database, FileStore(tmp_path), address(clamd))
    assert state_of(database, attachment) is ScanState.CLEAN
    require_outgoing(ScanState.CLEAN)
    with database.reading() as db:
        assert [job.kind for job in unfinished_jobs(db)] == []


def test_an_infected_file_stays_outside(tmp_path, clamd):
    root = tmp_path / "data"
    with pytest.raises(RuleBroken, match=r"file\.infected"):
        take(FileStore(root), b"before " * 100_000 + EICAR, address(clamd))
    assert not [path for path in root.rglob("*") if path.is_file()]


def test_without_a_scanner_the_same_file_comes_in(tmp_path):
    assert take(FileStore(tmp_path), EICAR, "").scan_state is ScanState.SKIPPED


@pytest.mark.parametrize("why", ["away", "refuses", "silent"])
def test_while_the_scanner_is_away_files_wait_and_are_released_by_themselves(database, tmp_path, clamd, why):
    store = FileStore(tmp_path)
    clamd.answer = b"INSTREAM size limit exceeded. ERROR\0" if why == "refuses" else b"\0"
    broken = NOWHERE if why == "away" else address(clamd)
    attachment = attached(database, store, broken)
    assert state_of(database, attachment) is ScanState.PENDING
    with pytest.raises(RuleBroken, match=r"file\.awaits_scan"):
        require_outgoing(state_of(database, attachment))
    do_all(worker(database, store, broken))
    do_all(worker(database, store, ""))  # nor does it pass when somebody takes the setting away
    assert state_of(database, attachment) is ScanState.PENDING
    with database.reading() as db:
        assert [job.kind for job in unfinished_jobs(db) if job.kind == SCAN_JOB] == [SCAN_JOB]
    clamd.answer = b""
    due_now(database)
    do_all(worker(database, store, address(clamd)))
    assert state_of(database, attachment) is ScanState.CLEAN


def test_a_virus_that_is_found_later_blocks_the_file_and_is_told(database, tmp_path, clamd):
    from app.audit.models import AuditEvent

    store = FileStore(tmp_path)
    attachment = attached(database, store, NOWHERE, EICAR)
    due_now(database)
    do_all(worker(database, store, address(clamd)))
    assert state_of(database, attachment) is ScanState.INFECTED
    with pytest.raises(RuleBroken, match=r"file\.blocked"):
        require_outgoing(state_of(database, attachment))
    with database.reading() as db:
        told = db.query(AuditEvent).filter_by(action="case.file_infected").one()
        assert told.subject_name == "Vedlegg"
        assert told.changes["found"] == [None, "Eicar-Test-Signature"]
        sha256 = db.query(Blob).one().sha256
    with pytest.raises(RuleBroken, match=r"file\.infected"), database.writing() as db:
        keep(db, take(store, EICAR, NOWHERE))
    assert store.path(sha256).exists()


def test_a_file_that_waited_is_released_when_somebody_sends_it_again(database, tmp_path, clamd):
    store = FileStore(tmp_path)
    attachment = attached(database, store, NOWHERE)
    with database.writing() as db:
        keep(db, take(store, b"hei", address(clamd)))
    assert state_of(database, attachment) is ScanState.CLEAN


def test_a_scanner_at_a_socket_of_the_machine(tmp_path):
    class Local(socketserver.UnixStreamServer):
        answer = b""

    place = tmp_path / "clamd.ctl"
    file = tmp_path / "a.txt"
    file.write_bytes(EICAR)
    with Local(str(place), Clamd.Conversation) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        assert scan(f"clamd://{place}", file) == "Eicar-Test-Signature"
        server.shutdown()
        thread.join()
    with pytest.raises(ScannerAway):
        scan(f"clamd://{tmp_path}/nothing", file)


@pytest.mark.parametrize("value", ["clamd://127.0.0.1", "http://x:1", "clamd://", "/run/x", "x"])
def test_a_setting_that_names_no_scanner_is_refused(value):
    with pytest.raises(ValueError, match="clamd://"):
        Settings(scanner=value)
    with contextlib.suppress(ValueError):
        assert Settings(scanner="clamd://[::1]:3310").scanner


@pytest.mark.parametrize("found", [True, False])
def test_bytes_from_before_there_was_a_scanner_wait_when_they_come_again(database, tmp_path, clamd, found):
    """Nobody has looked at them: neither the old copy nor the new one goes out until somebody has."""
    store, data = FileStore(tmp_path), EICAR if found else b"hei"
    old = attached(database, store, "", data)
    assert state_of(database, old) is ScanState.SKIPPED
    with database.writing() as db:
        keep(db, take(store, data, NOWHERE))
    assert state_of(database, old) is ScanState.PENDING
    due_now(database)
    do_all(worker(database, store, address(clamd)))
    assert state_of(database, old) is (ScanState.INFECTED if found else ScanState.CLEAN)


@pytest.mark.parametrize("before", [ScanState.SKIPPED, ScanState.CLEAN])
def test_a_virus_that_is_found_later_blocks_a_file_that_went_out_until_then(
    before, database, tmp_path, clamd
):
    """A scanner learns: what it let pass, or was never asked, is blocked once it knows better."""
    store = FileStore(tmp_path)
    old = attached(database, store, NOWHERE, EICAR)
    with database.writing() as db:
        db.query(Blob).one().scan_state = before
    due_now(database)
    do_all(worker(database, store, address(clamd)))
    assert state_of(database, old) is ScanState.INFECTED


def test_a_virus_in_a_redacted_file_blocks_it_and_is_told_in_the_history_of_the_case(
    database, tmp_path, clamd
):
    from app.audit.models import AuditEvent

    store = FileStore(tmp_path)
    with database.writing() as db:
        _forum, treatment = shared_case(db)
        kept = keep(db, take(store, EICAR, NOWHERE))
        redacted = draft(db, redacted=kept.blob, redacted_name="sladdet.txt")
        exemption = exempt(db, SYSTEM, store, treatment.id, Target(Covers.DOCUMENT), redacted)
    due_now(database)
    do_all(worker(database, store, address(clamd)))
    with database.reading() as db:
        assert redacted_file(db, SYSTEM, exemption.id).scan_state is ScanState.INFECTED
        told = db.query(AuditEvent).filter_by(action="case.file_infected").one()
        assert (told.case_id, told.subject_name) == (treatment.case_id, "sladdet.txt")
