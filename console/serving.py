"""The panel in a server of its own."""

from __future__ import annotations

import socket
import threading
from contextlib import closing

from config import Settings
from config.plan_file import load_plan
from model import Clock, MecraError
from panel.ahead import keep_ahead
from panel.app import panel
from panel.guard import LOOPBACK, PROXIES, Guard, hashed
from panel.shell import Shell
from storage.database import connect, pending
from words import _


def shell_of(settings: Settings, now: Clock) -> Shell:
    """The panel's view of the settings' database."""
    return Shell(
        database=settings.database,
        zone=settings.zone,
        institution=settings.institution or "mecra",
        load_plan=lambda: load_plan(settings.plan, settings.path.parent / "metrics"),
        now=now,
        language=settings.language,
        accounts=tuple(settings.accounts),
        budgets=settings.budgets,
    )


def application(
    settings: Settings,
    *,
    now: Clock,
    password: str = "",
    user_header: str = "",
    hosts: tuple[str, ...] = (),
    shell: Shell | None = None,
) -> Guard:
    """The panel over the settings' database; `hosts` are further names that it is asked for under."""
    shell = shell or shell_of(settings, now)
    return panel(
        shell,
        hosts=(*LOOPBACK, *hosts),
        password=hashed(password) if password else "",
        user_header=user_header,
        proxies=(*PROXIES, *settings.panel.get("proxies", ())),
    )


def serve(settings: Settings, *, host: str, port: int, password: str, user_header: str, now: Clock) -> None:
    """Answer until Ctrl-C or SIGTERM; port 0 takes any that is free. Raises MecraError where the port is taken, and for a database that
    is damaged or a newer mecra's: every page would say so."""
    import uvicorn

    if settings.database.exists():
        with closing(connect(settings.database, read_only=True)) as connection:
            pending(connection, settings.database)
    try:
        listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise MecraError(
            _("port {port} of {host} can't be had ({reason}): name another one with --port").format(
                port=port, host=host, reason=error.strerror
            )
        ) from None
    names = tuple(str(name) for name in settings.panel.get("hosts", ()))
    shell, over = shell_of(settings, now), threading.Event()
    app = application(settings, now=now, password=password, user_header=user_header, hosts=(host, *names), shell=shell)
    address = f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}/"
    print(_("The panel: {address} (Ctrl-C ends it)").format(address=address), flush=True)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", server_header=False, proxy_headers=False))
    threading.Thread(target=keep_ahead, args=(shell, over), name="ahead", daemon=True).start()
    server.run(sockets=[listening])
    over.set()
