"""The screen in a browser: what a page may not make the station do, and leaving when the browser's end is gone.

Started by ``downtime serve``; ``TEXTUAL_DRIVER`` names it. Textual's own driver for the web would open addresses
in the browser and send it files; here nothing leaves but what stands on the screen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.drivers.web_driver import WebDriver
from textual.events import AppFocus
from textual.messages import ExitApp

if TYPE_CHECKING:
    from typing import BinaryIO, TextIO


class ServedDriver(WebDriver):
    """Keys come in and the picture goes out over the pipes to ``downtime serve``."""

    def start_application_mode(self) -> None:
        """Begin as a screen that has the keys, and stay one: keys come only from a page that has them.

        Textual's driver begins without them and lets the page say when it has. That takes the cursor out of its
        field and puts it back where it was then: what is typed meanwhile would land in the wrong field.
        """
        super().start_application_mode()
        self._app.call_later(self._app.post_message, AppFocus())

    def on_meta(self, packet_type: str, payload: dict[str, object]) -> None:
        """Take the size, and the order to leave."""
        if packet_type in {"resize", "quit"}:
            super().on_meta(packet_type, payload)

    def run_input_thread(self) -> None:
        """Take keys until the pipe ends, then leave in good order: nobody could reach this app any more."""
        super().run_input_thread()
        self._leave()

    def write(self, text: str) -> None:
        """Send a piece of the picture; nobody looking any more is no crash."""
        try:
            super().write(text)
        except OSError:
            self._leave()

    def write_meta(self, said: dict[str, object]) -> None:
        """Say that the app has ended, if there is still somebody to hear it."""
        try:
            super().write_meta(said)
        except OSError:
            self._leave()

    def open_url(self, url: str, new_tab: bool = True) -> None:  # noqa: FBT001, FBT002 (Textual's signature)
        """Open nothing."""

    def deliver_binary(self, binary: BinaryIO | TextIO, **_named: Any) -> None:
        """Send no file."""
        binary.close()

    def _leave(self) -> None:
        if not self.exit_event.is_set():
            self._app.post_message(ExitApp())
