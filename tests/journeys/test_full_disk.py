"""A full disk: what cannot be stored is refused in words, reading goes on, and writing too once there is room again."""

import http.client
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from tests.support.disks import SmallDisk, small_disk
from tests.support.ledger.clients import multipart, with_key
from tests.support.ledger.comparing import left_after_sweep
from tests.support.ledger.house import House
from tests.support.postgres import own_database

FORM = "application/x-www-form-urlencoded"
WORDS = "We cannot store anything just now"
MEGABYTES = 60


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk", megabytes=MEGABYTES) as disk:
        yield disk


class Secretary:
    """One who asks, and reads what is answered."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.made: list[str] = []

    def ask(
        self, method: str, path: str, body: bytes = b"", content_type: str = FORM
    ) -> tuple[int, str, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.house.serving.port, timeout=60)
        headers = {
            "Cookie": self.house.cookie,
            "Content-Type": content_type,
            "Sec-Fetch-Site": "same-origin",
            "Accept-Language": "en",
        }
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, answer.getheader("location", ""), text

    def make_case(self) -> tuple[int, str, str]:
        title = f"Sak {uuid4()}"
        fields = {"forum": "skate", "title": title, "kind": "inform", "language": "nb"}
        answer = self.ask("POST", "/cases/new", urlencode(fields).encode())
        if answer[0] == 303:
            self.made.append(title)
        return answer

    def attach(self, case: str) -> tuple[int, str, str]:
        treatment = case.partition("treatment=")[2].partition("#")[0]
        body, content_type = with_key(*multipart(f"Vedlegg {uuid4()}", size=3_000_000), uuid4().hex)
        return self.ask("POST", f"/treatments/{treatment}/attachments", body, content_type)


def test_a_full_disk_refuses_writing_and_nothing_else(disk: SmallDisk) -> None:
    house = House(disk.folder / "data", "", workers=1)
    with house.served():
        secretary = Secretary(house)
        status, case, _text = secretary.make_case()
        assert status == 303
        assert secretary.attach(case)[0] == 303

        disk.fill(house.serving.processes())
        refused = [secretary.make_case() for _ in range(5)] + [secretary.attach(case) for _ in range(5)]
        reads = [secretary.ask("GET", path)[0] for path in ("/", "/cases", case, "/forums/skate") * 3]
        ready = secretary.ask("GET", "/readyz")

        disk.free(house.serving.processes())
        after = [secretary.make_case()[0], secretary.attach(case)[0]]
    house.ledger_of("case", secretary.made)
    found = house.compare().counted()
    left = left_after_sweep(house.database, house.store)
    house.database.dispose()
    print(
        f"full disk ({disk.kind}): {len(refused)} writes refused, of {len(reads)} reads {reads.count(200)} answered, "
        f"writes afterwards {after}, lost {found['lost']}, torn files {found['torn']}, left after sweep {left}"
    )
    assert {status for status, _location, _text in refused} == {503}
    assert all(WORDS in text for _status, _location, text in refused)
    assert set(reads) == {200}
    assert after == [303, 303]
    assert not any(found.values())
    assert left == 0
    if disk.kind == "a disk in memory":
        assert ready[0] == 503
        assert "disk" in ready[2]


def test_with_postgres_only_the_files_need_the_disk(disk: SmallDisk) -> None:
    with own_database("full") as url:
        house = House(disk.folder / "data", url, workers=1)
        with house.served():
            secretary = Secretary(house)
            status, case, _text = secretary.make_case()
            assert status == 303
            disk.fill(house.serving.processes())
            status, _location, text = secretary.attach(case)
            assert (status, WORDS in text) == (503, True)
            assert secretary.make_case()[0] == 303, "the database lies elsewhere"
            disk.free(house.serving.processes())
            assert secretary.attach(case)[0] == 303
        house.database.dispose()
