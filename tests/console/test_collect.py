"""`mecra collect`, `status`, `show`, `rebuild` and `doctor` on a small sandbox, end to end."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from datetime import timedelta
from pathlib import Path

from model import utc_now
from sandbox.server import Sandbox
from sandbox.world import World
from storage.expiry import note_expiry
from tests.console.conftest import Call

SOCIAL = {"x:ornekbelediye", "facebook:ornekbelediye", "instagram:ornekbelediye", "youtube:ornekbelediye"}


def test_everything_is_collected_and_summed_up(call: Call, box: Sandbox, world: World, tmp_path: Path) -> None:
    came = call("collect", "--since", world.start.isoformat(), "--json")
    assert came.exit_code == 0, came.stderr
    runs = json.loads(came.stdout)["runs"]
    assert {run["account"] for run in runs} >= SOCIAL
    assert all(run["outcome"] in ("done", "partial") for run in runs)
    assert any(run["cost"].get("x") for run in runs if run["account"].startswith("x:"))
    lines = [line for line in came.stderr.splitlines() if line.startswith("✓")]
    assert len(lines) == len({run["account"] for run in runs})
    with sqlite3.connect(tmp_path / "mecra.db") as db:
        stored = {post for (post,) in db.execute("SELECT post FROM posts WHERE account = 'x:ornekbelediye'")}
    assert stored == {post.post for post in world.visible("x", box.now)}


def test_names_choose_what_is_collected(call: Call, box: Sandbox) -> None:
    came = call("collect", "youtube", "yeni-seher")
    assert came.exit_code == 0
    assert re.search(r"youtube:ornekbelediye\s+profile\s+done", came.stdout)
    assert re.search(r"feeds: 1\s+done", came.stdout)
    assert {name.partition("/")[0] for name in box.counts()} == {"youtube", "feeds"}


def test_a_dry_run_asks_nothing_and_tells_cost_and_experience(call: Call, box: Sandbox) -> None:
    first = call("collect", "x", "--dry-run")
    assert first.exit_code == 0 and box.asked == []
    assert "/2/users/" in first.stdout and "costs at most: $0.0" in first.stdout
    call("collect", "x")
    box.asked.clear()
    plans = json.loads(call("collect", "x", "--dry-run", "--json").stdout)["plans"]
    posts = next(plan for plan in plans if plan["stream"] == "posts")
    assert posts["last_walk"]["pages"] == 1 and posts["requests"][0]["cost_at_most"] > 0
    assert box.asked == []


def test_a_dry_run_shows_every_request_of_a_page_that_takes_several(call: Call, box: Sandbox) -> None:
    plans = json.loads(call("collect", "youtube", "instagram", "--dry-run", "--json").stdout)["plans"]
    asked = {(p["account"].partition(":")[0], p["stream"]): [r["url"].partition("?")[0] for r in p["requests"]] for p in plans}
    assert [url.rpartition("/")[2] for url in asked["youtube", "posts"]] == ["channels", "playlistItems", "videos"]
    assert [url.rpartition("/")[2] for url in asked["youtube", "daily"]] == ["channels", "reports"]
    assert [url.partition("v26.0/")[2] for url in asked["instagram", "stories"]] == [
        "17841400000000001/stories", ":each-story/insights",
    ]  # fmt: skip
    assert all(plan["skipped"] == "" for plan in plans) and box.asked == []


def test_one_failed_source_is_code_1_and_the_others_are_kept(call: Call, box: Sandbox) -> None:
    box.fault("html-200", "youtube")
    came = call("collect", "x", "youtube")
    assert came.exit_code == 1
    assert re.search(r"x:ornekbelediye\s+posts\s+done", came.stdout)
    assert re.search(r"youtube:ornekbelediye\s+posts\s+malformed answer", came.stdout)
    assert "✗ youtube:ornekbelediye" in came.stderr and "->" in came.stderr
    status = call("status")
    assert "✗ youtube:ornekbelediye · posts: " in status.stdout


def test_status_tells_what_is_fresh_what_is_due_and_what_it_costs(call: Call, box: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "mecra.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n[budgets.x]\nusd_per_month = 0.5\n", encoding="utf-8")
    call("collect", "x")
    said = json.loads(call("status", "--json").stdout)
    streams = {s["stream"]: s for s in said["streams"]}
    assert set(streams) == {"profile", "posts", "private"}
    assert all(s["age_seconds"] is not None and s["next_at"] > said["at"] and s["error"] == "" for s in streams.values())
    budget = next(b for b in said["budgets"] if b["bucket"] == "x")
    with sqlite3.connect(tmp_path / "mecra.db") as db:
        assert budget["used"] == db.execute("SELECT sum(cost) FROM responses WHERE bucket = 'x'").fetchone()[0]
    assert budget["most"] == 500_000 and budget["forecast"] >= budget["used"] > 0
    assert "facebook:ornekbelediye" in said["never_collected"]
    shown = call("status", language="tr").stdout
    assert "hiç toplanmadı" in shown and re.search(r"x · maliyet aylık\s+\$0,\d{3} \(%\d+,\d\)\s+\$0,500", shown)


def test_status_counts_missed_runs_gaps_and_tokens_that_end(call: Call, box: Sandbox, tmp_path: Path) -> None:
    call("collect", "x")
    note_expiry(tmp_path, "facebook", utc_now(), utc_now() + timedelta(days=5, hours=1))
    note_expiry(tmp_path, "youtube", utc_now(), None)
    with sqlite3.connect(tmp_path / "mecra.db") as db:
        db.execute("UPDATE walks SET missed = 7 WHERE stream = 'posts'")
        db.executemany(
            "INSERT INTO gaps (account, stream, metric, reason, at, until, filled_at) VALUES ('x:ornekbelediye', 'posts', ?, 'r', ?1, ?1, ?)",
            [("a", None), ("b", None), ("c", "2026-11-23T00:00:00Z")],
        )
    said = json.loads(call("status", "--json").stdout)
    posts = next(s for s in said["streams"] if s["stream"] == "posts")
    assert (posts["missed"], posts["gaps"]) == (7, 2)
    shown = call("status").stdout
    assert "(in 5 days)" in shown and "youtube: the token does not expire" in shown


def test_an_archived_answer_is_shown_with_its_checksum(call: Call, box: Sandbox, tmp_path: Path) -> None:
    call("collect", "x")
    with sqlite3.connect(tmp_path / "mecra.db") as db:
        number, url, sha256 = db.execute("SELECT response, url, sha256 FROM responses WHERE url LIKE '%tweets%' LIMIT 1").fetchone()
    came = call("show", str(number))
    assert came.exit_code == 0 and url in came.stdout and sha256 in came.stdout
    body = came.stdout.split("\n\n", 1)[1].rstrip("\n")
    assert hashlib.sha256(body.encode()).hexdigest() == sha256
    missing = call("show", "999999")
    assert missing.exit_code == 2 and "no response 999999" in missing.stderr


def test_rebuilding_finds_the_tables_equal_and_puts_back_what_was_changed(call: Call, box: Sandbox, tmp_path: Path) -> None:
    call("collect", "x")
    assert call("rebuild").exit_code == 0
    with sqlite3.connect(tmp_path / "mecra.db") as db:
        db.execute("UPDATE readings SET value = value + 1 WHERE reading = 1")
    changed = call("rebuild")
    assert changed.exit_code == 1 and "readings" in changed.stdout
    assert call("rebuild", "--apply").exit_code == 0
    assert "exactly" in call("rebuild").stdout
