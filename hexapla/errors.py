"""What can go wrong, told so that it can be mended: the place, what was found, what was expected, the fix.

Exit codes of the `hexapla` command:
0 done · 1 a check found faults, or faulty tasks were set aside · 2 wrong usage · 3 input refused · 4 an extra is not installed ·
5 a server is not there, or failed · 6 it refused the token · 7 it is no Label Studio · 8 its project is gone or was changed ·
9 its project has another labelling configuration.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from types import ModuleType


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. `where` is a file, with `:line` where there is one; `code` is stable and greppable."""

    code: str
    where: str
    found: str
    expected: str = ""
    fix: str = ""

    def to_json(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in self.__slots__}

    def __str__(self) -> str:
        text = f"{self.where}: {self.found}"
        if self.expected:
            text += f"; expected {self.expected}"
        if self.fix:
            text += f". {self.fix[0].upper()}{self.fix[1:]}"
        return f"{text} [{self.code}]"


class HexaplaError(Exception):
    """Base of all errors raised on purpose. Carries one or more faults."""

    exit_code = 3

    def __init__(self, faults: Fault | Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = (faults,) if isinstance(faults, Fault) else tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


class InputError(HexaplaError):
    """A file or argument is refused; nothing was written."""


class CheckFailed(HexaplaError):
    """A check ran to its end and found faults."""

    exit_code = 1


class MissingExtra(HexaplaError):
    """An optional library is needed and not installed."""

    exit_code = 4


class ServerError(HexaplaError):
    """A server could not be reached, or refused."""

    exit_code = 5


class TokenRefused(ServerError):
    """The server does not know the token, or none was given."""

    exit_code = 6


class WrongAddress(ServerError):
    """What answers there is not the server that was meant."""

    exit_code = 7


class ProjectChanged(ServerError):
    """The project on the server is gone, or no longer what was pushed."""

    exit_code = 8


class ConfigDiffers(ServerError):
    """The project's labelling configuration would give results that do not fit the tasks."""

    exit_code = 9


def need(module: str, extra: str) -> ModuleType:
    """Import an optional library, or say which extra brings it."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise MissingExtra(
            Fault(
                "missing-extra",
                module,
                f"not importable ({error})",
                f"the extra [{extra}]",
                f"run pip install 'hexapla[{extra}]'",
            )
        ) from error
