"""Every module is somebody's concern in the tests."""

from __future__ import annotations

from tests.tidy.sources import PACKAGES, files, imported, listed, name_of, tree_of

# module -> why no test imports it by name
REACHED_OTHERWISE = {
    "downtime.__main__": "started as a process by the tests of the commands",
    "sync.__main__": "started as a process by the tests of the commands",
}


def _module(name: str) -> str:
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def test_every_module_is_named_by_a_test() -> None:
    """A module no test imports is either untested or unneeded."""
    named = {module for path in files("tests") for _, module in imported(tree_of(path))}
    modules = {_module(name_of(path)) for path in files(*PACKAGES) if path.stat().st_size > 0}
    missed = sorted(modules - named - set(REACHED_OTHERWISE) - set(PACKAGES))
    # A package is reached through any module in it.
    missed = [module for module in missed if not any(name.startswith(f"{module}.") for name in named)]
    assert not missed, listed(missed)


def test_exceptions_have_a_reason() -> None:
    """Each exception says how the module is reached instead."""
    assert all(reason.strip() for reason in REACHED_OTHERWISE.values())
