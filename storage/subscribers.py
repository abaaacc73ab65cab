"""The exact number of a channel's subscribers, which YouTube rounds: the view `aboneler`, for the program itself."""

from __future__ import annotations

from datetime import date

from storage import Storage


def exact_subscribers(storage: Storage, account: str) -> dict[date, int]:
    """Subscribers at the end of each Pacific day: the base in the settings, plus what each day since then gained and lost.

    A day is left out from the first one on that is not known; empty where there is no base.
    """
    rows = storage.connection.execute("SELECT gun, abone FROM aboneler WHERE hesap = ? AND tam", (account,))
    return {date.fromisoformat(day): subscribers for day, subscribers in rows}
