"""Runs benchmarks: python3 test/bench/run.py BUILD_DIR [NAME...]; prints what each measured.

A benchmark is either bench_NAME.py here, with run(build_dir) -> [(what, figure)...], or a program
BUILD_DIR/test/bench/bench_NAME that prints lines "what<TAB>figure". Figures are this machine's, at this moment."""
import importlib.util
import os
import pathlib
import subprocess
import sys
import unicodedata

here = pathlib.Path(__file__).resolve().parent
build = pathlib.Path(sys.argv[1]).resolve()


def scripts():
    return {path.stem.removeprefix("bench_"): path for path in sorted(here.glob("bench_*.py"))}


def programs():
    found = sorted((build / "test" / "bench").glob("bench_*"))
    return {path.name.removeprefix("bench_"): path for path in found if path.is_file() and os.access(path, os.X_OK)}


def run_script(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.run(build)


def run_program(path):
    done = subprocess.run([path], check=True, capture_output=True, text=True)
    return [tuple(line.split("\t", 1)) for line in done.stdout.splitlines() if "\t" in line]


def width(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


known = {name: (run_script, path) for name, path in scripts().items()} | {name: (run_program, path) for name, path in programs().items()}
wanted = sys.argv[2:] or sorted(known)
unknown = [name for name in wanted if name not in known]
if unknown:
    sys.exit(f"no benchmark {', '.join(unknown)}; there are: {', '.join(sorted(known))}")
failed = False
for name in wanted:
    run, path = known[name]
    print(f"== {name}", flush=True)
    try:
        for what, figure in run(path):
            print(f"{what}{' ' * max(2, 56 - width(what) - len(figure))}{figure}", flush=True)
    except (subprocess.CalledProcessError, SystemExit, OSError) as why:
        failed = True
        print(f"   failed: {why}")
sys.exit(1 if failed else 0)
