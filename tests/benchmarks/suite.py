"""How long `make test` takes once everything is installed: its part of docs/benchmarks.md."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time

import machine
import report
from rows import row
from surroundings import ROOT

BAR = 10.0


def main() -> int:
    """Run it once; its own status when it fails, 1 when it takes too long."""
    if shutil.which("make") is None:
        raise SystemExit("there is no make here")
    load, began = machine.load(), time.perf_counter()
    status = subprocess.run(["make", "test"], cwd=ROOT, check=False).returncode
    if status:
        return status
    minutes = (time.perf_counter() - began) / 60
    found = row("`make test` once installed", [minutes], "min", bar=BAR)
    body = report.table([found])
    remark = "Made by `python tests/benchmarks/suite.py`."
    report.write({"tests": report.part("tests", body, load, remark)})
    sys.stdout.write(body)
    return 0 if found.met else 1


if __name__ == "__main__":
    sys.exit(main())
