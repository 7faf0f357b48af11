//! What a shop changed of its mails: an item for each kind and language that it ever touched.

use super::keys;
use super::{Range, Select, Step, Table, Transaction, to_item};
use crate::Result;
use crate::domain::{Locale, MailTemplate, MessageKind, ShopId};

/// More than there are kinds and languages: a shop's templates are read whole.
const ALL: u32 = 1000;

impl Table {
    /// A shop's own texts for one kind and language, perhaps some seconds old: half a read unit for each
    /// four kilobytes of them.
    pub async fn mail_template(
        &self,
        shop: &ShopId,
        kind: MessageKind,
        language: Locale,
    ) -> Result<Option<MailTemplate>> {
        self.get_eventually(&keys::mail_template(shop, kind, language)).await
    }

    /// As [`Table::mail_template`], as they are now.
    pub async fn mail_template_now(
        &self,
        shop: &ShopId,
        kind: MessageKind,
        language: Locale,
    ) -> Result<Option<MailTemplate>> {
        self.get(&keys::mail_template(shop, kind, language)).await
    }

    /// Everything a shop ever changed of its mails.
    pub async fn mail_templates(&self, shop: &ShopId) -> Result<Vec<MailTemplate>> {
        let range = Range::BeginsWith(keys::MAIL_TEMPLATES.to_owned());
        let page = self.query(Select::table(keys::settings_partition(shop), range, ALL)).await?;
        Ok(page.items)
    }
}

impl Transaction {
    /// Keeps `after`, if the version before it stands; the first, if there is none.
    pub fn write_mail_template(&mut self, after: &MailTemplate) -> Result<Step> {
        let key = keys::mail_template(&after.shop, after.kind, after.language);
        let item = to_item(key, "mail_template", after)?;
        Ok(match after.version - 1 {
            0 => self.create(item),
            before => self.replace(item, before),
        })
    }
}
