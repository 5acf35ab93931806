"""``record()`` against the bare floor: the same rows by plain SQLCipher WAL+FULL and one synced append."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from downtime.book import OpenBook
from downtime.keys import CHEAP_COST, Person
from downtime.record import Recorded, new_entry_id, record
from downtime.sealing import Filled
from downtime.station import create_station
from downtime.store.headlog import RECORD_BYTES
from downtime.store.journal import open_journal, sealed_rows
from forms.charge import Charge

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 5
RECORDS = 150

SETTINGS: dict[str, Any] = {
    "hospital": {"id": "BENCH", "name": "练习医院"},
    "station": {"code": "W03", "name": "收费三窗"},
}
LINES = [
    ("250101015", "血常规(五分类)", 2000, "1"),
    ("86979474", "阿莫西林胶囊", 1250, "2"),
    ("310101", "心电图", 3000, "1"),
]


def _charge() -> Charge:
    lines = [
        {
            "code": code,
            "name": name,
            "unit_price_minor": price,
            "quantity": quantity,
            "amount_minor": price * int(quantity),
        }
        for code, name, price, quantity in LINES
    ]
    total = sum(price * int(quantity) for _code, _name, price, quantity in LINES)
    cash = {"method": "cash", "amount_minor": total, "tendered_minor": 10_000, "change_minor": 10_000 - total}
    return Charge.model_validate(
        {
            "patient": {"number": "PX1", "name": "练习张三"},
            "currency": "CNY",
            "lines": lines,
            "total_minor": total,
            "payments": [cash],
        }
    )


def _seconds(act: Callable[[], None]) -> float:
    times = []
    for _n in range(RECORDS):
        start = time.perf_counter()
        act()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def _bare(folder: Path, book: OpenBook) -> Callable[[], None]:
    """Return an act that writes one recorded group's rows again, without any of our own work."""
    rows = list(sealed_rows(book.db))[-2:]
    postings = book.db.execute(
        "SELECT n, account, unit, amount FROM posting WHERE seq=?", [rows[0]["seq"]]
    ).fetchall()
    db = open_journal(folder / "bare.db", bytes(32), create=True)
    head = os.open(folder / "bare.head", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    seq = [0]

    def act() -> None:
        db.execute("BEGIN IMMEDIATE")
        for row in rows:
            seq[0] += 1
            fresh = row | {"seq": seq[0], "id": os.urandom(16).hex(), "hash": os.urandom(32), "number": None}
            marks = ",".join("?" * len(fresh))
            db.execute(f"INSERT INTO entry ({','.join(fresh)}) VALUES ({marks})", list(fresh.values()))  # noqa: S608 (own names)
        for posting in postings:
            db.execute("INSERT INTO posting VALUES (?,?,?,?,?)", (seq[0], *posting))
        db.execute("COMMIT")
        os.write(head, bytes(RECORD_BYTES))
        os.fsync(head)

    return act


def run() -> dict[str, float | str]:
    """Return medians in ms and their ratio; the goal is at most 2."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        people = [(Person("1001", "练习员", ("cashier",)), "x")]
        home = create_station(
            place / "home", SETTINGS, people, service_password="x", cost=CHEAP_COST, ballast_bytes=0
        )
        book = OpenBook(home, home.keys.unlock("1001", "x"), home.current_book())

        def ours() -> None:
            assert isinstance(record(book, Filled(_charge(), new_entry_id())), Recorded)

        ours()
        bare = _bare(place, book)
        pairs = [(_seconds(ours), _seconds(bare)) for _round in range(ROUNDS)]
        book.close()
    recorded = statistics.median(one for one, _other in pairs) * 1000
    floor = statistics.median(other for _one, other in pairs) * 1000
    ratio = round(recorded / floor, 2)
    return {"record_ms": round(recorded, 3), "bare_ms": round(floor, 3), "ratio": ratio, "goal": "<= 2"}
