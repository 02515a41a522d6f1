"""Reads typed values from environment variables; a wrong one is named, its value never repeated."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)?")
UNIT_S = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86_400}
HOST_NAME = re.compile(r"(?!-)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


class SettingsError(Exception):
    """A variable is missing or malformed; the message is one sentence that names it."""


class Environment:
    """The variables; an empty one counts as not set."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables

    def text(self, name: str) -> str | None:
        """The text."""
        return self._variables.get(name, "").strip() or None

    def required(self, name: str, *, because: str) -> str:
        """The text, which must be there."""
        if (value := self.text(name)) is None:
            raise SettingsError(f"{name} is missing: {because}.")
        return value

    def choice(self, name: str, default: str, *, among: Sequence[str]) -> str:
        """One of the words."""
        value = self.text(name) or default
        if value not in among:
            raise SettingsError(f"{name} must be one of {', '.join(among)}.")
        return value

    def number(self, name: str, default: int, *, least: int = 1, most: int) -> int:
        """A whole number within its bounds."""
        value = self.text(name)
        if value is None:
            return default
        if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
            raise SettingsError(f"{name} must be a whole number from {least} to {most}.")
        return int(value)

    def duration(self, name: str, default: timedelta) -> timedelta:
        """A span of time above zero: `30`, `30s`, `15m`, `12h`, `30d`."""
        value = self.text(name)
        if value is None:
            return default
        match = DURATION.fullmatch(value)
        if match is None or float(match[1]) == 0:
            raise SettingsError(
                f"{name} must be a span of time such as 30 (seconds), 500ms, 15m, 12h or 30d."
            )
        try:
            return timedelta(seconds=float(match[1]) * UNIT_S[match[2] or "s"])
        except OverflowError:
            raise SettingsError(f"{name} is too long a span of time.") from None

    def path(self, name: str, default: Path | None = None) -> Path | None:
        """A path."""
        value = self.text(name)
        return Path(value).expanduser() if value else default

    def url(self, name: str, *, schemes: Sequence[str], example: str) -> str | None:
        """An address of one of the schemes, with a host."""
        value = self.text(name)
        if value is None:
            return None
        try:
            parts = urlsplit(value)
            known = parts.scheme in schemes and bool(parts.hostname)
            _ = parts.port
        except ValueError:
            known = False
        if not known:
            # SECURITY: the value may hold a password, so it is not repeated.
            raise SettingsError(f"{name} must be an address such as {example}.")
        return value

    def host(self, name: str, default: str) -> str:
        """A host name."""
        value = self.text(name) or default
        if not HOST_NAME.fullmatch(value):
            raise SettingsError(f"{name} must be a host name such as {default}.")
        return value.lower()

    def numbered_hosts(
        self, name: str, default: tuple[tuple[int, str], ...]
    ) -> tuple[tuple[int, str], ...]:
        """Host names by number: `50=cq.example.org,51=sc.example.org`."""
        value = self.text(name)
        if value is None:
            return default
        found = {}
        for part in value.split(","):
            number, _, host = part.strip().partition("=")
            if not (number.isascii() and number.isdigit() and HOST_NAME.fullmatch(host)):
                raise SettingsError(f"{name} must be such as 50=cq.example.org,51=sc.example.org.")
            found[int(number)] = host.lower()
        return tuple(sorted(found.items()))
