"""The certificate of a destroyed book: what is known of it for ever, signed with the station's key.

``books/NNNN/certificate.json`` holds the facts, their SHA-256 (which the ``book_purged`` entry names) and the
signature; it can be checked when nothing else of the book is left. No patient stands in it.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from downtime.canonical import seal
from downtime.findings import Verification
from downtime.i18n import _
from downtime.keys import signature_is_good
from downtime.store import journal, reports
from downtime.store import retention as kept
from downtime.store.headlog import HeadLog
from downtime.store.verification import open_evidence
from downtime.whole_file import write_whole
from forms.book_end import BookPurged

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from downtime.entry import Entry
    from downtime.home import BookPaths, Home
    from downtime.keys import Keyring, SigningKey

VERSION = 1
_DOMAIN = b"downtime certificate 1"


@dataclass(frozen=True, slots=True)
class Certificate:
    """The facts of a destroyed book, and the station's signature over them.

    Attributes:
        facts: plain values; see ``book_facts`` and ``downtime.purge``.
        approved_by: operator and name of the second person.
        key_id: which station key signed (hex).
        signature: over the canonical facts (hex).
    """

    facts: dict[str, Any]
    approved_by: dict[str, str]
    key_id: str
    signature: str

    @property
    def sha256(self) -> str:
        """SHA-256 of the canonical facts, as the journal names it (hex)."""
        return digest_of(self.facts)

    def is_genuine(self, home: Home) -> bool:
        """Return whether a key of this station signed exactly these facts."""
        public = home.keys.public_keys().get(bytes.fromhex(self.key_id))
        return public is not None and signature_is_good(
            public, bytes.fromhex(self.signature), _signed_bytes(self.facts, self.approved_by)
        )


def digest_of(facts: dict[str, Any]) -> str:
    """Return the SHA-256 of the canonical facts (hex)."""
    return hashlib.sha256(seal(facts)).hexdigest()


def _signed_bytes(facts: dict[str, Any], approved_by: dict[str, str]) -> bytes:
    return _DOMAIN + seal({"facts": facts, "approved_by": approved_by})


def signed_certificate(facts: dict[str, Any], approved_by: dict[str, str], key: SigningKey) -> Certificate:
    """Return the certificate of ``facts``, signed with the station's ``key``."""
    return Certificate(
        facts, approved_by, key.key_id.hex(), key.sign(_signed_bytes(facts, approved_by)).hex()
    )


def write_certificate(path: Path, certificate: Certificate) -> None:
    """Write it durably; an older one is replaced."""
    stored = {
        "format": "downtime-certificate",
        "v": VERSION,
        "facts": certificate.facts,
        "approved_by": certificate.approved_by,
        "sha256": certificate.sha256,
        "key_id": certificate.key_id,
        "signature": certificate.signature,
    }
    text = json.dumps(stored, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    write_whole(path, text.encode())


def read_certificate(path: Path) -> Certificate:
    """Return the certificate in ``path``.

    Raises:
        ValueError: it is no certificate, or its facts were changed.
        OSError: it cannot be read.
    """
    stored = json.loads(path.read_text("utf-8"))
    if (
        not isinstance(stored, dict)
        or stored.get("format") != "downtime-certificate"
        or stored.get("v") != VERSION
    ):
        raise ValueError(_("this is no certificate of a destroyed book"))
    try:
        certificate = Certificate(
            stored["facts"], stored["approved_by"], str(stored["key_id"]), str(stored["signature"])
        )
        same = certificate.sha256 == stored["sha256"] and bytes.fromhex(certificate.signature)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(_("this is no certificate of a destroyed book")) from error
    if not same:
        raise ValueError(_("the facts of the certificate were changed"))
    return certificate


def book_facts(home: Home, ring: Keyring, paths: BookPaths, verification: Verification) -> dict[str, Any]:
    """Return what stays known of a book: where it stood, how long it was, its sums and heads.

    Args:
        home: the station.
        ring: open keys.
        paths: the book, which must still open.
        verification: of the same book, without a finding.
    """
    assert verification.whole, "a damaged book is evidence"
    with closing(open_evidence(paths.journal, ring.book_key(paths.number))) as db:
        first, last = journal.entry_by_seq(db, 1), journal.entry_by_seq(db, verification.entries)
        assert first is not None
        assert last is not None
        totals = [asdict(total) for total in kept.totals(db)]
        forms = {
            form.form: {"entries": form.entries, "amount_minor": form.amount_minor, "receipts": form.receipts}
            for form in reports.form_counts(db)
        }
        outages = {str(entry.content["outage"]) for entry in journal.entries(db, forms=("outage_declared",))}
    return {
        "hospital": first.hospital,
        "hospital_name": home.settings.hospital.name,
        "station": first.station,
        "incarnation": first.incarnation,
        "drill": first.drill,
        "currency": home.settings.hospital.currency,
        "book": paths.number,
        "outages": sorted(outages),
        "previous_head": first.content["previous_head"],
        "head": verification.head,
        "entries": verification.entries,
        "head_records": verification.head_records,
        "head_log_sha256": hashlib.sha256(paths.head_log.read_bytes()).hexdigest(),
        "deliveries": verification.deliveries,
        "receipts": verification.receipts,
        "first_at": first.recorded_at,
        "last_at": last.recorded_at,
        "forms": forms,
        "totals": totals,
        "carried_in": _by_class(first.content["balances"]),
    }


def _by_class(balances: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return balances per account class and unit; an account names a patient, its class does not."""
    sums: Counter[tuple[str, str]] = Counter()
    for balance in balances:
        sums[balance["account"].partition(":")[0], balance["unit"]] += balance["amount"]
    return [{"account_class": name, "unit": unit, "amount": sums[name, unit]} for name, unit in sorted(sums)]


def verify_destroyed(
    home: Home, paths: BookPaths, purged: Entry | None, *, gone_too: bool
) -> Verification | str:
    """Check what is left of a destroyed book.

    Args:
        home: the station.
        paths: the book.
        purged: the ``book_purged`` entry of a later book that says so, if one was found.
        gone_too: a later book that may have held that entry was destroyed as well, so that the station's
            signature alone must do.

    Returns:
        The verification, or the first thing that does not fit, in words.
    """
    try:
        certificate = read_certificate(paths.certificate)
        heads = HeadLog(paths.head_log).records()
    except (OSError, ValueError) as error:
        return str(error)
    facts = certificate.facts
    if facts.get("book") != paths.number or not certificate.is_genuine(home):
        return _("the certificate is not signed by this station.")
    if not heads or (heads[-1].head.hex(), heads[-1].seq_to) != (facts["head"], facts["entries"]):
        return _("the head log does not end where the certificate says.")
    if purged is None and not gone_too:
        return _("no entry says that it was destroyed.")
    if purged is not None:
        form = BookPurged.model_validate(purged.content)
        if (form.head, form.entries, form.certificate) != (
            facts["head"],
            facts["entries"],
            certificate.sha256,
        ):
            return _("the entry about its destruction names another certificate.")
    return Verification(
        paths.number,
        entries=facts["entries"],
        head=facts["head"],
        head_records=len(heads),
        receipts=facts["receipts"],
        deliveries=facts["deliveries"],
        destroyed_at=facts["destroyed_at"],
        certificate=paths.certificate.relative_to(home.path).as_posix(),
    )
