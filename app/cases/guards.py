"""What the database refuses to do to a paper that has been treated, and to its corrections.

Only what the paper says is held. What is decided about it afterwards, such as who may read it, goes on in other columns.
A paper is written before it is treated, so parts under a treated one are refused too.
"""

# ruff: noqa: S608  every name put into SQL is a constant of this file

from app.platform.guards import Guard, register

_STANDS = "a paper that has been treated stands as it is"
_STAYS = "a correction stays as it is"


def _treated(*treatment_ids: str) -> str:
    ids = ", ".join(treatment_ids)
    return f"EXISTS (SELECT 1 FROM treatment WHERE id IN ({ids}) AND state = 'treated')"


def _in_treated(*presentation_ids: str) -> str:
    ids = ", ".join(presentation_ids)
    return (
        "EXISTS (SELECT 1 FROM presentation JOIN treatment ON treatment.id = presentation.treatment_id "
        f"WHERE presentation.id IN ({ids}) AND treatment.state = 'treated')"
    )


def _replaced(table: str, parent: str) -> str:
    """The condition that a REPLACE of SQLite would take away a row of a treated paper."""
    condition = (
        _treated(f"{table}.{parent}") if parent == "treatment_id" else _in_treated(f"{table}.{parent}")
    )
    return f"EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id AND {condition})"


def _guard_rows(table: str, parent: str, columns: tuple[str, ...]) -> None:
    held = _treated if parent == "treatment_id" else _in_treated
    register(
        Guard(
            f"guard_{table}_insert",
            table,
            "INSERT",
            _STANDS,
            when=f"{held(f'NEW.{parent}')} OR {_replaced(table, parent)}",
        ),
        Guard(
            f"guard_{table}_update",
            table,
            "UPDATE",
            _STANDS,
            columns=(parent, *columns),
            when=held(f"OLD.{parent}", f"NEW.{parent}"),
        ),
        Guard(f"guard_{table}_delete", table, "DELETE", _STANDS, when=held(f"OLD.{parent}")),
        Guard(f"guard_{table}_truncate", table, "TRUNCATE", _STANDS),
    )


register(
    Guard(
        "guard_treatment_insert",
        "treatment",
        "INSERT",
        _STANDS,
        when="EXISTS (SELECT 1 FROM treatment WHERE state = 'treated' AND "
        "(id = NEW.id OR (series_id = NEW.series_id AND sequence = NEW.sequence)))",
    ),
    Guard(
        "guard_treatment_update",
        "treatment",
        "UPDATE",
        _STANDS,
        columns=(
            "id",
            "case_id",
            "forum_id",
            "title",
            "folded_title",
            "kind",
            "kind_label",
            "wanted_result",
            "state",
            "preparer",
        ),
        when="OLD.state = 'treated'",
    ),
    # A case that was treated without a number may be given the one it has in the papers of its time.
    Guard(
        "guard_treatment_number",
        "treatment",
        "UPDATE",
        "the number of a case that has been treated stands as it is",
        columns=("series_id", "sequence"),
        when="OLD.state = 'treated' AND OLD.sequence IS NOT NULL",
    ),
    Guard("guard_treatment_delete", "treatment", "DELETE", _STANDS, when="OLD.state = 'treated'"),
    Guard("guard_treatment_truncate", "treatment", "TRUNCATE", _STANDS),
    Guard("guard_correction_update", "correction", "UPDATE", _STAYS),
    Guard("guard_correction_delete", "correction", "DELETE", _STAYS),
    Guard("guard_correction_truncate", "correction", "TRUNCATE", _STAYS),
    Guard(
        "guard_correction_insert",
        "correction",
        "INSERT",
        _STAYS,
        when="EXISTS (SELECT 1 FROM correction WHERE id = NEW.id "
        "OR (treatment_id = NEW.treatment_id AND number = NEW.number))",
    ),
)
_guard_rows("presentation", "treatment_id", ("id", "language", "place", "dated", "wording", "unplaced"))
_guard_rows("presenter", "treatment_id", ("id", "position", "text"))
_guard_rows(
    "presentation_part",
    "presentation_id",
    ("id", "key", "kind", "position", "heading", "party", "lead_in", "body", "closing", "html"),
)
_guard_rows("attachment", "presentation_id", ("id", "position", "title", "sha256", "file_name", "added_at"))
