"""What can be recorded, one file per paper form. ``forms.catalogue`` lists them all.

The list is loaded when somebody asks for it: a login screen that only folds full-width digits does without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from forms.catalogue import FORMS, STATION_FORMS, form_named, people_form_named

__all__ = ["FORMS", "STATION_FORMS", "form_named", "people_form_named"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from forms import catalogue

        return getattr(catalogue, name)
    raise AttributeError(name)
