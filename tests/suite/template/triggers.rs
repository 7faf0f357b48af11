//! What happens by itself: the stream, the clock, what SES reports, and where that goes which fails.

use std::collections::BTreeSet;

use local::stream::Consumer;
use serde_json::{Value, json};

use super::document::{attribute, each, named, of_type, properties, reference};
use super::{camel, laptop};

#[tokio::test]
async fn the_stream_has_the_laptop_s_consumers() {
    let (_, consumers) = laptop().await;
    let expected = consumers.into_iter().map(|consumer| {
        (format!("{}Function", camel(consumer.function.name())), patterns(&consumer), consumer.batch_size as u64)
    });
    let mappings = of_type("AWS::Lambda::EventSourceMapping").into_values();
    let deployed = mappings.map(|mapping| {
        let filters = mapping["FilterCriteria"]["Filters"].as_array().unwrap().iter();
        let patterns: Vec<String> = filters.map(|filter| filter["Pattern"].as_str().unwrap().to_owned()).collect();
        (named(&mapping["FunctionName"]).to_owned(), patterns, mapping["BatchSize"].as_u64().unwrap())
    });
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

#[test]
fn a_record_that_can_t_be_dealt_with_holds_up_no_other_and_is_kept_whole() {
    for (name, mapping) in of_type("AWS::Lambda::EventSourceMapping") {
        assert_eq!(mapping["EventSourceArn"], attribute("Table", "StreamArn"), "{name}");
        assert_eq!(mapping["StartingPosition"], "TRIM_HORIZON", "{name}");
        assert_eq!(mapping["FunctionResponseTypes"], json!(["ReportBatchItemFailures"]), "{name}");
        assert_eq!(mapping["BisectBatchOnFunctionError"], true, "{name}");
        assert_eq!(mapping["MaximumRetryAttempts"], 3, "{name}");
        let age = mapping["MaximumRecordAgeInSeconds"].as_u64().unwrap();
        assert!((3600..=86_400).contains(&age), "{name}");
        // A bucket gets the records; any other destination where they were.
        let kept = &mapping["DestinationConfig"]["OnFailure"]["Destination"];
        assert_eq!(*kept, attribute("FailedRecords", "Arn"), "{name}");
    }
    let notified = &properties("FailedRecords")["NotificationConfiguration"]["EventBridgeConfiguration"];
    assert_eq!(*notified, json!({ "EventBridgeEnabled": true }));
    let created = json!({
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": { "bucket": { "name": [reference("FailedRecords")] } },
    });
    assert_eq!(properties("FailedRecord")["EventPattern"], created);
    assert_eq!(properties("FailedRecord")["Targets"][0]["Arn"], attribute("StreamDeadLetters", "Arn"));
}

/// Events and the clock invoke without waiting: what fails three times is kept with what it was given.
#[test]
fn what_is_invoked_by_itself_keeps_what_failed() {
    let by_clock = of_type("AWS::Scheduler::Schedule").into_values().map(|schedule| &schedule["Target"]);
    let by_event = of_type("AWS::Events::Rule").into_values().flat_map(|rule| each(&rule["Targets"]));
    let targets = by_clock.chain(by_event).map(|target| named(&target["Arn"]));
    let invoked: BTreeSet<&str> = targets.filter(|name| name.ends_with("Function")).collect();
    for name in &invoked {
        let kept = &properties(name)["EventInvokeConfig"];
        assert_eq!(kept["MaximumRetryAttempts"], 2, "{name}");
        assert_eq!(kept["DestinationConfig"]["OnFailure"]["Type"], "SQS", "{name}");
        named(&kept["DestinationConfig"]["OnFailure"]["Destination"]);
    }
    assert_eq!(invoked, ["AutomationsWorkerFunction", "MailerFunction"].into());
}

#[test]
fn a_queue_takes_events_of_its_own_rule_alone() {
    for (name, policy) in of_type("AWS::SQS::QueuePolicy") {
        let [statement] = each(&policy["PolicyDocument"]["Statement"]) else { panic!("{name}") };
        assert_eq!(statement["Principal"], json!({ "Service": "events.amazonaws.com" }), "{name}");
        assert_eq!(statement["Action"], "sqs:SendMessage", "{name}");
        let rule = named(&statement["Condition"]["ArnEquals"]["aws:SourceArn"]);
        let target = &properties(rule)["Targets"][0];
        let queue = [&target["Arn"], &target["DeadLetterConfig"]["Arn"]].contains(&&statement["Resource"]);
        assert!(queue, "{name}");
        assert_eq!(each(&policy["Queues"]), [reference(named(&statement["Resource"]))], "{name}");
    }
}

#[test]
fn the_schedules_send_the_events_that_the_functions_read() {
    let schedules = of_type("AWS::Scheduler::Schedule");
    let field =
        |name: &str| (schedules[name]["ScheduleExpression"].clone(), schedules[name]["Target"]["Input"].clone());
    let of = |run: &str| json!(format!(r#"{{"run":"{run}","scheduled_time":"<aws.scheduler.scheduled-time>"}}"#));
    assert_eq!(field("PlanHourly"), (json!("cron(0 * * * ? *)"), of("plan")));
    assert_eq!(field("ResumeEveryFiveMinutes"), (json!("cron(0/5 * * * ? *)"), of("resume")));
    assert_eq!(field("SweepEveryMinute"), (json!("cron(* * * * ? *)"), of("sweep")));
    assert_eq!(schedules.len(), 3);
    // A round that is left out is made up for by the next one; only the hour's would be missed.
    let attempts = |name: &str| schedules[name]["Target"]["RetryPolicy"]["MaximumRetryAttempts"].clone();
    assert_eq!(["PlanHourly", "ResumeEveryFiveMinutes", "SweepEveryMinute"].map(attempts), [10, 0, 0].map(Value::from));
}

#[test]
fn ses_reports_what_became_of_a_mail_and_not_who_read_it() {
    let sets = of_type("AWS::SES::ConfigurationSet");
    for (name, set) in &sets {
        assert_eq!(set["SuppressionOptions"]["SuppressedReasons"], json!(["BOUNCE", "COMPLAINT"]), "{name}");
        assert_eq!(set["TrackingOptions"], Value::Null, "{name}");
        let destinations = of_type("AWS::SES::ConfigurationSetEventDestination").into_values();
        let of_set = destinations.filter(|destination| destination["ConfigurationSetName"] == reference(name));
        let [destination] = of_set.map(|own| &own["EventDestination"]).collect::<Vec<_>>()[..] else {
            panic!("{name}")
        };
        let reported = json!(["SEND", "DELIVERY", "DELIVERY_DELAY", "BOUNCE", "COMPLAINT", "REJECT"]);
        assert_eq!(destination["MatchingEventTypes"], reported, "{name}");
        assert!(destination["EventBridgeDestination"].is_object(), "{name}");
    }
    let heard = &properties("MailFeedback")["EventPattern"]["detail"]["mail"]["tags"]["ses:configuration-set"];
    assert_eq!(*heard, json!([reference("TransactionalSet"), reference("MarketingSet")]));
    assert_eq!(sets.into_keys().collect::<Vec<_>>(), ["MarketingSet", "TransactionalSet"]);
}

#[test]
fn an_identity_that_the_stack_makes_says_what_to_publish() {
    let outputs = super::document::TEMPLATE["Outputs"].as_object().unwrap();
    let records = outputs.iter().filter(|(_, output)| output["Condition"] == "CreatesDomain");
    let names: BTreeSet<&str> = records.map(|(name, _)| name.as_str()).collect();
    let expected = ["BounceMxRecord", "BounceSpfRecord", "DkimRecord1", "DkimRecord2", "DkimRecord3", "DmarcRecord"];
    assert_eq!(names, expected.into());
    assert_eq!(properties("Identity")["EmailIdentity"], reference("SenderIdentity"));
}
