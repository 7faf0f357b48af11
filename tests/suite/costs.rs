//! What access patterns cost, in capacity units: within the limits, and the same however many
//! customers a shop has.

use futures::future::join_all;
use jiff::civil::date;
use serde_json::json;
use shared::domain::{CustomerId, CustomerStatus, DueKind, EmailAddress, ShopId};
use shared::table::{Scope, Sought, Units};

use crate::app::{TestApp, text};
use crate::ask::{Ask, OWNER};

/// How many customers fill a page of each shard.
const FULL: usize = 160;

/// A shop whose pages are full, and Zoé, whose costs are measured.
struct Base {
    app: TestApp,
    zoe: CustomerId,
    order_path: String,
}

impl Base {
    async fn new() -> Self {
        let app = TestApp::calm().await;
        let body = json!({ "name": "Zoé Dupont", "email": "zoe@example.com", "phone": "06 12 34 56 78",
            "discount_bp": 1000, "birthday": "--05-12" });
        let zoe = app.create_customer(OWNER, &body).await.expect(201).id();
        for _ in 0..20 {
            app.honey(OWNER).await;
        }
        let order_path = app.order_path(OWNER, &zoe).await;
        for number in 0..10 {
            app.sale(OWNER, &zoe, number).await;
            app.record_interaction(OWNER, &zoe, &json!({ "kind": "call", "text": "Rappelée" })).await.expect(201);
            let said = json!({ "purpose": "marketing_email", "state": "granted", "text": "Oui, par e-mail." });
            app.record_consent(OWNER, &zoe, &said).await.expect(201);
        }
        for number in 0..30 {
            let text = format!("Rappeler {number}");
            app.create_note(OWNER, &zoe, &json!({ "text": text })).await.expect(201);
        }
        for number in 0..30 {
            let message = format!("Bonjour, pour la commande {number}, je passerai demain dans la matinée, merci !");
            app.submit_form("contact", &[("email", "lea@example.com"), ("message", &message)]).await.expect(303);
        }
        let base = Self { app, zoe: zoe.parse().unwrap(), order_path };
        // The newest page of orders is of as many customers.
        for customer in base.grow(0, 25).await {
            base.app.sale(OWNER, &customer, 500).await;
        }
        base.grow(25, FULL).await;
        base
    }

    /// Adds customers number `from` to `to`.
    async fn grow(&self, from: usize, to: usize) -> Vec<String> {
        let (numbers, mut ids): (Vec<usize>, Vec<String>) = ((from..to).collect(), Vec::new());
        for some in numbers.chunks(10) {
            let names: Vec<String> = some.iter().map(|number| format!("Ana Dupont N{number:04}")).collect();
            ids.extend(join_all(names.iter().map(|name| self.app.customer(OWNER, name))).await);
        }
        ids
    }

    /// What `work` spends.
    async fn spent<T>(&self, work: impl Future<Output = T>) -> Units {
        let functions = self.app.functions();
        functions.table.meter().take();
        work.await;
        functions.table.meter().take()
    }

    async fn of_get(&self, path: &str) -> Units {
        self.spent(async { self.app.send(Ask::get(path).by(OWNER)).await.expect(200) }).await
    }

    /// The same of what belongs to one customer.
    async fn reads_of_customer(&self) -> Vec<(&'static str, f64, f64)> {
        let (table, shop): (_, ShopId) = (&self.app.functions().table, "main".parse().unwrap());
        let zoe = self.zoe;
        vec![
            ("1b: its notes", self.spent(table.notes(&shop, zoe, false, 25, None)).await.read, 4.0),
            ("1b: its orders", self.spent(table.orders_of_customer(&shop, zoe, None, 25, None)).await.read, 4.0),
            ("1b: its interactions", self.spent(table.interactions(&shop, zoe, 25, None)).await.read, 2.0),
            ("1b: its consents", self.spent(table.consents(&shop, zoe, 25, None)).await.read, 2.0),
            // Five queries, of which two find nothing; each rounds up to a whole unit of 4 KB.
            ("1b: its timeline", self.spent(table.timeline(&shop, zoe, 25, None)).await.read, 8.0),
        ]
    }

    /// The read units of each pattern, with the most it may cost.
    async fn reads(&self) -> Vec<(&'static str, f64, f64)> {
        let (table, shop): (_, ShopId) = (&self.app.functions().table, "main".parse().unwrap());
        let email: EmailAddress = "zoe@example.com".parse().unwrap();
        let digest = self.app.functions().keyring.address_digest(&shop, &email);
        let zoe = self.zoe;
        let (day, may) = (date(2026, 11, 22), date(2027, 5, 12));
        let potential = CustomerStatus::Potential;
        let dup = ["dup".to_owned()];
        let rap = ["rap".to_owned()];
        let by_email = async {
            let id = table.customer_id_by_address(&shop, &digest).await.unwrap().unwrap();
            table.customer(&shop, id).await.unwrap()
        };
        let (dup, rap) = (Sought::by_words(&dup, Scope::Everything), Sought::by_words(&rap, Scope::Everything));
        let by_word = table.search(&shop, &dup, 25, None);
        let by_note = table.search(&shop, &rap, 25, None);
        let order_page = async { self.app.send(Ask::get(self.order_path.as_str())).await.expect(200) };
        let of_base =
            async { join_all((0..4).map(|shard| table.customers_by_first_contact(&shop, shard, 25, None))).await };
        let of_customer = Box::pin(self.reads_of_customer()).await;
        let receipt = text(&self.app.items("submission").await[0], "id");
        let of_zoe = format!("/v1/orders?customer={zoe}");
        let others = vec![
            ("15: a page of submissions", self.of_get("/v1/submissions?form=contact").await.read, 2.5),
            ("16: a submission by its receipt", self.of_get(&format!("/v1/submissions/{receipt}")).await.read, 3.0),
            ("14: a page of forms", self.of_get("/v1/forms").await.read, 1.0),
            ("1: a record", self.spent(table.customer(&shop, zoe)).await.read, 1.0),
            ("1: a record over HTTP, with the settings", self.of_get(&format!("/v1/customers/{zoe}")).await.read, 1.5),
            ("2: by e-mail", self.spent(by_email).await.read, 2.0),
            ("3: a page by name", self.spent(table.customers_by_name(&shop, potential, 25, None)).await.read, 4.0),
            ("3: a page over HTTP", self.of_get("/v1/customers").await.read, 4.0),
            ("3b: a page by first contact", self.of_get("/v1/customers?sort=first_contact").await.read, 4.0),
            ("5: a filter that all match", self.of_get("/v1/customers?language=fr").await.read, 8.0),
            ("4: a word", self.spent(by_word).await.read, 4.0),
            ("4: a word over HTTP", self.of_get("/v1/customers?q=dup").await.read, 4.0),
            ("4: a word of notes", self.spent(by_note).await.read, 4.0),
            (
                "6: due on a day",
                self.spent(table.due_dates(&shop, DueKind::Birthday, may, may, 25, None)).await.read,
                0.5,
            ),
            // 5 GetItem of at most one unit, and 20 products of at most 480 bytes.
            ("7: the quick-order page", self.spent(order_page).await.read, 5.0 + 1.5),
            // 25 cards, and half a unit for the name of each customer.
            ("8: a page of orders", self.of_get("/v1/orders").await.read, 4.0 + 25.0 / 2.0),
            // Zoé's orders and her name, whoever else orders; and what leads to who stands for her, if anybody.
            ("1b: a customer's orders among the shop's", self.of_get(&of_zoe).await.read, 4.0 + 0.5 + 1.0),
            (
                "9: messages to send, none",
                self.spent(table.messages_awake(&shop, self.app.stack.clock().now(), 25)).await.read,
                0.5,
            ),
            ("10: audit of a customer", self.spent(table.audit_of_customer(&shop, zoe, 25, None)).await.read, 4.0),
            ("10: audit of a day", self.spent(table.audit_of_day(&shop, day, 25, None)).await.read, 4.0),
            (
                "17: images that no product shows, none",
                self.spent(table.loose_images(&shop, 100, None)).await.read,
                0.5,
            ),
            ("11: a hundred facets", self.spent(of_base).await.read, 16.0),
            ("11: a record of a batch", self.spent(table.customers_to_export(&shop, &[zoe])).await.read, 0.5),
        ];
        [of_customer, others].concat()
    }

    async fn creation(&self, name: &str) -> f64 {
        let email = format!("{}@example.com", name.to_lowercase());
        let body = json!({ "name": format!("{name} Lefèvre"), "email": email, "phone": "+33612345679" });
        self.spent(async { self.app.create_customer(OWNER, &body).await.expect(201) }).await.write
    }

    /// A change of what no index shows.
    async fn change(&self, currency: &str) -> f64 {
        let (id, body) = (self.zoe.to_string(), json!({ "currency": currency }));
        self.spent(async { self.app.change_customer(OWNER, &id, "*", &body).await.expect(200) }).await.write
    }
}

#[tokio::test]
async fn costs_stay_within_their_limits_and_do_not_grow_with_the_base() {
    let base = Base::new().await;
    let before = base.reads().await;
    // `--nocapture` shows what stands in ARCHITECTURE.md.
    for (pattern, read, limit) in &before {
        println!("{pattern}: {read} read units (limit {limit})");
        assert!(*read > 0.0 && read <= limit, "{pattern}: {read} of {limit}");
    }
    let (creation, change) = (base.creation("Elodie").await, base.change("USD").await);
    println!("a creation: {creation} write units; a change that moves no index: {change}");
    assert!(creation > 0.0 && creation <= 40.0, "a creation: {creation}");
    // The record is under 2 KB.
    assert!(change > 0.0 && change <= 2.0 * 2.0 + 4.0, "a change that moves no indexed field: {change}");

    // What nothing is sold in would have the page ask for the shop's currency too.
    base.change("EUR").await;
    base.grow(FULL, FULL + 300).await;
    for ((pattern, before, limit), (_, after, _)) in before.into_iter().zip(base.reads().await) {
        // Which shard the newest are in is chance, and with it which of them is read a little further.
        let by_chance = pattern.starts_with("3b") || pattern.starts_with('5');
        let same = before == after || by_chance && after <= limit;
        assert!(same, "{pattern}: {before}, then {after}");
    }
    // Who looks for what nobody has, looks at everybody.
    let nobody = base.of_get("/v1/customers?tag=nobody").await.read;
    println!("5: a filter that nobody matches: {nobody} read units for {} customers", FULL + 302);
    assert!(nobody <= 6.0 * (FULL + 302) as f64 / 100.0, "{nobody}");
    assert_eq!((base.creation("Aurore").await, base.change("USD").await), (creation, change));
}
