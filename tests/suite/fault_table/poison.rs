//! One record of a hundred that nobody can read.

use aws_sdk_dynamodb::types::AttributeValue;

use super::stage::FORM;
use crate::app::TestApp;

#[tokio::test]
async fn one_poisonous_record_of_a_hundred_is_parked_with_its_payload_and_holds_up_none() {
    let app = TestApp::calm().await;
    app.new_form(FORM, |form| form.notify = None).await;
    app.open_wide(FORM).await;
    for number in 0..99 {
        if number == 50 {
            poison(&app).await;
        }
        let email = format!("zoe{number}@example.com");
        app.submit_form(FORM, &[("name", "Zoé Dupont"), ("email", &email)]).await.expect(303);
    }
    app.settle().await;
    assert_eq!(app.mails().len(), 99);
    let [parked] = &app.stack.stream().dead_letters()[..] else { panic!("one is parked") };
    assert_eq!(parked["function"], "mailer");
    let [record] = &parked["payload"]["Records"].as_array().unwrap()[..] else { panic!("alone") };
    assert_eq!(record["dynamodb"]["NewImage"]["poison"]["S"], "what is this?");
    // What comes after it is delivered as ever.
    app.submit_form(FORM, &[("name", "Ana Lima"), ("email", "ana@example.com")]).await.expect(303);
    app.drain().await;
    assert_eq!((app.mails().len(), app.stack.stream().dead_letters().len()), (100, 1));
}

/// An item that says it is a message, and is none.
async fn poison(app: &TestApp) {
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let put = app.stack.plain_dynamodb().put_item().table_name(&app.stack.services().table);
    let put = put.item("pk", text("main#POISON")).item("sk", text("MESSAGE#1"));
    put.item("t", text("message")).item("poison", text("what is this?")).send().await.unwrap();
}
