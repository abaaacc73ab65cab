"""The largest answer that is let in, of whatever it is made, fits into the memory that the daemon's unit allows."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.security.process import ROOT, plain

RESTING = 200  # MB of a daemon with its libraries loaded
READ = """
import resource, sys
sys.path.insert(0, sys.argv[1])
import collectors.http as http
from collectors.keeping import kept
limit = int(sys.argv[2]) << 20
resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
body = b'{"data":[' + b"{}," * ((http.MOST_BYTES - 14) // 3) + b"{}]}"
assert len(body) > http.MOST_BYTES - 16
value = http._json(body)
clean, changed = kept(value, frozenset({"data"}))
print(len(clean["data"]))
"""


def test_an_answer_of_nothing_but_brackets_does_not_end_the_daemon() -> None:
    unit = (ROOT / "docs" / "mecra.service").read_text(encoding="utf-8")
    allowed = re.search(r"^MemoryMax=(\d+)M$", unit, re.M)
    assert allowed
    room = int(allowed[1]) - RESTING
    done = subprocess.run(
        [sys.executable, "-c", READ, str(Path(ROOT)), str(room)], env=plain(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-300:]
    assert int(done.stdout) > 1_000_000
