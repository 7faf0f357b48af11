//! Mails that find out whether an address is whose they are for: a consent to confirm, and a code.
//!
//! Anybody can have typed the address, so they hold nothing that was typed: the shop's own words and
//! digits. What they carry is made when they are sent, and stands nowhere.

use shared::Result;
use shared::domain::{AddressCode, AddressCodeId, ConsentRequest, ConsentRequestId, Locale};
use shared::email::{Content, Rendered};
use shared::keyring::AddressDigest;

use crate::content::{Writing, in_words, link};

impl Writing<'_> {
    /// The words to agree to and where; nothing where the link is closed, also to whom the shop no longer
    /// serves, or was made for another address than the one that this mail goes to.
    pub async fn consent_to_confirm(&self, id: ConsentRequestId) -> Result<Option<Rendered>> {
        let app = &self.state.app;
        let token = ConsentRequest::token(&app.keyring, id);
        let request = app.table.consent_request_by_token(&token.hash()).await?;
        let open = |request: &ConsentRequest| request.is_open(self.now) && self.is_of(&request.address);
        let Some(request) = request.filter(open).filter(|_| self.customer.block.is_none()) else {
            return Ok(None);
        };
        let url = app.public_url.consent_request(&token);
        let locale = Locale::of(&request.language).unwrap_or_else(|| self.locale());
        let content = Content::ConfirmConsent { words: request.text.expose(), agree: link(&url)? };
        in_words(self.settings, locale, &content, self.slots).map(Some)
    }

    /// The code, while it is the newest and good for the address that this mail goes to.
    pub async fn address_to_confirm(&self, id: AddressCodeId) -> Result<Option<Rendered>> {
        let app = &self.state.app;
        let newest = app.table.address_code(&self.customer.shop, self.customer.id).await?;
        let good = |code: &AddressCode| code.id == id && self.now < code.expires_at && self.is_of(&code.address);
        if !newest.as_ref().is_some_and(good) {
            return Ok(None);
        }
        let code = app.keyring.address_code(id.ulid());
        self.in_words(&Content::ConfirmAddress { code: &code }).map(Some)
    }

    /// Whether an address is the customer's own, of now.
    fn is_of(&self, address: &AddressDigest) -> bool {
        self.state.app.keyring.address_digest(&self.customer.shop, &self.customer.email) == *address
    }
}
