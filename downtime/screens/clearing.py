"""Memory is cleared while nobody types: Python would look through all of it in the middle of a key.

A closed dialog is a ring of objects that only the collector finds. Left alone, it looks through everything again and
again just when screens open and close, which holds up a key by as much as opening the screen takes.
"""

from __future__ import annotations

import gc

from textual._styles_cache import StylesCache

LOOK_SECONDS = 1
QUIET_MS = 300
"""Between two words one rests longer than this, between two keys of a word not."""
HANDING_OUT_SECONDS = 0.2
"""Once a receipt stands, the hands are at the drawer: the best moment there is."""
SELDOM = (700, 10, 40)
"""Python's own thresholds but for the last: it looks through everything a quarter as often by itself."""
_WORTH_IT = 2


def clear_seldom() -> None:
    """Leave out of every search what is loaded now, and search everything seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)


def clear() -> None:
    """Clear memory now: the less there is, the sooner it is done."""
    # Textual remembers colours by who asked, and so keeps the painted lines of a thousand closed widgets.
    StylesCache.get_inner_outer.cache_clear()
    gc.collect()


def clear_if_quiet(quiet_ms: int) -> None:
    """Clear memory if nobody has touched a key for a moment and enough has been thrown away."""
    if quiet_ms >= QUIET_MS and gc.get_count()[2] >= _WORTH_IT:
        clear()
