"""Asks a running stack everything that the API's document offers, in every role: the owner in
full, the others one example of each operation. An answer that the document does not foresee, or a
5xx of any kind, fails.

    check_api.py <base address> <document> <scratch folder>
"""

import json
import re
import struct
import subprocess
import sys
import time
import urllib.request
import zlib
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

    def ask(self, method, path, body=None, token=None, **named):
        """The answer's JSON, or its text where it is none."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"content-type": "application/json", "accept": "application/json", **named}
        if token:
            headers["authorization"] = f"Bearer {token}"
        request = urllib.request.Request(self.base + path, data, headers, method=method)
        with urllib.request.urlopen(request) as answer:
            text = answer.read().decode()
        return json.loads(text) if text.startswith(("[", "{")) else text

    def wait(self):
        for _ in range(300):
            try:
                return self.ask("GET", "/local/clock")
            except OSError:
                time.sleep(0.1)
        sys.exit(f"nothing answers at {self.base}")

    def token(self, role):
        """Of somebody with these roles: `seller health` has both."""
        return self.ask("POST", "/local/token", {"roles": role.split()})["token"]


def records(stack):
    """A record of each kind: the beginning of the paths that name it, and what stands there."""
    owner = stack.token("owner")
    # All of it comes from one network.
    limits = {"limits": {"per_address_per_minute": 10000, "per_form_per_minute": 10000}}
    stack.ask("PATCH", "/v1/forms/contact", limits, owner, **{"if-match": "*"})
    # The last one is there to be deleted.
    for email in ["contact@example.com", "leaving@example.com"]:
        stack.ask("POST", "/f/contact", {"email": email, "name": "Zoé Dupont"})
        stack.ask("POST", "/local/drain")
    mails = stack.ask("GET", "/local/mailbox.json")
    preferences, leaving = [re.search("/p/([a-z2-7]{32})", json.dumps(mail))[1] for mail in mails]
    customer = stack.ask("GET", "/v1/customers?q=contact", token=owner)["items"][0]["id"]
    product = stack.ask("POST", "/v1/products", {"name": {"fr": "Miel"}, "prices": {"EUR": 1999}}, owner)["id"]
    image = picture(stack, product, owner)
    link = stack.ask("POST", f"/v1/customers/{customer}/order-links", {}, owner)["url"].rsplit("/", 1)[1]
    export = stack.ask("POST", "/v1/exports", {"what": "customers", "format": "csv", "purpose": "Bilan"}, owner)["id"]
    note = stack.ask("POST", f"/v1/customers/{customer}/notes", {"text": "Rappeler"}, owner)["id"]
    group = stack.ask("POST", "/v1/groups", {"name": "Pro"}, owner)["id"]
    line = {"name": "Miel", "quantity": 1, "unit_price_minor": 950}
    order = {"customer_id": customer, "channel": "store", "lines": [line]}
    order = stack.ask("POST", "/v1/orders", order, owner)["id"]
    stack.ask("POST", f"/v1/orders/{order}/refunds", {"amount_minor": 1}, owner)
    stack.ask("PUT", f"/v1/customers/{customer}/tags/vip", {}, owner)
    stack.ask("POST", f"/v1/customers/{customer}/interactions", {"kind": "call"}, owner)
    consent = {"purpose": "geolocation", "state": "withdrawn"}
    stack.ask("POST", f"/v1/customers/{customer}/consents", consent, owner)
    form = stack.ask("POST", "/v1/forms", {"name": "Salon"}, owner)["id"]
    submission = stack.ask("POST", "/f/contact", {"email": "junk@example.com", "_gotcha": "x"})["receipt"]
    other = {"name": "Zoe Dupond", "email": "zoe@example.com"}
    other = stack.ask("POST", "/v1/customers", other, owner)["id"]
    job = stack.ask("POST", f"/v1/customers/{customer}/merge", {"other": other}, owner)["id"]
    return {
        "/v1/customers/{id}/tags/{tag}": {"id": customer, "tag": "vip"},
        "/v1/customers/{id}/notes/{note}": {"id": customer, "note": note},
        "/v1/customers/{id}": {"id": customer},
        "/v1/groups/{id}": {"id": group},
        "/v1/forms/{id}": {"id": form},
        "/v1/submissions/{id}": {"id": submission},
        "/v1/orders/{id}": {"id": order},
        "/v1/exports/{id}": {"id": export},
        "/v1/jobs/{id}": {"id": job},
        "/images/{image}": {"image": image},
        "/o/{token}": {"token": link},
        "/p/{token}/deletion": {"token": leaving},
        "/p/{token}": {"token": preferences},
    }


def picture(stack, product, owner):
    """The image of a product: a PNG of one grey pixel."""
    file = b"\x89PNG\r\n\x1a\n"
    for kind, data in [
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0\x80")),
        (b"IEND", b""),
    ]:
        file += struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    said = {"content_type": "image/png", "size": len(file)}
    upload = stack.ask("POST", f"/v1/products/{product}/image-uploads", said, owner)
    urllib.request.urlopen(urllib.request.Request(upload["url"], file, upload["headers"], method=upload["method"]))
    attach = {"upload": upload["upload"]}
    stack.ask("PUT", f"/v1/products/{product}/image", attach, owner, **{"if-match": "*"})
    return upload["upload"]


def configuration(file, of_records):
    """Gives the paths real records, where an example would find nothing."""
    tables = []
    for path, values in of_records.items():
        values = ", ".join(f'"path.{name}" = "{value}"' for name, value in values.items())
        pattern = json.dumps("^" + re.escape(path))
        tables.append(f"[[operations]]\ninclude-path-regex = {pattern}\nparameters = {{ {values} }}\n")
    file.write_text("\n".join(tables))
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
    everything = configuration(scratch / "records.toml", of_records)
    # The owner's run finds and makes records by itself; what public pages are opened by it can't.
    secrets = {path: values for path, values in of_records.items() if values.keys() & {"token", "image"}}
    secrets = configuration(scratch / "secrets.toml", secrets)
    others = ["manager", "seller", "seller health", "viewer", "nobody"]
    failed = [role for role in others if run(stack, document, everything, role, ONE_EXAMPLE)]
    failed += [role for role in ["owner"] if run(stack, document, secrets, role, IN_FULL)]
    if failed:
        sys.exit(f"not as documented: {', '.join(failed)}")


main()
