"""Deploys the template to an emulator of AWS and walks the whole story there, through the HTTP API:
form, record, link, order, e-mail, CSV. The binaries are the functions' own, their roles are enforced,
and what follows from a change follows by the deployment's triggers.

    check_deployment.py <folder of the binaries> <template> <scratch folder>
"""

import base64
import csv
import json
import re
import signal
import subprocess
import sys
import time
import urllib.request
from datetime import datetime, timedelta, timezone
from pathlib import Path

from deployment.emulator import Emulator, Stack
from deployment.roles import roles_hold
from deployment.shop import DOMAIN, EMAIL, SHOP, Desk, Site, sign_in

# A grey pixel.
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==")
CHECKOUT = Path(__file__).resolve().parent.parent
RESTORE = CHECKOUT / "infra/restore_table.py"
DELIVERY = CHECKOUT / "events/mailer/delivery.json"
DOCUMENT = CHECKOUT / "shared/openapi.json"


def until(what, found, seconds=60):
    """What `found` finds: triggers take their time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if result := found():
            return result
        time.sleep(0.1)
    sys.exit(f"never came: {what}")


class Story:
    """Each step leaves what the next one needs."""

    def __init__(self, stack):
        self.stack = stack
        self.emulator = stack.emulator
        self.site = Site(self.emulator, stack.outputs["ApiUrl"])

    def mails(self, subject):
        """To the customer, with this in the subject."""
        return [mail for mail in self.emulator.mails() if mail["To"] == [EMAIL] and subject in mail["Subject"]]

    def message(self, kind, *states):
        """The newest of its kind, if it is in one of these states, or there at all."""
        messages = self.desk.ask("GET", f"/v1/customers/{self.customer}/messages")["items"]
        message = next((message for message in messages if message["kind"] == kind), None)
        return message if message and (not states or message["state"] in states) else None

    def staff_begin(self):
        for token in [{}, {"authorization": "Bearer nobody"}]:
            status, _, _ = self.site.send("GET", "/v1/settings", **token)
            assert status == 401, status
        self.desk = Desk(self.site, sign_in(self.stack))
        settings = {
            "name": "La Ruche d’Or", "sender": f"bonjour@{DOMAIN}", "zone": self.zone(), "currency": "EUR",
            "country": "FR", "languages": ["fr", "en"],
        }
        assert self.desk.ask("PUT", "/v1/settings", settings)["shop"] == SHOP

    def zone(self):
        """Where it is past eight: birthday mails go at nine, and are planned an hour before."""
        hours = (8 - (datetime.now(timezone.utc) + timedelta(seconds=30)).hour + 12) % 24 - 12
        self.today = (datetime.now(timezone.utc) + timedelta(hours=hours, seconds=30)).date()
        # The sign is POSIX's: west is plus.
        return f"Etc/GMT{-hours:+}"

    def visitor_writes(self):
        texts = {"fr": "J’accepte de recevoir vos offres.", "en": "I agree to receive your offers."}
        form = {"name": "Newsletter", "marketing_consent": {"version": "1", "texts": texts}}
        form = self.desk.ask("POST", "/v1/forms", form)
        self.form = form["id"]
        fields = [("name", "Zoé Dupont"), ("email", EMAIL), ("phone", "06 12 34 56 78"), ("message", "Bonjour"),
                  ("language", "fr"), ("marketing_email", "on"), ("_consent", "1/fr")]
        assert "Merci" in self.site.page(self.site.post(form["url"], fields))
        [found] = self.desk.ask("GET", "/v1/customers?q=dup")["items"]
        assert found["email"] == EMAIL and found["status"] == "potential", found
        self.customer = found["id"]

    def visitor_agrees(self):
        """By the button that the link of a mail leads to."""
        [mail] = until("the mail that asks", lambda: self.mails("Plus qu’un clic"))
        until("the welcome", lambda: self.mails("Bienvenue"))
        link = re.search(r"http://\S+/agree", mail["BodyText"])[0]
        assert "J’accepte de recevoir vos offres." in self.site.page(link)
        self.site.post(link, [])
        consents = self.desk.ask("GET", f"/v1/customers/{self.customer}/consents")["consents"]
        assert consents["marketing_email"]["state"] == "granted", consents

    def staff_offer(self):
        change = {"discount_bp": 1000, "currency": "EUR", "birthday": f"--{self.today:%m-%d}"}
        self.desk.ask("PATCH", f"/v1/customers/{self.customer}", change, **{"if-match": "*"})
        product = {"name": {"fr": "Miel", "en": "Honey"}, "prices": {"EUR": 1999}}
        product = "/v1/products/" + self.desk.ask("POST", "/v1/products", product)["id"]
        picture = {"content_type": "image/png", "size": len(PICTURE)}
        upload = self.desk.ask("POST", f"{product}/image-uploads", picture)
        put = urllib.request.Request(upload["url"], PICTURE, upload["headers"], method=upload["method"])
        urllib.request.urlopen(put).close()
        self.desk.ask("PUT", f"{product}/image", {"upload": upload["upload"]}, **{"if-match": "*"})
        self.link = self.desk.ask("POST", f"/v1/customers/{self.customer}/order-links", {})["url"]

    def customer_orders(self):
        page = self.site.page(self.link)
        assert "19,99" in page and "17,99" in page, page
        status, headers, _ = self.site.send("GET", re.search(r"/images/\w+", page)[0])
        assert (status, headers["content-type"]) == (200, "image/png"), (status, headers["content-type"])
        quantity = (re.search(r'name="(q-\w+)"', page)[1], "2")
        review = self.site.page(self.site.post(self.link, [("at", "?"), ("go", "?review=1"), quantity]))
        shown = re.findall(r'name="(draft|stamp)" value="([^"]+)"', review)
        order = [("at", "?review=1"), ("go", "order"), quantity, *shown]
        assert "35,98" in self.site.page(self.site.post(self.link, order))
        [mail] = until("the confirmation", lambda: self.mails("Votre commande"))
        assert "35,98" in mail["BodyText"], mail
        [order] = self.desk.ask("GET", f"/v1/customers/{self.customer}/orders")["items"]
        assert order["state"] == "submitted", order

    def delivery_is_reported(self):
        """As SES would, which alone may publish such an event: the rule takes it, and so does its target."""
        message = until("that it left", lambda: self.message("order_confirmation", "sent"))
        event = json.loads(DELIVERY.read_text())
        tags = {"shop": SHOP, "customer": self.customer, "message": message["id"],
                "ses:configuration-set": self.stack.resources["TransactionalSet"]}
        event["detail"]["mail"]["tags"] = {name: [value] for name, value in tags.items()}
        event["detail"]["mail"]["destination"] = event["detail"]["delivery"]["recipients"] = [EMAIL]
        events, rule = self.emulator.client("events"), self.stack.resources["MailFeedback"]
        pattern = events.describe_rule(Name=rule)["EventPattern"]
        assert events.test_event_pattern(EventPattern=pattern, Event=json.dumps(event))["Result"], pattern
        [target] = events.list_targets_by_rule(Rule=rule)["Targets"]
        self.invoke(self.emulator.client("lambda"), target["Arn"], json.dumps(event))
        assert self.message("order_confirmation")["delivered_at"], "the mailer did not note it"

    def invoke(self, client, function, event):
        answer = client.invoke(FunctionName=function, Payload=event)
        assert "FunctionError" not in answer, answer["Payload"].read()

    def schedules_run(self):
        """With the role that the scheduler has, until each has done its work."""
        until("the birthday's message", lambda: self.run("PlanHourly") or self.message("birthday"))
        self.run("ResumeEveryFiveMinutes")
        # What the stream does not bring, the next minute finds.
        lambdas = self.emulator.client("lambda")
        lambdas.update_event_source_mapping(UUID=self.stack.resources["NewMessages"], Enabled=False)
        message = self.message("order_confirmation")["id"]
        self.desk.ask("POST", f"/v1/customers/{self.customer}/messages/{message}/resend", {})
        until("the second confirmation", lambda: self.run("SweepEveryMinute") or len(self.mails("Votre commande")) == 2)
        lambdas.update_event_source_mapping(UUID=self.stack.resources["NewMessages"], Enabled=True)

    def run(self, schedule):
        """As the scheduler does."""
        schedule = self.emulator.client("scheduler").get_schedule(
            GroupName=self.stack.name, Name=self.stack.resources[schedule].rsplit("/", 1)[-1])
        target = schedule["Target"]
        client = self.stack.client("lambda", target["RoleArn"].rsplit("/", 1)[1])
        now = f"{datetime.now(timezone.utc):%Y-%m-%dT%H:%M:%SZ}"
        self.invoke(client, target["Arn"], target["Input"].replace("<aws.scheduler.scheduled-time>", now))

    def staff_export(self):
        job = {"what": "customers", "format": "csv", "purpose": "Bilan"}
        job = "/v1/exports/" + self.desk.ask("POST", "/v1/exports", job)["id"]
        until("the export", lambda: self.desk.ask("GET", job)["state"] == "done")
        with urllib.request.urlopen(self.desk.ask("GET", job)["url"]) as file:
            [row] = csv.DictReader(file.read().decode().splitlines())
        told = {"name": "Zoé Dupont", "email": EMAIL, "status": "current", "marketing_email": "granted",
                "orders": "1", "total": "35.98"}
        assert row | told == row, row

    def staff_look(self):
        """At all that there is to read: each function, each index."""
        document = json.loads(DOCUMENT.read_text())
        queries = {"/v1/submissions": f"?form={self.form}", "/v1/orders": f"?day={self.today}"}
        for path, operations in document["paths"].items():
            path = path.replace("/v1/customers/{id}", f"/v1/customers/{self.customer}")
            if "get" in operations and path.startswith("/v1") and "{" not in path:
                self.desk.ask("GET", path + queries.get(path, ""))
        assert self.desk.ask("GET", "/v1/customers?status=current&temperature=hot&count=true")["count"] == 0

    def table_is_copied(self):
        """As a restoration of its present state would be, of which the emulator knows nothing. Two mails
        wait in it that have left since: to who is erased then, and to who is not."""
        dynamodb, table = self.emulator.client("dynamodb"), self.stack.outputs["TableName"]
        ana = {"name": "Ana Lima", "email": "ana@example.com", "language": "fr"}
        self.ana = f"/v1/customers/{self.desk.ask('POST', '/v1/customers', ana)['id']}"
        link = self.desk.ask("POST", f"{self.ana}/order-links", {})["id"]
        message = self.message("order_confirmation")["id"]
        before = len(self.emulator.mails())
        lambdas = self.emulator.client("lambda")
        lambdas.update_event_source_mapping(UUID=self.stack.resources["NewMessages"], Enabled=False)
        self.desk.ask("POST", f"{self.ana}/order-links/{link}/send", {})
        self.desk.ask("POST", f"/v1/customers/{self.customer}/messages/{message}/resend", {})
        self.copy = f"{table}-restored"
        described = dynamodb.describe_table(TableName=table)["Table"]
        keys = [key["AttributeName"] for key in described["KeySchema"]]
        dynamodb.create_table(
            TableName=self.copy, KeySchema=described["KeySchema"], BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys])
        for page in dynamodb.get_paginator("scan").paginate(TableName=table):
            for item in page["Items"]:
                dynamodb.put_item(TableName=self.copy, Item=item)
        until("both mails", lambda: self.run("SweepEveryMinute") or len(self.emulator.mails()) == before + 2)
        lambdas.update_event_source_mapping(UUID=self.stack.resources["NewMessages"], Enabled=True)

    def customer_is_erased(self):
        """From the file of the export too: it is withdrawn."""
        s3, exports = self.emulator.client("s3"), self.stack.outputs["ExportBucketName"]
        assert s3.list_objects_v2(Bucket=exports)["KeyCount"] == 1
        self.desk.ask("DELETE", f"/v1/customers/{self.customer}", {"name": "Zoé Dupont"}, **{"if-match": "*"})
        until("the end of the file", lambda: s3.list_objects_v2(Bucket=exports)["KeyCount"] == 0)
        status, _, _ = self.site.send("GET", self.link)
        assert status == 404, status

    def table_is_restored(self):
        """As docs/operations.md says: whoever was erased since comes back, and is erased again before
        anybody is served; whoever came since is gone; and nothing is mailed twice."""
        tom = {"name": "Tom Vidal", "email": "tom@example.com"}
        tom = f"/v1/customers/{self.desk.ask('POST', '/v1/customers', tom)['id']}"
        before = len(self.emulator.mails())
        lambdas, table = self.emulator.client("lambda"), self.stack.outputs["TableName"]
        functions = [self.stack.resources[name] for name in self.stack.functions()]
        for function in functions:
            lambdas.put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=0)
        subprocess.run([sys.executable, RESTORE, self.copy, table], env=self.emulator.environment(), check=True)
        assert self.traces(table), "the customer did not come back"
        lambdas.delete_function_concurrency(FunctionName=self.stack.resources["AutomationsWorkerFunction"])
        until("the second erasure", lambda: self.run("ResumeEveryFiveMinutes") or not self.jobs(table))
        assert not self.traces(table), self.traces(table)
        for function in functions:
            lambdas.delete_function_concurrency(FunctionName=function)
        for path in [tom, f"/v1/customers/{self.customer}"]:
            status, _, text = self.site.send("GET", path, authorization=f"Bearer {self.desk.token}")
            assert status == 404, (path, status, text)
        assert self.desk.ask("GET", self.ana)["name"] == "Ana Lima"
        assert self.site.send("GET", self.link)[0] == 404
        self.run("SweepEveryMinute")
        assert len(self.emulator.mails()) == before, self.emulator.mails()[before:]

    def traces(self, table):
        """The keys of what names the customer."""
        pages = self.emulator.client("dynamodb").get_paginator("scan").paginate(TableName=table)
        items = [item for page in pages for item in page["Items"]]
        return [item["sk"]["S"] for item in items if any(word in str(item) for word in [EMAIL, "Dupont"])]

    def jobs(self, table):
        """How many are unfinished."""
        return self.emulator.client("dynamodb").query(
            TableName=table, IndexName="due", KeyConditionExpression="due_pk = :jobs",
            ExpressionAttributeValues={":jobs": {"S": f"{SHOP}#JOBS"}}, Select="COUNT")["Count"]

    def nothing_failed(self):
        """In no log was anything refused, no person is named there, and nothing was given up."""
        logs = self.emulator.client("logs").get_paginator("filter_log_events")
        pages = logs.paginate(logGroupName=self.stack.resources["FunctionsLog"])
        lines = [event["message"] for page in pages for event in page["events"]]
        assert any("/f/{form}" in line for line in lines), "the log is empty"
        secrets = [EMAIL, "Dupont", "612345678", self.link.rsplit("/", 1)[1]]
        wrong = ['"level":"ERROR"', "AccessDenied", *secrets]
        bad = [line for line in lines if any(word in line for word in wrong)]
        assert not bad, "\n".join(bad)
        sqs = self.emulator.client("sqs")
        for name, queue in self.stack.resources.items():
            if name.endswith("DeadLetters"):
                assert "Messages" not in sqs.receive_message(QueueUrl=queue), name
        records = self.emulator.client("s3").list_objects_v2(Bucket=self.stack.resources["FailedRecords"])
        assert records["KeyCount"] == 0, records["Contents"]


def starts_need_their_settings(stack):
    """Without any one setting of the template a function does not start, and says which it wants."""
    functions = stack.emulator.client("lambda")
    given = stack.emulator.environment() | {"AWS_LAMBDA_RUNTIME_API": "127.0.0.1:1"}
    for name, resource in stack.functions().items():
        deployed = functions.get_function_configuration(FunctionName=stack.resources[name])
        settings = deployed["Environment"]["Variables"]
        binary = stack.binaries / resource["Metadata"]["BuildProperties"]["Binary"]
        for missing in settings.keys() - {"RUST_LOG"}:
            rest = {key: value for key, value in settings.items() if key != missing}
            start = subprocess.run([binary], env=given | rest, capture_output=True, text=True, timeout=30)
            assert start.returncode != 0 and f"{missing} is not set" in start.stderr, (name, missing, start.stderr)


def all_is_chosen(stack):
    """Every part of the template that a parameter asks for is there, and links begin as it says."""
    key = stack.emulator.client("kms").create_key()["KeyMetadata"]["Arn"]
    public = f"https://shop.{DOMAIN}"
    stack.deploy({
        "SenderIdentity": f"more.{DOMAIN}", "CreateIdentity": "yes", "PublicUrl": public,
        "AlarmEmail": f"alarms@{DOMAIN}", "StaffMfa": "OPTIONAL", "PublicConcurrency": "20",
        "BackupRegion": "eu-central-1", "TableKeyArn": key,
    })
    for section, made in [("Resources", stack.resources), ("Outputs", stack.outputs)]:
        chosen = {name for name, node in stack.template[section].items() if "Condition" in node}
        assert chosen and chosen <= made.keys(), chosen - made.keys()
    functions, forms = stack.emulator.client("lambda"), stack.resources["FormsFunction"]
    settings = functions.get_function_configuration(FunctionName=forms)["Environment"]["Variables"]
    assert settings["PUBLIC_URL"] == stack.outputs["PublicUrl"] == public, settings


def tell(what, call, *arguments):
    began = time.monotonic()
    call(*arguments)
    print(f"{time.monotonic() - began:6.1f} s  {what}", flush=True)


def walk(stack):
    story = Story(stack)
    for what, step in [
        ("Staff sign in, with a second factor where it is asked for, and make the shop", story.staff_begin),
        ("A visitor sends a form, and has a record", story.visitor_writes),
        ("The visitor agrees, by the link of a mail", story.visitor_agrees),
        ("Staff add a product with a picture, and make a link", story.staff_offer),
        ("The customer orders at that link; the confirmation comes", story.customer_orders),
        ("Its delivery is reported", story.delivery_is_reported),
        ("What is planned runs", story.schedules_run),
        ("Staff export their customers", story.staff_export),
        ("Staff look at everything", story.staff_look),
        ("The table is copied", story.table_is_copied),
        ("The customer is erased, from what was exported too", story.customer_is_erased),
        ("The table is restored; who was erased stays erased", story.table_is_restored),
        ("Nothing was refused or given up, and no log names anybody", story.nothing_failed),
    ]:
        tell(what, step)


def main():
    binaries, template, scratch = map(Path, sys.argv[1:])
    # Ends what was started, as any failure does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    with Emulator(scratch.resolve()) as emulator:
        stack = Stack(emulator, binaries.resolve(), template, "clientele")
        emulator.client("sesv2").create_email_identity(EmailIdentity=DOMAIN)
        tell("The template is deployed", stack.deploy, {"SenderIdentity": DOMAIN})
        stack.lift()
        tell("Roles are enforced", roles_hold, stack)
        tell("A start without a setting says which", starts_need_their_settings, stack)
        walk(stack)
        more = Stack(emulator, binaries.resolve(), template, "clientele-more")
        tell("With all that a merchant may choose it is deployed too", all_is_chosen, more)


main()
