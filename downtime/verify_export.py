"""Verify an exported journal without the app that wrote it.

    python verify_export.py FILE [--key HEX]

Needs Python 3.11 and ``cryptography`` alone, so it can be copied away and read in one sitting.
Exit code 0: everything holds; 1: something does not; 2: wrong use or no such file.
Without --key the signatures are checked with the key that the file itself brings: that proves that nothing
was damaged, not who wrote it. Give the station's public key from paper or another copy to prove that too.
"""

from __future__ import annotations

import hashlib
import json
import struct
import sys
from collections import Counter
from pathlib import Path
from typing import Any, NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

IDENTITY = ("hospital", "station", "incarnation", "book")
RULES = {"reversal", "price_override", "controlled", "outage", "export", "keys", "accounts"}
RULES |= {"purge", "hand_over", "paper"}
ALWAYS_BY_TWO = {"outage_declared", "outage_ended", "keys_renewed", "book_purged", "shift_handed_over"}
TWO_BY_CHANGE = {"enrolled", "reinstated", "envelope_sealed"}
Json = dict[str, Any]


class NotGoodError(Exception):
    """What is wrong, in Chinese and English."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(f"{chinese} / {english}")


def strict(text: str | bytes) -> Any:
    """Return the JSON in ``text``; refuse floats, NaN and repeated keys."""

    def refuse(literal: str) -> NoReturn:
        raise ValueError(literal)

    def once(pairs: list[tuple[str, Any]]) -> Json:
        if len({key for key, _ in pairs}) != len(pairs):
            raise ValueError("a key stands twice")
        return dict(pairs)

    return json.loads(text, parse_float=refuse, parse_constant=refuse, object_pairs_hook=once)


def canonical(content: Any) -> bytes:
    """Return the one byte form of ``content``."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


class TwoPeople:
    """Checks approvals: same commit group, same body, a good signature of somebody else."""

    def __init__(self) -> None:
        self.approvals = 0
        self.waiting: set[str] = set()
        self.answered: set[str] = set()
        self._bodies: dict[str, tuple[int, str, str | None, str | None]] = {}
        self._given: dict[str, tuple[str, Json]] = {}
        self._pairs: list[tuple[int, int]] = []
        self._needed: dict[int, str] = {}

    def take(self, seq: int, body: Json, envelope: Json) -> None:
        """Check one entry."""
        form, content = body["form"], body["content"]
        if form == "approval":
            self._approval(seq, body["id"], content, envelope)
        elif form == "countersigned":
            self._countersigned(seq, content)
        hashed = hashlib.sha256(canonical(body)).hexdigest()
        ended = content["outage"] if form == "outage_ended" else None
        self._bodies[body["id"]] = (seq, hashed, envelope["second_person"], ended)
        by_two = form in ALWAYS_BY_TWO or envelope["second_person"] is not None
        by_two = by_two or (form == "exported" and content["what"] == "book")
        if by_two or (form == "account_changed" and content["change"] in TWO_BY_CHANGE):
            self._needed[seq] = body["id"]

    def close_group(self, first: int, last: int) -> None:
        """Check what must stand in one commit group, from ``first`` to ``last``."""
        for named, seq in self._pairs:
            if first <= seq <= last and named < first:
                raise NotGoodError(f"第 {seq} 条审批与其事项不在同一次提交", f"approval {seq} came later")
        for seq in range(first, last + 1):
            if seq in self._needed:
                raise NotGoodError(f"第 {seq} 条缺少第二人审批", f"entry {seq} has no approval")

    def _approval(self, seq: int, approval_id: str, content: Json, envelope: Json) -> None:
        named, hashed, second, ended = self._bodies.get(content["entry_id"], (0, "", None, None))
        operator, signed, way = envelope["operator"], content["signed"], content["way"]
        fits = hashed == content["body_hash"] and second == (signed["operator"] if signed else None)
        alone = way in {"solo", "code", "hub"}
        own = bool(signed) and signed["operator"] == operator
        if not named or not fits or alone is bool(signed) or own is not (way == "own_twice"):
            raise NotGoodError(f"第 {seq} 条审批与其事项不符", f"approval {seq} does not fit what it names")
        if signed and not is_signed(content, content["rule"], "approved"):
            raise NotGoodError(f"第 {seq} 条审批签名无效", f"the signature of approval {seq} is wrong")
        if way == "hub" and not is_announced(content["announced"], envelope["hospital"], ended):
            raise NotGoodError(f"第 {seq} 条不是汇集中心宣布的", f"approval {seq} was announced by no hub")
        self.approvals += 1
        self._pairs.append((named, seq))
        self._needed.pop(named, None)
        self._given[approval_id] = (operator, content)
        if way not in {"second_person", "hub"}:
            self.waiting.add(approval_id)

    def _countersigned(self, seq: int, content: Json) -> None:
        operator, approval = self._given.get(content["approval_id"], ("", content))
        names = ("entry_id", "body_hash")
        fits = [content[name] for name in names] == [approval[name] for name in names]
        if not fits or content["signed"]["operator"] == operator or content["approval_id"] in self.answered:
            raise NotGoodError(f"第 {seq} 条复核与审批不符", f"countersignature {seq} does not fit")
        answer = "agreed" if content["agreed"] else "not agreed"
        rules = [approval["rule"]] if "rule" in approval else RULES  # that of an earlier book is not at hand
        if not any(is_signed(content, rule, answer) for rule in rules):
            raise NotGoodError(f"第 {seq} 条复核签名无效", f"countersignature {seq} is not signed")
        self.answered.add(content["approval_id"])


def is_signed(content: Json, rule: str, answer: str) -> bool:
    """Return whether the signature in ``content`` is good for its own key."""
    named = {"rule": rule, "answer": answer, **{name: content[name] for name in ("entry_id", "body_hash")}}
    return holds(content["signed"], b"downtime approval 1" + canonical(named))


def is_announced(told: Json, hospital: str, outage: str | None) -> bool:
    """Return whether a hub announced the end of ``outage``, by the key the announcement brings."""
    said = {name: told[name] for name in ("outage", "state", "at", "said_by")} | {"hospital": hospital}
    is_end = (told["outage"], told["state"]) == (outage, "ended")
    return is_end and holds(told, b"downtime hub outage 1\x00" + canonical(said))


def holds(signed: Json, message: bytes) -> bool:
    """Return whether the signature over ``message`` was made with the key beside it."""
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signed["public"]))
    try:
        public.verify(bytes.fromhex(signed["signature"]), message)
    except InvalidSignature:
        return False
    return True


class Reader:
    """Takes the lines of an export one by one and raises at the first that does not hold."""

    def __init__(self, key: str | None) -> None:
        self.header: Json = {}
        self.hashes: list[bytes] = []
        self.genesis = b""
        self.heads = self.signed = self.receipts = 0
        self.moved, self.sums, self.drawer = (Counter[str]() for _ in range(3))
        self.ended, self._key = False, key
        self.two_people = TwoPeople()

    def take(self, line: Json) -> None:
        """Check the next line."""
        if self.ended:
            raise NotGoodError("结束行之后还有内容", "there is something after the end line")
        if not self.header:
            self._begin(line)
        elif "seq" in line:
            self._entry(line)
        elif "head" in line:
            self._head(line["head"])
        else:
            self._end(line["end"])

    def _begin(self, header: Json) -> None:
        if (header["format"], header["v"]) != ("downtime-journal", 1):
            raise NotGoodError("不是第 1 版账册导出文件", "this is not a journal export of version 1")
        self.header = header
        public = bytes.fromhex(header["public_keys"][header["key_id"]])
        if hashlib.sha256(public).digest()[:8].hex() != header["key_id"]:
            raise NotGoodError("公钥与其编号不符", "the public key does not fit its key id")
        if self._key is not None and self._key.lower() != public.hex():
            raise NotGoodError("不是用给定的公钥签名", "it is not signed with the key given")
        self._public = public.hex()
        bound = canonical({name: header[name] for name in (*IDENTITY, "previous_head")})
        self.genesis = hashlib.sha256(b"downtime-genesis-1\x00" + bound).digest()

    def _entry(self, line: Json) -> None:
        seq, sealed, salt = len(self.hashes) + 1, line["sealed"].encode(), bytes.fromhex(line["salt"])
        previous = self.hashes[-1] if self.hashes else self.genesis
        if line["seq"] != seq or self.heads:
            raise NotGoodError(f"缺少第 {seq} 条", f"entry {seq} is missing")
        inner = hashlib.sha256(salt + sealed).digest()
        found = hashlib.sha256(b"\x01" + seq.to_bytes(8, "big") + previous + inner).digest()
        if found.hex() != line["hash"]:
            raise NotGoodError(f"第 {seq} 条哈希链断开", f"the hash chain breaks at entry {seq}")
        content = strict(sealed)
        envelope, body = content["envelope"], content["body"]
        if canonical(content) != sealed:
            raise NotGoodError(f"第 {seq} 条不是规范格式", f"entry {seq} is not in canonical form")
        stated = [envelope[name] for name in (*IDENTITY, "seq", "salt", "previous_hash", "drill")]
        expected = [*(self.header[name] for name in IDENTITY), seq, line["salt"], previous.hex()]
        if stated != [*expected, self.header["drill"]]:
            raise NotGoodError(f"第 {seq} 条不属于这本账册", f"entry {seq} does not belong to this book")
        if seq == 1 and body["content"]["previous_head"] != self.header["previous_head"]:
            raise NotGoodError("开账条目与文件头不符", "the opening entry does not fit the header")
        self._postings(seq, envelope["postings"])
        self.two_people.take(seq, body, envelope)
        self.receipts += envelope["number"] is not None
        self.hashes.append(found)

    def _postings(self, seq: int, postings: list[list[Any]]) -> None:
        here: Counter[str] = Counter()
        for account, unit, amount in postings:
            here[unit] += amount
            self.moved[unit] += max(amount, 0)
            if account.startswith("drawer:"):
                self.drawer[f"{account.rsplit(':', 1)[-1]} {unit}"] += amount
        self.sums.update(here)
        if any(here.values()):
            raise NotGoodError(f"第 {seq} 条借贷不平", f"entry {seq} does not balance")

    def _head(self, head: Json) -> None:
        first, last, claimed = head["seq_from"], head["seq_to"], bytes.fromhex(head["head"])
        self.heads += 1
        if first != self.signed + 1 or not first <= last <= len(self.hashes):
            missing = self.signed + 1
            raise NotGoodError(f"第 {missing} 条缺少签名", f"entry {missing} has no signed head")
        if claimed != self.hashes[last - 1]:
            raise NotGoodError(f"第 {last} 条与签名的头不符", f"entry {last} is not what was signed")
        signed = struct.pack(">4sBBQQ32s", b"DTHD", 1, 1, first, last, claimed)
        if not holds({"public": self._public, "signature": head["signature"]}, signed):
            raise NotGoodError(f"第 {last} 条签名无效", f"the signature of entry {last} is wrong")
        self.signed = last
        self.two_people.close_group(first, last)

    def _end(self, end: Json) -> None:
        last = self.hashes[-1].hex() if self.hashes else ""
        if (end["entries"], end["heads"], end["head"]) != (len(self.hashes), self.heads, last):
            raise NotGoodError("条数与结束行不符", "the counts differ from the end line")
        if self.signed != len(self.hashes):
            first = self.signed + 1
            raise NotGoodError(f"第 {first} 条起未签名", f"entries from {first} on are not signed")
        self.ended = True

    def summary(self) -> list[str]:
        """Return what the export holds, a line each in both languages."""
        header, last = self.header, self.hashes[-1].hex() if self.hashes else "-"
        where = f"{header['hospital']} {header['station']}{header['incarnation']} {header['book']}"
        lines = [f"账册 / book: {where}" + (" (演练 / drill)" if header["drill"] else "")]
        lines.append(f"条目 / entries: {len(self.hashes)}, 收据 / receipts: {self.receipts}")
        lines.append(f"已签名的头 / signed heads: {self.heads}")
        two = self.two_people
        lines.append(f"双人审批 / approvals: {two.approvals}, 复核 / countersigned: {len(two.answered)}")
        if two.waiting - two.answered:
            lines.append(f"待复核 / to be countersigned: {len(two.waiting - two.answered)}")
        moved, drawer = sorted(self.moved.items()), sorted(self.drawer.items())
        lines += [f"{unit}: 发生额 / moved {amount}, 合计 / sum {self.sums[unit]}" for unit, amount in moved]
        lines += [f"收款 / collected {method}: {amount}" for method, amount in drawer]
        lines.append(f"末端哈希 / last hash: {last}")
        trusted = "核对过 / as given" if self._key else "文件自带 / from the file itself"
        lines.append(f"公钥 / public key: {header['public_keys'][header['key_id']]} ({trusted})")
        return lines


def verify(path: Path, key: str | None) -> list[str]:
    """Return the summary of a good export; raise NotGoodError at the first line that does not hold."""
    reader = Reader(key)
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                reader.take(strict(line.decode()))
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
                raise NotGoodError(f"第 {number} 行无法读取", f"line {number} cannot be read") from None
    if not reader.ended:
        raise NotGoodError("文件不完整, 缺少结束行", "the file is cut short: there is no end line")
    return reader.summary()


def main(arguments: list[str]) -> int:
    """Verify the file named; return the exit code."""
    given = arguments[1:2] == ["--key"] and len(arguments) == 3  # noqa: PLR2004 (FILE --key HEX)
    if not given and len(arguments) != 1:
        sys.stdout.write("用法 / usage: python verify_export.py FILE [--key HEX]\n")
        return 2
    try:
        lines = verify(Path(arguments[0]), arguments[2] if given else None)
    except OSError as error:
        sys.stdout.write(f"无法打开 / cannot be opened: {error}\n")
        return 2
    except NotGoodError as wrong:
        sys.stdout.write(f"有问题 / NOT GOOD: {wrong}\n")
        return 1
    sys.stdout.write("\n".join([*lines, "全部相符 / all of it holds"]) + "\n")
    return 0


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    raise SystemExit(main(sys.argv[1:]))
