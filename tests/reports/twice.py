"""A report written by another process, which numbers its hashes and reads its clock otherwise."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
_CODE = (
    "import importlib, pathlib, sys; from tests.reports.sample import sample; "
    "importlib.import_module('reports.' + sys.argv[1]).write(sample(), pathlib.Path(sys.argv[2]))"
)


def written_elsewhere(writer: str, path: Path, hashes: str, zone: str) -> Path:
    environ = {**os.environ, "PYTHONHASHSEED": hashes, "TZ": zone}
    subprocess.run([sys.executable, "-c", _CODE, writer, str(path)], cwd=ROOT, env=environ, check=True)
    return path
