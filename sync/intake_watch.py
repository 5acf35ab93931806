"""Standing by the inbox: the system's hint that a file came, and a look every few seconds all the same."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from sync.intake import take_inbox

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sync.intake_report import IntakeReport

POLL_SECONDS = 15.0
_HINT_PAUSE_SECONDS = 0.5


def watch(
    inbox: Path,
    reference_folder: Path,
    key: bytes,
    *,
    currency: str,
    in_force_version: Callable[[], int | None],
    on_report: Callable[[IntakeReport], None],
    stop: threading.Event,
    poll_seconds: float = POLL_SECONDS,
) -> None:
    """Take sets as they come until ``stop`` is set; each new outcome goes to ``on_report`` once.

    Where the system gives no hints (a share, no inotify watches left), the look every ``poll_seconds`` is
    all there is, and enough.
    """
    hint = threading.Event()
    observer = _start_observer(inbox, hint)
    refused: set[str] = set()
    waiting: set[str] = set()
    try:
        while not stop.is_set():
            hint.clear()
            for report in take_inbox(
                inbox,
                reference_folder,
                key,
                currency=currency,
                in_force_version=in_force_version(),
                known=frozenset(refused),
            ):
                if report.status == "refused":
                    refused.add(report.fingerprint)
                if report.status == "waiting" and report.fingerprint in waiting:
                    continue
                waiting.add(report.fingerprint)
                on_report(report)
            _wait(stop, hint, poll_seconds)
    finally:
        if observer is not None:
            observer.stop()
            observer.join()


def _wait(stop: threading.Event, hint: threading.Event, seconds: float) -> None:
    """Return after ``seconds``, or shortly after a hint or the stop."""
    waited = 0.0
    while waited < seconds and not stop.wait(_HINT_PAUSE_SECONDS):
        waited += _HINT_PAUSE_SECONDS
        if hint.is_set():
            return


def _start_observer(inbox: Path, hint: threading.Event) -> Any:
    """Return a running watchdog observer, or None where the system gives no hints."""
    from watchdog.events import FileSystemEventHandler
    from watchdog.observers import Observer

    class _Hint(FileSystemEventHandler):
        def on_any_event(self, event: object) -> None:  # noqa: ARG002 (any change is a hint, whichever)
            hint.set()

    observer = Observer()
    try:
        observer.schedule(_Hint(), str(inbox), recursive=True)
        observer.start()
    except OSError:
        return None
    return observer
