"""Asks a running stack everything that the API's document offers, in every role: the owner in
full, the others one example of each operation. An answer that the document does not foresee, or a
5xx of any kind, fails.

    check_api.py <base address> <document> <scratch folder>
"""

import json
import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

CHECKS = ",".join([
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "ignored_auth",
])
# The same requests tomorrow: a commit has one result.
ALWAYS = ["--checks", CHECKS, "--generation-deterministic", "--no-color",
          "--continue-on-failure", "--warnings", "off"]
IN_FULL = ["--phases", "examples,coverage,fuzzing,stateful", "--max-examples", "25"]
ONE_EXAMPLE = ["--phases", "examples,fuzzing", "--max-examples", "1"]


class Stack:
    def __init__(self, base):
        self.base = base

    def ask(self, method, path, body=None, token=None):
        """The answer's JSON, or its text where it is none."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"content-type": "application/json", "accept": "application/json"}
        if token:
            headers["authorization"] = f"Bearer {token}"
        request = urllib.request.Request(self.base + path, data, headers, method=method)
        with urllib.request.urlopen(request) as answer:
            text = answer.read().decode()
        return json.loads(text) if text[:1] in "[{" else text

    def wait(self):
        for _ in range(300):
            try:
                return self.ask("GET", "/local/clock")
            except OSError:
                time.sleep(0.1)
        sys.exit(f"nothing answers at {self.base}")

    def token(self, role):
        return self.ask("POST", "/local/token", {"role": role})["token"]


def records(stack):
    """A record of each kind, for the paths that name one: by the path's beginning."""
    owner = stack.token("owner")
    stack.ask("POST", "/f/contact", {"email": "contact@example.com", "name": "Zoé Dupont"})
    stack.ask("POST", "/local/drain")
    preferences = re.search("/p/([a-z2-7]{32})", json.dumps(stack.ask("GET", "/local/mailbox.json")))[1]
    customer = stack.ask("GET", "/v1/customers", token=owner)["items"][0]["id"]
    stack.ask("POST", "/v1/products", {"name": {"fr": "Miel"}, "prices": {"EUR": 1999}}, owner)
    link = stack.ask("POST", f"/v1/customers/{customer}/order-links", {}, owner)["url"].rsplit("/", 1)[1]
    export = stack.ask("POST", "/v1/exports", {"what": "customers", "format": "csv"}, owner)["id"]
    return [
        ("/v1/customers/{id}", "id", customer),
        ("/v1/exports/{id}", "id", export),
        ("/o/{token}", "token", link),
        ("/p/{token}", "token", preferences),
    ]


def configuration(file, of_records):
    """Gives the paths real records, where an example would find nothing."""
    entries = []
    for path, name, value in of_records:
        pattern = json.dumps("^" + re.escape(path))
        entries.append(f'[[operations]]\ninclude-path-regex = {pattern}\nparameters = {{ "path.{name}" = "{value}" }}\n')
    file.write_text("\n".join(entries))
    return file


def run(stack, document, config, role, how):
    print(f"-- {role}", flush=True)
    command = [str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(config), "run", str(document)]
    command += ["--url", stack.base, *ALWAYS, *how]
    if role != "nobody":
        command += ["--header", f"Authorization: Bearer {stack.token(role)}"]
    return subprocess.run(command, cwd=config.parent).returncode


def main():
    base, document, scratch = sys.argv[1:]
    stack, document, scratch = Stack(base), Path(document).resolve(), Path(scratch).resolve()
    stack.wait()
    of_records = records(stack)
    links = configuration(scratch / "links.toml", [entry for entry in of_records if entry[1] == "token"])
    everything = configuration(scratch / "records.toml", of_records)
    failed = [role for role in ("manager", "seller", "viewer", "nobody") if run(stack, document, everything, role, ONE_EXAMPLE)]
    failed += ["owner"] if run(stack, document, links, "owner", IN_FULL) else []
    if failed:
        sys.exit(f"not as documented: {', '.join(failed)}")


main()
