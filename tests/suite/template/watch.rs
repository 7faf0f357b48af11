//! Who is told what goes wrong: alarms, the dashboard, and the page that says what to do.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::document::{attribute, each, named, of_type, properties, reference, resources};
use crate::golden::root;

#[test]
fn every_alarm_reaches_somebody() {
    for (name, alarm) in of_type("AWS::CloudWatch::Alarm") {
        assert_eq!(alarm["AlarmActions"], json!([reference("Alarms")]), "{name}");
        assert_eq!(alarm["ComparisonOperator"], "GreaterThanThreshold", "{name}");
        assert!(alarm["TreatMissingData"].is_string(), "{name}");
        assert!(alarm["AlarmDescription"].as_str().unwrap().len() > 20, "{name}");
    }
    assert_eq!(properties("AlarmsByEmail")["TopicArn"], reference("Alarms"));
}

/// Namespace, figure, of what, and the figure from which on it calls.
fn watched(alarm: &Value) -> Vec<(String, String, Option<String>, f64)> {
    let parts = each(&alarm["Metrics"]).iter().map(|metric| &metric["MetricStat"]["Metric"]);
    let single = alarm["MetricName"].is_string().then_some(alarm);
    let metrics = parts.filter(|metric| metric.is_object()).chain(single);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let of = |metric: &Value| Some(named(metric["Dimensions"][0].get("Value")?).to_owned());
    let threshold = alarm["Threshold"].as_f64().unwrap();
    metrics.map(|metric| (text(&metric["Namespace"]), text(&metric["MetricName"]), of(metric), threshold)).collect()
}

#[test]
fn a_figure_that_is_missing_hides_no_other() {
    let parts = of_type("AWS::CloudWatch::Alarm").into_values().flat_map(|alarm| each(&alarm["Metrics"]));
    let sums: Vec<&str> = parts.filter_map(|part| part["Expression"].as_str()).collect();
    assert!(!sums.is_empty());
    // CloudWatch adds nothing to nothing: a function that did not run has no figure.
    assert!(sums.iter().all(|sum| sum.split(" + ").all(|part| part.starts_with("FILL(") && part.ends_with(", 0)"))));
}

#[test]
fn alarms_cover_errors_throttles_the_stream_and_reputation() {
    let alarms: Vec<_> = of_type("AWS::CloudWatch::Alarm").into_values().flat_map(watched).collect();
    let expected = [
        ("AWS/ApiGateway", "5xx", Some("HttpApi"), 5.0),
        ("AWS/Lambda", "Errors", Some("MailerFunction"), 0.0),
        ("AWS/Lambda", "Errors", Some("ExportsWorkerFunction"), 0.0),
        ("AWS/Lambda", "Errors", Some("AutomationsWorkerFunction"), 0.0),
        ("AWS/Lambda", "Throttles", None, 10.0),
        ("AWS/DynamoDB", "ReadThrottleEvents", Some("Table"), 10.0),
        ("AWS/DynamoDB", "WriteThrottleEvents", Some("Table"), 10.0),
        ("AWS/Lambda", "IteratorAge", Some("MailerFunction"), 300_000.0),
        ("AWS/Lambda", "IteratorAge", Some("ExportsWorkerFunction"), 3_600_000.0),
        // Where a shop's own marketing pauses; SES looks into an account at 5 % and 0.1 %.
        ("AWS/SES", "Reputation.BounceRate", None, 0.04),
        ("AWS/SES", "Reputation.ComplaintRate", None, 0.0008),
    ];
    for (namespace, figure, of, threshold) in expected {
        let expected = (namespace.to_owned(), figure.to_owned(), of.map(str::to_owned), threshold);
        assert!(alarms.contains(&expected), "{expected:?}");
    }
    let readers = of_type("AWS::Lambda::EventSourceMapping").into_values().map(|own| named(&own["FunctionName"]));
    for reader in readers {
        assert!(
            alarms.iter().any(|(_, figure, of, _)| figure == "IteratorAge" && of.as_deref() == Some(reader)),
            "{reader}"
        );
    }
}

#[test]
fn whatever_waits_in_a_queue_raises_an_alarm_until_it_is_gone() {
    let alarms = of_type("AWS::CloudWatch::Alarm").into_values();
    let of_queues = alarms.filter(|alarm| alarm["Namespace"] == "AWS/SQS").map(|alarm| {
        assert_eq!(alarm["MetricName"], "ApproximateNumberOfMessagesVisible");
        assert_eq!([&alarm["Threshold"], &alarm["EvaluationPeriods"]], [&json!(0), &json!(1)]);
        let queue = named(&alarm["Dimensions"][0]["Value"]);
        assert_eq!(alarm["Dimensions"][0]["Value"], attribute(queue, "QueueName"));
        queue
    });
    assert_eq!(of_queues.collect::<BTreeSet<_>>(), of_type("AWS::SQS::Queue").into_keys().collect());
}

#[test]
fn a_line_that_calls_for_somebody_raises_an_alarm() {
    // The field that `account_trouble` finds in the lines of parked mails.
    let filters = of_type("AWS::Logs::MetricFilter");
    let [filter] = filters.values().collect::<Vec<_>>()[..] else { panic!("one filter") };
    assert_eq!(filter["LogGroupName"], reference("FunctionsLog"));
    assert_eq!(filter["FilterPattern"], "{ $.fields.alarm IS TRUE }");
    let [told] = each(&filter["MetricTransformations"]) else { panic!("one figure") };
    let alarm = properties("MailTroubleAlarm");
    assert_eq!([&alarm["Namespace"], &alarm["MetricName"]], [&told["MetricNamespace"], &told["MetricName"]]);
    assert_eq!([&alarm["Threshold"], &alarm["DatapointsToAlarm"]], [&json!(0), &json!(1)]);
}

#[test]
fn the_dashboard_shows_what_is_there() {
    let body = properties("Dashboard")["DashboardBody"]["Fn::Sub"].as_str().unwrap();
    let read: Value = serde_json::from_str(body).unwrap();
    let widgets = read["widgets"].as_array().unwrap();
    assert!(widgets.iter().all(|widget| widget["properties"]["metrics"].as_array().is_some_and(|own| !own.is_empty())));
    let metrics = widgets.iter().map(|widget| widget["properties"]["metrics"].as_array().unwrap().len());
    // More would cost a little each month.
    assert!(metrics.sum::<usize>() <= 50);
    for name in body.split("${").skip(1).map(|rest| rest.split(['}', '.']).next().unwrap()) {
        assert!(name.starts_with("AWS::") || resources().contains_key(name), "{name}");
    }
    for function in of_type("AWS::Serverless::Function").into_keys() {
        assert!(body.contains(&format!("${{{function}}}")), "{function}");
    }
}

#[test]
fn the_page_for_operators_says_what_each_alarm_means() {
    let page = std::fs::read_to_string(root().join("docs/operations.md")).unwrap();
    let headings = page.lines().filter_map(|line| line.strip_prefix("### `")?.strip_suffix('`'));
    let told: BTreeSet<&str> = headings.filter(|heading| heading.ends_with("Alarm")).collect();
    assert_eq!(told, of_type("AWS::CloudWatch::Alarm").into_keys().collect());
}
