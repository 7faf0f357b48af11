//! A role for each function, and nothing in it that is wider than what it is for.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::PUBLIC;
use super::document::{all_in, attribute, each, named, of_type, properties, reference, resources};

/// The statements of a role.
pub fn statements(role: &str) -> Vec<&'static Value> {
    let policies = each(&properties(role)["Policies"]).iter();
    policies.flat_map(|policy| each(&policy["PolicyDocument"]["Statement"])).collect()
}

fn actions(statement: &Value) -> BTreeSet<&str> {
    each(&statement["Action"]).iter().map(|action| action.as_str().unwrap()).collect()
}

#[test]
fn every_function_has_a_role_of_its_own() {
    let functions = of_type("AWS::Serverless::Function");
    let roles = functions.iter().map(|(name, function)| {
        let role = named(&function["Role"]);
        assert_eq!(role, name.replace("Function", "Role"));
        assert_eq!(function["Policies"], Value::Null, "{name}");
        let trusted = json!([{
            "Effect": "Allow",
            "Principal": { "Service": "lambda.amazonaws.com" },
            "Action": "sts:AssumeRole",
        }]);
        assert_eq!(properties(role)["AssumeRolePolicyDocument"]["Statement"], trusted, "{role}");
        role
    });
    let others = ["BackupRole", "SchedulesRole"];
    assert_eq!(roles.chain(others).collect::<BTreeSet<_>>(), of_type("AWS::IAM::Role").into_keys().collect());
    assert!(
        resources().values().all(|own| own["Type"] != "AWS::IAM::ManagedPolicy" && own["Type"] != "AWS::IAM::Policy")
    );
}

#[test]
fn no_role_allows_everything_of_anything() {
    for role in of_type("AWS::IAM::Role").into_keys() {
        for statement in statements(role) {
            assert_eq!(statement["Effect"], "Allow", "{role}");
            assert!([&statement["NotAction"], &statement["NotResource"]].iter().all(|no| no.is_null()), "{role}");
            assert!(actions(statement).iter().all(|action| !action.contains('*')), "{role}: {statement}");
            for resource in each(&statement["Resource"]) {
                let text = resource["Fn::Sub"].as_str().or(resource.as_str()).unwrap_or_default();
                // Objects of one bucket, whose names can't be known.
                let objects = ["ExportBucket", "FailedRecords", "ImageBucket"];
                let objects = objects.iter().any(|bucket| text.starts_with(&format!("${{{bucket}.Arn}}/")));
                let own = objects || text == "${Table.Arn}/stream/*" || is_bound_to_its_sender(statement, text);
                assert!(!text.contains('*') || own && text.ends_with("/*"), "{role}: {resource}");
            }
        }
        // What a backup takes is AWS's to say, as the template says beside it.
        assert_eq!(properties(role)["ManagedPolicyArns"].is_null(), role != "BackupRole", "{role}");
    }
}

/// Whether `resource` is whatever SES knows, for mails from our own sender.
fn is_bound_to_its_sender(statement: &Value, resource: &str) -> bool {
    let sender = json!([reference("SenderIdentity"), { "Fn::Sub": "*@${SenderIdentity}" }]);
    resource.contains(":ses:") && statement["Condition"] == json!({ "StringLike": { "ses:FromAddress": sender } })
}

#[test]
fn nobody_scans_and_the_public_reads_no_index() {
    let all = of_type("AWS::Serverless::Function").into_values().map(|function| named(&function["Role"]));
    for role in all {
        let forbidden = ["dynamodb:Scan", "dynamodb:BatchWriteItem", "dynamodb:PartiQLSelect"];
        assert!(statements(role).iter().all(|statement| actions(statement).is_disjoint(&forbidden.into())), "{role}");
    }
    for function in PUBLIC {
        let role = named(&properties(function)["Role"]);
        let resources = statements(role).into_iter().flat_map(|statement| all_in(&statement["Resource"]));
        assert!(resources.filter_map(Value::as_str).all(|resource| !resource.contains("/index/")), "{role}");
        let of_table = statements(role).into_iter().filter(|own| own["Resource"] == attribute("Table", "Arn"));
        for statement in of_table {
            let keys = each(&statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]);
            let names_a_kind = |key: &Value| key.as_str().unwrap().contains(|c: char| c.is_ascii_uppercase());
            assert!(!keys.is_empty() && keys.iter().all(names_a_kind), "{role}: {statement}");
        }
    }
}

/// Trust decides the split: who may write exports, who may send, who may delete an image.
#[test]
fn what_one_function_is_for_no_other_may() {
    let who = |action: &str, resource: &dyn Fn(&Value) -> bool| {
        let may = |role: &&str| {
            statements(role).iter().any(|s| actions(s).contains(action) && each(&s["Resource"]).iter().any(resource))
        };
        of_type("AWS::IAM::Role").into_keys().filter(may).collect::<Vec<_>>()
    };
    let begins = |prefix: &'static str| {
        move |resource: &Value| resource["Fn::Sub"].as_str().is_some_and(|text| text.starts_with(prefix))
    };
    assert_eq!(who("ses:SendEmail", &|_| true), ["MailerRole"]);
    assert_eq!(who("s3:PutObject", &begins("${ExportBucket.Arn}/")), ["ExportsWorkerRole"]);
    assert_eq!(who("s3:GetObject", &begins("${ExportBucket.Arn}/")), ["ExportsRole"]);
    assert_eq!(who("s3:PutObject", &begins("${ImageBucket.Arn}/")), ["OrdersRole"]);
    assert_eq!(who("s3:PutObject", &begins("${FailedRecords.Arn}/aws/lambda/")), ["ExportsWorkerRole", "MailerRole"]);
    assert_eq!(who("s3:GetObject", &begins("${FailedRecords.Arn}/")), [""; 0]);
    assert_eq!(who("lambda:InvokeFunction", &|_| true), ["SchedulesRole"]);
    assert_eq!(who("dynamodb:GetRecords", &begins("${Table.Arn}/stream/")), ["ExportsWorkerRole", "MailerRole"]);
}
