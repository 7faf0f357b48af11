//! The deployment template says what the functions and the laptop's stack say.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use local::functions::deploy;
use local::stack::{Options, Stack};
use local::stream::Consumer;
use local::table::{INDEXES, TTL_ATTRIBUTE};

use crate::golden::root;

/// The template's resources, each as the lines below its name. As text, since its tags are no
/// plain YAML, and one resource is one block.
fn resources() -> BTreeMap<String, String> {
    let file = std::fs::read_to_string(root().join("infra/template.yaml")).unwrap();
    let (_, resources) = file.split_once("\nResources:\n").unwrap();
    let mut blocks: BTreeMap<String, String> = BTreeMap::new();
    let mut name = String::new();
    for line in resources.lines() {
        if !line.is_empty() && !line.starts_with(' ') && !line.starts_with('#') {
            break;
        }
        match line.strip_prefix("  ").filter(|rest| !rest.starts_with([' ', '#'])).and_then(|l| l.strip_suffix(':')) {
            Some(resource) => {
                name = resource.to_owned();
                assert!(!blocks.contains_key(&name), "{name} stands twice");
            }
            None => *blocks.entry(name.clone()).or_default() += &format!("{line}\n"),
        }
    }
    blocks
}

/// The value behind `name:` in a block, without quotes.
fn value(block: &str, name: &str) -> Option<String> {
    let line =
        block.lines().find_map(|line| line.trim().trim_start_matches("- ").strip_prefix(&format!("{name}: ")))?;
    Some(line.trim().trim_matches(['\'', '"']).to_owned())
}

fn of_type(kind: &str) -> Vec<String> {
    let line = format!("    Type: {kind}\n");
    resources().into_values().filter(|block| block.starts_with(&line)).collect()
}

/// `quick-order` as the template's resources begin: `QuickOrder`.
fn camel(function: &str) -> String {
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    function.split('-').map(capital).collect()
}

#[tokio::test]
async fn the_routes_are_those_that_the_functions_declare() {
    let stack = Stack::start(Options::in_memory(), deploy).await.unwrap();
    let declared = stack.gateway().routes().iter().map(|route| {
        let integration = format!("!Sub integrations/${{{}Integration}}", camel(route.function.name()));
        (route.key(), integration, if route.for_staff { "JWT" } else { "NONE" }.to_owned(), route.for_staff)
    });
    let deployed = of_type("AWS::ApiGatewayV2::Route").into_iter().map(|block| {
        let field = |name| value(&block, name).unwrap_or_default();
        (
            field("RouteKey"),
            field("Target"),
            field("AuthorizationType"),
            field("AuthorizerId") == "!Ref StaffAuthorizer",
        )
    });
    assert_eq!(deployed.collect::<BTreeSet<_>>(), declared.collect());
}

#[test]
fn a_request_that_begins_a_job_is_not_cut_short() {
    let timeout = value(&resources()["CustomersFunction"], "Timeout").unwrap();
    // Reading, committing, the last step under way and its settling come on top; the gateway itself
    // waits for thirty seconds.
    let needed = shared::jobs::IN_REQUEST.as_secs() + 10;
    assert!((needed..30).contains(&timeout.parse().unwrap()), "{timeout}");
}

#[tokio::test]
async fn every_public_route_is_throttled_and_waits_for_nothing_else() {
    let stack = Stack::start(Options::in_memory(), deploy).await.unwrap();
    let public = stack.gateway().routes().iter().filter(|route| !route.for_staff).map(|route| route.key());
    let stage = &resources()["HttpApiStage"];
    let settings = stage.split_once("RouteSettings:\n").unwrap().1.split("AccessLogSettings").next().unwrap();
    let throttled = settings.lines().filter_map(|line| line.trim().strip_prefix('"')?.strip_suffix("\":"));
    assert_eq!(throttled.map(str::to_owned).collect::<BTreeSet<_>>(), public.collect());
    for name in stage.split_once("DependsOn:\n").unwrap().1.lines().map_while(|line| line.strip_prefix("      - ")) {
        assert!(resources().contains_key(name), "{name}");
    }
}

#[test]
fn the_table_is_the_laptop_s() {
    let tables = of_type("AWS::DynamoDB::Table");
    let [table] = &tables[..] else { panic!("one table") };
    let index = |name, keys: [&str; 2]| {
        format!(
            "{name}:\n            - AttributeName: {}\n              KeyType: HASH\n            - AttributeName: {}\n              KeyType: RANGE\n",
            keys[0], keys[1]
        )
    };
    for own in INDEXES {
        let keys = index("          KeySchema", [own.partition_key, own.sort_key]);
        let projection = format!(
            "          Projection:\n            ProjectionType: INCLUDE\n            NonKeyAttributes:\n              - {}\n",
            own.included
        );
        let block = format!("        - IndexName: {}\n{keys}{projection}", own.name);
        assert!(table.contains(&block), "{block}");
    }
    assert_eq!(table.matches("IndexName:").count(), INDEXES.len());
    assert_eq!(table.matches("NonKeyAttributes:").count(), INDEXES.len());
    assert!(table.contains("      KeySchema:\n        - AttributeName: pk\n          KeyType: HASH\n        - AttributeName: sk\n          KeyType: RANGE\n"));
    assert!(table.contains(&format!(
        "TimeToLiveSpecification:\n        AttributeName: {TTL_ATTRIBUTE}\n        Enabled: true\n"
    )));
    assert!(table.contains("StreamViewType: NEW_AND_OLD_IMAGES"));
    let attributes = INDEXES.iter().flat_map(|index| [index.partition_key, index.sort_key]).chain(["pk", "sk"]);
    for attribute in attributes {
        let defined = format!("        - AttributeName: {attribute}\n          AttributeType: S\n");
        assert!(table.contains(&defined), "{attribute}");
    }
}

#[tokio::test]
async fn the_stream_has_the_laptop_s_consumers() {
    let consumers = Mutex::default();
    let keep = |services: &_| {
        let deployment = deploy(services);
        *consumers.lock().unwrap() = deployment.consumers.clone();
        deployment
    };
    Stack::start(Options::in_memory(), keep).await.unwrap();
    let expected = consumers.into_inner().unwrap().into_iter().map(|consumer| {
        let function = format!("!Ref {}Function", camel(consumer.function.name()));
        (function, patterns(&consumer), consumer.batch_size.to_string())
    });
    let mappings = of_type("AWS::Lambda::EventSourceMapping");
    for mapping in &mappings {
        assert!(mapping.contains("- ReportBatchItemFailures"));
        assert_eq!(value(mapping, "MaximumRetryAttempts").as_deref(), Some("3"));
    }
    let field = |block: &String, name| value(block, name).unwrap();
    let deployed = mappings.iter().map(|m| (field(m, "FunctionName"), patterns_in(m), field(m, "BatchSize")));
    assert_eq!(deployed.collect::<BTreeSet<_>>(), expected.collect());
}

/// What lets the records through that `consumer` wants: those that are new, and some changes.
fn patterns(consumer: &Consumer) -> Vec<String> {
    let of = |event, image| format!(r#"{{"eventName":["{event}"],"dynamodb":{{"NewImage":{{{image}}}}}}}"#);
    let kinds = |kinds: &BTreeSet<&str>| format!(r#""t":{{"S":{}}}"#, serde_json::to_string(kinds).unwrap());
    let inserted = of("INSERT", format!(r#""t":{{"S":{}}}"#, serde_json::to_string(consumer.item_kinds).unwrap()));
    let changed: BTreeSet<&str> = consumer.changed.iter().map(|(kind, _)| *kind).collect();
    let states: Vec<&str> = consumer.changed.iter().map(|(_, state)| *state).collect();
    let state = format!(r#","state":{{"S":{}}}"#, serde_json::to_string(&states).unwrap());
    let modified = (!changed.is_empty()).then(|| of("MODIFY", kinds(&changed) + &state));
    [inserted].into_iter().chain(modified).collect()
}

fn patterns_in(mapping: &str) -> Vec<String> {
    let patterns = mapping.lines().filter_map(|line| line.trim().strip_prefix("- Pattern: "));
    patterns.map(|pattern| pattern.trim_matches('\'').to_owned()).collect()
}

#[test]
fn every_dead_letter_and_every_line_that_calls_for_somebody_raises_an_alarm() {
    let of_queues: Vec<String> = of_type("AWS::CloudWatch::Alarm")
        .into_iter()
        .filter(|block| value(block, "MetricName").as_deref() == Some("ApproximateNumberOfMessagesVisible"))
        .map(|block| value(&block, "Value").unwrap())
        .collect();
    let queues = resources().into_iter().filter(|(_, block)| block.starts_with("    Type: AWS::SQS::Queue\n"));
    let queues = queues.map(|(name, _)| format!("!GetAtt {name}.QueueName"));
    assert_eq!(of_queues.into_iter().collect::<BTreeSet<_>>(), queues.collect());
    for alarm in of_type("AWS::CloudWatch::Alarm") {
        assert!(alarm.contains("      AlarmActions:\n        - !Ref Alarms\n"), "{alarm}");
        assert!(alarm.contains("      Threshold: 0\n      ComparisonOperator: GreaterThanThreshold\n"), "{alarm}");
    }
    // The field that `account_trouble` finds in the lines of parked mails.
    let [filter] = &of_type("AWS::Logs::MetricFilter")[..] else { panic!("one filter") };
    assert_eq!(value(filter, "LogGroupName").as_deref(), Some("!Ref FunctionsLog"));
    assert_eq!(value(filter, "FilterPattern").as_deref(), Some("{ $.fields.alarm IS TRUE }"));
    let alarm = &resources()["MailTroubleAlarm"];
    assert_eq!(value(alarm, "MetricName"), value(filter, "MetricName"));
    assert_eq!(value(alarm, "Namespace"), value(filter, "MetricNamespace"));
}

#[test]
fn the_schedules_send_the_events_that_the_functions_read() {
    let inputs: BTreeSet<String> =
        of_type("AWS::Scheduler::Schedule").iter().map(|block| value(block, "Input").unwrap()).collect();
    let of = |run: &str| format!(r#"{{"run":"{run}","scheduled_time":"<aws.scheduler.scheduled-time>"}}"#);
    assert_eq!(inputs, [of("plan"), of("resume"), of("sweep")].into());
}
