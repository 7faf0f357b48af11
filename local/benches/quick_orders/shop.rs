//! A shop with products, and customers with links to it.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::{IpAddr, Ipv4Addr};

use axum::body::Body;
use bytes::Bytes;
use http::{Method, Request, StatusCode};
use http_body_util::BodyExt;
use local::functions::deploy;
use local::stack::{Data, Options, Stack};
use serde_json::{Value, json};
use shared::App;
use shared::domain::{ImageId, Product, ProductId, ProductImage, ShopId};
use shared::table::Transaction;
use tokio::runtime::Handle;

/// How many there are of each product at first.
pub const STOCK: i64 = 1_000_000;

/// A stack on a folder of its own.
pub struct Shop {
    pub stack: Stack,
    pub app: App,
    pub id: ShopId,
    pub products: Vec<ProductId>,
    token: String,
    _folder: tempfile::TempDir,
}

/// An answer, read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub location: String,
    pub body: Bytes,
}

impl Shop {
    /// A shop of so many products, on the threads of `store`, in ten categories, each with everything that a row shows.
    pub async fn of(store: &Handle, products: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data");
        let options = Options { data: Data::Folder { path, fresh: true }, ..Options::in_memory() };
        let stack = store.spawn(Stack::start(options, deploy)).await.unwrap().unwrap();
        let (app, token) = (stack.services().app(), stack.gateway().token("owner", "main").unwrap());
        let mut shop = Self { stack, app, id: "main".parse().unwrap(), products: Vec::new(), token, _folder: folder };
        for number in 0..products {
            let product = shop.product(number);
            let mut transaction = Transaction::new();
            transaction.create_product(&shop.id, &product, Some(STOCK)).unwrap();
            shop.app.table.commit(transaction).await.unwrap().unwrap();
            shop.products.push(product.id);
        }
        shop
    }

    fn product(&self, number: u32) -> Product {
        let (app, now) = (&self.app, self.app.clock.now());
        let name = json!({
            "fr": format!("Miel de châtaignier des Cévennes n° {number}"), "en": format!("Chestnut honey no. {number}"),
        });
        let prices = json!({ "EUR": 500 + number % 3000, "USD": 600 + number % 3000 });
        let prices = serde_json::from_value(prices).unwrap();
        let mut id = [0; 16];
        app.entropy.fill(&mut id);
        Product {
            unit: Some("pot de 500 g".parse().unwrap()),
            category: Some(format!("Récolte {}", number % 10).parse().unwrap()),
            position: number,
            image: Some(ProductImage { id: ImageId::new(id), width: 600, height: 600 }),
            counted: true,
            ..Product::new(ProductId::new(app.entropy.ulid(now)), serde_json::from_value(name).unwrap(), prices, now)
        }
    }

    /// A customer with 10 % off, and the path of the link.
    pub async fn customer(&self, number: u32) -> (String, String) {
        let body = json!({
            "name": format!("Zoé Dupont {number}"), "email": format!("zoe{number}@example.com"),
            "language": "fr", "discount_bp": 1000,
        });
        let customer = self.staff("/v1/customers", &body).await["id"].as_str().unwrap().to_owned();
        let link = self.staff(&format!("/v1/customers/{customer}/order-links"), &json!({})).await;
        let path = link["url"].as_str().unwrap().split_once("/o/").unwrap().1.to_owned();
        (customer, format!("/o/{path}"))
    }

    async fn staff(&self, path: &str, body: &Value) -> Value {
        let request = Request::post(path).header("content-type", "application/json");
        let request = request.header("authorization", format!("Bearer {}", self.token));
        let answer = self.answer(request.body(body.to_string().into()).unwrap()).await;
        assert_eq!(answer.status, 201, "{:?}", answer.body);
        serde_json::from_slice(&answer.body).unwrap()
    }

    /// Shows a page, compressed where that is asked for.
    pub async fn show(&self, path: &str, encoding: &str) -> Answer {
        let request = Request::builder().method(Method::GET).uri(path).header("accept-encoding", encoding);
        self.answer(request.body(Bytes::new()).unwrap()).await
    }

    /// Presses a button.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        self.answer(request.body(body.into()).unwrap()).await
    }

    async fn answer(&self, request: Request<Bytes>) -> Answer {
        // Who holds a link is on a network of their own.
        let mut hasher = DefaultHasher::new();
        request.uri().path().hash(&mut hasher);
        let [.., one, two, three] = hasher.finish().to_be_bytes();
        let source = IpAddr::V4(Ipv4Addr::new(10, one, two, three));
        let answer: axum::response::Response<Body> = self.stack.gateway().answer(request, source).await;
        let location = answer.headers().get("location").and_then(|location| location.to_str().ok());
        let (status, location) = (answer.status(), location.unwrap_or_default().to_owned());
        Answer { status, location, body: answer.into_body().collect().await.unwrap().to_bytes() }
    }
}
