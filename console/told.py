"""What the global options and the environment say; settings and secrets are read when a command first wants them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from model import MecraError
from words import LANGUAGES, _

if TYPE_CHECKING:
    from config import Settings
    from config.secrets import Secrets
    from scheduler import Jobs

LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Told:
    """`environ` is handed in, because cli.py alone looks at the environment."""

    environ: Mapping[str, str]
    config: str | None = None
    level: str | None = None
    log_json: bool = False

    def settings(self) -> Settings:
        from config import find, load

        return load(find(self.environ, self.config), self.environ)

    def language(self) -> str:
        """The settings' language; Turkish while there are none that can be read."""
        try:
            return self.settings().language
        except MecraError:
            return LANGUAGES[0]

    def person(self, named: str | None) -> str:
        """Who does something by hand: the name given, `$MECRA_USER`, or the login name. Raises MecraError where that is no name."""
        import getpass

        name = named if named is not None else self.environ.get("MECRA_USER") or ""
        if named is None and not name:
            with suppress(OSError, KeyError):  # a user that the machine has no name for
                name = getpass.getuser()
        visible = "".join(c if c.isprintable() else " " if c.isspace() else "" for c in name)
        name = " ".join(visible.split())
        if not any(c.isalpha() for c in name) or len(name) > LONGEST_NAME:
            raise MecraError(_("{name!r} is nobody's name: write --by NAME, or set MECRA_USER").format(name=name[:LONGEST_NAME]))
        return name

    def ready(self, level: str = "warning") -> tuple[Settings, Secrets]:
        """Settings and secrets, with a log that no secret gets into."""
        from config.secrets import Secrets
        from console.logs import write_log

        settings = self.settings()
        secrets = Secrets(self.environ, settings.data / "secrets.toml")
        write_log(self.level or level, secrets.redact, as_json=self.log_json)
        return settings, secrets

    def jobs(self, level: str = "warning") -> tuple[Settings, Secrets, Jobs]:
        """And what collects, on a database that is up to date with the settings."""
        from scheduler import Jobs

        settings, secrets = self.ready(level)
        jobs = Jobs(settings, secrets)
        jobs.prepare()
        return settings, secrets, jobs
