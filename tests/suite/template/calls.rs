//! What the functions asked while the tests ran is what their roles allow, both ways.
//!
//! `local/src/calls.rs` notes it in the folder that `CLIENTELE_CALLS` names, whatever test it is of;
//! `.ci/run` lets all of them run so, and then this one alone with `CLIENTELE_NOTED_CALLS` naming the
//! same folder. Without it there is nothing to compare yet.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use super::camel;
use super::document::{attribute, each, of_type};
use super::roles::statements;

/// What no test can see asked, since functions don't ask it while they handle something.
const ELSEWHERE: [(&str, &str); 9] = [
    ("logs:CreateLogStream", "Lambda writes what a function prints"),
    ("logs:PutLogEvents", "Lambda writes what a function prints"),
    ("secretsmanager:GetSecretValue", "the root key is read at the start"),
    ("dynamodb:DescribeStream", "Lambda reads the stream"),
    ("dynamodb:GetRecords", "Lambda reads the stream"),
    ("dynamodb:GetShardIterator", "Lambda reads the stream"),
    ("dynamodb:ListStreams", "Lambda reads the stream"),
    ("sqs:SendMessage", "Lambda keeps what failed"),
    ("s3:ListBucket", "Lambda looks whether the bucket of failed records is there"),
];

/// The buckets as the laptop calls them.
const BUCKETS: [(&str, &str); 2] = [("ImageBucket", "clientele-images"), ("ExportBucket", "clientele-exports")];

/// What a function asked: of what, and of the table under which kind of key.
struct Asked {
    function: String,
    action: String,
    of: String,
    key: Option<String>,
}

impl Asked {
    fn read(line: &str) -> Self {
        let [function, action, of] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let (of, key) = of.split_once(' ').map_or((of, None), |(of, key)| (of, Some(key.to_owned())));
        Self { function: function.to_owned(), action: action.to_owned(), of: of.to_owned(), key }
    }

    fn is_within(&self, right: &Right) -> bool {
        let key = self.key.as_deref().unwrap_or_default();
        self.action == right.action
            && fits(&right.of, &self.of)
            && (right.keys.is_empty() || right.keys.iter().any(|pattern| fits(pattern, key)))
    }
}

/// One action on one resource that a role allows.
struct Right {
    action: String,
    of: String,
    /// Patterns of partition keys; none where any will do.
    keys: Vec<String>,
}

/// What the role of a function allows it to do by itself.
fn rights(function: &str) -> Vec<Right> {
    let all = statements(&format!("{}Role", camel(function))).into_iter().flat_map(|statement| {
        let keys = &statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"];
        let keys: Vec<String> = each(keys).iter().map(|key| key.as_str().unwrap().to_owned()).collect();
        let resources = each(&statement["Resource"]).iter().filter_map(named_as_noted);
        let of_resource = resources.flat_map(move |of| {
            let keys = keys.clone();
            let actions = each(&statement["Action"]).iter().map(|action| action.as_str().unwrap().to_owned());
            actions.map(move |action| Right { action, of: of.clone(), keys: keys.clone() }).collect::<Vec<_>>()
        });
        of_resource.collect::<Vec<_>>()
    });
    all.filter(|right| ELSEWHERE.iter().all(|(action, _)| *action != right.action)).collect()
}

/// A resource of a role as notes name it; nothing for where Lambda itself puts failed records.
fn named_as_noted(resource: &Value) -> Option<String> {
    if *resource == attribute("Table", "Arn") {
        return Some("table".to_owned());
    }
    let text = resource["Fn::Sub"].as_str().unwrap_or_default();
    if text.contains(":ses:") {
        return Some("mail".to_owned());
    }
    let (name, rest) = text.strip_prefix("${")?.split_once(".Arn}/")?;
    match name {
        "Table" => Some(rest.to_owned()),
        "FailedRecords" => None,
        _ => Some(format!("{}/{rest}", BUCKETS.iter().find(|(bucket, _)| *bucket == name).unwrap().1)),
    }
}

/// Whether `text` is like `pattern`, where a star is anything, as IAM reads it.
fn fits(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((beginning, rest)) => text.strip_prefix(beginning).is_some_and(|text| {
            let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            ends.into_iter().any(|at| fits(rest, &text[at..]))
        }),
    }
}

fn noted(folder: &Path) -> Vec<Asked> {
    let files = std::fs::read_dir(folder).unwrap().map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
    let lines: BTreeSet<String> = files.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()).collect();
    lines.iter().map(|line| Asked::read(line)).collect()
}

#[test]
fn a_role_allows_what_its_function_asks_and_nothing_else() {
    let Some(folder) = std::env::var_os("CLIENTELE_NOTED_CALLS") else { return };
    let mut asked = noted(Path::new(&folder));
    // The laptop's own tests deploy toys.
    let deployed = of_type("AWS::Serverless::Function");
    asked.retain(|asked| deployed.contains_key(format!("{}Function", camel(&asked.function)).as_str()));
    let asking: BTreeSet<&str> = asked.iter().map(|asked| asked.function.as_str()).collect();
    let mut wrong = Vec::new();
    for function in &asking {
        let (rights, own) = (rights(function), asked.iter().filter(|asked| asked.function == *function));
        let own: Vec<&Asked> = own.collect();
        let key = |asked: &Asked| asked.key.clone().unwrap_or_default();
        let refused = own.iter().filter(|asked| !rights.iter().any(|right| asked.is_within(right)));
        wrong.extend(refused.map(|asked| format!("{function} may not {} {} {}", asked.action, asked.of, key(asked))));
        let idle = rights.iter().filter(|right| !own.iter().any(|asked| asked.is_within(right)));
        wrong.extend(idle.map(|right| format!("{function} never does {} {}", right.action, right.of)));
        let keys: BTreeSet<(&String, &String)> =
            rights.iter().flat_map(|right| right.keys.iter().map(move |key| (&right.action, key))).collect();
        let idle = keys.iter().filter(|(action, pattern)| {
            !own.iter().any(|asked| asked.action == **action && fits(pattern, &key(asked)))
        });
        wrong.extend(idle.map(|(action, pattern)| format!("{function} never does {action} to {pattern}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(asking.len(), deployed.len());
}

#[test]
fn a_star_is_anything() {
    assert!(fits("*#C#*", "main#C#01ARZ3NDEKTSV4RRFFQ69G5FAV"));
    assert!(fits("*#E", "main#E") && !fits("*#E", "main#EX"));
    assert!(!fits("T#*", "main#T#1"));
}
