"""The example scripts under docs/staging: ``python -m tests.sync.sqlfile_examples`` writes them."""

from __future__ import annotations

from pathlib import Path

from sync.connectors.sqlfile_script import Planned, batch_named, planned, written
from sync.connectors.sqlfile_vendors import CLIENTS
from sync.connectors.staging_rows import StagedEntry, rows_of
from sync.contract_entries import charge, dispense, made_up_entry

PUBLISHED = Path(__file__).parents[2] / "docs" / "staging"


def example_plan() -> tuple[str, list[Planned], list[StagedEntry]]:
    """Return a batch of three: a charge, the dispense that names it, and a charge sent again with a long name."""
    entries = [
        made_up_entry(1, "charge", charge(1, name="练习患者甲 O'Neill & Söhne")),
        made_up_entry(3, "charge", charge(3, name="𠮷" * 120)),
    ]
    entries.insert(1, made_up_entry(2, "dispense", dispense(1, entries[0].id)))
    rows = [rows_of(entry) for entry in entries]
    needs: tuple[list[str], ...] = ([], [entries[0].id], [])
    plan = [
        planned(entry.id, entry.body_hash.hex(), staged, attempt=attempt, needs=named)
        for entry, staged, attempt, named in zip(entries, rows, (1, 1, 2), needs, strict=True)
    ]
    return batch_named(7, plan), plan, rows


def example(client: str) -> bytes:
    """Return the example script for one client."""
    batch, plan, rows = example_plan()
    return written(batch, CLIENTS[client], plan, rows)


def main() -> None:
    """Write the four examples."""
    for client in CLIENTS:
        (PUBLISHED / f"example-{client}.sql").write_bytes(example(client))


if __name__ == "__main__":
    main()
