"""A second opinion on `tokatsu oscal check`: python's jsonschema with the schema that NIST publishes. Every published example must be sound
to both, and a thousand damaged ones (a field taken out, renamed, of another type, an empty list) must be unsound to both or to none.

What no schema can see (ids given twice, references to nothing) is left out of the comparison, and `format`, which python's validator
does not look at."""
import copy
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

tokatsu, shared = os.environ["TOKATSU"], os.environ.get("TOKATSU_SHARED", "")
folder = pathlib.Path(shared) / "data" / "oscal"
try:
    import jsonschema
except ImportError:
    jsonschema = None
if jsonschema is None or not folder.is_dir():
    print("1..1\nok 1 - oscal check agrees with the schema # SKIP the published documents or python3-jsonschema are not here")
    sys.exit(0)

BEYOND = ("is given twice", "leads to nothing", "to insert", "is defined in", "has the uuid")


def plain_patterns(value):
    """python's re has no \\p{…}; the documents compared here have ASCII tokens."""
    if isinstance(value, dict):
        return {k: v.replace(r"(\p{L}|_)(\p{L}|\p{N}|[.\-_])*", r"[A-Za-z_][A-Za-z0-9._\-]*") if k == "pattern" and isinstance(v, str)
                else plain_patterns(v) for k, v in value.items()}
    return [plain_patterns(v) for v in value] if isinstance(value, list) else value


schema = plain_patterns(json.loads((folder / "schema" / "oscal_complete_schema_1.2.1.json").read_text(encoding="utf-8")))
validators = {}
for choice in schema["oneOf"]:
    (kind,) = choice["required"]
    validators[kind] = jsonschema.Draft7Validator({**choice, "definitions": schema["definitions"]})


def places(value, out):
    if isinstance(value, dict):
        for key, inner in value.items():
            out.append((value, key))
            places(inner, out)
    elif isinstance(value, list):
        for inner in value:
            places(inner, out)
    return out


def damage(document, dice):
    holder, key = dice.choice(places(document, [])[1:])
    what = dice.randrange(4)
    if what == 0:
        del holder[key]
    elif what == 1:
        holder[key + "x"] = holder.pop(key)
    elif what == 2:
        holder[key] = dice.choice([7, True, [], {}, "", " x", [1], {"x": 1}])
    elif isinstance(holder[key], list):
        holder[key] = []
    return f"{('without', 'renamed', 'other value', 'empty')[what]} {key}"


def ours(document, path):
    path.write_text(json.dumps(document), encoding="utf-8")
    done = subprocess.run([tokatsu, "oscal", "check", str(path)], capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    faults = [json.loads(line) for line in done.stdout.splitlines()]
    return [f for f in faults if f["level"] == "fault" and not any(b in f["message"] for b in BEYOND)]


dice = random.Random(20261123)
wrong, compared, unsound = [], 0, 0
sources = [json.loads(p.read_text(encoding="utf-8")) for p in sorted(folder.glob("examples/*/json/*.json"))]
sources += [json.loads(p.read_text(encoding="utf-8")) for p in sorted(folder.glob("*LOW-baseline_profile.json"))]
with tempfile.TemporaryDirectory() as scratch:
    path = pathlib.Path(scratch) / "document.json"
    for source in sources:
        (kind,) = [k for k in source if k != "$schema"]
        for turn in range(60):
            document = copy.deepcopy(source)
            what = damage(document[kind], dice) if turn else "as published"
            theirs = next(validators[kind].iter_errors(document), None)
            found = ours(document, path)
            compared += 1
            unsound += theirs is not None
            # our model lets merge/combine have its method and lets flat stay unsaid (docs/oscal.md)
            if theirs is None:
                found = [f for f in found if "a URI or a reference" not in f["message"]]
            if bool(found) != (theirs is not None) and "merge" not in str(theirs and theirs.absolute_path):
                wrong.append(f"{kind} {what}: ours {found[:1]}, theirs {theirs and (list(theirs.absolute_path), theirs.message[:80])}")
print("1..2")
print(f"{'not ' if wrong else ''}ok 1 - oscal check agrees with the schema on {compared} documents")
for line in wrong[:20]:
    print("#", line)
print(f"{'' if unsound > compared / 3 else 'not '}ok 2 - enough of them are unsound ({unsound})")
sys.exit(bool(wrong))
