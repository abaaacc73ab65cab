"""Accounts whose name changed at their platform: the same account must not begin a second life under its new name."""

from __future__ import annotations

import json
from collections.abc import Iterable

from model import Account
from storage import Storage

SAME = """
WITH named AS (SELECT json_extract(value, '$[0]') AS account, json_extract(value, '$[1]') AS platform, json_extract(value, '$[2]') AS id
               FROM json_each(?))
SELECT n.account, old.account FROM named n JOIN accounts old ON old.platform = n.platform AND old.remote_id = coalesce(
    nullif(n.id, ''), (SELECT nullif(remote_id, '') FROM accounts WHERE account = n.account))
WHERE old.account NOT IN (SELECT account FROM named)
AND (SELECT min(walk) FROM walks WHERE account = old.account) < ifnull((SELECT min(walk) FROM walks WHERE account = n.account), 1e18)
ORDER BY 1, 2
"""


def twice_known(storage: Storage, named: Iterable[Account]) -> list[tuple[str, str]]:
    """Accounts of the settings that have the id of one that was read before and is named no more, by key: (now, before)."""
    rows = [[account.account, account.platform, account.remote_id] for account in named]
    return storage.connection.execute(SAME, (json.dumps(rows),)).fetchall()
