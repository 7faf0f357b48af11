//! One seeded customer with everything that happened to them, as the functions would have left it.
//!
//! What happened is lived through in order, so that figures, status, version and dates of the
//! record follow from it as they do from requests.

use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp, ToSpan};
use shared::Keyring;
use shared::domain::{
    Actor, AuditAction, AuditEntry, AuditId, Block, Channel, ConsentEvidence, ConsentId, ConsentMethod, ConsentPurpose,
    ConsentState, Customer, CustomerId, CustomerStatus, Discount, DraftId, Form, Group, Line, LinkTerms, Note, NoteId,
    Order, OrderId, OrderLine, OrderLink, OrderLinkId, OrderState, Product, Quantity, Settings, Source, Submission,
    SubmissionId, TagId, TagMark, Temperature,
};
use shared::intake::message;
use shared::table::SubmissionCard;

use super::WELL_FORMED;
use super::chance::Chance;
use super::names::Person;
use super::notes::{COMPANIES, MESSAGES, NOTES, ORDER_NOTES};
use super::places;

/// How far back first contacts reach, in days.
const KNOWN_FOR: f64 = 730.0;
/// More orders in a year than a regular places. With the rest, a customer stays one transaction.
const MAX_ORDERS: u32 = 9;
/// The page that the form stands on.
const PAGE: &str = "https://www.example.com/contact";
/// How much is ordered in each month, January first, compared with the busiest.
const BY_MONTH: [f64; 12] = [0.5, 0.5, 0.6, 0.6, 0.7, 0.6, 0.5, 0.4, 0.7, 0.8, 0.9, 1.0];
/// And on each day of the week, Monday first.
const BY_WEEKDAY: [f64; 7] = [0.9, 0.8, 0.9, 0.9, 1.0, 0.8, 0.4];

/// What every history is told against.
pub(super) struct World<'a> {
    pub(super) keyring: &'a Keyring,
    pub(super) settings: &'a Settings,
    pub(super) form: &'a Form,
    pub(super) products: &'a [Product],
    pub(super) groups: &'a [Group],
    /// Who of the staff does everything.
    pub(super) staff: Line<128>,
    pub(super) now: Timestamp,
}

/// A customer, and what belongs to them.
pub(super) struct History {
    pub(super) customer: Customer,
    pub(super) submission: Option<(Submission, SubmissionCard)>,
    pub(super) consents: Vec<ConsentEvidence>,
    pub(super) unsubscribed_at: Option<Timestamp>,
    pub(super) notes: Vec<Note>,
    pub(super) links: Vec<OrderLink>,
    pub(super) orders: Vec<(Order, DraftId)>,
    pub(super) audit: Vec<AuditEntry>,
}

impl History {
    /// The history of the customer number `index`.
    pub(super) fn number(index: usize, world: &World<'_>) -> Self {
        let mut chance = Chance::of(index);
        let person = Person::number(index);
        // The shop becomes better known: the recent past has more first contacts.
        let days_ago = (KNOWN_FOR * chance.fraction().powf(1.4)) as i64;
        let today = world.settings.zone.day(world.now);
        let met = world.moment(&mut chance, today.saturating_sub(days_ago.days()));
        let history = begin(&mut chance, &person, met, world);
        let mut story = Teller { world, chance, person, history };
        story.introduce(met);
        story.tell(met, today);
        let History { customer, .. } = &story.history;
        let by = match &customer.source {
            Source::Form { form, .. } => Actor::Form { form: form.clone() },
            _ => story.staff(),
        };
        story.history.customer = customer.clone().entered_by(&by);
        story.history
    }
}

/// The record before anything is known.
fn begin(chance: &mut Chance, person: &Person, met: Timestamp, world: &World<'_>) -> History {
    let id = CustomerId::new(chance.ulid(met));
    let (name, email) = (person.name.parse().expect(WELL_FORMED), person.email.parse().expect(WELL_FORMED));
    let language = person.locale.language();
    let customer = Customer { language, ..Customer::new(world.settings, id, name, email, Source::Staff, met) };
    let (submission, consents, notes) = (None, Vec::new(), Vec::new());
    let (links, orders, audit) = (Vec::new(), Vec::new(), Vec::new());
    History { customer, submission, consents, unsubscribed_at: None, notes, links, orders, audit }
}

/// Something that happens after the first contact.
enum Event {
    Completed,
    Noted,
    Ordered,
    Unsubscribed,
}

struct Teller<'a> {
    world: &'a World<'a>,
    chance: Chance,
    person: Person,
    history: History,
}

impl Teller<'_> {
    /// The first contact: through the form, or entered by staff.
    fn introduce(&mut self, at: Timestamp) {
        if self.chance.in_hundred(16) {
            let company = self.chance.one_of(&COMPANIES).replace("{}", self.person.family);
            self.history.customer.company = company.parse().ok();
        }
        if self.chance.in_hundred(65) { self.submit(at) } else { self.enter(at) }
    }

    fn submit(&mut self, at: Timestamp) {
        let (world, id) = (self.world, self.history.customer.id);
        if self.chance.in_hundred(60) {
            self.history.customer.phone = self.person.phone(&mut self.chance, world.settings.country);
        }
        let page = PAGE.parse().ok();
        self.history.customer.source = Source::Form { form: world.form.id.clone(), page, campaign: None };
        let agrees = self.chance.in_hundred(60);
        if let Some(evidence) = agrees.then(|| self.agreement(at)).flatten() {
            self.history.customer.consents.record(&evidence);
            self.history.consents.push(evidence);
        }
        let customer = &self.history.customer;
        let mut fields = vec![
            ("name", customer.name.expose()),
            ("email", customer.email.expose()),
            ("message", self.chance.one_of(&MESSAGES)),
        ];
        fields.extend(customer.company.as_ref().map(|company| ("company", company.expose())));
        fields.extend(customer.phone.as_ref().map(|phone| ("phone", phone.expose())));
        fields.extend((!self.history.consents.is_empty()).then_some(("marketing_email", "on")));
        let submission = Submission {
            id: SubmissionId::new(self.chance.ulid(at)),
            form: world.form.id.clone(),
            customer: id,
            fields: fields.into_iter().map(|(name, value)| (name.to_owned(), vec![value.to_owned()])).collect(),
            page: PAGE.parse().ok(),
            language: customer.language.clone(),
            source_ip: None,
            at,
        };
        let records = vec![id.to_string(), submission.id.to_string()];
        let card = SubmissionCard::of(&submission, customer.email.clone(), message(world.form, &submission.fields));
        self.history.submission = Some((submission, card));
        self.audit(at, Actor::Form { form: world.form.id.clone() }, AuditAction::SubmissionReceived, records);
    }

    /// The box that was ticked, with the words beside it.
    fn agreement(&mut self, at: Timestamp) -> Option<ConsentEvidence> {
        let customer = &self.history.customer;
        let asked = self.world.form.marketing_consent.as_ref()?;
        let (locale, text) = asked.shown_to(&customer.language)?;
        Some(ConsentEvidence {
            id: ConsentId::new(self.chance.ulid(at)),
            customer: customer.id,
            purpose: ConsentPurpose::MarketingEmail,
            state: ConsentState::Granted,
            at,
            text: Some(text.clone()),
            version: Some(asked.version.clone()),
            language: Some(locale.language()),
            page: PAGE.parse().ok(),
            source_ip: None,
            method: ConsentMethod::FormCheckbox,
            recorded_by: None,
        })
    }

    fn enter(&mut self, at: Timestamp) {
        self.complete();
        self.mark(at);
        let records = vec![self.history.customer.id.to_string()];
        self.audit(at, self.staff(), AuditAction::CustomerCreated, records);
    }

    /// What staff know or decide.
    fn complete(&mut self) {
        let chance = &mut self.chance;
        let customer = &mut self.history.customer;
        customer.country = Some(self.person.country);
        customer.currency = self.person.currency;
        if customer.phone.is_none() && chance.in_hundred(80) {
            customer.phone = self.person.phone(chance, self.person.country);
        }
        if chance.in_hundred(14) {
            customer.discount = Discount::try_from(chance.one_of(&[250, 500, 500, 1000, 1000, 1500])).ok();
        }
        if chance.in_hundred(70) {
            let (month, day) = (1 + chance.below(12), 1 + chance.below(28));
            let year = chance.in_hundred(50).then(|| 1944 + chance.below(62));
            let text = year.map_or("-".to_owned(), |year| year.to_string());
            customer.birthday = format!("{text}-{month:02}-{day:02}").parse().ok();
        }
        if chance.in_hundred(40) {
            let all = [Temperature::Hot, Temperature::Warm, Temperature::Warm, Temperature::Cold];
            customer.temperature = Some(chance.one_of(&all));
        } else if chance.in_hundred(5) {
            customer.temperature = Some(Temperature::NotInterested);
        }
        if chance.in_hundred(45) {
            customer.delivery_address = places::address(chance, self.person.country);
        }
        if customer.company.is_some() && chance.in_hundred(50) {
            customer.group = Some(self.world.groups[chance.below(self.world.groups.len() as u32) as usize].id);
        }
    }

    /// What staff put on the customer, and the few whom they no longer serve.
    fn mark(&mut self, at: Timestamp) {
        let today = self.world.settings.zone.day(at);
        let customer = &mut self.history.customer;
        while self.chance.in_hundred(30) {
            let typed = self.chance.one_of(&places::TAGS);
            let tag: TagId = typed.parse().expect(WELL_FORMED);
            let own = TagId::built_in().all(|built_in| built_in != tag);
            let expires_on = self.chance.in_hundred(20).then(|| today.saturating_add(90.days()));
            let label = own.then(|| typed.parse().expect(WELL_FORMED));
            let mark = TagMark { label, reason: None, expires_on, at, by: self.world.staff.clone() };
            // Nine are more than are drawn.
            let _ = customer.tags.put(tag, mark, today);
        }
        if self.chance.in_hundred(2) {
            let reason = "Factures impayées".parse().expect(WELL_FORMED);
            customer.block = Some(Block { reason, by: self.world.staff.clone(), at });
        }
    }

    /// Everything after the first contact, in the order it happened.
    fn tell(&mut self, met: Timestamp, today: Date) {
        let mut events = Vec::new();
        if self.history.submission.is_some() && self.chance.in_hundred(75) {
            events.push((self.after(met), Event::Completed));
        }
        for _ in 0..[0, 0, 0, 1, 1, 2][self.chance.below(6) as usize] {
            events.push((self.after(met), Event::Noted));
        }
        if !self.history.consents.is_empty() && self.chance.in_hundred(6) {
            events.push((self.after(met), Event::Unsubscribed));
        }
        for _ in 0..self.orders() {
            let at = self.order_day(met, today);
            events.push((at, Event::Ordered));
        }
        events.sort_by_key(|(at, _)| *at);
        for (at, event) in events {
            match event {
                Event::Completed => self.changed(at),
                Event::Noted => self.note(at),
                Event::Ordered => self.order(at),
                Event::Unsubscribed => self.unsubscribe(at),
            }
        }
    }

    /// How often the customer orders within the year: a third never, most now and then, some
    /// regularly.
    fn orders(&mut self) -> u32 {
        if self.chance.in_hundred(32) {
            return 0;
        }
        let mut orders = 1;
        while orders < MAX_ORDERS && self.chance.in_hundred(82) {
            orders += 1;
        }
        orders
    }

    /// A moment between the first contact and now.
    fn after(&mut self, met: Timestamp) -> Timestamp {
        let between = (self.world.now.as_millisecond() - met.as_millisecond()).max(0) as f64;
        let later = (between * self.chance.fraction()) as i64;
        met.checked_add(SignedDuration::from_millis(later)).unwrap_or(met)
    }

    /// A day of the last twelve months on which people order, not before `met`: what is older
    /// would be due for a reactivation at once.
    fn order_day(&mut self, met: Timestamp, today: Date) -> Timestamp {
        let earliest = today.saturating_sub(1.year()).saturating_add(2.days());
        let first = self.world.settings.zone.day(met).max(earliest);
        let days = first.until(today).map_or(0, |span| span.get_days()).unsigned_abs() + 1;
        let mut day = first;
        for _ in 0..20 {
            day = first.saturating_add(i64::from(self.chance.below(days)).days());
            let weight = BY_MONTH[usize::from(day.month().unsigned_abs()) - 1]
                * BY_WEEKDAY[usize::from(day.weekday().to_monday_zero_offset().unsigned_abs())];
            if self.chance.fraction() < weight {
                break;
            }
        }
        self.world.moment(&mut self.chance, day).max(met)
    }

    fn changed(&mut self, at: Timestamp) {
        self.complete();
        self.mark(at);
        self.moved(at);
        let records = vec![self.history.customer.id.to_string()];
        self.audit(at, self.staff(), AuditAction::CustomerChanged, records);
    }

    fn note(&mut self, at: Timestamp) {
        let (text, priority) = self.chance.one_of(&NOTES);
        let id = self.history.customer.id;
        let (note, text) = (NoteId::new(self.chance.ulid(at)), text.parse().expect(WELL_FORMED));
        let note = Note { priority, ..Note::new(note, id, text, self.world.staff.clone(), at) };
        self.history.customer.last_note = note.preview();
        self.moved(at);
        self.history.notes.push(note);
        self.audit(at, self.staff(), AuditAction::NoteCreated, vec![id.to_string()]);
    }

    fn unsubscribe(&mut self, at: Timestamp) {
        let evidence = ConsentEvidence {
            id: ConsentId::new(self.chance.ulid(at)),
            customer: self.history.customer.id,
            purpose: ConsentPurpose::MarketingEmail,
            state: ConsentState::Withdrawn,
            at,
            text: None,
            version: None,
            language: None,
            page: None,
            source_ip: None,
            method: ConsentMethod::Unsubscribe,
            recorded_by: None,
        };
        self.history.customer.consents.record(&evidence);
        self.history.customer.last_contact_at = at;
        self.moved(at);
        self.history.consents.push(evidence);
        self.history.unsubscribed_at = Some(at);
        let records = vec![self.history.customer.id.to_string()];
        self.audit(at, Actor::Preferences, AuditAction::ConsentWithdrawn, records);
    }

    fn order(&mut self, at: Timestamp) {
        let link = self.link(at);
        let lines = self.lines();
        let customer = &self.history.customer;
        let Some(currency) = lines.first().map(|line| line.unit_price.currency()) else { return };
        let note = self.chance.in_hundred(8).then(|| self.chance.one_of(&ORDER_NOTES).parse().ok()).flatten();
        let order = Order {
            shop: customer.shop.clone(),
            id: OrderId::new(self.chance.ulid(at)),
            version: 1,
            customer: customer.id,
            link: Some(link),
            channel: Channel::Web,
            payment_method: None,
            state: OrderState::Submitted,
            total: Order::total_of(&lines, currency).expect(WELL_FORMED),
            lines,
            moves: Vec::new(),
            refunds: Vec::new(),
            note,
            placed_at: at,
            day: self.world.settings.zone.day(at),
        };
        let records = vec![customer.id.to_string(), order.id.to_string()];
        let customer = &mut self.history.customer;
        let settings = self.world.settings;
        customer.figures.add(&order, settings.currency, &settings.thresholds);
        customer.status = CustomerStatus::Current;
        customer.last_contact_at = at;
        self.moved(at);
        let draft = DraftId::new(self.chance.ulid(at));
        self.history.orders.push((order, draft));
        self.audit(at, Actor::OrderLink { link }, AuditAction::OrderPlaced, records);
    }

    /// The link that the order comes through: the last one while it opens, or a new one.
    fn link(&mut self, at: Timestamp) -> OrderLinkId {
        if let Some(open) = self.history.links.last().filter(|link| link.is_open(at)) {
            return open.id;
        }
        let made = at.saturating_sub(SignedDuration::from_mins(30)).map_or(at, |made| made);
        let made = made.max(self.history.customer.created_at);
        let (shop, customer) = (self.history.customer.shop.clone(), self.history.customer.id);
        let id = OrderLinkId::new(self.chance.ulid(made));
        let terms = LinkTerms::default();
        let end = terms.end(&self.world.settings.zone, made);
        self.history.links.push(OrderLink::new(self.world.keyring, shop, id, customer, terms, made, end));
        let records = vec![customer.to_string(), id.to_string()];
        self.audit(made, self.staff(), AuditAction::OrderLinkCreated, records);
        id
    }

    /// One to four products at the customer's prices.
    fn lines(&mut self) -> Vec<OrderLine> {
        let customer = &self.history.customer;
        let discount = customer.discount.filter(|discount| !discount.is_zero());
        let mut lines: Vec<OrderLine> = Vec::new();
        for _ in 0..1 + self.chance.below(4) {
            let product = &self.world.products[self.chance.below(self.world.products.len() as u32) as usize];
            let Some(base_price) = product.prices.get(customer.currency) else { continue };
            if lines.iter().any(|line| line.product == Some(product.id)) {
                continue;
            }
            let quantity = self.chance.one_of(&[1, 1, 1, 2, 2, 3, 6]);
            lines.push(OrderLine {
                product: Some(product.id),
                name: product
                    .name
                    .best(&customer.language, &self.world.settings.language())
                    .parse()
                    .expect(WELL_FORMED),
                unit: product.unit.clone(),
                quantity: Quantity::try_from(quantity).expect(WELL_FORMED),
                base_price,
                unit_price: discount.map_or(base_price, |discount| discount.apply(base_price)),
                discount,
            });
        }
        // As a page posts them: by product.
        lines.sort_by_key(|line| line.product);
        lines
    }

    /// The record changed.
    fn moved(&mut self, at: Timestamp) {
        self.history.customer.version += 1;
        self.history.customer.updated_at = at;
    }

    fn staff(&self) -> Actor {
        Actor::Staff { subject: self.world.staff.clone() }
    }

    fn audit(&mut self, at: Timestamp, actor: Actor, action: AuditAction, records: Vec<String>) {
        let id = AuditId::new(self.chance.ulid(at));
        self.history.audit.push(AuditEntry { id, at, actor, action, records, source_ip: None });
    }
}

impl World<'_> {
    /// A moment of `day` at which people are up, and which has passed.
    fn moment(&self, chance: &mut Chance, day: Date) -> Timestamp {
        let second = 8 * 3600 + chance.below(13 * 3600);
        let time = Time::midnight().saturating_add(i64::from(second).seconds());
        let moment = self.settings.zone.instant(day, time);
        if moment < self.now { moment } else { self.settings.zone.instant(day, Time::midnight()).min(self.now) }
    }
}
