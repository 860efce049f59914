# Validates each instance of a JSON list on standard input by the schema whose path is the first argument; prints a JSON list of what is wrong with each, null for nothing.
import json
import sys

import jsonschema

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
json.dump([next((error.json_path + ": " + error.message for error in validator.iter_errors(instance)), None) for instance in json.load(sys.stdin)], sys.stdout)
