# E-mails, in English.

## Every e-mail

greeting = Hello,
greeting-named = Hello { $customer_name },
footer-preferences = Manage my preferences
footer-unsubscribe = Unsubscribe
offer-label = For you

## Welcome

welcome-subject = Welcome to { $shop_name }
welcome-preheader = Thank you for getting in touch.
welcome-heading = Welcome!
welcome-intro =
    Thank you for getting in touch with us: everything has arrived safely.

    A question, an idea? Simply reply to this e-mail: we will be glad to read it.
welcome-closing =
    See you soon,
    { $shop_name }
welcome-reason = You receive this e-mail because this address was given to us. If it wasn’t you, please ignore it.

## A consent to confirm

confirm-consent-subject = One more click for { $shop_name }
confirm-consent-preheader = Confirm that it was you, and that’s it.
confirm-consent-heading = One more click
confirm-consent-intro = This address was given to us with the consent below. Is it yours? Please confirm it on the page that opens: it doesn’t count before that.
confirm-consent-open = Read and confirm
confirm-consent-ignore = This link works for seven days. If it wasn’t you, just do nothing: this consent won’t count.
confirm-consent-reason = You receive this e-mail because this address was given to us.

## A code that proves an address

confirm-address-subject = Your code for { $shop_name }
confirm-address-preheader = It works for ten minutes.
confirm-address-heading = Your code
confirm-address-intro = Enter this code on the page you left open to confirm your address. It works for ten minutes.
confirm-address-ignore = You didn’t ask for anything? Please ignore this e-mail and give this code to nobody: we will never ask you for it.
confirm-address-reason = You receive this e-mail because somebody asked for a code for this address.

## Order confirmation

order-confirmation-subject = Your order { $number } at { $shop_name }
order-confirmation-preheader = We have received your order: { $total }.
order-confirmation-heading = Thank you for your order!
order-confirmation-intro = We have received your order of { $placed_on } and are taking care of it. Here are its details.
order-confirmation-number = Order { $number }
order-confirmation-total = Total
order-confirmation-total-line = Total: { $total }
order-confirmation-note = Your message
order-confirmation-open = View my order
order-confirmation-closing =
    Thank you for choosing us,
    { $shop_name }
order-confirmation-reason = You receive this e-mail because an order was placed with this address.

## An order on its way

order-confirmed-subject = Your order { $number } is confirmed
order-confirmed-preheader = We are taking care of it.
order-confirmed-heading = Order confirmed
order-confirmed-intro = Good news: your order is accepted, and we are taking care of it. Here are its details.
order-confirmed-closing =
    Thank you for choosing us,
    { $shop_name }
order-confirmed-reason = You receive this e-mail because an order was placed with this address.
order-in-production-subject = We are preparing your order { $number }
order-in-production-preheader = With care, and as fast as we can.
order-in-production-heading = Being prepared
order-in-production-intro = We are preparing your order, with care and as fast as we can. Here are its details.
order-in-production-closing =
    See you soon,
    { $shop_name }
order-in-production-reason = You receive this e-mail because an order was placed with this address.
order-shipped-subject = Your order { $number } is on its way
order-shipped-preheader = It has just left for you.
order-shipped-heading = On its way to you
order-shipped-intro = Your order has just left. Here are its details, to check on arrival that everything is there.
order-shipped-closing =
    See you soon,
    { $shop_name }
order-shipped-reason = You receive this e-mail because an order was placed with this address.
order-delivered-subject = Your order { $number } has been delivered
order-delivered-preheader = We hope you like all of it.
order-delivered-heading = Order delivered
order-delivered-intro = Your order has arrived. We hope you like all of it; if anything is missing, simply reply to this e-mail.
order-delivered-closing =
    Thank you for choosing us,
    { $shop_name }
order-delivered-reason = You receive this e-mail because an order was placed with this address.
order-cancelled-subject = Your order { $number } is cancelled
order-cancelled-preheader = It will not be delivered.
order-cancelled-heading = Order cancelled
order-cancelled-intro = The order below is cancelled: it will not be delivered. A question? Simply reply to this e-mail, we will read it with care.
order-cancelled-closing =
    Kind regards,
    { $shop_name }
order-cancelled-reason = You receive this e-mail because an order was placed with this address.

## A link to order by

order-link-subject = Your order page at { $shop_name }
order-link-preheader = Our products at your prices, without account or password.
order-link-heading = Your order page
order-link-intro = Here is a page of your own: our products, at your prices. Choose, check, order: no account, no password.
order-link-open = Order now
order-link-until = This link works until { $expires_on }. It is personal: please don’t forward it, since it orders in your name.
order-link-closing =
    See you soon,
    { $shop_name }
order-link-reason = You receive this e-mail because { $shop_name } invites you to order on this page.

## An order left on the way

abandoned-order-subject = Your order is waiting at { $shop_name }
abandoned-order-preheader = Everything is kept, just as you left it.
abandoned-order-heading = Your choice is waiting for you
abandoned-order-intro = You began an order, and we kept what you chose. Prices and stock are those of the day you order.
abandoned-order-open = Continue my order
abandoned-order-closing =
    See you soon,
    { $shop_name }
abandoned-order-reason = You receive this e-mail because you agreed to hear from us.

## Birthday

birthday-subject = Happy birthday from { $shop_name }!
birthday-preheader = A thought for you on this special day.
birthday-heading = Happy birthday!
birthday-intro = The whole team wishes you a lovely day, full of surprises and good moments.
birthday-closing =
    Warm wishes,
    { $shop_name }
birthday-reason = You receive this e-mail because you agreed to hear from us.
birthday-soon-subject = Your birthday is coming up: a thought from { $shop_name }
birthday-soon-preheader = A thought for you, a little ahead of the day.
birthday-soon-heading = Your birthday is coming up!
birthday-soon-intro = Your birthday is nearly here, and the whole team is thinking of you. We wish you a lovely day in advance.
birthday-soon-closing =
    Warm wishes,
    { $shop_name }
birthday-soon-reason = You receive this e-mail because you agreed to hear from us.

## Reactivation

reactivation-subject = News from { $shop_name }
reactivation-preheader = It has been a while since we last saw you.
reactivation-heading = We miss you!
reactivation-intro = Your last order was on { $last_order_on }. A lot has changed here since: we would love to show you.
reactivation-closing =
    Looking forward to seeing you again,
    { $shop_name }
reactivation-reason = You receive this e-mail because you agreed to hear from us.

## After the first purchase

satisfaction-subject = Did you like your first purchase?
satisfaction-preheader = Even an answer of two words helps us.
satisfaction-heading = Was everything all right?
satisfaction-intro =
    You made your first purchase with us on { $placed_on }. Did you like it? Could anything have been better?

    Simply reply to this e-mail: we read every answer.
satisfaction-closing =
    Thank you for choosing us,
    { $shop_name }
satisfaction-reason = You receive this e-mail because you agreed to hear from us.

## Export ready

export-ready-subject = Your export “{ $file_name }” is ready
export-ready-preheader = The file is waiting for you until { $expires_on }.
export-ready-heading = Your export is ready
export-ready-intro =
    { $rows ->
        [0] The file “{ $file_name }” has no rows.
        [one] The file “{ $file_name }” has { $rows } row.
       *[other] The file “{ $file_name }” has { $rows } rows.
    } Until { $expires_on } you can download it where it was asked for.
export-ready-warning = This file holds personal data: don’t forward it, and delete it once you no longer need it.
export-ready-reason = You receive this e-mail because an export was asked for at { $shop_name }.

## Notices to staff

notice-submission-subject = New message through the form “{ $form }”
notice-submission-preheader = Somebody wrote to { $shop_name }.
notice-submission-heading = New message
notice-submission-intro = Somebody filled in the form “{ $form }”. Here is what they wrote, as it is.
notice-submission-reason = You receive this e-mail because you belong to the team of { $shop_name }.
notice-deletion-subject = { $customer } had their data deleted
notice-deletion-preheader = Nothing to do: the deletion is under way.
notice-deletion-heading = Data deleted
notice-deletion-intro =
    { $customer } ({ $email }) asked for their data to be deleted on their preferences page. Their record is gone; the rest follows by itself. Only their orders stay for your accounts, without their name.

    If you keep their details anywhere else, please delete them there too. This e-mail holds some: delete it once you have read it.
notice-deletion-comment = What they say
notice-deletion-reason = You receive this e-mail because you belong to the team of { $shop_name }.
notice-bounces-subject = Your marketing e-mails are paused
notice-bounces-preheader = Too many addresses do not exist: { $share } of your e-mails were refused.
notice-bounces-heading = Marketing e-mails paused
notice-bounces-intro =
    Over the last 30 days, { $count } of your { $sent } e-mails, or { $share }, were refused because the address does not exist. Mail providers quickly grow wary of everything that such a shop sends: from { $least } refusals on, if they make up at least { $limit } of its e-mails, we pause its marketing e-mails. So yours are paused: birthdays, reminders, forgotten orders, the question after a first purchase. Order confirmations and the other e-mails that people expect still go out.

    What to do? Find out where these addresses come from: an old file, hasty typing. Those that were refused will get no more e-mails, so there is no need to remove them one by one.

    Then an owner or a manager resumes sending (DELETE /v1/automations/pause): counting begins anew. The e-mails that were due during the pause will not be sent afterwards.
notice-bounces-reason = You receive this e-mail because you belong to the team of { $shop_name }.
notice-complaints-subject = Your marketing e-mails are paused
notice-complaints-preheader = Too many people report your e-mails as unwanted: { $share }.
notice-complaints-heading = Marketing e-mails paused
notice-complaints-intro =
    Over the last 30 days, { $count } of your { $sent } e-mails, or { $share }, were reported as unwanted by those who got them. Mail providers quickly grow wary of everything that such a shop sends: from { $least } complaints on, if they make up at least { $limit } of its e-mails, we pause its marketing e-mails. So yours are paused: birthdays, reminders, forgotten orders, the question after a first purchase. Order confirmations and the other e-mails that people expect still go out.

    What to do? Make sure that these people did ask for your offers, and reread what you write to them: less often, more useful. Those who complained will get no more e-mails.

    Then an owner or a manager resumes sending (DELETE /v1/automations/pause): counting begins anew. The e-mails that were due during the pause will not be sent afterwards.
notice-complaints-reason = You receive this e-mail because you belong to the team of { $shop_name }.
