"""Password profiles as tables: what each lets through, what it refuses, when a password is too old."""

from __future__ import annotations

import pytest

from downtime.password_policy import age_days, is_expired, policy_named, problems_of_password
from downtime.slots import Slot

OWN = ("1001", "Wang Min", "PRACTICE", "W03")


@pytest.mark.parametrize(
    ("policy", "password", "fine"),
    [
        ("cn-mlps3", "Gr8kettle", True),
        ("cn-mlps3", "绿色Kettle8", True),
        ("cn-mlps3", "gr8-kettle", True),
        ("cn-mlps3", "greenkettle8", False),  # two kinds of characters
        ("cn-mlps3", "Gr8kett", False),  # seven characters
        ("cn-mlps3", "", False),
        ("cn-mlps3", "Password1!", False),  # on every public list, with a year or a sign behind it
        ("cn-mlps3", "Qwerty2024", False),
        ("cn-mlps3", "A1001-door", False),  # the own number in it
        ("cn-mlps3", "Practice-7", False),  # the hospital's id in it
        ("cn-mlps3", "x" * 129, False),
        ("asvs5", "correct kettle stays", True),
        ("asvs5", "aaaaaaaaaaab", True),  # length instead of composition
        ("asvs5", "Gr8-kettle!", False),  # eleven characters
        ("asvs5", "passwordpassword", False),  # typed twice is no longer a secret than once
        ("asvs5", "abcabcabcabc", False),
        ("asvs5", "1001 stays at home", False),
        ("practice", "word", True),
        ("practice", "wor", False),
    ],
)
def test_what_a_profile_lets_through(policy: str, password: str, *, fine: bool) -> None:
    """Each refusal names the field and says what to do."""
    problems = problems_of_password(password, policy_named(policy), OWN)
    assert (not problems) == fine, [problem.message for problem in problems]
    assert {problem.field for problem in problems} <= {"password"}


@pytest.mark.parametrize(
    ("policy", "days", "expired"),
    [
        ("cn-mlps3", 0, False),
        ("cn-mlps3", 90, False),
        ("cn-mlps3", 91, True),
        ("cn-mlps3", -400, False),  # a clock set back makes nothing older
        ("asvs5", 4000, False),  # no forced change
        ("practice", 4000, False),
    ],
)
def test_when_a_password_is_too_old(policy: str, days: int, *, expired: bool) -> None:
    """Counted in whole days from when it was set."""
    from datetime import datetime, timedelta

    set_at = "2026-01-05T08:20:00.000+08:00"
    now = (datetime.fromisoformat(set_at) + timedelta(days=days, minutes=1)).isoformat()
    slot = Slot("1001", "练习员", ("cashier",), "person", 1, set_at)
    assert age_days(set_at, now) == days
    assert is_expired(slot, policy_named(policy), now) is expired


@pytest.mark.parametrize("kind", ["helper", "service", "break_glass"])
def test_only_a_person_s_password_grows_old(kind: str) -> None:
    """A helper ends with the outage, an envelope with its use."""
    slot = Slot("H01", "练习员", ("helper",), kind, 1, "2020-01-05T08:20:00.000+08:00")
    assert not is_expired(slot, policy_named("cn-mlps3"), "2026-01-05T08:20:00.000+08:00")


@pytest.mark.parametrize(
    ("policy", "length", "classes", "days", "history", "failures", "common"),
    [
        ("cn-mlps3", 8, 3, 90, 5, 5, True),
        ("asvs5", 12, 1, 0, 0, 10, True),
        ("practice", 4, 1, 0, 0, 5, False),
    ],
)
def test_the_figures_of_a_profile(
    policy: str, length: int, classes: int, days: int, history: int, failures: int, *, common: bool
) -> None:
    """The handbook says the same."""
    found = policy_named(policy)
    assert (found.length_min, found.classes_min, found.days_max) == (length, classes, days)
    assert (found.history, found.failures_max, found.common_refused) == (history, failures, common)
