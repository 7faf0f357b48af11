"""Takes the table back to what a restored copy of it holds, without forgetting what must not be
forgotten: who was erased, who wants no mail, what was agreed, sent and looked at since.

    restore_table.py <restored table> <table>

Both are of the account and region that boto3 is set to (AWS_DEFAULT_REGION, or the profile's), and
nothing else may write meanwhile. It can be stopped and begun again. Needs boto3; docs/operations.md
says what comes before and after.
"""

import sys
from concurrent.futures import ThreadPoolExecutor

import boto3

# Kinds that only grow: where the table has one, it stays as it is; where it lost one, it comes back.
KEPT = {"audit", "consent", "erasure", "message", "once", "suppression"}
SEGMENTS = 8


def scan(client, table, segment, **more):
    pages = client.get_paginator("scan").paginate(
        TableName=table, Segment=segment, TotalSegments=SEGMENTS, ConsistentRead=True, **more)
    for page in pages:
        yield from page["Items"]


def kind(item):
    return item.get("t", {}).get("S")


def bring_back(client, restored, table, segment):
    """Puts what the restored table holds; returns how many."""
    count = 0
    for item in scan(client, restored, segment):
        condition = {"ConditionExpression": "attribute_not_exists(pk)"} if kind(item) in KEPT else {}
        try:
            client.put_item(TableName=table, Item=item, **condition)
            count += 1
        except client.exceptions.ConditionalCheckFailedException:
            pass
    return count


def take_away(client, restored, table, segment):
    """Deletes what came later; returns how many."""
    count = 0
    names = {"#pk": "pk", "#sk": "sk", "#t": "t"}
    for item in scan(client, table, segment, ProjectionExpression="#pk, #sk, #t", ExpressionAttributeNames=names):
        key = {name: item[name] for name in ("pk", "sk")}
        if kind(item) in KEPT or "Item" in client.get_item(TableName=restored, Key=key):
            continue
        client.delete_item(TableName=table, Key=key)
        count += 1
    return count


def main(restored, table):
    client = boto3.client("dynamodb")
    keys = [client.describe_table(TableName=name)["Table"]["KeySchema"] for name in (restored, table)]
    if restored == table or keys[0] != keys[1]:
        sys.exit(f"{restored} is no copy of {table}")
    with ThreadPoolExecutor(SEGMENTS) as pool:
        for what, work in (("brought back", bring_back), ("taken away", take_away)):
            counts = pool.map(lambda segment: work(client, restored, table, segment), range(SEGMENTS))
            print(f"{sum(counts)} items {what}", flush=True)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
