"""What a monitor is told: one word for each thing that is wrong."""

from collections import namedtuple
from datetime import timedelta

from app.jobs.service import enqueue
from app.platform.clock import utc_now
from app.platform.schema import migrate

Usage = namedtuple("Usage", "total used free")


def test_a_job_that_nobody_does_is_told(web) -> None:
    client = web.client()
    with web.database.writing() as db:
        enqueue(db, "anything", {}, run_at=utc_now() - timedelta(minutes=9))
    assert client.get("/readyz").status_code == 200
    with web.database.writing() as db:
        enqueue(db, "anything", {}, run_at=utc_now() - timedelta(minutes=11))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "not ready: jobs\n")


def test_a_disk_that_fills_up_is_told_before_it_is_full(web, monkeypatch) -> None:
    client = web.client()
    for megabytes, status in ((199, 503), (201, 200)):
        monkeypatch.setattr(
            "app.platform.storage.shutil.disk_usage", lambda _path, free=megabytes: Usage(0, 0, free << 20)
        )
        answer = client.get("/readyz")
        assert answer.status_code == status
    monkeypatch.setattr("app.platform.storage.shutil.disk_usage", lambda _path: Usage(0, 0, 0))
    assert client.get("/readyz").text == "not ready: disk\n"
    assert client.get("/healthz").status_code == 200


def test_an_older_schema_is_told(web) -> None:
    migrate(web.database, "-1")
    try:
        answer = web.client().get("/readyz")
        assert (answer.status_code, answer.text) == (503, "not ready: migrations\n")
    finally:
        migrate(web.database)


def test_a_data_folder_that_is_gone_is_told(web, tmp_path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    answer = web.client().get("/readyz")
    assert (answer.status_code, answer.text) == (503, "not ready: data folder\n")
