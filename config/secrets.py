"""Secrets: where they come from, where they are kept, and how they are kept out of everything else.

Sources, first found wins: `MECRA_<PLATFORM>_<NAME>` in the environment, the file named by `MECRA_<PLATFORM>_<NAME>_FILE`,
a file `mecra_<platform>_<name>` in systemd's `CREDENTIALS_DIRECTORY`, and `secrets.toml` (mode 0600) in the data directory.
"""

from __future__ import annotations

import json
import os
import re
import stat
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, quote_plus, unquote

from model import MecraError
from words import _

MASK = "***"
MOST_TOKENS = 64
SHORTEST = 6
IN_URLS = "!#$%&'()*+,/:;=?@[]~"  # what requests leaves as it is in a URL
SHAPES = re.compile(
    r"""(?ix)
    ((?:access_token|refresh_token|input_token|fb_exchange_token|client_secret|appsecret_proof|oauth_\w+|code|key)
       (?:="?|%3D|\\*["']\s*:\s*\\*["']))[^&\s"'<>\\]+
    | (\b(?:Bearer|Basic|OAuth)(?:\s|%20)+(?!oauth_))[\w\-.~+/=%|]{6,}
    | (x-goog-api-key["']?\s*[:=]\s*["']?)[^\s"',]+
    """
)


class Secrets:
    """The secrets of one institution. Never printed: its `repr` says only which names are set."""

    def __init__(self, environ: Mapping[str, str], path: Path | None = None) -> None:
        self._environ, self.path = environ, path
        self._stored = _read_file(path) if path else {}
        self._passing: dict[str, None] = {}
        self._tokens: dict[str, None] = {}
        self._forms: list[str] | None = None
        self._kept_at = path.stat().st_mtime_ns if path and path.exists() else 0

    def __repr__(self) -> str:
        return f"Secrets({', '.join(sorted(f'{p}.{n}' for p, names in self._stored.items() for n in names))})"

    def get(self, platform: str, name: str) -> str | None:
        variable = f"MECRA_{platform}_{name}".upper()
        if value := self._environ.get(variable):
            return value.strip()
        named = self._environ.get(f"{variable}_FILE")
        directory = self._environ.get("CREDENTIALS_DIRECTORY")
        if named or (directory and (Path(directory) / variable.lower()).is_file()):
            file = Path(named) if named else Path(directory or "") / variable.lower()
            try:
                value = file.read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
                raise MecraError(
                    _("{variable}_FILE names {file}, which can't be read: {reason}").format(
                        variable=variable, file=file, reason=reason
                    )
                ) from None
            self.remember(value)
            return value
        self._reread()
        return self._stored.get(platform, {}).get(name)

    def _reread(self) -> None:
        """See what `mecra auth` has kept since, in another process: a daemon lives for months."""
        if self.path and self.path.exists() and self.path.stat().st_mtime_ns != self._kept_at:
            self._kept_at = self.path.stat().st_mtime_ns
            self._adopt(_read_file(self.path))

    def put(self, platform: str, **values: str) -> None:
        """Keep values that a platform handed out, durably, before the first of them is used.

        The file is replaced whole and atomically, so that a crash leaves the old tokens or the new ones.
        """
        if self.path is None:
            raise MecraError(_("no secrets file is set, so nothing can be kept: run `mecra init` first"))
        with self.rotation():
            stored = {part: dict(names) for part, names in self._stored.items()}
            stored.setdefault(platform, {}).update(values)
            lines = ["# Written by mecra. Mode 0600; keep it out of backups that others read."]
            for part, names in sorted(stored.items()):
                lines += ["", f"[{part}]", *(f"{name} = {_quoted(value)}" for name, value in sorted(names.items()))]
            _replace(self.path, "\n".join(lines) + "\n")
            self._adopt(stored)

    @contextmanager
    def rotation(self) -> Iterator[None]:
        """Alone among this institution's processes, with what the others have kept: for tokens that can be used once."""
        if self.path is None:
            yield
            return
        from filelock import FileLock

        self.path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{self.path}.lock", is_singleton=True):
            self._adopt(_read_file(self.path))
            yield

    def _adopt(self, stored: dict[str, dict[str, str]]) -> None:
        """Go on with these; what they replace may still be valid at the platform, and stays a secret."""
        self._pass_on()
        self._stored, self._forms = stored, None

    def _pass_on(self) -> None:
        """Remember what is valid now, the newest last: X changes its tokens every two hours, a daemon lives for months."""
        valid = self._values()
        for value in valid:
            self._passing.pop(value, None)
            self._passing[value] = None
        for value in list(self._passing)[: -(len(valid) + MOST_TOKENS)]:
            del self._passing[value]

    def remember(self, value: str) -> None:
        """Keep a secret that lives in memory only (an access token) out of every text from now on.

        The newest of them: a token lives an hour or two, a daemon for months.
        """
        if value not in self._tokens:
            self._tokens[value] = None
            if len(self._tokens) > MOST_TOKENS:
                del self._tokens[next(iter(self._tokens))]
            self._forms = None

    def redact(self, text: str) -> str:
        """`text` without any known secret, as it is or percent-encoded, and without anything of a token's shape."""
        return SHAPES.sub(lambda m: (m[1] or m[2] or m[3] or "") + MASK, self.strip(text))

    def strip(self, text: str) -> str:
        """`text` without any known secret: the cheap half of `redact`, for whole bodies."""
        if self._forms is None:
            self._pass_on()
            forms = {
                form
                for value in self._passing.keys() | self._tokens.keys()
                for form in _spellings(value)
                if len(value) >= SHORTEST <= len(form)
            }
            self._forms = sorted(forms, key=len, reverse=True)
        for form in self._forms:
            if form in text:
                text = text.replace(form, MASK)
        return text

    def _values(self) -> set[str]:
        known = {value for names in self._stored.values() for value in names.values()}
        for variable, value in self._environ.items():
            if variable.startswith("MECRA_") and re.search(r"TOKEN|SECRET|KEY|PASSWORD", variable):
                known.add(value.strip())
                if variable.endswith("_FILE"):
                    known.discard(value.strip())
                    known.add(_read_quietly(Path(value)))
        if directory := self._environ.get("CREDENTIALS_DIRECTORY"):
            known |= {_read_quietly(file) for file in Path(directory).glob("mecra_*")}
        return {value for value in known if len(value) >= SHORTEST}


def _spellings(value: str) -> Iterator[str]:
    """Every way in which a text may quote a secret: plain, percent-encoded (once or twice), as JSON or Python write it."""
    for plain in {value, unquote(value)}:
        quoted = json.dumps(plain)[1:-1]
        yield from (
            plain,
            quoted,
            quoted.replace("/", "\\/"),
            json.dumps(plain, ensure_ascii=False)[1:-1],
            json.dumps(quoted)[1:-1],
        )
        yield from (repr(plain)[1:-1], repr(plain.encode())[2:-1])
        for encoded in (quote(plain, safe=""), quote_plus(plain), quote(plain), quote(plain, IN_URLS), quote(quote(plain, ""), "")):
            yield from (encoded, re.sub("%[0-9A-F]{2}", lambda m: m[0].lower(), encoded))


def _read_quietly(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _read_file(path: Path) -> dict[str, dict[str, str]]:
    if not path.exists():
        return {}
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise MecraError(_("{path} can be read by others: run `chmod 600 {path}`").format(path=path))
    try:
        loaded = tomllib.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise MecraError(
            _("{path} is not TOML in UTF-8: {name}; restore it from a backup").format(path=path, name=type(error).__name__)
        ) from None
    return {
        part: {str(n): str(v) for n, v in names.items() if not isinstance(v, (dict, list))}
        for part, names in loaded.items()
        if isinstance(names, dict)
    }


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if ord(c) >= 32 and ord(c) != 127 else f"\\u{ord(c):04x}" for c in escaped) + '"'


def _replace(path: Path, text: str) -> None:
    """Alone (`rotation`): what lies beside it was left by one that was killed in here."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for leftover in path.parent.glob(".secrets-*"):
        leftover.unlink(missing_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".secrets-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
