//! The first page: where everything is, and what to try, in an order that tells the story. Each
//! command works as it stands, in the same shell, on a fresh data folder.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::page_style::STYLE;

/// A chapter: what happens, the command, and what to look at.
struct Step {
    title: &'static str,
    command: &'static str,
    seen: &'static str,
}

const STEPS: [Step; 9] = [
    Step {
        title: "A visitor fills in the form of a website",
        command: r#"curl -i $SHOP/f/contact -d 'name=Zoé+Dupont&email=zoe@example.com&phone=06+12+34+56+78&message=Bonjour&marketing_email=on'"#,
        seen: "303 to a thank-you page; the welcome is in the mailbox.",
    },
    Step {
        title: "Staff sign in and find the customer",
        command: r#"TOKEN=$(curl -s -H 'accept: text/plain' $SHOP/local/token -d '{"role":"owner"}')
curl -s -H "authorization: Bearer $TOKEN" "$SHOP/v1/customers?q=dup"
ID=$(curl -s -H "authorization: Bearer $TOKEN" "$SHOP/v1/customers?q=dup" | grep -o '"id":"[^"]*"' | head -1 | cut -d'"' -f4)"#,
        seen: "One potential customer, found by the beginning of a word.",
    },
    Step {
        title: "They complete the record and leave a note",
        command: r#"ETAG=$(curl -s -D - -o /dev/null -H "authorization: Bearer $TOKEN" $SHOP/v1/customers/$ID | tr -d '\r' | sed -n 's/^etag: //Ip')
curl -s -X PATCH -H "authorization: Bearer $TOKEN" -H "if-match: $ETAG" -H 'content-type: application/json' $SHOP/v1/customers/$ID -d '{"discount_bp":1000,"language":"fr","currency":"EUR","birthday":"--05-12","temperature":"hot"}'
curl -s -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' $SHOP/v1/customers/$ID/notes -d '{"text":"Rappeler lundi","priority":"high"}'"#,
        seen: "A change names the version it is based on: a stale one is refused with 412.",
    },
    Step {
        title: "They add a product and make an order link",
        command: r#"curl -s -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' $SHOP/v1/products -d '{"name":{"fr":"Miel","en":"Honey"},"prices":{"EUR":1999}}'
LINK=$(curl -s -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' $SHOP/v1/customers/$ID/order-links -d '{}' | grep -o 'http[^"]*/o/[^"]*')
echo $LINK"#,
        seen: "The link is shown once. Open it in a browser and order, before you go on: 19.99 has become 17.99.",
    },
    Step {
        title: "The order is there, and the customer is current",
        command: r#"curl -s -H "authorization: Bearer $TOKEN" $SHOP/v1/orders
curl -s -H "authorization: Bearer $TOKEN" $SHOP/v1/customers/$ID"#,
        seen: "Its figures have moved; the confirmation is in the mailbox.",
    },
    Step {
        title: "The birthday comes",
        command: r#"curl -s $SHOP/local/clock -d '{"now":"'$(($(date +%Y) + 1))'-05-12T09:00:00+02:00"}'"#,
        seen: "The clock plays every planned run on the way; the birthday mail is in the mailbox.",
    },
    Step {
        title: "A year without an order",
        command: r#"curl -s $SHOP/local/clock -d '{"now":"'$(($(date +%Y) + 2))'-01-02T09:00:00+01:00"}'"#,
        seen: "The reactivation is in the mailbox. Its unsubscription link works with one click.",
    },
    Step {
        title: "Everything as a file",
        command: r#"JOB=$(curl -s -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' $SHOP/v1/exports -d '{"what":"customers","format":"csv","purpose":"Bilan"}' | grep -o '"id":"[^"]*"' | head -1 | cut -d'"' -f4)
curl -s -X POST $SHOP/local/drain
curl -s -H "authorization: Bearer $TOKEN" $SHOP/v1/exports/$JOB"#,
        seen: "Once done, the job shows a link to the file, good for 15 minutes. Asked again, it shows another.",
    },
    Step {
        title: "What only staff may see stays with staff",
        command: r#"curl -i $SHOP/v1/customers
OTHER=$(curl -s -H 'accept: text/plain' $SHOP/local/token -d '{"role":"owner","shop":"other"}')
curl -i -H "authorization: Bearer $OTHER" $SHOP/v1/customers/$ID"#,
        seen: "401 without a token; another shop's customer answers as one that does not exist.",
    },
];

/// The page for a stack reached at `public_url`.
pub(crate) fn page(public_url: &str, endpoints: &[(&'static str, String)]) -> String {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Clientele on your laptop" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main class="first" {
                    h1 { "Clientele on your laptop" }
                    p { "The customer base of a small merchant, running whole: no account, nothing leaves this machine." }
                    (addresses(public_url, endpoints))
                    h2 { "What to try, in order" }
                    pre { "SHOP=" (public_url) }
                    ol class="story" { @for step in &STEPS { (chapter(step)) } }
                    h2 { "A shop to look at" }
                    p { "300 customers with a year of orders: stop this process, run the line below, and start again. Another number makes another size." }
                    pre { "cargo run -- seed 300" }
                }
            }
        }
    }
    .into_string()
}

fn addresses(public_url: &str, endpoints: &[(&'static str, String)]) -> Markup {
    html! {
        h2 { "Where everything is" }
        dl {
            dt { "Gateway" } dd { (public_url) " (what API Gateway serves in the cloud)" }
            dt { "Mailbox" } dd { a href="/local/mailbox" { "/local/mailbox" } ", as data: " a href="/local/mailbox.json" { "/local/mailbox.json" } }
            dt { "Clock" } dd { a href="/local/clock" { "/local/clock" } " (POST moves it forward)" }
            dt { "Token" } dd { "POST /local/token" }
            dt { "Drain" } dd { "POST /local/drain (answers once all that is due is done)" }
            @for (name, address) in endpoints { dt { (name) } dd { (address) } }
        }
    }
}

fn chapter(step: &Step) -> Markup {
    html! {
        li {
            strong { (step.title) }
            pre { (step.command) }
            p { (step.seen) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_names_every_address_and_escapes_the_commands() {
        let page = page("http://localhost:3000", &[("S3", "http://127.0.0.1:9".to_owned())]);
        for text in
            ["/local/mailbox", "/local/clock", "/local/token", "http://127.0.0.1:9", "SHOP=http://localhost:3000"]
        {
            assert!(page.contains(text), "{text}");
        }
        assert!(page.contains("name=Zoé+Dupont&amp;email=zoe@example.com"));
        assert!(!page.contains("<script"));
    }
}
