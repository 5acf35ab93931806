"""How long it still takes: said by what was done lately, and not at all while nothing can be told."""

from __future__ import annotations

from downtime.board_pace import Pace, span_words
from downtime.i18n import choose_language


def _looked(*looks: tuple[float, int]) -> Pace:
    pace = Pace()
    for seconds, left in looks:
        pace.look(seconds, left)
    return pace


def test_the_rest_takes_as_long_as_the_last_minute_says() -> None:
    """A hundred pieces in ten seconds: three hundred more take thirty."""
    pace = _looked((0, 400), (5, 350), (10, 300))
    assert (pace.done, pace.first, pace.seconds_left()) == (100, 400, 30)


def test_nothing_is_promised_before_it_can_be_told() -> None:
    """One look says nothing, nor do a few seconds, nor work that does not move."""
    assert _looked((0, 400)).seconds_left() is None
    assert _looked((0, 400), (1, 390)).seconds_left() is None
    assert _looked((0, 400), (30, 400)).seconds_left() is None


def test_what_was_fast_long_ago_does_not_count() -> None:
    """Only the last minute is counted: a slow HIS is not flattered by its first rush."""
    pace = _looked((0, 10_000), (10, 1_000), (40, 990), (80, 980), (120, 970))
    assert pace.seconds_left() == 970 * 80 // 20


def test_work_that_stands_still_says_so() -> None:
    """After a quarter of a minute without any progress the time that passed is told."""
    assert _looked((0, 400), (10, 300), (12, 300)).stands_for() == 0
    assert _looked((0, 400), (10, 300), (40, 300)).stands_for() == 30
    assert _looked((0, 1), (10, 0), (40, 0)).stands_for() == 0


def test_more_work_that_comes_meanwhile_makes_the_whole_longer() -> None:
    """A station that comes back adds to what is to be done; the bar never runs over its end."""
    pace = _looked((0, 100), (10, 50), (20, 500))
    assert (pace.first, pace.left, pace.done) == (500, 500, 0)


def test_lengths_of_time_are_said_as_one_says_them() -> None:
    """Seconds under a minute, minutes under an hour, then hours and minutes."""
    choose_language("en")
    assert [span_words(n) for n in (40, 725, 7_800, 273_600)] == [
        *("40 s", "12 min", "2 h 10 min", "3 d 4 h")
    ]
    choose_language("zh")
    assert span_words(7_800) == "2 小时 10 分"
