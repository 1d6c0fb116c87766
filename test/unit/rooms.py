"""The house rules, read from the include lines: doors, floors and cycles. TAP on standard output.

docs/architecture.md draws the same thing; the table below is its one machine-readable form."""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1]) / "src"

FLOOR = {"base": 0}
FLOOR |= dict.fromkeys("law network risk ledger control inventory detect route share xlsx report rules survey supply".split(), 1)
FLOOR |= dict.fromkeys("store auth".split(), 2)
FLOOR |= dict.fromkeys("service".split(), 3)
FLOOR |= dict.fromkeys("intake http cli".split(), 4)
# Rooms of the thinking floor know base and, of each other, only these.
SAME_FLOOR = {("risk", "network"), ("risk", "law"), ("report", "law"), ("report", "xlsx"), ("rules", "law"), ("http", "intake"), ("cli", "http"),
              ("cli", "intake"), ("auth", "store")}
# The thinking floor is pure: no clock, no files, no sockets, no processes.
IMPURE = re.compile(r"\b(fopen|open|socket|time|clock_gettime|g_get_real_time|g_get_monotonic_time|g_file_[a-z_]+|"
                    r"getenv|system|popen|fork|rand|random|g_random_[a-z_]+)\s*\(")

problems = {"doors": [], "floors": [], "cycles": [], "pure": [], "statics": []}
edges = {}
for path in sorted(root.rglob("*.[ch]")):
    room = path.relative_to(root).parts[0]
    if room not in FLOOR:
        problems["floors"].append(f"{path}: no floor is known for room {room}")
        continue
    text = path.read_text(encoding="utf-8")
    code = re.sub(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\])*\"", lambda m: " " if m[0][0] == "/" else m[0], text, flags=re.S)
    for number, line in enumerate(text.splitlines(), 1):
        include = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
        if not include:
            continue
        target = pathlib.PurePosixPath(include[1])
        if len(target.parts) == 1:
            continue  # a generated or same-folder header
        other = target.parts[0]
        if other == room:
            continue
        where = f"{path.relative_to(root)}:{number}"
        edges.setdefault(room, set()).add(other)
        if str(target) != f"{other}/{other}.h":
            problems["doors"].append(f"{where} includes {target}; the door of {other} is {other}/{other}.h")
        if other not in FLOOR:
            problems["floors"].append(f"{where} includes an unknown room {other}")
        elif FLOOR[other] > FLOOR[room] or (FLOOR[other] == FLOOR[room] and (room, other) not in SAME_FLOOR):
            problems["floors"].append(f"{where}: {room} may not know {other}")
    if FLOOR[room] == 1:
        bare = re.sub(r'"(?:\\.|[^"\\])*"', '""', code)
        for match in IMPURE.finditer(bare):
            problems["pure"].append(f"{path.relative_to(root)} calls {match[1]}(): the thinking floor is pure")
        for match in re.finditer(r"^static (?!const|inline|_Thread_local)[\w ]+[ *]\w+(\[[^\]]*\])?( = [^;]*)?;", bare, re.M):
            if "(" not in match[0]:
                problems["statics"].append(f"{path.relative_to(root)}: {match[0]} is mutable static state")


def reach(start):
    seen, todo = set(), [start]
    while todo:
        for nxt in edges.get(todo.pop(), ()):
            if nxt not in seen:
                seen.add(nxt)
                todo.append(nxt)
    return seen


problems["cycles"] = [f"room {room} depends on itself" for room in edges if room in reach(room)]

names = {"doors": "a room includes only the doors of other rooms", "floors": "arrows point down only",
         "cycles": "no room depends on itself", "pure": "the thinking floor has no clock and no I/O",
         "statics": "the thinking floor keeps no mutable globals"}
print(f"1..{len(names)}")
for number, (key, name) in enumerate(names.items(), 1):
    print(f"{'not ok' if problems[key] else 'ok'} {number} - {name}")
    for problem in problems[key]:
        print(f"# {problem}")
sys.exit(1 if any(problems.values()) else 0)
