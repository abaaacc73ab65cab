"""The exact number of a channel's subscribers, which YouTube rounds: the view `aboneler`, for the program itself."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from model import Period, from_text, to_text
from storage import Storage
from storage.knowledge import Known
from storage.levels import LevelReading


def exact_subscribers(storage: Storage, account: str) -> dict[date, int]:
    """Subscribers at the end of each Pacific day: the base in the settings, plus what each day since then gained and lost.

    A day is left out from the first one on that is not known; empty where there is no base.
    """
    rows = storage.connection.execute("SELECT gun, abone FROM aboneler WHERE hesap = ? AND tam", (account,))
    return {date.fromisoformat(day): subscribers for day, subscribers in rows}


BASE = """
SELECT reading, day, value, exact FROM readings
WHERE account = ? AND post IS NULL AND metric = 'followers_base' AND day <= ? AND (response IS NULL OR response <= ?)
ORDER BY until DESC, at DESC, reading DESC LIMIT 1
"""
MOVES = """
SELECT count(*), coalesce(sum(CASE metric WHEN 'follows' THEN value ELSE -value END), 0), max(response)
FROM (SELECT metric, value, response, row_number() OVER (PARTITION BY metric, day ORDER BY at DESC, reading DESC) AS newest
      FROM readings WHERE account = ? AND post IS NULL AND metric IN ('follows', 'unfollows') AND day > ? AND day <= ?
      AND (response IS NULL OR response <= ?))
WHERE newest = 1
"""
PACIFIC = ZoneInfo("America/Los_Angeles")


def exact_level(storage: Storage, account: str, edge: str, known: Known) -> LevelReading | None:
    """The exact number at the end of the last Pacific day that ended by an instant (UTC text); None where a day is missing.

    Its reading is the base that it starts from.
    """
    at = min(edge, known.text)
    last = from_text(at).astimezone(PACIFIC).date() - timedelta(days=1)
    base = storage.connection.execute(BASE, (account, last.isoformat(), known.response)).fetchone()
    if base is None:
        return None
    reading, day, value, exact = base
    days = (last - date.fromisoformat(day)).days
    moves, change, response = storage.connection.execute(MOVES, (account, day, last.isoformat(), known.response)).fetchone()
    if moves != 2 * days:
        return None
    ended = to_text(Period.midnight(last + timedelta(days=1), PACIFIC))
    return LevelReading(reading, value + change, ended, ended, bool(exact), response)
