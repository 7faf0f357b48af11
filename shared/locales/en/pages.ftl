# Pages and messages, in English.

## Problems

problem-malformed = The body of the request can’t be read.
problem-invalid = Some fields are not right.
problem-empty-submission = The form is empty.
problem-unauthenticated = You have to sign in.
problem-forbidden = Your role does not allow this.
problem-not-found = There is no such thing.
problem-no-such-template = There is no such e-mail. Kinds: { $kinds }. Languages: { $languages }.
problem-method-not-allowed = This address does not answer that method.
problem-duplicate-customer = Another customer has this e-mail address already.
problem-duplicate-group = Another group has this name already.
problem-too-many-forms = The shop has as many forms as it may have: delete one that is no longer used.
problem-no-consent-text = The shop has no words for this consent yet: add them to its settings (consent_texts).
problem-settings-exist = The shop has its settings already: change them.
problem-merged = This customer has been merged into another.
problem-not-undoable = This merge can’t be undone any more: thirty days have passed, or the customer has changed since.
problem-job-running = A merge or an undo is at work on this customer. Try again in a few minutes.
problem-link-closed = This link has expired, was revoked or is used up: create another.
problem-upload-over = This upload was used already, or is more than an hour old: announce the file again, with another key.
problem-customer-blocked = This customer is blocked: their links open nothing. Unblock them first.
problem-undeliverable = This customer’s e-mail address does not take our messages: correct it, or reach them another way.
problem-not-resendable = This e-mail can’t be sent again: it is marketing, is still under way, held a code, or is about something that is no longer so.
problem-export-ended = This export is at its end already.
problem-too-many-rows = A file of this form can’t have as many rows: choose CSV or JSON Lines, or fewer customers.
problem-order-state = The order is not in a state that allows this.
problem-stale = The record has changed since you read it. Read it again, then try again.
problem-too-large = The request is too large.
problem-unsupported-media-type = This type of content is not accepted here.
problem-idempotency-mismatch = This idempotency key was used for another request.
problem-precondition-required = The header If-Match is needed, with the ETag of the record you read.
problem-too-many-requests = Too many requests. Try again in a moment.
problem-enough-mails = This address got enough of our e-mails today already: try again tomorrow, or reach the customer another way.
problem-internal = Something went wrong on our side.
problem-unavailable = The service is very busy. Try again in a moment.

## Fields

invalid-empty = Please fill in this field.
invalid-too-long = At most { $max } characters.
invalid-control-character = This field contains a control character.
invalid-email = This is not an e-mail address.
invalid-phone = This is not a telephone number.
invalid-currency = This is not an ISO 4217 currency code.
invalid-language = This is not a BCP 47 language tag.
invalid-country = This is not an ISO 3166 country code.
invalid-date = This is not a date of the calendar.
invalid-instant = This is not a date and time with its offset, as in 2026-11-22T10:00:00+01:00.
invalid-instant-range = This date and time is too long ago or too far ahead.
invalid-time-zone = This is not an IANA time zone.
invalid-postcode = This is not a postcode of the country.
invalid-vat-number = This is not a VAT number of the country.
invalid-not-used-there = The country has no such thing.
invalid-out-of-range = It has to be between { $min } and { $max }.
invalid-choice = This value is not in the list.
invalid-confirmation = This is not the name as it stands: type it again to confirm.
invalid-version = This version stands for other words: give a new one.
invalid-id = This is not an id.
invalid-web-address = This is not a web address.
invalid-too-many = At most { $max } values.
invalid-unknown-field = This field is not known.
invalid-unknown-field-of = This field is not known. There are: { $known }.
invalid-unknown-field-of-none = There is no field here.
invalid-wrong-type = This is not of the expected type.
invalid-upload = There is no such upload for this product, it is more than an hour old, or its file was not sent: ask for a new one.
invalid-image = The file is not the image that was announced, or a side of it is not 1 to 10,000 pixels long.
invalid-file = Files can’t be sent here.
invalid-colour = This is not a colour written #rrggbb.
invalid-variable = This e-mail has no value “{ $found }”: take one of the names in the list (variables).
invalid-column = There is no such column. There are: { $found }.
invalid-expression = A text can’t hold “{ $found }”: only names, such as shop_name in double braces, and conditions.
invalid-block = The braces or the conditions of this text don’t fit together.

## Form

thanks-title = Thank you!
thanks-text = Your message has arrived. You can close this page.
thanks-mailed = Did you ask for our offers? An e-mail may be waiting for you: one click in it confirms. Nothing there? Look among your spam.
form-problem-title = Your message was not sent
form-problem-text = Please go back to the previous page, correct the following, and send it again.
form-problem-wait = Many messages have just come from your network. Please go back to the previous page: what you wrote is still there. Send it again in { $seconds } s.
form-field-email = E-mail address
form-field-name = Name
form-field-given-name = First name
form-field-family-name = Last name
form-field-company = Company
form-field-phone = Telephone
form-field-birthday = Birthday
form-field-language = Language
form-field-marketing-email = Offers by e-mail
form-not-found = There is no such form.
form-field-message = Message
form-leave-empty = Please leave this field empty
form-send = Send

## Order

order-title = Hello { $name }
order-your-price = Your price
order-base-price = Base price
order-note = A note for the shop (optional)
order-submit = Place my order
order-empty-catalogue = The shop has nothing to offer at the moment.
order-error-title = Please check
order-error-empty = Enter a quantity for at least one product.
order-error-quantity = a whole number from 0 to { $max }.
order-error-portion = from { $min } to { $max }, in steps of { $step }.
order-error-range = from { $min } to { $max }.
order-error-stock = only { $left } left.
order-sold-out = Sold out
order-error-total = This order is too large. Please reduce the quantities.
order-error-note = Your note is too long: at most { $max } characters.
order-error-changed = Prices, products or your order have changed since you opened this page. This is how it stands: please check, then place your order.
order-error-lines = An order has at most { $lines } products, of which { $counted } in limited stock.
order-error-again = The shop no longer offers anything of your last order.
order-why-agreed = agreed price
order-why-discount = your { $discount } discount
order-details = Learn more
order-items = { $items ->
    [0] no items
    [one] 1 item
   *[other] { $items } items
}
order-review = Review my order
order-update = Update
order-last = Choose the same as on { $day }
order-search = Search for a product
order-search-button = Search
order-categories = Categories
order-all-categories = All
order-nothing-found = No products found.
order-first-page = First page
order-next-page = Next page
order-back = Continue shopping
order-review-title = Your order
order-gone = No longer available: { $products }. You can still order the rest.
order-price-was = The price has changed: it was { $price }.
order-delivery = Delivery
order-no-delivery = The shop does not have your address yet. Add it to your note, or arrange to collect your order.
order-error-quantities = Please check the quantities:
order-error-sold-out = sold out. Enter 0 to order the rest.
order-error-recounted = Here is the new total with your changes: please check, then place your order.
order-placed-already = This order had been placed already. What you changed afterwards is not part of it: place another order, or tell the shop.
order-cancelled-title = Order cancelled
order-refunded = Refunded
order-net = Net
order-orders-left = { $left ->
    [one] This link is good for one order.
   *[other] This link is good for { $left } more orders.
}
order-placed-title = Thank you for your order
order-placed-number = Order { $number }, placed on { $day }
order-placed-mail = A confirmation is on its way to you by e‑mail.
order-placed-note = Your note
order-column-product = Product
order-column-total = Total
order-again = Order something else
link-closed-title = This link no longer works
link-closed-text = It may have expired, or been used already. Please ask the shop for a new one.

## An order to print

sheet-order-title = Order { $number }
sheet-packing-title = Packing list { $number }
sheet-printed = Printed on { $day }
order-state-submitted = Received
order-state-confirmed = Confirmed
order-state-in-production = Being prepared
order-state-shipped = Shipped
order-state-delivered = Delivered
order-state-cancelled = Cancelled
sheet-customer = Customer
sheet-delivery-address = Delivery address
sheet-billing-address = Billing address
sheet-phone = Telephone
sheet-note = Note
sheet-packed = Ready
sheet-quantity = Qty
sheet-product = Product
sheet-unit-price = Price
sheet-total = Total
sheet-refunded = Refunded
sheet-net = Net after refund
sheet-cancelled = Order cancelled: do not prepare
sheet-pieces =
    { $number ->
        [one] item
       *[other] items in all
    }

## Preferences

preferences-title = Your preferences
preferences-marketing = Offers and news by e‑mail
preferences-granted = You agreed to receive them on { $day }.
preferences-withdrawn = You stopped receiving them on { $day }.
preferences-never = You don’t receive them.
preferences-unsubscribe = Stop receiving offers
preferences-never-receive = Never receive offers
preferences-done = Done. You won’t receive any more offers.
preferences-orders = You will still get messages about your orders.
preferences-saved = Saved.
preferences-changed = These words have changed since you opened this page. Here they are as they stand: please read them again, then choose.
preferences-purchase-data = Your purchases, for better advice
preferences-geolocation = Your location, for offers near you
preferences-partner-sharing = Sharing with our partners
preferences-agreed = You agreed on { $day }.
preferences-taken-back = You took your consent back on { $day }.
preferences-not-agreed = You have not agreed.
preferences-words = What you agreed to:
preferences-words-version = What you agreed to (version { $version }):
preferences-words-before = What you had agreed to on { $day }:
preferences-words-before-version = What you had agreed to on { $day } (version { $version }):
preferences-agreed-before = You had agreed on { $day }.
preferences-agree = I agree
preferences-take-back = Take my consent back
preferences-address = Your e‑mail address
preferences-address-confirmed = { $address } is confirmed.
preferences-address-unconfirmed = { $address } is not confirmed yet.
preferences-address-confirm = Confirm my address
preferences-language = Language of our messages
preferences-language-change = Change language
preferences-deletion = Delete my data
unsubscription-only = This page comes from an older message: here you can only stop the offers. For everything else, use a recent message.
pace-title = One moment, please
pace-text = Many requests have just come through this link. Please go back to the previous page, and try again in { $seconds } s.

## An address to confirm

address-title = Confirm your address
address-sent = We are sending a code to { $address }. It works for ten minutes, and we send three an hour at most.
address-code = Eight-digit code
address-submit = Confirm
address-again = Send a new code
address-none = No code works at the moment. Ask for one: we send three an hour at most.
address-error-spent = This code no longer works. Ask for a new one: we send three an hour at most.
address-error-digits = The code has eight digits. Please check it, then try again.
address-error-wrong = That is not the right code. Tries left: { $left }.
address-done-title = Address confirmed
address-done = Thank you! Your address is confirmed.
address-back = Back to your preferences

## A consent to confirm

request-title = Your consent
request-intro = This is what you agree to by pressing the button:
request-agree = I agree
request-otherwise = If not, simply close this page: nothing changes.
request-done-title = Done, thank you!
request-done = Your consent is saved. You can take it back at any time, by a link in our e‑mails or by writing to us.
request-mailed-title = Please check your e‑mail
request-mailed = We are writing to the address we have for you. Open that e‑mail and confirm: your consent will count from then on. Nothing there? Look among the spam.
request-enough = We have written to you several times today. Please come back tomorrow: this link stays open.

## Deletion

deletion-title = Delete your data
deletion-goes = We will erase what we know about you: your contact details, your messages, your preferences, our notes.
deletion-stays = Your past orders stay in our accounts, as the law requires, but without your name and your address.
deletion-for-good = This is final: we won’t be able to bring anything back.
deletion-comment = A word for the shop (optional)
deletion-submit = Delete my data
deletion-back = Keep my data
deletion-busy-title = One moment, please
deletion-busy = Your record is being updated, and nothing was deleted. Please try again in a few minutes.
deletion-done-title = Your data are deleted
deletion-done = The shop has been told. The last traces go within the next minutes; you can close this page.

## Why an automated e-mail does not go

left-out-blocked = The customer is blocked.
left-out-undeliverable = The address is of a spelling that cannot be sent to.
left-out-unsubscribed = The address unsubscribed.
left-out-bounced = An e-mail to the address came back for good.
left-out-complained = One of our e-mails was reported as junk.
left-out-no-consent = Marketing e-mails were not agreed to.
left-out-automation-off = The shop has turned this automation off.
left-out-marketing-paused = The shop’s marketing e-mails are paused.
left-out-customer-gone = The customer is no longer there.
left-out-subject-gone = What it is about is no longer so.
left-out-missed = The day for it has passed.
left-out-already-written = This e-mail was written already, to this customer or to this address.
left-out-no-occasion = Nothing is due: there is no occasion for it, or it was dealt with.

## Cards to print

cards-title = Customer cards
cards-made = Made on { $moment }
cards-page = page { $number } of { $pages }
cards-none = No customers.
cards-email = E-mail
cards-phone = Telephone
cards-delivery = Delivery
cards-billing = Billing
cards-birthday = Birthday
cards-status = Status
cards-status-current = Customer
cards-status-potential = Lead
cards-segment = Segment
cards-segment-inactive = Inactive
cards-segment-vip = VIP
cards-segment-regular = Regular
cards-segment-new = New
cards-segment-occasional = Occasional
cards-orders = Orders
cards-last-order = Last order
cards-tags = Tags
cards-marketing = Offers by e-mail
cards-yes = yes
cards-no = no

## Data of one person

data-title = Your data
data-made = Everything that we keep about you, on
data-withheld = Notes on health, handed over only by those who may read them:
data-continued = More follows on the next page:
data-yes = yes
data-no = no
data-section-order = Orders
data-section-order-draft = Orders in the making
data-section-message = E-mails
data-section-consent = Consents
data-section-interaction = Contacts and visits
data-section-submission = Forms sent
data-section-note = Notes
data-section-order-links = Order links
data-section-suppressions = Why the address gets no mail
data-id = Id
data-version = Version
data-name = Name
data-given-name = Given name
data-family-name = Family name
data-company = Company
data-contact-person = Contact person
data-vat-number = VAT number
data-email = E-mail
data-email-status = Address proved
data-phone = Telephone
data-phone-e164 = Telephone (international)
data-country = Country
data-delivery-address = Delivery address
data-billing-address = Billing address
data-street = Street
data-extra = Second line
data-postcode = Postcode
data-city = Town
data-region = Region
data-lines = Lines
data-preferred-channels = Reach by
data-language = Language
data-currency = Currency
data-discount-bp = Discount
data-birthday = Birthday
data-status = Status
data-temperature = Interest
data-temperature-stale = Interest noted long ago
data-tags = Tags
data-tag = Tag
data-label = Label
data-reason = Reason
data-expires-on = Until
data-expires-at = Expires
data-at = At
data-blocked = Blocked
data-source = Source
data-first-contact = First contact
data-last-contact-at = Last contact
data-consents = Consents
data-state = State
data-figures = In figures
data-orders = Orders
data-totals = Orders come to
data-counts = Number by currency
data-average-baskets = Average order
data-tenths-of-days-between-orders = Between orders (tenths of days)
data-first-order-on = First order
data-last-order-on = Last order
data-last-visit-on = Last visit
data-channels = Channels
data-segments = Segments
data-primary-segment = Main segment
data-segment = Segment
data-last-note = Last note
data-provenance = Where each field is from
data-created-at = Made
data-updated-at = Changed
data-text = Text
data-priority = Priority
data-health = Health
data-purpose = Purpose
data-method = Method
data-page = Page
data-source-ip = Network address
data-kind = Kind
data-form = Form
data-fields = Answers
data-channel = Channel
data-payment-method = Payment
data-moves = Steps
data-total = Total
data-refunds = Refunds
data-amount = Amount
data-note = Message
data-placed-at = Placed
data-day = Day
data-product = Product
data-quantity = Quantity
data-unit = Unit
data-unit-price = Price
data-base-price = Base price
data-discount = Discount
data-occurrence = Subject
data-not-before = Not before
data-not-after = Not after
data-subject = Subject line
data-attempts = Attempts
data-reports = Reports
data-cause = Cause
data-changed-at = Changed
data-link = Link
data-order = Order
data-rule = Rule
data-value = Value
data-threshold = Threshold
data-entered-on = Since
data-within-months = Within (months)
data-marketing-email = Offers by e-mail
data-purchase-data = Purchases
data-geolocation = Position
data-partner-sharing = Sharing with partners
data-order-link = Order link
data-sent-to = Address (digest)
data-delivered = Delivered
data-sent = Left
data-is-current = customer
data-is-potential = lead
data-is-confirmed = confirmed
data-is-unconfirmed = not proved
data-is-hot = hot
data-is-warm = warm
data-is-cold = cold
data-is-not-interested = not interested
data-is-granted = granted
data-is-withdrawn = withdrawn
data-is-marketing-email = offers by e-mail
data-is-purchase-data = purchases
data-is-geolocation = position
data-is-partner-sharing = sharing with partners
data-is-email = e-mail
data-is-phone = telephone
data-is-sms = text message
data-is-post = post
data-is-inactive = inactive
data-is-vip = VIP
data-is-regular = regular
data-is-new = new
data-is-occasional = occasional
data-is-unsubscribed = unsubscribed
data-is-bounced = bounced
data-is-complained = complained
data-is-high = high
data-is-medium = medium
data-is-none = none
data-is-submitted = received
data-is-in-production = being prepared
data-is-shipped = sent
data-is-delivered = delivered
data-is-cancelled = cancelled
data-is-sent = sent
data-is-pending = waiting
