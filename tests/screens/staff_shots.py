"""Pictures of accounts, of the own password, and of the pharmacy's window."""

from __future__ import annotations

from tests.screens.made_accounts import changed_accounts
from tests.screens.made_patients import made_temporaries
from tests.screens.made_up import made_controlled, made_day
from tests.screens.shot import Shot

_ACCOUNTS = ("go:accounts", "accounts")
_PERSON = (
    *"7777",
    "enter",
    *"Li Si",
    "enter",
    *"12",
    "enter",
    *"word5",
    "enter",
    *"word5",
    "enter",
    *"1005",
    "enter",
)

STAFF_SHOTS: tuple[Shot, ...] = (
    Shot(
        "patients",
        "患者匹配 Patient matching",
        ("go:patients", "matched"),
        operator="4001",
        before=made_temporaries,
    ),
    Shot(
        "patients-one",
        "患者匹配:是同一个人吗 Patient matching: one and the same person?",
        ("go:patients", "matched", "down", "1"),
        operator="4001",
        before=made_temporaries,
    ),
    Shot("accounts", "账户 Accounts", _ACCOUNTS, operator="1006", before=changed_accounts),
    Shot(
        "accounts-enrol", "账户:开户 Accounts: enrolling", (*_ACCOUNTS, "ctrl+n", *_PERSON), operator="1006"
    ),
    Shot(
        "accounts-draft",
        "账户:临时增员 Accounts: drafting",
        (*_ACCOUNTS, "f2", *"Li Si"),
        operator="1006",
    ),
    Shot(
        "accounts-reset",
        "账户:重设口令 Accounts: a new password",
        (*_ACCOUNTS, "ctrl+r", *"word5"),
        operator="1006",
    ),
    Shot("password", "我的口令 My password", ("ctrl+r", *"x", "enter", *"abc", "enter", *"abd", "enter")),
    Shot("plain-accounts", "朴素外观:账户 The plain look: accounts", (*_ACCOUNTS, "f2"), "1006", plain=True),
    Shot(
        "dispense",
        "发药 Dispense",
        ("go:dispense", *"W03A-000001", "enter"),
        operator="3001",
        before=made_day,
    ),
    Shot(
        "dispense-vouched",
        "发药:欠费、管制药 Dispense: vouched for, controlled",
        ("go:dispense", *"W03A-000005", "enter", "enter"),
        operator="3001",
        before=made_day,
    ),
    Shot(
        "dispense-reversed",
        "发药:已冲正 Dispense: reversed",
        ("go:dispense", *"W03A-000002", "enter"),
        operator="3001",
        before=made_day,
    ),
    Shot(
        "plain-standing",
        "朴素外观:回传情况 The plain look: standing",
        ("go:standing",),
        plain=True,
        before=made_day,
    ),
    Shot(
        "plain-dispense",
        "朴素外观:发药 The plain look: dispense",
        ("go:dispense", *"W03A-000001", "enter"),
        operator="3001",
        plain=True,
        before=made_day,
    ),
    Shot(
        "dispense-controlled",
        "发药:管制药品双人 Dispense: a controlled drug, two pharmacists",
        ("go:dispense", *"W03A-000001", "enter", "enter", "asked"),
        operator="3001",
        before=made_controlled,
    ),
)
"""After the shots of the cashier's window, on the page as well."""
