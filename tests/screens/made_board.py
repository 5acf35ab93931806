"""A made-up hub whose entries stand in every state of the board, made of real stations' books."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from downtime.canonical import seal
from downtime.clock import ManualClock, rfc3339
from downtime.keys import CHEAP_COST
from downtime.outcome import Accepted, FormalDocument, HandedOver, InDoubt, Rejected, outcome_content
from downtime.store.headlog import HeadLog
from downtime.store.verification import open_evidence, stored_rows
from sync.board.source import HubBoard
from sync.hub import delivered
from sync.hub.arrivals import KEY_LABEL, Batch
from sync.hub.collecting import head_content, row_content
from sync.hub.database import open_store
from sync.hub.place import HubPlace
from sync.hub.receiving import Receiver
from tests.downtime import builders

if TYPE_CHECKING:
    from collections.abc import Sequence

    from downtime.entry import Entry
    from downtime.home import Home
    from downtime.outcome import Outcome
    from sync.hub.database import Database
    from sync.hub.place import HubKeys

CONNECTOR = "practice"
AT = "2026-01-05T09:41:00.000+08:00"
PEOPLE = ("练习病人甲", "练习病人乙", "练习病人丙", "练习病人丁", "练习病人戊", "练习病人己")
GOODS = (
    ("250101015", "练习血常规", 2000),
    ("210102015", "练习胸片正位", 4500),
    ("D0012", "练习阿莫西林胶囊", 1250),
)


@dataclass
class MadeHub:
    """A hub with its store open, and what came to it.

    Attributes:
        entries: deliverable entries, in order of arrival.
    """

    place: HubPlace
    keys: HubKeys
    db: Database
    entries: list[Entry] = field(default_factory=list)
    at: str = AT

    def source(self, connector: str = CONNECTOR) -> HubBoard:
        """Return the board over it, with a connection of its own."""
        settings = self.place.settings
        return HubBoard(
            self.place, open_store(settings.store.url, self.place.store_file, self.keys.store), connector
        )

    def reopened(self) -> MadeHub:
        """Return it with its settings read again."""
        place = HubPlace(self.place.path)
        return MadeHub(place, self.keys, self.db, self.entries, self.at)

    def copied(self, path: Path) -> MadeHub:
        """Return a copy of a closed hub, open."""
        place = HubPlace(Path(shutil.copytree(self.place.path, path)))
        db = open_store("", place.store_file, self.keys.store)
        return MadeHub(place, self.keys, db, self.entries, self.at)

    def n_of(self, entry_id: str) -> int:
        """Return where an entry stands."""
        row = self.db.row("SELECT n FROM entry WHERE id = ? ORDER BY n LIMIT 1", (entry_id,))
        assert row is not None
        return int(row[0])

    def bring(self, home: Home, *, first: int = 1, last: int = 1 << 30) -> None:
        """Let what stands in a station's newest book come up."""
        ring = builders.unlock(home)
        letter, paths = home.keys.incarnation(), home.current_book()
        code = home.settings.station.code
        public = ring.public_key(letter)
        with self.db.writing():
            if not self.db.row("SELECT 1 FROM station_key WHERE station = ?", (code,)):
                self.db.rows("INSERT INTO station_key VALUES (?, ?, ?, ?)", (code, letter, public, AT))
        with closing(open_evidence(paths.journal, ring.book_key(paths.number))) as db:
            rows = [row for row, _named, _legs in stored_rows(db) if first <= row["seq"] <= last]
        heads = [
            one for one in HeadLog(paths.head_log).records() if one.seq_to >= first and one.seq_from <= last
        ]
        content = {
            "incarnation": letter,
            "book": paths.number,
            "rows": [row_content(row["seq"], row["salt"], row["sealed"], row["hash"]) for row in rows],
            "heads": [head_content(head) for head in heads],
        }
        receiver = Receiver(self.db, "PRACTICE", KEY_LABEL + self.keys.store, lambda: AT)
        receiver.take(Batch.read(code, content))

    def seen(self, code: str, at: str, seq: int) -> None:
        """Let a station have spoken, and have said how far its journal is."""
        journals = json.dumps([["A", 1, seq]])
        with self.db.writing():
            self.db.rows(
                "INSERT INTO seen (station, incarnation, at, skew_seconds, journals, package, told) "
                "VALUES (?, 'A', ?, 0, ?, 1, 0)",
                (code, at, journals),
            )

    def answer(self, entry_id: str, *answers: Outcome, at: str = "", sent: bytes = b"") -> None:
        """Let the HIS have answered about an entry."""
        n, at = self.n_of(entry_id), at or self.at
        row = self.db.row("SELECT coalesce(max(step), 0) FROM delivery WHERE entry_n = ?", (n,))
        step = int(row[0]) if row else 0
        facts = []
        for one in answers:
            facts.append(delivered.FactRow(CONNECTOR, n, step + 1, "sending", "null", at, sent=sent or b"{}"))
            told = seal(outcome_content(one)).decode()
            facts.append(delivered.FactRow(CONNECTOR, n, step + 2, one.state, told, at))
            step += 2
        with self.db.writing():
            delivered.begin(self.db)
            delivered.append(self.db, facts)

    def tick(
        self,
        found: dict[str, tuple[str, str, str, list[dict[str, Any]]]],
        unknown: Sequence[dict[str, Any]] = (),
    ) -> None:
        """Let a tick-off have said, by id: outcome, what, reason and rows."""
        with self.db.writing():
            for table in ("tick", "tick_row", "tick_run"):
                self.db.rows(f"DELETE FROM {table}")  # noqa: S608 (three names)
            for entry_id, (outcome, what, reason, rows) in found.items():
                amount = sum(row["amount_minor"] for row in rows) if rows else None
                self.db.rows(
                    "INSERT INTO tick (connector, entry_n, outcome, what, reason, score, his_amount_minor, rows, "
                    "word, at) VALUES (?, ?, ?, ?, ?, 0, ?, ?, '', ?)",
                    (
                        CONNECTOR,
                        self.n_of(entry_id),
                        outcome,
                        what,
                        reason,
                        amount,
                        self.db.hidden(seal(rows)),
                        AT,
                    ),
                )
            for place, row in enumerate(unknown):
                self.db.rows(
                    "INSERT INTO tick_row (connector, place, amount_minor, told, at) VALUES (?, ?, ?, ?, ?)",
                    (CONNECTOR, place, row["amount_minor"], self.db.hidden(seal([row])), AT),
                )
            digest = seal([list(found), len(unknown)])[:32]
            self.db.rows(
                "INSERT INTO tick_run (connector, at, digest, entries, his_rows, lines_not_read) "
                "VALUES (?, ?, ?, ?, 0, 0)",
                (CONNECTOR, AT, digest, len(found)),
            )

    def close(self) -> None:
        """Let go of the store."""
        self.db.close()


def his_row(key: str, entry: Entry, amount_minor: int | None = None, **more: Any) -> dict[str, Any]:
    """Return a row of the HIS that says the same as an entry, unless told otherwise."""
    line = entry.content["lines"][0]
    told = {
        "id": key, "kind": "charge", "patient": entry.patient, "name": entry.content["patient"]["name"],
        "item": line["code"], "item_name": line["name"], "quantity": 1000,
        "amount_minor": entry.amount_minor if amount_minor is None else amount_minor, "operator": entry.operator,
        "begins": 1_767_574_800, "ends": 1_767_574_800, "bill": f"JS{key[-3:]}", "receipt": "", "is_void": False,
        "voids": "", "document": None, "file": "his.csv", "line": 2,
    }  # fmt: skip
    return told | more


def make_made_hub(path: Path, *, store_url: str = "") -> MadeHub:
    """Make an empty hub of the practice hospital with one way into the HIS."""
    place = HubPlace.create(
        path, hospital="PRACTICE", addresses=["127.0.0.1"], store_url=store_url, cost=CHEAP_COST
    )
    text = place.settings_file.read_text("utf-8")
    place.settings_file.write_text(f"{text}\n[connectors.{CONNECTOR}]\n", "utf-8")
    place = HubPlace(path)
    keys = place.open()
    return MadeHub(place, keys, open_store(store_url, place.store_file, keys.store))


def charged(home: Home, clock: ManualClock, count: int, *, begin: int = 0) -> list[Entry]:
    """Record charges at a station, a few minutes apart."""
    book = builders.open_current(home, clock)
    found = []
    try:
        for n in range(begin, begin + count):
            code, name, price = GOODS[n % len(GOODS)]
            lines = [builders.line(code, price, str(n % 3 + 1)), builders.line("A0009", 550, "1")]
            lines[0]["name"] = name
            total = sum(line["amount_minor"] for line in lines)
            patient = {**builders.PATIENT, "number": f"P9000{n:02d}", "name": PEOPLE[n % len(PEOPLE)]}
            clock.turn(wall_seconds=170, passed_seconds=170)
            found.append(
                builders.stand(
                    book,
                    builders.charge(lines, patient=patient, payments=[builders.cash(total, total + 500)]),
                )
            )
    finally:
        book.close()
    return found


def accepted(n: int) -> Accepted:
    """Return an acceptance with a formal document."""
    document = FormalDocument(
        "e_invoice", "PX26", f"0001{n:04d}", "a1b2c3", "2026-01-05", "issued", f"HIS-{n}"
    )
    return Accepted((document,), f"HIS-{n}")


def made_board(path: Path) -> MadeHub:
    """Make a hub with entries in every state, of four stations, one of which is not reached."""
    made = make_made_hub(path / "hub")
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    clock = ManualClock(now - timedelta(hours=2, minutes=10))
    entries: list[Entry] = []
    for n, code in enumerate(("W11", "W12", "W13", "W14")):
        home = builders.make_home(path / code, code=code, clock=clock)
        entries += charged(home, clock, 9, begin=9 * n)
        if code == "W14":
            made.bring(home, last=20)
        else:
            made.bring(home)
        last = 400 if code == "W13" else 1
        if code != "W14":
            made.seen(code, rfc3339(now), last)
    known = {row[0] for row in made.db.rows("SELECT id FROM entry WHERE verdict = ''")}
    made.entries = [entry for entry in entries if entry.id in known]
    made.at = rfc3339(now - timedelta(minutes=4))
    _answered(made)
    return made


def _answered(made: MadeHub) -> None:
    """Let every kind of answer have come, and a tick-off have read the HIS."""
    entries = made.entries
    sent = json.dumps({"slip": entries[0].number, "item": "250101015"}, ensure_ascii=False).encode()
    for n, entry in enumerate(entries[:14]):
        made.answer(entry.id, accepted(n), sent=sent)
    made.answer(entries[14].id, Rejected("项目编码 250101015 在 HIS 中已停用"), sent=sent)
    made.answer(entries[15].id, Rejected("项目编码 250101015 在 HIS 中已停用"), sent=sent)
    made.answer(entries[16].id, InDoubt("120 秒内没有答复"), sent=sent)
    for entry in entries[17:20]:
        made.answer(entry.id, HandedOver("HIS"), sent=sent)
    for entry in entries[20:24]:
        made.answer(entry.id, HandedOver("worksheet"))
    rows = {entry.id: [his_row(f"20260105{n:03d}", entry)] for n, entry in enumerate(entries)}
    double, differs, doubtful, gone = entries[20], entries[21], entries[22], entries[12]
    found = {entry.id: ("agreed", "", "", rows[entry.id]) for entry in entries[:12]}
    found[double.id] = (
        "different",
        "twice",
        "",
        [his_row("20260105901", double), his_row("20260105902", double)],
    )
    found[differs.id] = (
        "different",
        "amount",
        "",
        [his_row("20260105903", differs, (differs.amount_minor or 0) + 300)],
    )
    found[doubtful.id] = (
        "doubtful", "", "several rows may be meant",
        [his_row("20260105904", doubtful), his_row("20260105905", doubtful, operator="1002")],
    )  # fmt: skip
    found[gone.id] = ("missing_there", "", "", [])
    made.answer(gone.id, HandedOver("worksheet"))
    found[entries[23].id] = ("missing_there", "", "", [])
    made.tick(found, [his_row("20260105990", entries[0], 880), his_row("20260105991", entries[1], 1500)])
