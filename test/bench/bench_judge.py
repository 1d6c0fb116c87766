"""`tokatsu judge` on a million synthetic accidents, on one core: time, rate and peak memory; and memory on a tenth of
them, which shows whether it grows with the input."""
import os
import pathlib
import subprocess
import sys
import tempfile
import time

NAME = "judge"


def once(program, path):
    begin = time.perf_counter()
    with open(os.devnull, "wb") as sink:
        child = subprocess.Popen([program, "judge", path], stdout=sink)
        _, status, used = os.wait4(child.pid, 0)
    if status != 0:
        raise SystemExit(f"judge ended with status {status}")
    return time.perf_counter() - begin, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def run(build):
    program = str(pathlib.Path(build) / "tokatsu")
    here = pathlib.Path(__file__).parent
    with tempfile.TemporaryDirectory() as folder:
        memory = {}
        for rows in (100_000, 1_000_000):
            path = os.path.join(folder, f"{rows}.csv")
            with open(path, "wb") as out:
                subprocess.run([sys.executable, here / "judge_rows.py", str(rows)], stdout=out, check=True)
            wall, cpu, memory[rows] = min(once(program, path) for _ in range(3))
        return [("1,000,000 accidents, wall time", f"{wall:.2f} s"), ("  processor time, one core", f"{cpu:.2f} s"),
                ("  accidents a second", f"{1_000_000 / wall:,.0f}"), ("  peak memory", f"{memory[1_000_000]:.1f} MB"),
                ("  peak memory of 100,000", f"{memory[100_000]:.1f} MB")]
