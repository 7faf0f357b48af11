use std::collections::BTreeMap;

use shared::domain::{ConsentPurpose, Currency, Customer, CustomerStatus, DueKind, Order, query_words};
use shared::table::WantedOrders;
use shared::table::{Position, SHARDS, Scope, Sought};

use super::*;
use crate::functions;
use crate::stack::{Options, Stack};

const CUSTOMERS: usize = 60;

async fn seeded() -> (Stack, App, Seeded) {
    let start = Some("2026-11-22T10:00:00+01:00".parse().unwrap());
    let stack = Stack::start(Options { start, ..Options::in_memory() }, functions::deploy).await.unwrap();
    let app = stack.services().app();
    let mut told = 0;
    let seeded = fill(&app, CUSTOMERS, |written| told = written).await.unwrap();
    assert_eq!(told, CUSTOMERS);
    (stack, app, seeded)
}

fn main_shop() -> ShopId {
    "main".parse().unwrap()
}

async fn customers(app: &App) -> Vec<Customer> {
    let mut all = Vec::new();
    for shard in 0..SHARDS {
        let page = app.table.customers_by_first_contact(&main_shop(), shard, 1000, None).await.unwrap();
        for listed in page {
            all.push(app.table.customer(&main_shop(), listed.hit.id).await.unwrap().unwrap());
        }
    }
    all
}

async fn orders(app: &App) -> Vec<Order> {
    let mut all = Vec::new();
    let mut after: Option<Position> = None;
    loop {
        let page = app.table.orders(&main_shop(), &WantedOrders::default(), 100, after).await.unwrap();
        for card in page.items {
            let order = app.table.order(&main_shop(), card.id).await.unwrap().unwrap();
            assert_eq!((card.total, card.day), (order.total, order.day));
            all.push(order);
        }
        after = page.next;
        if after.is_none() {
            return all;
        }
    }
}

#[tokio::test]
async fn what_is_counted_is_there_and_every_customer_is_found_by_name() {
    let (_stack, app, seeded) = seeded().await;
    let customers = customers(&app).await;
    assert_eq!((seeded.customers, customers.len()), (CUSTOMERS, CUSTOMERS));
    assert_eq!(app.table.products(&main_shop(), 100, None).await.unwrap().items.len(), seeded.products);
    let listed =
        async |status| app.table.customers_by_name(&main_shop(), status, 1000, None).await.unwrap().items.len();
    assert_eq!(listed(CustomerStatus::Current).await + listed(CustomerStatus::Potential).await, CUSTOMERS);
    for customer in customers {
        let words = query_words(customer.name.expose());
        let sought = Sought::by_words(&words, Scope::Everything);
        let page = app.table.search(&main_shop(), &sought, 25, None).await.unwrap();
        assert!(page.items.iter().any(|hit| hit.hit.id == customer.id), "{}", customer.name.expose());
    }
}

#[tokio::test]
async fn figures_follow_from_the_orders() {
    let (_stack, app, seeded) = seeded().await;
    let orders = orders(&app).await;
    assert_eq!(orders.len(), seeded.orders);
    let mut of: BTreeMap<_, Vec<Order>> = BTreeMap::new();
    for order in orders {
        of.entry(order.customer).or_default().push(order);
    }
    let settings = app.table.settings(&main_shop()).await.unwrap().unwrap();
    let today = settings.zone.day(app.clock.now());
    for customer in customers(&app).await {
        let mut orders = of.remove(&customer.id).unwrap_or_default();
        orders.sort_by_key(|order| order.placed_at);
        let mut figures = shared::domain::Figures::default();
        for order in &orders {
            let currency: Currency = order.total.currency();
            assert_eq!(Order::total_of(&order.lines, currency), Ok(order.total));
            assert!(order.placed_at <= app.clock.now() && order.placed_at >= customer.created_at);
            figures.add(order, settings.currency, &settings.thresholds);
        }
        assert_eq!(customer.figures, figures);
        assert_eq!(customer.status == CustomerStatus::Current, !orders.is_empty());
        assert!(customer.updated_at <= app.clock.now() && customer.first_contact <= today);
    }
    assert!(of.is_empty());
}

#[tokio::test]
async fn nothing_is_overdue_and_no_mail_goes_out() {
    let (stack, app, _) = seeded().await;
    let next = crate::next_due::next_due(&app.table, jiff::Timestamp::UNIX_EPOCH).await.unwrap().unwrap();
    assert!(next > app.clock.now());
    for (kind, least) in [(DueKind::Birthday, 10), (DueKind::Reactivation, 10), (DueKind::Satisfaction, 0)] {
        let due = app.table.due_dates(&main_shop(), kind, Date::MIN, Date::MAX, 1000, None).await.unwrap();
        assert!(due.items.len() >= least, "{kind:?}");
    }
    stack.drain().await.unwrap();
    assert_eq!(stack.mailbox().mails().len(), 0);
}

#[tokio::test]
async fn the_same_number_makes_the_same_shop() {
    let (_one, first, one) = seeded().await;
    let (_other, second, other) = seeded().await;
    assert_eq!(one, other);
    let told = |customers: Vec<Customer>| {
        let mut told: Vec<_> = customers
            .into_iter()
            .map(|c| (c.email.expose().to_owned(), c.version, c.figures.orders, c.birthday.map(String::from)))
            .collect();
        told.sort();
        told
    };
    assert_eq!(told(customers(&first).await), told(customers(&second).await));
    let again = fill(&first, 1, |_| ()).await.unwrap_err();
    assert!(matches!(again, SeedError::Again), "{again}");
}

#[tokio::test]
async fn histories_vary_and_each_is_one_transaction() {
    let stack = Stack::start(Options::in_memory(), functions::deploy).await.unwrap();
    let app = stack.services().app();
    let settings = app.table.settings(&main_shop()).await.unwrap().unwrap();
    let form = app.table.form(&"main".parse().unwrap(), &"contact".parse().unwrap()).await.unwrap().unwrap();
    let now = app.clock.now();
    let products = catalogue::products(opening(now));
    let groups = places::groups(opening(now));
    let (keyring, settings, form) = (&app.keyring, &settings, &form);
    let staff = "staff".parse().unwrap();
    let world = World { keyring, settings, form, products: &products, groups: &groups, staff, now };
    let writes = CustomerWrites { keyring, today: first_open_day(settings, now) };
    // People of France only: telephone numbers of many countries in turn take long to read.
    let histories: Vec<_> = names::country_by_country(10_000).take(400).map(|i| History::number(i, &world)).collect();
    for history in &histories {
        let steps = transaction(writes, history, now).unwrap().len();
        assert!(steps <= shared::table::MAX_STEPS, "{steps} steps");
    }
    let share = |what: &dyn Fn(&History) -> bool| histories.iter().filter(|history| what(history)).count() * 100 / 400;
    assert!((55..80).contains(&share(&|h| !h.orders.is_empty())));
    assert!((25..60).contains(&share(&|h| h.customer.consents.granted(ConsentPurpose::MarketingEmail))));
    assert!((5..30).contains(&share(&|h| h.customer.discount.is_some())));
    assert!((30..80).contains(&share(&|h| h.customer.birthday.is_some())));
    assert!((1..10).contains(&share(&|h| h.unsubscribed_at.is_some())));
    assert!((25..60).contains(&share(&|h| h.customer.delivery_address.is_some())));
    assert!((20..60).contains(&share(&|h| !h.customer.tags.is_empty())));
    assert!(
        histories.iter().any(|h| h.customer.group.is_some()) && histories.iter().any(|h| h.customer.block.is_some())
    );
    let orders: usize = histories.iter().map(|history| history.orders.len()).sum();
    assert!((2 * 400..4 * 400).contains(&orders), "{orders} orders");
}

#[tokio::test]
async fn a_folder_is_seeded_once_and_starts_with_its_stream() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data");
    fill_folder(&path, false, 3, |_| ()).await.unwrap();
    let again = fill_folder(&path, false, 3, |_| ()).await.unwrap_err();
    assert!(again.to_string().contains("--fresh"), "{again}");
    fill_folder(&path, true, 3, |_| ()).await.unwrap();
    {
        // As a seeding that is killed leaves it.
        let store = crate::store::Store::open(&path.join("table.sqlite"), 0).unwrap();
        let client = aws_sdk_dynamodb::Client::new(&crate::sdk::config(store.endpoint(), crate::sdk::plain_http()));
        crate::table::stop_stream(&client, crate::stack::TABLE).await.unwrap();
    }
    let stack = Stack::start(Options::in_folder(path.clone(), 0, false), functions::deploy).await.unwrap();
    let held = fill_folder(&path, false, 3, |_| ()).await.unwrap_err();
    assert!(matches!(held, SeedFolderError::Folder(_)), "{held}");
    stack.drain().await.unwrap();
    assert_eq!(customers(&stack.services().app()).await.len(), 3);
}
