"""Colours of the two looks. Every mode has its own, beside its word and its shape."""

from __future__ import annotations

from textual.theme import Theme

_MODES = {
    "outage": "#c62828",
    "text-on-outage": "#ffffff",
    "drill": "#6a4fb3",
    "text-on-drill": "#ffffff",
    "normal": "#2e7d4f",
    "text-on-normal": "#ffffff",
    "closed": "#3d4f5e",
    "text-on-closed": "#ffffff",
    "text-on-warning": "#201400",
    "text-on-error": "#ffffff",
}

RICH = Theme(
    name="downtime",
    primary="#4c8dae",
    secondary="#88a7b5",
    accent="#f2c14e",
    warning="#f0a030",
    error="#b3332e",
    success="#7fd1a0",
    foreground="#e8eef2",
    background="#10171c",
    surface="#17212a",
    panel="#1e2b36",
    boost="#26394a",
    dark=True,
    variables={
        **_MODES,
        "topline": "#243543",
        "rule": "#33485a",
        "block-cursor-foreground": "#10171c",
        "block-cursor-background": "#f2c14e",
        "input-cursor-background": "#f2c14e",
        "input-cursor-foreground": "#10171c",
        "input-selection-background": "#4c8dae 60%",
    },
)

PLAIN = Theme(
    name="downtime-plain",
    primary="#00a0a0",
    secondary="#c0c0c0",
    accent="#ffff00",
    warning="#ffff00",
    error="#c00000",
    success="#00ff00",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#000080",
    boost="#000080",
    dark=True,
    variables={
        **_MODES,
        "outage": "#c00000",
        "drill": "#800080",
        "normal": "#006000",
        "text-on-warning": "#000000",
        "topline": "#000080",
        "rule": "#000080",
        "block-cursor-foreground": "#000000",
        "block-cursor-background": "#ffff00",
        "input-cursor-background": "#ffff00",
        "input-cursor-foreground": "#000000",
        "input-selection-background": "#008080",
    },
)

THEMES = (RICH, PLAIN)
