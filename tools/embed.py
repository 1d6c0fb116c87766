"""Puts folders into one C source as a GResource, so that the program needs no files beside it.

usage: embed.py ROOT OUT.c DEPFILE FOLDER...    FOLDER is relative to ROOT; one that is missing is empty."""
import os
import pathlib
import subprocess
import sys
import tempfile
from xml.sax.saxutils import escape

root, out, depfile = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
files, watched = [], []
for folder in sys.argv[4:]:
    top = root / folder
    if not top.is_dir():  # its parent's time changes when it appears
        watched.append(next(p for p in top.parents if p.is_dir()))
        continue
    for here, folders, names in os.walk(top):
        folders.sort()
        watched.append(pathlib.Path(here))
        files += [(pathlib.Path(here) / name).relative_to(root).as_posix() for name in sorted(names) if not name.startswith(".")]

with tempfile.NamedTemporaryFile("w", suffix=".xml", encoding="utf-8") as manifest:
    manifest.write('<gresources><gresource prefix="/tokatsu">\n')
    manifest.writelines(f"<file>{escape(name)}</file>\n" for name in files)
    manifest.write("</gresource></gresources>\n")
    manifest.flush()
    subprocess.run(["glib-compile-resources", "--generate-source", "--c-name", "tk_assets",
                    "--sourcedir", str(root), "--target", out, manifest.name], check=True)


def quoted(path):
    return str(path).replace(" ", "\\ ").replace("$", "$$")


with open(depfile, "w", encoding="utf-8") as deps:
    deps.write(f"{out}: " + " ".join(quoted(p) for p in watched + [root / name for name in files]) + "\n")
