"""Runs every fuzzer of a build: python3 test/fuzz/run.py BUILD --seconds N [NAME...]

Each runs for N seconds from its seeds (corpus/NAME) and what earlier runs found (BUILD/test/fuzz/found/NAME). Prints one
line for each and ends with 1 when one crashed, leaked or hung; its input is kept in BUILD/test/fuzz/crashes."""
import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

options = argparse.ArgumentParser()
options.add_argument("build", type=pathlib.Path)
options.add_argument("--seconds", type=int, default=60)
options.add_argument("--jobs", type=int, default=os.cpu_count())
options.add_argument("names", nargs="*")
args = options.parse_intermixed_args()
here = pathlib.Path(__file__).resolve().parent
folder = (args.build / "test" / "fuzz").resolve()
targets = [path for path in sorted(folder.glob("fuzz_*")) if path.is_file() and os.access(path, os.X_OK)]
targets = [path for path in targets if not args.names or path.name.removeprefix("fuzz_") in args.names]
if not targets:
    sys.exit(f"no fuzzer in {folder}")


def run(path):
    name = path.name.removeprefix("fuzz_")
    found, crashes = folder / "found" / name, folder / "crashes"
    found.mkdir(parents=True, exist_ok=True)
    crashes.mkdir(exist_ok=True)
    done = subprocess.run([path, f"-max_total_time={args.seconds}", "-timeout=20", "-rss_limit_mb=2048", "-max_len=65536", "-print_final_stats=1",
                           f"-artifact_prefix={crashes}/{name}-", found, here / "corpus" / name], capture_output=True,
                          env=os.environ | {"LSAN_OPTIONS": f"print_suppressions=0:suppressions={here.parent / 'lsan.supp'}"})
    return name, done.returncode, done.stderr.decode(errors="replace")


failed = False
print(f"{'fuzzer':<20}{'inputs run':>14}{'a second':>10}{'edges':>8}  result")
with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
    for name, code, words in pool.map(run, targets):
        count = re.search(r"number_of_executed_units: (\d+)", words)
        rate = re.search(r"average_exec_per_sec:\s+(\d+)", words)
        edges = re.findall(r"cov: (\d+)", words)
        figures = f"{count[1] if count else '-':>14}{rate[1] if rate else '-':>10}{edges[-1] if edges else '-':>8}"
        print(f"{name:<20}{figures}  {'no fault' if code == 0 else 'FAILED'}", flush=True)
        if code != 0:
            failed = True
            print(words[-4000:])
sys.exit(1 if failed else 0)
