"""What only one operating system has is called in one module."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tests.tidy.sources import PACKAGES, files, imported, listed, name_of, tree_of

if TYPE_CHECKING:
    from collections.abc import Iterator

THE_MODULE = "downtime/os_calls.py"
MODULES = {
    *("fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"),
    *("ctypes", "msvcrt", "winreg", "winsound", "platform"),
}
ATTRIBUTES = {
    "os": {
        *(
            "chmod",
            "chown",
            "fchmod",
            "fork",
            "forkpty",
            "getegid",
            "geteuid",
            "getgid",
            "getloadavg",
            "getpgid",
        ),
        *(
            "getuid",
            "kill",
            "killpg",
            "mkfifo",
            "mknod",
            "name",
            "nice",
            "O_CLOEXEC",
            "O_DIRECTORY",
            "O_NOFOLLOW",
        ),
        *(
            "O_NONBLOCK",
            "openpty",
            "posix_fallocate",
            "pread",
            "pwrite",
            "sched_getaffinity",
            "setpgid",
            "setsid",
        ),
        *(
            "startfile",
            "statvfs",
            "sync",
            "sysconf",
            "ttyname",
            "umask",
            "uname",
            "wait",
            "waitid",
            "waitpid",
        ),
    },
    "signal": {
        *("SIGALRM", "SIGCHLD", "SIGCONT", "SIGHUP", "SIGKILL", "SIGPIPE", "SIGQUIT", "SIGSTOP", "SIGTSTP"),
        *("SIGTTIN", "SIGTTOU", "SIGUSR1", "SIGUSR2", "SIGWINCH", "alarm", "pause", "setitimer", "sigwait"),
    },
    "sys": {"platform", "getwindowsversion"},
    "time": {"CLOCK_BOOTTIME", "clock_gettime", "clock_gettime_ns", "tzset"},
}
METHODS = {"chmod", "lchmod", "mkfifo"}

# (file, call) -> why there too
ELSEWHERE: dict[tuple[str, str], str] = {}


def _one_system_only(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for line, module in imported(tree):
        root, _, name = module.partition(".")
        if root in MODULES or name in ATTRIBUTES.get(root, ()):
            yield line, module
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute):
            continue
        owner = node.value.id if isinstance(node.value, ast.Name) else ""
        if node.attr in ATTRIBUTES.get(owner, ()) or (node.attr in METHODS and owner != "os"):
            yield node.lineno, f"{owner}.{node.attr}"


def test_only_one_module_knows_the_operating_system() -> None:
    """Everything else runs unchanged on Windows and Linux."""
    found = [
        f"{name_of(path)}:{line}: {what}"
        for path in files(*PACKAGES)
        if name_of(path) != THE_MODULE
        for line, what in _one_system_only(tree_of(path))
        if (name_of(path), what) not in ELSEWHERE
    ]
    assert not found, listed(found)


def test_the_rule_would_notice() -> None:
    """The scan finds what it is for."""
    sample = ast.parse(
        "import fcntl\nfrom signal import SIGKILL\nos.fork()\npath.chmod(0o600)\nos.replace(a, b)"
    )
    assert {what for _, what in _one_system_only(sample)} == {
        "fcntl",
        "signal.SIGKILL",
        "os.fork",
        "path.chmod",
    }
