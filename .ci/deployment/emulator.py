"""An AWS account on the loopback interface: ministack, which runs the real binaries of the functions
and refuses what their roles don't allow. What it has wrong is put right here, each with its reason;
the template stays what AWS takes.
"""

import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from samtranslator.yaml_helper import yaml_parse

REGION = "eu-west-3"
PACKAGES = "packages"
CREATED = "CREATE_COMPLETE"


class Emulator:
    """While the `with` lasts. All it starts is in one process group, which ends with it."""

    def __init__(self, scratch):
        self.scratch = scratch
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.base = f"http://127.0.0.1:{port}"
        self.settings = {
            "PATH": os.environ["PATH"],
            "TMPDIR": str(scratch),
            "STATE_DIR": str(scratch / "state"),
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(port),
            "MINISTACK_REGION": REGION,
            "AUTH": "true",
            # The functions get it too, and nothing else of ours.
            "AWS_ENDPOINT_URL": self.base,
            # It would listen on ports of their own, and look for containers.
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "DOCKER_HOST": f"unix://{scratch}/none",
        }

    def __enter__(self):
        with open(self.scratch / "emulator.log", "wb") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "ministack"], cwd=self.scratch, env=self.settings,
                stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            self.wait()
        except BaseException:
            self.__exit__(*sys.exc_info())
            raise
        return self

    def wait(self):
        for _ in range(300):
            try:
                return self.look("health")
            except OSError:
                assert self.process.poll() is None, "it did not start"
                time.sleep(0.1)
        sys.exit(f"nothing answers at {self.base}")

    def __exit__(self, failed=None, *_):
        if failed:
            said = (self.scratch / "emulator.log").read_text(errors="replace").splitlines()
            print("The emulator's last words:", *said[-30:], sep="\n", file=sys.stderr)
        for how in [signal.SIGTERM, signal.SIGKILL]:
            try:
                os.killpg(self.process.pid, how)
                self.process.wait(5)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                pass

    def look(self, what):
        """What the emulator shows beside AWS's own calls."""
        with urllib.request.urlopen(f"{self.base}/_ministack/{what}") as answer:
            return json.load(answer)

    def environment(self):
        """What a program needs to ask this account, as its owner."""
        return {"AWS_ENDPOINT_URL": self.base, "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION,
                "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}

    def client(self, service, key="test", secret="test", token=None):
        """Of whoever owns the account, or of the key given."""
        return boto3.client(
            service, endpoint_url=self.base, region_name=REGION, aws_access_key_id=key,
            aws_secret_access_key=secret, aws_session_token=token,
            config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}))

    def mails(self):
        """What SES took, the oldest first."""
        return [mail for mails in self.look("ses/messages")["messages"].values() for mail in mails]


class Stack:
    """The template, deployed."""

    def __init__(self, emulator, binaries, template, name):
        self.emulator = emulator
        self.binaries = binaries
        self.name = name
        self.template = taken(yaml_parse(template.read_text()))

    def deploy(self, parameters):
        """With these, in an account that has what they name."""
        self.upload()
        cloudformation = self.emulator.client("cloudformation")
        parameters = [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()]
        cloudformation.create_stack(
            StackName=self.name, TemplateURL=f"{self.emulator.base}/{PACKAGES}/template.json", Parameters=parameters,
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"])
        while (stack := cloudformation.describe_stacks(StackName=self.name)["Stacks"][0])["StackStatus"] != CREATED:
            assert stack["StackStatus"] == "CREATE_IN_PROGRESS", self.failures(cloudformation)
            time.sleep(0.2)
        self.outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
        pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=self.name)
        self.resources = {resource["LogicalResourceId"]: resource["PhysicalResourceId"]
                          for page in pages for resource in page["StackResourceSummaries"]}

    def upload(self):
        """As `sam package` does: each crate's binary is a package, and the template is too long to be
        handed over in a call."""
        s3 = self.emulator.client("s3")
        if PACKAGES not in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]:
            s3.create_bucket(Bucket=PACKAGES, CreateBucketConfiguration={"LocationConstraint": REGION})
        sent = {package["Key"] for package in s3.list_objects_v2(Bucket=PACKAGES).get("Contents", [])}
        for function in self.functions().values():
            properties = function["Properties"]
            binary = properties["CodeUri"].rsplit("/", 1)[1]
            if f"{binary}.zip" not in sent:
                s3.put_object(Bucket=PACKAGES, Key=f"{binary}.zip", Body=self.package(binary))
                sent.add(f"{binary}.zip")
            properties["CodeUri"] = f"s3://{PACKAGES}/{binary}.zip"
        s3.put_object(Bucket=PACKAGES, Key="template.json", Body=json.dumps(self.template))

    def package(self, binary):
        bootstrap = self.emulator.scratch / "bootstrap"
        subprocess.run(["strip", "-o", bootstrap, self.binaries / binary], check=True)
        package = io.BytesIO()
        with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
            file.write(bootstrap, "bootstrap")
        bootstrap.unlink()
        return package.getvalue()

    def functions(self):
        resources = self.template["Resources"].items()
        return {name: resource for name, resource in resources if resource["Type"] == "AWS::Serverless::Function"}

    def failures(self, cloudformation):
        events = cloudformation.describe_stack_events(StackName=self.name)["StackEvents"]
        return [f"{event['LogicalResourceId']}: {event['ResourceStatusReason']}"
                for event in events if event["ResourceStatus"] == "CREATE_FAILED"]

    def lift(self):
        """What AWS would allow, and the emulator can't see."""
        # It asks whether the mailer may send as anybody, where AWS asks of identity and configuration set.
        send = {"Effect": "Allow", "Action": "ses:SendEmail", "Resource": "*"}
        self.emulator.client("iam").put_role_policy(
            RoleName=self.role("MailerFunction"), PolicyName="emulator",
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [send]}))
        # The buckets refuse what comes without TLS, as all of it does here.
        for function, bucket, key in [("ExportsWorkerFunction", "ExportBucket", "exports/x"),
                                      ("OrdersFunction", "ImageBucket", "pending/x")]:
            bucket, s3 = self.resources[bucket], self.client("s3", self.role(function))
            refusal = refused(lambda: s3.put_object(Bucket=bucket, Key=key, Body=b"x"))
            assert refusal and "explicit deny" in refusal, (function, refusal)
            self.emulator.client("s3").delete_bucket_policy(Bucket=bucket)

    def role(self, function):
        """The name of the role that a function has."""
        function = self.emulator.client("lambda").get_function_configuration(FunctionName=self.resources[function])
        return function["Role"].rsplit("/", 1)[1]

    def client(self, service, role):
        """A client that may do what the role may, whoever else may assume it."""
        iam = self.emulator.client("iam")
        role = iam.get_role(RoleName=role)["Role"]
        trust, account = role["AssumeRolePolicyDocument"], role["Arn"].split(":")[4]
        us = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Action": "sts:AssumeRole"}
        if us not in trust["Statement"]:
            trust["Statement"].append(us)
            iam.update_assume_role_policy(RoleName=role["RoleName"], PolicyDocument=json.dumps(trust))
        sts = self.emulator.client("sts")
        assumed = sts.assume_role(RoleArn=role["Arn"], RoleSessionName="check")["Credentials"]
        return self.emulator.client(
            service, assumed["AccessKeyId"], assumed["SecretAccessKey"], assumed["SessionToken"])


def refused(call):
    """With which words a call is refused, if it is for want of a right."""
    try:
        call()
    except ClientError as error:
        if "AccessDenied" in error.response["Error"]["Code"]:
            return error.response["Error"]["Message"]
        raise
    return None


def taken(template):
    """The template as the emulator takes it."""
    resources = template["Resources"]
    for name, resource in list(resources.items()):
        kind, properties = resource["Type"], resource.get("Properties", {})
        # It knows no alarm on more than one metric.
        if kind == "AWS::CloudWatch::Alarm" and "Metrics" in properties:
            del resources[name]
        # Nor what a backup plan is for.
        if kind == "AWS::Backup::BackupSelection":
            del resources[name]
        # It hands over the placeholder of the time as it stands. We run them, when it's their turn.
        if kind == "AWS::Scheduler::Schedule":
            properties["State"] = "DISABLED"
    # It can't take text apart in a condition. What we send from is a domain.
    template["Conditions"]["CreatesDomain"] = {"Condition": "CreatesIdentity"}
    return put_right(template)


def put_right(node):
    # `Ref` of a secret is its ARN; the emulator gives its name.
    if node == {"Ref": "RootKey"}:
        return {"Fn::GetAtt": ["RootKey", "Id"]}
    # It doesn't know this attribute.
    if node == {"Fn::GetAtt": ["StaffPool", "ProviderURL"]}:
        return {"Fn::Sub": "https://cognito-idp.${AWS::Region}.amazonaws.com/${StaffPool}"}
    # Nor what an identity is to publish.
    if isinstance(node, str):
        return node.replace("${Identity.Dkim", "${!Identity.Dkim")
    if isinstance(node, dict):
        return {key: put_right(value) for key, value in node.items()}
    if isinstance(node, list):
        return [put_right(value) for value in node]
    return node
