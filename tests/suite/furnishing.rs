//! What a test finds in the table where no request of its subject puts it: settings, forms, links.

use shared::domain::{
    Asking, ConsentPurpose, ConsentRequest, ConsentRequestId, ConsentText, Form, Locale, Settings, ShopId,
};
use shared::table::Transaction;

use crate::app::TestApp;

/// What the shop asks to agree to, in French.
pub const WORDS: &str = "J’accepte de recevoir les offres de La Ruche d’Or.";

/// These words, and English ones, in `version`.
pub fn consent_text(version: &str) -> ConsentText {
    let texts = [(Locale::Fr, WORDS), (Locale::En, "I agree to receive the offers of La Ruche d’Or.")];
    let texts = texts.map(|(locale, text)| (locale, text.parse().unwrap())).into();
    ConsentText { version: version.parse().unwrap(), texts }
}

impl TestApp {
    /// The path of a link that asks customer `id` for a consent in the shop's words.
    pub async fn consent_path(&self, id: &str, purpose: ConsentPurpose, asking: Asking) -> String {
        let app = self.functions();
        let shop: ShopId = "main".parse().unwrap();
        let customer = app.table.customer(&shop, id.parse().unwrap()).await.unwrap().unwrap();
        let (request, now) = (ConsentRequestId::new(ulid::Ulid::generate()), app.clock.now());
        let token = ConsentRequest::token(&app.keyring, request);
        let asked = ConsentRequest {
            id: request,
            shop: shop.clone(),
            customer: customer.id,
            purpose,
            text: WORDS.parse().unwrap(),
            version: "2026-11".parse().unwrap(),
            language: "fr".parse().unwrap(),
            asking,
            address: app.keyring.address_digest(&shop, &customer.email),
            hash: token.hash(),
            created_at: now,
            expires_at: now.checked_add(ConsentRequest::LIFE).unwrap(),
        };
        self.write(|transaction| transaction.create_consent_request(&asked).unwrap()).await;
        format!("/p/{}/agree", token.expose())
    }

    /// Makes a form of the shop as `edit` leaves it.
    pub async fn new_form(&self, id: &str, edit: impl Fn(&mut Form)) {
        let (shop, now) = ("main".parse().unwrap(), self.functions().clock.now());
        let mut form = Form::new(shop, id.parse().unwrap(), "Contact".parse().unwrap(), now);
        edit(&mut form);
        self.write(|transaction| {
            transaction.create_form(&form).unwrap();
        })
        .await;
    }

    /// Changes the settings of the shop.
    pub async fn set(&self, edit: impl Fn(&mut Settings)) {
        let before = self.functions().table.settings_now(&"main".parse().unwrap()).await.unwrap().unwrap();
        let mut after = Settings { version: before.version + 1, ..before.clone() };
        edit(&mut after);
        self.write(|transaction| {
            transaction.replace_settings(&before, &after).unwrap();
        })
        .await;
    }

    /// Commits what `steps` adds, whatever the store makes of it at first.
    pub async fn write(&self, steps: impl Fn(&mut Transaction)) {
        for _ in 0..10 {
            let mut transaction = Transaction::new();
            steps(&mut transaction);
            match self.functions().table.commit(transaction).await {
                Ok(_) => return,
                Err(error) => assert!(error.retryable(), "{error}"),
            }
        }
        panic!("the store stayed busy");
    }
}
