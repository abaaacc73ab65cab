"""The page loop: a page's records and its progress stand or fall together, whatever happens in between."""

from __future__ import annotations

from collections.abc import Callable

from scheduler import Jobs
from storage import opened
from tests.fakes import Server, Small


def test_a_walk_stores_every_page(jobs_at: Callable[..., Jobs]) -> None:
    small = Small()
    with Server(small.answer) as server:
        jobs = jobs_at(server.url)
        [run] = jobs.collect(jobs.settings.accounts)
    assert not run.failed and run.walk and run.walk.outcome == "done", run
    assert run.walk.pages == small.pages == len(server.asked)
    with opened(jobs.settings.database, jobs.settings.zone) as storage:
        assert storage.connection.execute("SELECT count(*) FROM posts").fetchone() == (20,)
