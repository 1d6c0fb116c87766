"""docs/law-map.md keeps up with the law files: what is unverified there is said here, and nothing else is. TAP."""
import json
import os
import pathlib
import re

root = pathlib.Path(os.environ["TOKATSU_SOURCE"])
text = (root / "docs" / "law-map.md").read_text(encoding="utf-8")
said = set(re.findall(r"^\| `([^`]+)` \| `[^`]+\.json`", text.split("## Not verified", 1)[1], re.M))
files = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in sorted((root / "law" / "jp").glob("*.json"))}
unverified = {entry["id"] for doc in files.values() for entry in doc["entries"] if not entry["verified"]}
missing = sorted(name for name in files if f"`{name}`" not in text)
checks = [("every unverified entry is listed", unverified <= said, sorted(unverified - said)),
          ("nothing is listed that is verified by now", said <= unverified, sorted(said - unverified)),
          ("every file is on the map", not missing, missing)]
print(f"1..{len(checks)}")
for number, (name, ok, what) in enumerate(checks, 1):
    print(f"{'ok' if ok else 'not ok'} {number} - {name}" + ("" if ok else f"\n# {what}"))
