# Pages and messages, in English.

## Problems

problem-malformed = The body of the request can’t be read.
problem-invalid = Some fields are not right.
problem-unauthenticated = You have to sign in.
problem-forbidden = Your role does not allow this.
problem-not-found = There is no such thing.
problem-method-not-allowed = This address does not answer that method.
problem-duplicate-customer = Another customer has this e-mail address already.
problem-stale = The record has changed since you read it. Read it again, then try again.
problem-too-large = The request is too large.
problem-unsupported-media-type = This type of content is not accepted here.
problem-idempotency-mismatch = This idempotency key was used for another request.
problem-precondition-required = The header If-Match is needed, with the ETag of the record you read.
problem-too-many-requests = Too many requests. Try again in a moment.
problem-internal = Something went wrong on our side.
problem-unavailable = The service is very busy. Try again in a moment.

## Fields

invalid-empty = This field is needed.
invalid-too-long = At most { $max } characters.
invalid-control-character = This field contains a control character.
invalid-email = This is not an e-mail address.
invalid-phone = This is not a telephone number.
invalid-currency = This is not an ISO 4217 currency code.
invalid-language = This is not a BCP 47 language tag.
invalid-country = This is not an ISO 3166 country code.
invalid-date = This is not a date of the calendar.
invalid-time-zone = This is not an IANA time zone.
invalid-out-of-range = It has to be between { $min } and { $max }.
invalid-choice = This value is not in the list.
invalid-id = This is not an id.
invalid-web-address = This is not a web address.
invalid-too-many = At most { $max } values.
invalid-unknown-field = This field is not known.
invalid-wrong-type = This is not of the expected type.

## Form

thanks-title = Thank you!
thanks-text = Your message has arrived. You can close this page.
form-problem-title = Your message was not sent
form-problem-text = Go back to the previous page, correct the following, and send again.
form-field-email = E-mail address
form-field-name = Name
form-not-found = There is no such form.

## Order

order-title = Hello { $name }
order-intro = Choose your quantities, then order.
order-quantity = Quantity of { $product }
order-your-price = Your price
order-base-price = Base price
order-discount = −{ $percent }% for you
order-note = A word to the shop (optional)
order-submit = Order
order-empty-catalogue = The shop has nothing to offer at the moment.
order-error-title = Your order was not placed
order-error-empty = Choose at least one product.
order-error-quantity = Quantities are whole numbers from 0 to { $max }.
order-error-total = This order is larger than possible. Reduce the quantities.
order-error-note = Your word is too long: at most { $max } characters.
order-error-changed = Prices or products have changed since this page was opened. Here are the new ones: check, then order.
order-placed-title = Thank you, your order is placed
order-placed-number = Order { $number } of { $day }
order-placed-mail = A confirmation is on its way to you by e-mail.
order-column-product = Product
order-column-quantity = Quantity
order-column-price = Price
order-column-total = Total
order-again = Order something else
link-closed-title = This link opens no more
link-closed-text = It may have expired. Ask the shop for a new one.

## Preferences

preferences-title = Your preferences
preferences-marketing = Offers and news by e-mail
preferences-granted = You receive them: you agreed on { $day }.
preferences-withdrawn = You no longer receive them, since { $day }.
preferences-never = You do not receive them.
preferences-unsubscribe = Stop receiving offers
preferences-done = Done: you will receive no more offers.
preferences-orders = Messages about your orders still reach you.
