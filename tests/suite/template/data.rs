//! What is kept is encrypted, private, restorable, and gone when it should be.

use std::collections::BTreeSet;

use local::table::{INDEXES, TTL_ATTRIBUTE};
use serde_json::{Value, json};

use crate::golden::root;

use super::document::{TEMPLATE, attribute, either, of_type, properties, reference, resources};

/// What outlives the stack, and what goes with it.
#[test]
fn deleting_the_stack_deletes_no_data() {
    let kept = [
        "AWS::DynamoDB::Table",
        "AWS::S3::Bucket",
        "AWS::SecretsManager::Secret",
        "AWS::Cognito::UserPool",
        "AWS::Backup::BackupVault",
        "AWS::SES::EmailIdentity",
    ];
    for (name, resource) in resources() {
        let expected =
            if kept.contains(&resource["Type"].as_str().unwrap()) { "RetainExceptOnCreate" } else { "Delete" };
        assert_eq!(
            resource.get("DeletionPolicy").map_or("Delete", |policy| policy.as_str().unwrap()),
            expected,
            "{name}"
        );
    }
}

#[test]
fn the_table_is_the_laptop_s() {
    let tables = of_type("AWS::DynamoDB::Table");
    assert_eq!(tables.keys().copied().collect::<Vec<_>>(), ["Table"]);
    let keys = |partition, sort| {
        json!([
            { "AttributeName": partition, "KeyType": "HASH" },
            { "AttributeName": sort, "KeyType": "RANGE" },
        ])
    };
    let index = |index: &local::table::Index| {
        json!({
            "IndexName": index.name,
            "KeySchema": keys(index.partition_key, index.sort_key),
            "Projection": { "ProjectionType": "INCLUDE", "NonKeyAttributes": [index.included] },
        })
    };
    let table = tables["Table"];
    assert_eq!(table["KeySchema"], keys("pk", "sk"));
    assert_eq!(table["GlobalSecondaryIndexes"], INDEXES.iter().map(index).collect::<Value>());
    assert_eq!(table["TimeToLiveSpecification"], json!({ "AttributeName": TTL_ATTRIBUTE, "Enabled": true }));
    assert_eq!(table["StreamSpecification"], json!({ "StreamViewType": "NEW_AND_OLD_IMAGES" }));
    let attributes = INDEXES.iter().flat_map(|index| [index.partition_key, index.sort_key]).chain(["pk", "sk"]);
    let defined = table["AttributeDefinitions"].as_array().unwrap().iter();
    let texts = attributes.map(|name| json!({ "AttributeName": name, "AttributeType": "S" }).to_string());
    assert_eq!(defined.map(Value::to_string).collect::<BTreeSet<_>>(), texts.collect());
}

#[test]
fn the_table_costs_what_is_used_and_can_be_brought_back() {
    let table = properties("Table");
    assert_eq!(table["BillingMode"], "PAY_PER_REQUEST");
    assert_eq!(table["DeletionProtectionEnabled"], true);
    assert_eq!(table["PointInTimeRecoverySpecification"], json!({ "PointInTimeRecoveryEnabled": true }));
    let [own, given] = either(&table["SSESpecification"]) else { panic!("with a key of one's own, and without") };
    assert_eq!(*own, json!({ "SSEEnabled": true, "SSEType": "KMS", "KMSMasterKeyId": reference("TableKeyArn") }));
    assert_eq!(*given, json!({ "SSEEnabled": true }));
    // A name of its own would keep a restored copy from standing beside it.
    assert_eq!(table["TableName"], Value::Null);
}

#[test]
fn buckets_are_private_encrypted_and_reached_by_tls_alone() {
    let buckets = of_type("AWS::S3::Bucket");
    for (name, bucket) in &buckets {
        let blocks = ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"];
        assert!(blocks.iter().all(|block| bucket["PublicAccessBlockConfiguration"][block] == true), "{name}");
        let encrypted = json!([{ "ServerSideEncryptionByDefault": { "SSEAlgorithm": "AES256" } }]);
        assert_eq!(bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"], encrypted, "{name}");
        assert_eq!(
            bucket["OwnershipControls"]["Rules"],
            json!([{ "ObjectOwnership": "BucketOwnerEnforced" }]),
            "{name}"
        );
        assert_eq!(bucket["CorsConfiguration"], Value::Null, "{name}");
        let policies = of_type("AWS::S3::BucketPolicy").into_values();
        let policies: Vec<&Value> = policies.filter(|policy| policy["Bucket"] == reference(name)).collect();
        let [policy] = policies[..] else { panic!("{name} has one policy") };
        let tls_only = json!([{
            "Sid": "TlsOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [attribute(name, "Arn"), { "Fn::Sub": format!("${{{name}.Arn}}/*") }],
            "Condition": { "Bool": { "aws:SecureTransport": "false" } },
        }]);
        assert_eq!(policy["PolicyDocument"]["Statement"], tls_only, "{name}");
    }
    assert_eq!(buckets.into_keys().collect::<Vec<_>>(), ["ExportBucket", "FailedRecords", "ImageBucket"]);
}

#[test]
fn what_a_bucket_holds_is_gone_in_time() {
    let rules = |bucket| {
        let rules = properties(bucket)["LifecycleConfiguration"]["Rules"].as_array().unwrap();
        assert!(rules.iter().all(|rule| rule["Status"] == "Enabled"), "{bucket}");
        let days = |rule: &Value| {
            let days = [&rule["ExpirationInDays"], &rule["NoncurrentVersionExpiration"]["NoncurrentDays"]];
            (rule["Prefix"].as_str().unwrap_or_default().to_owned(), days.map(Value::as_u64))
        };
        let aborts =
            rules.iter().any(|rule| rule["AbortIncompleteMultipartUpload"] == json!({ "DaysAfterInitiation": 1 }));
        assert!(aborts, "{bucket}");
        rules.iter().map(days).collect::<Vec<_>>()
    };
    assert_eq!(rules("ExportBucket"), [(String::new(), [Some(1), None])]);
    assert_eq!(rules("FailedRecords"), [(String::new(), [Some(14), None])]);
    let images = rules("ImageBucket");
    assert!(images.contains(&("pending/".to_owned(), [Some(1), Some(1)])));
    // As long as the table can be restored to a day on which an image was still named.
    assert!(images.contains(&("images/".to_owned(), [None, Some(35)])));
    let versions = |bucket| &properties(bucket)["VersioningConfiguration"]["Status"];
    assert_eq!(versions("ImageBucket"), "Enabled");
    assert_eq!([versions("ExportBucket"), versions("FailedRecords")], [&Value::Null; 2]);
}

#[test]
fn queues_are_encrypted_and_keep_what_they_hold_for_a_fortnight() {
    for (name, queue) in of_type("AWS::SQS::Queue") {
        assert_eq!(queue["SqsManagedSseEnabled"], true, "{name}");
        assert_eq!(queue["MessageRetentionPeriod"], 14 * 24 * 60 * 60, "{name}");
    }
}

#[test]
fn logs_are_deleted_after_the_days_that_were_chosen() {
    let groups = of_type("AWS::Logs::LogGroup");
    assert_eq!(groups.keys().copied().collect::<Vec<_>>(), ["FunctionsLog", "HttpApiLog"]);
    for (name, group) in groups {
        assert_eq!(group["RetentionInDays"], reference("LogRetentionDays"), "{name}");
    }
    // Without it, Lambda makes a group for each function, which keeps everything for ever.
    let log = json!({ "LogFormat": "JSON", "LogGroup": reference("FunctionsLog") });
    assert_eq!(TEMPLATE["Globals"]["Function"]["LoggingConfig"], log);
}

#[test]
fn a_second_copy_lives_a_fortnight_and_takes_the_root_key_along() {
    let [rule] = &properties("BackupPlan")["BackupPlan"]["BackupPlanRule"].as_array().unwrap()[..] else {
        panic!("one rule")
    };
    assert_eq!(rule["Lifecycle"], json!({ "DeleteAfterDays": 3 }));
    assert_eq!(rule["CopyActions"][0]["Lifecycle"], json!({ "DeleteAfterDays": 14 }));
    let target = rule["CopyActions"][0]["DestinationBackupVaultArn"]["Fn::Sub"].as_str().unwrap();
    assert!(target.contains("${BackupRegion}"), "{target}");
    assert_eq!(properties("BackupSelection")["BackupSelection"]["Resources"], json!([attribute("Table", "Arn")]));
    let replicas = either(&properties("RootKey")["ReplicaRegions"]);
    assert_eq!(replicas[0], json!([{ "Region": reference("BackupRegion") }]));
    assert_eq!(TEMPLATE["Parameters"]["BackupRegion"]["Default"], "");
}

/// The script asks items for their kinds by name: one that nothing is called would be taken back, and
/// with it who was erased or wants no mail.
#[test]
fn what_a_restoration_keeps_is_what_the_table_calls_so() {
    let script = std::fs::read_to_string(root().join("infra/restore_table.py")).unwrap();
    let (_, kept) = script.split_once("\nKEPT = {").unwrap();
    let kept = kept.split_once('}').unwrap().0.split(", ").map(|kind| kind.trim_matches('"'));
    let sources = std::fs::read_dir(root().join("shared/src/table")).unwrap().map(|file| file.unwrap().path());
    let files = sources.filter(|path| path.is_file()).map(|path| std::fs::read_to_string(path).unwrap());
    let written = files.collect::<String>();
    for kind in kept {
        assert!(written.contains(&format!(", \"{kind}\", ")), "{kind}");
    }
}
