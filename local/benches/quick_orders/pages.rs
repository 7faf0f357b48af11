//! What a page costs, in a small shop and in a large one.

use std::hint::black_box;
use std::time::{Duration, Instant};

use quick_order::catalogue::Catalogue;
use quick_order::offer::Basket;
use quick_order::open_link::OpenLink;
use quick_order::pages::shelf;
use quick_order::view::Shelf;
use shared::domain::{DraftId, OrderDraft};
use shared::keyring::Token;
use tokio::runtime::Handle;

use crate::process::processor_time_of;
use crate::shop::Shop;
use crate::{FUNCTION, STORE};

/// How often each page is shown, and rendered.
const SHOWN: u32 = 300;
const RENDERED: u32 = 2000;

/// Shows the first page of shops of so many products, to a customer who has ordered before and has
/// chosen three products.
pub async fn measure(store: &Handle, sizes: &[u32]) {
    println!(
        "| products | on the page | read units | p50 ms | p95 ms | function ms | store ms | rendering µs | bytes | gzip |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for size in sizes {
        let shop = Shop::of(store, *size).await;
        let (_, path) = shop.customer(0).await;
        crate::orders::order(&shop, &path, &shop.products[..3]).await;
        let chosen: Vec<_> = shop.products[..3].iter().map(|product| (format!("q-{product}"), "2")).collect();
        let mut fields: Vec<_> = chosen.iter().map(|(name, value)| (&**name, *value)).collect();
        fields.push(("go", "keep"));
        assert_eq!(shop.post(&path, &fields).await.status, 303);
        let (mut times, units) = (Vec::new(), shown(&shop, &path).await);
        let before = [FUNCTION, STORE].map(processor_time_of);
        for _ in 0..SHOWN {
            let begun = Instant::now();
            assert_eq!(shop.show(&path, "gzip").await.status, 200);
            times.push(begun.elapsed());
        }
        let spent = |of: usize, name: &str| (processor_time_of(name) - before[of]).as_secs_f64() * 1000.0;
        let [function, stored] = [spent(0, FUNCTION), spent(1, STORE)].map(|spent| spent / f64::from(SHOWN));
        times.sort();
        let at = |percent: usize| times[(times.len() * percent).div_ceil(100) - 1].as_secs_f64() * 1000.0;
        let [plain, gzip] = [shop.show(&path, "identity").await, shop.show(&path, "gzip").await];
        let (on_page, rendering) = rendering(&shop, &path).await;
        println!(
            "| {size} | {on_page} | {units:.1} | {:.1} | {:.1} | {function:.1} | {stored:.1} | {:.1} | {} | {} |",
            at(50),
            at(95),
            rendering.as_secs_f64() * 1e6,
            plain.body.len(),
            gzip.body.len()
        );
    }
}

/// The read units of the page.
async fn shown(shop: &Shop, path: &str) -> f64 {
    shop.app.table.meter().take();
    assert_eq!(shop.show(path, "identity").await.status, 200);
    shop.app.table.meter().take().read
}

/// How many products are on the page, and how long the page takes to be written once everything is read.
async fn rendering(shop: &Shop, path: &str) -> (usize, Duration) {
    let token = Token::parse(path.strip_prefix("/o/").unwrap()).unwrap();
    let link = shop.app.table.order_link_by_token(&token.hash()).await.unwrap().unwrap();
    let customer = shop.app.table.customer(&shop.id, link.customer).await.unwrap().unwrap();
    let settings = shop.app.table.settings(&shop.id).await.unwrap().unwrap();
    let now = shop.app.clock.now();
    let draft = OrderDraft::new(&link, customer.id, DraftId::new(shop.app.entropy.ulid(now)), now);
    let open = OpenLink { link, customer, settings };
    let catalogue = Catalogue::of(&shop.app, &open).await.unwrap();
    let all = Shelf::default();
    let offers = catalogue.shelf(&all).await.unwrap();
    let (basket, mut times): (Basket, Vec<Duration>) = (Basket::default(), Vec::new());
    for _ in 0..RENDERED {
        let begun = Instant::now();
        black_box(shelf(&open, &catalogue, &all, black_box(&offers), (&draft, &basket), None));
        times.push(begun.elapsed());
    }
    times.sort();
    (offers.offers.len(), times[times.len() / 2])
}
