"""The columns of an exemption are asked for by many threads at once."""

import pytest
from sqlalchemy import select
from sqlalchemy.sql.base import WriteableColumnCollection

from app.exemptions.queries import ExemptionColumns


def test_every_column_is_found_before_there_are_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = ExemptionColumns("title")

    def too_late(_columns: object) -> None:
        raise AssertionError("the index of the alias is filled while threads may ask")

    monkeypatch.setattr(WriteableColumnCollection, "_init_proxy_index", too_late)
    asked = str(select(*columns.columns()))
    assert "title_basis.is_duty" in asked
    assert " exemption.id" not in asked
