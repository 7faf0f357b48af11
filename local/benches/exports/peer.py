"""The same file by boto3 and the csv module: read by shard, write rows, send parts.

Prints the processor time, the time that passed, and the most memory held (MiB).
"""

import csv
import io
import resource
import sys
import time

import boto3
from botocore.config import Config

ADDRESS, SIZE = sys.argv[1], int(sys.argv[2])
PART = 8 * 1024 * 1024
EXPORTED = [
    "id", "name", "company", "contact_person", "vat_number", "email", "email_status", "phone", "country",
    "delivery_address", "billing_address", "preferred_channels", "language", "currency", "discount", "birthday",
    "status", "temperature", "tags", "group", "source", "first_contact", "last_contact_at", "consents", "figures",
    "created_at", "updated_at",
]  # fmt: skip
NAMES = {f"#{number}": name for number, name in enumerate(EXPORTED)}
COLUMNS = [
    "id", "name", "given_name", "family_name", "company", "contact_person", "vat_number", "email", "email_status",
    "phone", "country", "language", "currency", "discount", "birthday", "status", "temperature", "tags", "group",
    "source", "first_contact", "last_contact_at", "marketing_email", "preferred_channels",
    *(f"{of}_{part}" for of in ("delivery", "billing")
      for part in ("street", "extra", "postcode", "city", "region", "country")),
    "orders", "total", "last_order_on", "created_at", "updated_at",
]  # fmt: skip


def plain(value):
    """What an attribute says, as text."""
    kind, inner = next(iter(value.items()))
    if kind == "M":
        return {name: plain(part) for name, part in inner.items()}
    if kind == "L":
        return [plain(part) for part in inner]
    return inner


def row(item):
    """The cells of a customer."""
    record = {name: plain(value) for name, value in item.items()}
    name = record["name"] if isinstance(record["name"], dict) else {"full": record["name"]}
    figures = record.get("figures", {})
    totals = figures.get("totals", {})
    total = totals.get(record["currency"])
    days = figures.get("last_days") or [""]
    source = record["source"]
    cells = [
        record["id"], name.get("full", ""), name.get("given", ""), name.get("family", ""), record.get("company", ""),
        record.get("contact_person", ""), record.get("vat_number", ""), record["email"], record.get("email_status", ""),
        str(record.get("phone", "")), record.get("country", ""), record["language"], record["currency"],
        record.get("discount", ""), record.get("birthday", ""), record["status"], record.get("temperature", ""),
        ", ".join(record.get("tags", {})), record.get("group", ""),
        f"form:{source['form']}" if source["kind"] == "form" else source["kind"], record["first_contact"],
        record["last_contact_at"], record.get("consents", {}).get("marketing_email", {}).get("state", ""),
        ", ".join(record.get("preferred_channels", [])),
    ]  # fmt: skip
    for of in ("delivery_address", "billing_address"):
        address = record.get(of, {})
        cells += [address.get(part, "") for part in ("street", "extra", "postcode", "city", "region", "country")]
    cells += [figures.get("orders", 0), f"{int(total) / 100:.2f}" if total else "", days[-1]]
    return cells + [record["created_at"], record["updated_at"]]


def main():
    """Writes the file."""
    settings = {"endpoint_url": ADDRESS, "region_name": "eu-west-3"}
    table = boto3.client("dynamodb", **settings)
    s3 = boto3.client("s3", config=Config(s3={"addressing_style": "path"}), **settings)
    upload = s3.create_multipart_upload(Bucket="exports", Key="peer.csv")["UploadId"]
    parts, text = [], io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    rows = 0

    def send():
        body = text.getvalue().encode()
        text.seek(0)
        text.truncate()
        number = len(parts) + 1
        sent = s3.upload_part(Bucket="exports", Key="peer.csv", UploadId=upload, PartNumber=number, Body=body)
        parts.append({"PartNumber": number, "ETag": sent["ETag"]})

    for shard in range(4):
        asked = {
            "TableName": "clientele", "IndexName": "filter", "Limit": 200, "KeyConditionExpression": "#pk = :pk",
            "ExpressionAttributeNames": {"#pk": "filter_pk"},
            "ExpressionAttributeValues": {":pk": {"S": f"main#F#{shard}"}},
        }  # fmt: skip
        while True:
            page = table.query(**asked)
            keys = [{"pk": item["pk"], "sk": item["sk"]} for item in page["Items"]]
            for begin in range(0, len(keys), 100):
                wanted = {
                    "clientele": {
                        "Keys": keys[begin : begin + 100],
                        "ProjectionExpression": ",".join(NAMES),
                        "ExpressionAttributeNames": NAMES,
                    }
                }
                for item in table.batch_get_item(RequestItems=wanted)["Responses"]["clientele"]:
                    writer.writerow(row(item))
                    rows += 1
            if text.tell() >= PART:
                send()
            if "LastEvaluatedKey" not in page:
                break
            asked["ExclusiveStartKey"] = page["LastEvaluatedKey"]
    send()
    s3.complete_multipart_upload(Bucket="exports", Key="peer.csv", UploadId=upload, MultipartUpload={"Parts": parts})
    assert rows == SIZE, rows


BEGAN = time.monotonic()
main()
print(time.process_time(), time.monotonic() - BEGAN, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
