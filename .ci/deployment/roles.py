"""That the roles are enforced at all: what a function has no right to is refused it. What each needs,
the walk shows.
"""

from deployment.emulator import refused
from deployment.shop import DOMAIN, EMAIL, SHOP

PUBLIC = ["FormsFunction", "QuickOrderFunction", "PreferencesFunction"]


def roles_hold(stack):
    table, exports = stack.outputs["TableName"], stack.outputs["ExportBucketName"]
    scan = ("dynamodb", lambda client: client.scan(TableName=table))
    customers = ("dynamodb", lambda client: client.query(
        TableName=table, IndexName="filter", KeyConditionExpression="filter_pk = :pk",
        ExpressionAttributeValues={":pk": {"S": SHOP}}))
    export = ("s3", lambda client: client.put_object(Bucket=exports, Key="exports/x", Body=b"x"))
    send = ("sesv2", lambda client: client.send_email(
        FromEmailAddress=f"x@{DOMAIN}", Destination={"ToAddresses": [EMAIL]},
        Content={"Simple": {"Subject": {"Data": "x"}, "Body": {"Text": {"Data": "x"}}}}))
    for function, (service, call) in [
        *[(function, scan) for function in stack.resources if function.endswith("Function")],
        *[(function, customers) for function in PUBLIC],
        *[(function, export) for function in [*PUBLIC, "ExportsFunction", "MailerFunction"]],
        *[(function, send) for function in [*PUBLIC, "CustomersFunction", "AutomationsWorkerFunction"]],
    ]:
        client = stack.client(service, stack.role(function))
        assert refused(lambda: call(client)), f"{function} may do what it should not: {service}"
