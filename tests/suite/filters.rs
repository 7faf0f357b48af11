//! Filters of the customers' list: any of them together, counted, and with a search (L04–L06).

use std::collections::BTreeMap;

use http::Method;
use serde_json::{Value, json};

use crate::app::TestApp;
use crate::ask::{Ask, OWNER, SELLER, VIEWER};

/// The customers of one shop, by their first name.
struct People {
    app: TestApp,
    ids: BTreeMap<&'static str, String>,
    group: String,
}

impl People {
    async fn new() -> Self {
        let app = TestApp::start().await;
        let address = json!({ "country": "FR", "postcode": "69001", "city": "Lyon", "region": "Auvergne-Rhône-Alpes" });
        let people = [
            ("Ana", json!({ "status": "current", "temperature": "hot", "language": "fr" })),
            ("Bob", json!({ "temperature": "hot", "language": "en-GB", "discount_bp": 500 })),
            ("Chloé", json!({ "temperature": "cold", "language": "fr-CA", "birthday": "--05-12" })),
            ("Dan", json!({ "delivery_address": address, "language": "fr", "birthday": "1990-12-01" })),
        ];
        let mut ids = BTreeMap::new();
        for (name, fields) in people {
            let mut body = json!({ "name": format!("{name} Dupont"), "email": format!("{name}@example.com") });
            body["email"] = json!(shared::domain::fold(body["email"].as_str().unwrap()));
            body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
            ids.insert(name, app.create_customer(OWNER, &body).await.expect(201).id());
        }
        let group = app.create_group(OWNER, &json!({ "name": "Pro" })).await.expect(201).id();
        app.join_group(OWNER, &ids["Bob"], &group).await.expect(200);
        app.put_tag(OWNER, &ids["Ana"], "No-show", &json!({})).await.expect(200);
        app.put_tag(OWNER, &ids["Dan"], "vip", &json!({ "expires_on": "2026-11-22" })).await.expect(200);
        app.block(OWNER, &ids["Chloé"], "Impayés").await.expect(200);
        app.create_note(OWNER, &ids["Ana"], &json!({ "text": "Rappeler lundi matin" })).await.expect(201);
        app.settle().await;
        Self { app, ids, group }
    }

    /// The first names of those whom `query` finds, in the order of the answer.
    async fn found(&self, query: &str) -> Vec<&'static str> {
        let answer = self.app.list_customers(OWNER, query).await.expect(200).json();
        assert_eq!(answer["next"], Value::Null, "{query}");
        self.names(&answer)
    }

    fn names(&self, answer: &Value) -> Vec<&'static str> {
        let name = |id: &Value| *self.ids.iter().find(|(_, own)| id == own.as_str()).expect("one of ours").0;
        answer["items"].as_array().unwrap().iter().map(|item| name(&item["id"])).collect()
    }
}

#[tokio::test]
async fn every_filter_finds_whom_it_names_newest_first() {
    let people = People::new().await;
    let group = format!("group={}", people.group);
    let cases: [(&str, &[&str]); 26] = [
        ("status=current", &["Ana"]),
        ("temperature=hot", &["Bob", "Ana"]),
        ("status=potential&temperature=hot", &["Bob"]),
        ("tag=no%20SHOW", &["Ana"]),
        ("tag=VIP", &["Dan"]),
        ("tag=regular", &[]),
        (&group, &["Bob"]),
        ("group=none", &["Dan", "Chloé", "Ana"]),
        ("segment=inactive", &[]),
        ("language=fr", &["Dan", "Chloé", "Ana"]),
        ("language=fr-ca", &["Chloé"]),
        ("consent=none&temperature=cold", &["Chloé"]),
        ("consent=granted", &[]),
        ("email_status=unconfirmed&blocked=false", &["Dan", "Bob", "Ana"]),
        ("email_status=confirmed", &[]),
        ("first_contact_from=2026-11-22&blocked=true", &["Chloé"]),
        ("first_contact_to=2026-11-21", &[]),
        ("last_order_to=2026-11-22", &[]),
        ("region=auvergne+rhone+alpes", &["Dan"]),
        ("channel=web", &[]),
        ("birthday_month=5", &["Chloé"]),
        ("birthday_month=12&language=fr", &["Dan"]),
        ("q=dup&temperature=hot", &["Ana", "Bob"]),
        ("q=dup&status=current", &["Ana"]),
        ("q=rappel&tag=no_show", &["Ana"]),
        ("q=rappel&tag=vip", &[]),
    ];
    for (query, expected) in cases {
        let mut found = people.found(query).await;
        if query.contains("q=") {
            found.sort_unstable();
        }
        assert_eq!(found, expected, "{query}");
        let counted = people.app.list_customers(OWNER, &format!("{query}&count=true&limit=1")).await.expect(200).json();
        assert_eq!(counted["count"], expected.len(), "{query}");
        assert_eq!(counted["count_complete"], true, "{query}");
    }
}

#[tokio::test]
async fn an_order_moves_a_customer_into_what_it_says_of_them() {
    let people = People::new().await;
    let honey = people.app.honey(OWNER).await;
    let path = people.app.order_path(OWNER, &people.ids["Dan"]).await;
    people.app.place_order(&path, &[(&format!("q-{honey}"), "2")]).await.expect(303);
    people.app.settle().await;
    let queries =
        ["channel=web", "segment=new", "segment=occasional", "last_order_from=2026-11-22&last_order_to=2026-11-22"];
    for query in queries {
        assert_eq!(people.found(query).await, ["Dan"], "{query}");
    }
    for query in ["channel=store", "segment=vip", "segment=regular", "last_order_to=2026-11-21"] {
        assert_eq!(people.found(query).await, [""; 0], "{query}");
    }
    // The next day Dan's tag has expired, by nobody's doing.
    people.app.move_clock("2026-11-23T10:00:00+01:00").await;
    assert_eq!(people.found("tag=vip").await, [""; 0]);
}

#[tokio::test]
async fn a_list_by_first_contact_shows_what_a_card_shows() {
    let people = People::new().await;
    let of = |answer: Value, name: &str| {
        let items = answer["items"].as_array().unwrap().clone();
        items.into_iter().find(|item| item["id"] == people.ids[name]).unwrap()
    };
    let listed = || async { people.app.list_customers(OWNER, "sort=first_contact").await.expect(200).json() };
    assert_eq!(of(listed().await, "Bob")["discount_bp"], 500);
    assert_eq!(of(listed().await, "Ana")["temperature"], "hot");
    assert_eq!(of(listed().await, "Ana")["last_note"], "Rappeler lundi matin");
    let masked = people.app.list_customers(VIEWER, "sort=first_contact").await.expect(200).json();
    assert_eq!(of(masked, "Ana")["last_note"], Value::Null);
}

#[tokio::test]
async fn pages_are_full_and_their_cursors_are_of_one_query() {
    let people = People::new().await;
    for query in ["language=fr", "group=none&sort=first_contact", "q=dup&blocked=false", "q=dup&status=potential"] {
        let (mut names, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = people.app.list_customers(OWNER, &format!("{query}&limit=1{cursor}")).await.expect(200).json();
            names.extend(people.names(&page));
            let Some(next) = page["next"].as_str() else { break };
            assert_eq!(page["items"].as_array().unwrap().len(), 1, "{query}");
            let other = format!("{query}&temperature=hot&limit=1&cursor={next}");
            let refused = people.app.list_customers(OWNER, &other).await.expect(422);
            assert_eq!(refused.pointers(), ["/cursor"]);
            cursor = format!("&cursor={next}");
        }
        assert_eq!(names.len(), 3, "{query}: {names:?}");
        names.dedup();
        assert_eq!(names.len(), 3, "{query}: {names:?}");
    }
}

#[tokio::test]
async fn what_no_list_can_be_asked_is_named() {
    let people = People::new().await;
    let wrong = "status=gone&temperature=1&tag=--&group=x&segment=rich&language=f&consent=yes&email_status=x\
                 &first_contact_from=2026-02-30&first_contact_to=x&last_order_from=20260101&last_order_to=&region=-\
                 &channel=fax&birthday_month=13&blocked=maybe&count=2&sort=age&limit=0&colour=red";
    let answer = people.app.list_customers(OWNER, wrong).await.expect(422);
    assert_eq!(answer.pointers().len(), 20, "{}", answer.text());
    let by_name = people.app.list_customers(OWNER, "sort=name&temperature=hot").await.expect(422);
    assert_eq!(by_name.pointers(), ["/sort"]);
    let twice = people.app.list_customers(OWNER, "tag=vip&tag=local").await.expect(422);
    assert_eq!(twice.pointers(), ["/tag"]);
}

#[tokio::test]
async fn a_filter_tells_nobody_what_they_may_not_see() {
    let people = People::new().await;
    people.app.list_customers(VIEWER, "temperature=hot&count=true").await.expect(200);
    for query in ["region=Bretagne", "birthday_month=5", "q=dupont&region=Bretagne"] {
        people.app.list_customers(VIEWER, query).await.expect(403);
        people.app.list_customers(SELLER, query).await.expect(200);
    }
    let other = Ask::new(Method::GET, "/v1/customers?temperature=hot&count=true").by(crate::ask::STRANGER);
    let answer = people.app.send(other).await.expect(200).json();
    assert_eq!((&answer["count"], &answer["items"]), (&json!(0), &json!([])));
}
