"""Condenses the OSCAL JSON schema to the names, types and cardinalities that `tokatsu oscal check` holds a document to.

    python3 tools/oscal_models.py oscal_complete_schema.json > frameworks/oscal/models.json

The schema of a new OSCAL release goes in, one line an object comes out (docs/oscal-models.md says how it is read). Descriptions
stay behind. Whatever this script does not understand is an error, so that nothing of a new schema is lost in silence."""
import json
import sys

schema = json.load(open(sys.argv[1], encoding="utf-8"))
definitions = schema["definitions"]
IGNORED = {"title", "description", "$id", "$comment", "minItems"}  # every array of OSCAL has at least one item
BASE = {"boolean": "boolean", "string": "string", "number": "number", "integer": "integer", "object": "object"}


def kebab(name):
    name = name.removesuffix("Datatype")
    out = ""
    for i, c in enumerate(name):
        if c.isupper() and i and not name[i - 1].isupper():
            out += "-"
        out += c.lower()
    return out


def name_of(reference):
    key = reference.removeprefix("#/definitions/")
    if key.endswith("Datatype"):
        return kebab(key)
    return key.split(":", 1)[1] if ":" in key else key


names, objects = {}, {}
datatypes = {kebab(key) for key in definitions if key.endswith("Datatype")}  # an alias of the same name is that type
for key in definitions:
    short = name_of("#/definitions/" + key)
    if not key.endswith("Datatype") and short in names.values() and short not in datatypes:  # the same short name in two of the models: the later one carries its model's name
        short = key.removeprefix("oscal-complete-oscal-").replace(":", ".")
    names["#/definitions/" + key] = short


def closed(options):
    """anyOf with an enumeration is an open list of suggestions, allOf a closed one."""
    return "|".join(next(o["enum"] for o in options if "enum" in o))


def type_of(spec, path):
    spec = {k: v for k, v in spec.items() if k not in IGNORED}
    if set(spec) == {"$ref"}:
        return names[spec["$ref"]]
    if set(spec) == {"type", "items"}:
        return type_of(spec["items"], path) + "[]"
    if set(spec) == {"allOf"}:
        base = next(type_of(o, path) for o in spec["allOf"] if "enum" not in o)
        return base + "=" + closed(spec["allOf"])
    if set(spec) == {"anyOf"} and [o.get("type") for o in spec["anyOf"]] == [None, "array"]:
        return type_of(spec["anyOf"][0], path) + "[?]"  # one, or a list
    if set(spec) == {"anyOf"} and any("enum" in o for o in spec["anyOf"]):
        return next(type_of(o, path) for o in spec["anyOf"] if "enum" not in o)
    if set(spec) == {"enum"}:
        return "string=" + "|".join(spec["enum"])
    if "properties" in spec or "anyOf" in spec:
        objects[path] = object_of(spec, path)
        return path
    if spec.get("type") == "object":
        if spec.get("additionalProperties") is False:
            return "empty"
        if isinstance(spec.get("additionalProperties"), dict):
            return type_of(spec["additionalProperties"], path) + "{}"
        return "object"
    if set(spec) == {"type", "minimum"} or set(spec) <= {"type"}:
        return BASE[spec["type"]]
    raise SystemExit(f"{path}: {spec}")


def object_of(spec, path):
    choices = spec.get("anyOf") or spec.get("oneOf") or [spec]
    known = {"type", "properties", "required", "additionalProperties", "anyOf", "oneOf"} | IGNORED
    if set(spec) - known or any(set(c) - known for c in choices):
        raise SystemExit(f"{path}: {sorted(set(spec) - known)}")
    fields = {}
    for choice in choices:
        for key, value in choice["properties"].items():
            fields[key] = type_of(value, f"{path}.{key}")
    out = {"fields": fields}
    required = [set(c.get("required", [])) for c in choices]
    always = set.intersection(*required)
    if always:
        out["required"] = sorted(always)
    if len(choices) > 1:
        out["either"] = [
            {k: v for k, v in (("without", sorted(set(fields) - set(c["properties"]))), ("required", sorted(r - always))) if v}
            for c, r in zip(choices, required)]
    if any(c.get("additionalProperties") is not False for c in choices):
        out["open"] = True
    return out


texts = {}
for key, spec in definitions.items():
    short = names["#/definitions/" + key]
    if not any("properties" in c for c in [spec, *spec.get("anyOf", [])]):
        if key.endswith("Datatype"):
            texts[short] = spec.get("pattern") or spec.get("$ref") or spec.get("format") or spec.get("type")
        else:
            objects[short] = {"is": type_of(spec, short)}
        continue
    objects[short] = object_of(spec, short)

# The schema of 1.2.1 has lost the flag `method`, and asks for one of flat, as-is and custom; the profile resolution specification and every
# published profile of 1.0 and 1.1 have the flag, and flat where none of the three is said.
if "merge" in objects:
    objects["merge"]["fields"]["combine"] = "merge.combine"
    objects["merge.combine"] = {"fields": {"method": "string=use-first|merge|keep"}}
    objects["merge"]["either"] = [{"without": e["without"]} for e in objects["merge"]["either"]]

documents = {}
for choice in schema["oneOf"]:
    (root,) = choice["required"]
    documents[root] = type_of(choice["properties"][root], root)

version = schema["$id"].split("/")[-2]
print("{")
print(' "about": "Names, types and cardinalities of the OSCAL models (NIST, public domain), condensed by tools/oscal_models.py",')
print(f' "oscal-version": "{version}",')
print(' "documents": ' + json.dumps(documents) + ",")
print(' "objects": {')
print(",\n".join(f'  {json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}' for k, v in objects.items()))
print(" }\n}")
for k, v in texts.items():
    print(k, v, file=sys.stderr)
