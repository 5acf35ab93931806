"""The printer profile: the section ``[printer]`` of ``station.toml``, and what each kind of printer needs."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

PaperName = Literal["80", "58", "a5", "241x93", "241x140", "241x280"]
"""Rolls of 80 and 58 mm, A5 across, and 241 mm continuous forms of 93, 140 and 280 mm."""

PAPERS: dict[str, tuple[PaperName, ...]] = {
    "pdf_folder": ("80", "58", "a5", "241x93", "241x140", "241x280"),
    "cups": ("a5", "80", "58", "241x93", "241x140", "241x280"),
    "escpos": ("80", "58"),
    "escp": ("241x140", "241x93", "241x280"),
}
"""The papers of each kind that ships; the first is the usual one."""

_RAW_KINDS = ("escp", "escpos")
_RAW_PORT, _CUPS_PORT = 9100, 631


class PrinterSettings(BaseModel):
    """Where receipts come out, on what paper, and how.

    Lengths are what the mechanics count in: ``nudge`` and ``creep`` in 1/180 inch (0.14 mm), ``nudge_across``
    in 1/60 inch (0.42 mm).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")] = "pdf_folder"
    folder: str = ""
    device: str = ""
    host: str = ""
    port: Annotated[int, Field(ge=0, le=65_535)] = 0
    queue: Annotated[str, Field(pattern=r"^[^-\x00-\x1f][^\x00-\x1f]{0,119}$|^$")] = ""
    timeout_seconds: Annotated[int, Field(ge=1, le=60)] = 8
    paper: PaperName | Literal[""] = ""
    drawing: Literal["", "text", "raster"] = ""
    code_page: Literal["gb18030", "gbk", "gb2312"] = "gb18030"
    qr: Literal["raster", "native"] = "raster"
    cut: Literal["partial", "full", "none"] = "partial"
    parts: Annotated[int, Field(ge=1, le=3)] = 1
    carbon: bool = True
    part_names: Annotated[tuple[Annotated[str, Field(max_length=20)], ...], Field(max_length=3)] = ()
    part_names_en: Annotated[tuple[Annotated[str, Field(max_length=20)], ...], Field(max_length=3)] = ()
    nudge: Annotated[int, Field(ge=-30, le=30)] = 0
    nudge_across: Annotated[int, Field(ge=-30, le=30)] = 0
    creep: Annotated[int, Field(ge=-30, le=30)] = 0
    options: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _each_kind_has_what_it_needs(self) -> Self:
        ways = [name for name in ("device", "host", "queue") if getattr(self, name)]
        if self.kind in _RAW_KINDS and len(ways) != 1:
            raise ValueError(f"a printer of kind {self.kind} needs one of device, host or queue")
        if self.kind == "cups" and not self.queue:
            raise ValueError("a printer of kind cups needs the name of its queue")
        allowed = PAPERS.get(self.kind)
        if self.paper and allowed is not None and self.paper not in allowed:
            raise ValueError(f"a printer of kind {self.kind} takes paper {', '.join(allowed)}")
        return self

    @property
    def paper_in(self) -> PaperName:
        """The paper in the printer: as set, or the usual one of its kind."""
        return self.paper or PAPERS.get(self.kind, ("80",))[0]

    @property
    def port_used(self) -> int:
        """The TCP port: as set, or the usual one."""
        return self.port or (_CUPS_PORT if self.kind == "cups" else _RAW_PORT)

    @property
    def draws_text(self) -> bool:
        """Whether letters are sent as codes and drawn by the printer, rather than sent as dots."""
        return self.drawing == "text" or (self.drawing == "" and self.kind == "escp")
