"""The panel in a server of its own."""

from __future__ import annotations

from config import Settings
from config.plan_file import load_plan
from model import Clock
from panel.app import panel
from panel.guard import LOOPBACK, Guard, hashed
from panel.shell import Shell
from words import _


def application(settings: Settings, *, now: Clock, password: str = "", user_header: str = "", hosts: tuple[str, ...] = ()) -> Guard:
    """The panel over the settings' database; `hosts` are further names that it is asked for under."""
    shell = Shell(
        database=settings.database,
        zone=settings.zone,
        institution=settings.institution or "mecra",
        load_plan=lambda: load_plan(settings.plan, settings.path.parent / "metrics"),
        now=now,
        language=settings.language,
    )
    return panel(shell, hosts=(*LOOPBACK, *hosts), password=hashed(password) if password else "", user_header=user_header)


def serve(settings: Settings, *, host: str, port: int, password: str, user_header: str, now: Clock) -> None:
    """Answer until Ctrl-C or SIGTERM."""
    import uvicorn

    names = tuple(str(name) for name in settings.panel.get("hosts", ()))
    app = application(settings, now=now, password=password, user_header=user_header, hosts=(host, *names))
    print(_("The panel: {address} (Ctrl-C ends it)").format(address=f"http://{host}:{port}/"), flush=True)
    uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False, date_header=True, proxy_headers=False)
