"""What the global options and the environment say; settings and secrets are read when a command first wants them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from model import MecraError
from words import LANGUAGES

if TYPE_CHECKING:
    from config import Settings
    from config.secrets import Secrets
    from scheduler import Jobs


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
