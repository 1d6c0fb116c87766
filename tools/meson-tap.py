"""Runs the test programs of a meson build folder and prints all their TAP lines with the program's name.

A program that speaks no TAP, ends badly or stays silent counts as one failed test, so nothing can pass by dying."""
import concurrent.futures
import json
import os
import re
import subprocess
import sys

folder, only = sys.argv[1], set(sys.argv[2:])
tests = json.loads(subprocess.run(["meson", "introspect", folder, "--tests"], check=True, capture_output=True, text=True).stdout)
tests = [t for t in tests if not only or t["name"] in only]


def run(test):
    env = os.environ | test["env"]
    try:
        done = subprocess.run(test["cmd"], env=env, cwd=test["workdir"] or folder, capture_output=True,
                              timeout=test["timeout"] * 3)
        out, err, code = done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"), done.returncode
    except subprocess.TimeoutExpired as late:
        out, err, code = (late.stdout or b"").decode(errors="replace"), "ran out of time", -1
    lines = [line for line in out.splitlines() if re.match(r"(not )?ok ", line)]
    # cmocka writes a skipped test as "not ok N # SKIP name"; to TAP it is one that was not asked.
    lines = [re.sub(r"^(?:not )?ok (\d+) # SKIP (.*)", r"ok \1 - \2 # SKIP", line) for line in lines]
    if not lines or (code != 0 and not any(line.startswith("not ok") for line in lines)):
        lines.append(f"not ok - the program ended with {code} and {len(lines)} results")
    return test["name"], lines, out, err


with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    for name, lines, out, err in pool.map(run, tests):
        for line in lines:
            print(re.sub(r"^((?:not )?ok)(?: \d+)?(?: -)? ?", rf"\1 - {name}: ", line))
        if any(line.startswith("not ok") for line in lines):
            print(f"{name}:\n{out[-4000:]}\n{err[-6000:]}", file=sys.stderr)
