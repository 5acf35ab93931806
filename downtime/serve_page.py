"""The page a browser gets: everything comes from this station, and headers hold it to that."""

from __future__ import annotations

import hashlib
import html
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template

from downtime.i18n import _, chosen_language

_HERE = Path(__file__).parent
_FILES = {
    "xterm.js": ("served/xterm.js", "text/javascript"),
    "addon-fit.js": ("served/addon-fit.js", "text/javascript"),
    "served.js": ("served/served.js", "text/javascript"),
    "xterm.css": ("served/xterm.css", "text/css"),
    "served.css": ("served/served.css", "text/css"),
    "DowntimeSansSC-Regular.ttf": ("fonts/DowntimeSansSC-Regular.ttf", "font/ttf"),
}
"""Everything there is to fetch besides the page itself; there is no folder to walk through."""

SOCKET_PATH = "/screen"
PARTS_PATH = "/parts/"


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the page."""

    content: bytes
    kind: str
    mark: str


@cache
def parts() -> dict[str, Part]:
    """Return the files of the page by name, read once."""
    found = {}
    for name, (path, kind) in _FILES.items():
        content = (_HERE / path).read_bytes()
        found[name] = Part(content, kind, hashlib.sha256(content).hexdigest()[:16])
    return found


def page(station: str, station_name: str, hospital: str) -> str:
    """Return the page in the language in use."""
    addresses = {
        re.sub(r"\W", "_", name).lower(): html.escape(f"{PARTS_PATH}{name}?v={part.mark}")
        for name, part in parts().items()
    }
    words = _words()
    template = Template((_HERE / "served/page.html").read_text("utf-8"))
    return template.substitute(
        addresses,
        language="zh-CN" if chosen_language() == "zh" else "en",
        title=html.escape(f"{station} {station_name}  {hospital}".strip()),
        socket=html.escape(SOCKET_PATH),
        words=html.escape(json.dumps(words, ensure_ascii=False)),
        opening=html.escape(words["opening"]),
        no_script=html.escape(_("This page needs JavaScript; allow it for this address.")),
    )


def _words() -> dict[str, str]:
    return {
        "opening": _("Opening the station. Please wait."),
        "lost": _(
            "No connection to the station. Nothing works here until the network is back; trying again."
        ),
        "busy": _("Somebody is logged in at this station in another window. Close that one; trying again."),
        "held": _("This station is open on the PC it lives on. Close the app there; trying again."),
        "taken": _("Another window has taken this station over, because nobody was logged in here."),
        "ended": _("The app is closed. Everything recorded is on disk; drafts are kept."),
        "slow": _("The connection is too slow for the picture; opening again. Drafts are kept."),
        "again": _("Open again (Enter)"),
        "paper": _("Meanwhile go on by paper; it is entered later."),
    }


def headers_for(origin: str) -> dict[str, str]:
    """Return the headers every answer has; ``origin`` is the page's own, "https://10.0.0.5:8471"."""
    socket_origin = origin.replace("http", "ws", 1)
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self' 'unsafe-inline'",  # the terminal writes its colours and cell sizes as a style sheet
        "font-src": "'self'",
        "connect-src": f"'self' {socket_origin}",
        "img-src": "data:",  # the empty picture in the page's tab
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), usb=(), serial=()",
        "Cache-Control": "no-store",
        "Server": "downtime",
    }
