"""X's tokens and prices: renewed safely, never seen, never over the budget."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collectors.base import CollectError, Gone, OverBudget, Refused
from collectors.budget import Budget, limits
from config.secrets import Secrets
from sandbox.server import Sandbox
from sandbox.world import World
from tests.collectors.x_walks import ACCOUNT, APP, FIGURES, NOW, OAUTH1, OUTCOMES, USER, Attempt, begun, made, truth


@pytest.fixture(scope="module")
def world() -> World:
    return World(start=date(2025, 12, 28), end=date(2026, 2, 1))


@pytest.fixture
def box(world: World) -> Iterator[Sandbox]:
    with Sandbox(world, now=NOW) as box:
        yield box


# -- money


def test_a_quote_is_never_below_the_price(box: Sandbox) -> None:
    spent: list[tuple[str, int]] = []

    class Watching(Budget):
        def check(self, bucket: str, now: datetime, quote: int) -> None:
            spent.append((bucket, quote))

    budget = Watching((), lambda bucket, since: (0, 0))
    attempt = Attempt(made(box, budget=budget), begun("posts"))
    assert [(e.bucket, e.cost <= quote) for e, (_, quote) in zip(attempt.exchanges, spent, strict=True)] == [("x", True)] * len(
        spent
    )
    user, page = attempt.exchanges
    rows = len(json.loads(page.body)["data"])
    assert (user.cost, page.cost, spent[1][1]) == (10_000, rows * 1_000, 100_000)


@pytest.mark.parametrize(("environ", "settings"), [(APP, {}), (OAUTH1, {"owned_reads": False})])
def test_without_owned_reads_a_post_costs_five_times_as_much(
    box: Sandbox, environ: dict[str, str], settings: dict[str, Any]
) -> None:
    attempt = Attempt(made(box, environ, **settings), begun("posts", days=3))
    assert attempt.exchanges[-1].cost == 5_000 * len(json.loads(attempt.exchanges[-1].body)["data"])


def test_no_request_over_the_budget(box: Sandbox) -> None:
    budget = Budget(limits({"x": {"cost_per_day": 50_000}}), lambda bucket, since: (0, 0))
    attempt = Attempt(made(box, budget=budget), begun("posts"))
    assert isinstance(attempt.error, OverBudget)
    assert box.counts() == {"x/2/users/me": 1}


def test_a_dry_run_names_the_requests_and_their_price(box: Sandbox) -> None:
    x = made(box, dry=True)
    with pytest.raises(CollectError):
        x.fetch(ACCOUNT, "posts", begun("posts"))
    assert [(url.split("?")[0].removeprefix(box.url), cost) for _, url, cost in x.door.planned] == [
        ("/x/2/users/me", 10_000), ("/x/2/users/:id/tweets", 100_000),
    ]  # fmt: skip
    with pytest.raises(CollectError):
        x.fetch(replace(ACCOUNT, remote_id=USER), "private", begun("private"))
    assert x.door.planned[-1][1].startswith(f"{box.url}/x/2/users/{USER}/tweets?")
    assert not box.asked


# -- tokens


def test_the_id_is_asked_for_once(box: Sandbox) -> None:
    memo = Attempt(made(box), begun("posts")).walk.memo
    Attempt(made(box), begun("posts", memo=memo))
    Attempt(made(box), begun("private", memo=memo))
    assert box.counts()["x/2/users/me"] == 1
    profile = Attempt(made(box), begun("profile", memo=memo))
    assert profile.figures
    assert box.asked[-1].path == f"/2/users/{USER}"
    Attempt(made(box, APP), begun("posts", memo=memo))  # other tokens: whether the reads are owned is asked anew
    assert box.counts()[f"x/2/users/by/username/{ACCOUNT.handle}"] == 1


def test_a_known_id_needs_no_look_up(box: Sandbox) -> None:
    attempt = Attempt(made(box, APP), begun("posts"), replace(ACCOUNT, remote_id=USER))
    assert len(attempt.exchanges) == 1


def test_tokens_of_another_account_read_this_one_as_a_stranger(box: Sandbox, world: World) -> None:
    other = replace(ACCOUNT, handle="baskasi", account="x:baskasi")
    error = Attempt(made(box), begun("posts"), other).error
    assert isinstance(error, Gone)  # the sandbox has no other account: what matters is that our own is not taken for it
    assert [r.path for r in box.asked] == ["/2/users/me", "/2/users/by/username/baskasi"]


def test_no_tokens_is_refused_with_the_names_of_the_variables(box: Sandbox) -> None:
    error = Attempt(made(box, {"MECRA_X_API_KEY": "sandbox-x-key"}), begun("profile")).error
    assert isinstance(error, Refused)
    assert "MECRA_X_ACCESS_TOKEN" in str(error)
    assert "MECRA_X_API_KEY" not in str(error)
    assert "mecra auth x" in str(error)


def test_a_wrong_signature_is_refused(box: Sandbox) -> None:
    error = Attempt(made(box, {**OAUTH1, "MECRA_X_ACCESS_SECRET": "not-the-secret"}), begun("profile")).error
    assert isinstance(error, Refused)


def test_whoami(box: Sandbox) -> None:
    assert made(box).whoami() == (USER, "ornekbelediye")
    with pytest.raises(Refused):
        made(box, APP).whoami()


@pytest.fixture
def secrets_file(tmp_path: Path) -> Path:
    path = tmp_path / "secrets.toml"
    Secrets({}, path).put(
        "x", refresh_token="sandbox-x-refresh", client_id="sandbox-x-client", client_secret="sandbox-x-client-secret"
    )
    return path


def test_oauth2_tokens_are_renewed_and_kept_before_use(box: Sandbox, world: World, secrets_file: Path) -> None:
    first = Attempt(made(box, {}, path=secrets_file), begun("posts"))
    assert first.error is None
    assert first.figures.items() >= truth(world, NOW, FIGURES).items()
    assert Secrets({}, secrets_file).get("x", "refresh_token") == "sandbox-x-refresh-1"
    other = made(box, {}, path=secrets_file)  # knows the tokens of now
    box.now = NOW + timedelta(hours=3)
    Attempt(made(box, {}, path=secrets_file), begun("profile"))
    assert Secrets({}, secrets_file).get("x", "access_token2") == "sandbox-x-user-2"
    assert Attempt(other, begun("profile")).error is None  # finds the newer ones in the file instead of using the old refresh token
    assert box.counts()["x/2/oauth2/token"] == 2
    box.now = NOW


def test_two_at_once_renew_once(box: Sandbox, secrets_file: Path) -> None:
    results: list[Attempt] = []
    threads = [
        threading.Thread(target=lambda: results.append(Attempt(made(box, {}, path=secrets_file), begun("profile"))))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [attempt.error for attempt in results] == [None] * 4
    assert box.counts()["x/2/oauth2/token"] == 1


def test_a_refresh_token_used_twice_is_refused(box: Sandbox, secrets_file: Path) -> None:
    box.state["x_refresh"] = "something-else"
    error = Attempt(made(box, {}, path=secrets_file), begun("profile")).error
    assert isinstance(error, Refused)
    assert "refresh token" in str(error)
    assert "mecra auth x" in str(error)


def test_a_refresh_token_in_the_environment_is_pointed_out_and_the_new_one_kept(box: Sandbox, tmp_path: Path) -> None:
    environ = {"MECRA_X_REFRESH_TOKEN": "sandbox-x-refresh", "MECRA_X_CLIENT_ID": "sandbox-x-client"}
    error = Attempt(made(box, environ, path=tmp_path / "secrets.toml"), begun("profile")).error
    assert isinstance(error, Refused)
    assert "MECRA_X_REFRESH_TOKEN" in str(error)
    assert Secrets({}, tmp_path / "secrets.toml").get("x", "refresh_token") == "sandbox-x-refresh-1"
    nowhere = Attempt(made(box, environ), begun("profile")).error
    assert isinstance(nowhere, Refused)


@pytest.mark.parametrize("fault", [None, *OUTCOMES])
def test_no_token_leaves_anywhere(
    box: Sandbox, fault: str | None, secrets_file: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    box.state["x_page"] = 30
    caplog.set_level(logging.DEBUG)
    attempts = []
    for environ in (OAUTH1, APP, {}):
        if fault:
            box.fault(fault, "x/2", skip=1)
        attempts.append(Attempt(made(box, environ, path=None if environ else secrets_file), begun("posts")))
    secrets = [*OAUTH1.values(), *APP.values(), "sandbox-x-refresh", "sandbox-x-user", "sandbox-x-client-secret"]
    printed = capfd.readouterr()
    told = "".join(
        [caplog.text, printed.out, printed.err]
        + [f"{a.error!r} {a.error} {a.walk} {a.records} {a.exchanges}" for a in attempts]
        + [e.body.decode("utf-8", "replace") for a in attempts for e in a.exchanges]
    )
    assert not [secret for secret in secrets if secret in told]
    assert "oauth_signature=" not in told
    assert told
