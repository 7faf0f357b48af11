//! A merchant's own website: an origin of its own, with the shop's form in every way that websites
//! send one.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::State;
use axum::response::Html;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A running website. Dropping it stops it.
pub struct Website {
    address: SocketAddr,
    server: JoinHandle<()>,
}

impl Website {
    /// Serves pages whose forms post to `form`.
    pub async fn start(form: String) -> Self {
        let pages = Router::new()
            .route("/plain", get(async |State(form): State<String>| page(&form, "")))
            .route(
                "/multipart",
                get(async |State(form): State<String>| page(&form, r#" enctype="multipart/form-data""#)),
            )
            .route("/script", get(async |State(form): State<String>| Html(format!("{HEAD}{}", script(&form)))))
            .with_state(form);
        Self::serve(pages).await
    }

    /// Serves `pages`.
    pub async fn serve(pages: Router) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(async move { axum::serve(listener, pages).await.unwrap() });
        Self { address, server }
    }

    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Website {
    fn drop(&mut self) {
        self.server.abort();
    }
}

// The icon is inline: browsers ask for one otherwise.
pub const HEAD: &str = r#"<!doctype html><html lang="fr"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>La Ruche d’Or</title><link rel="icon" href="data:,">"#;

const FIELDS: &str = r#"<p><label>Nom <input name="name"></label></p>
<p><label>E-mail <input name="email"></label></p>
<p><label>Téléphone <input name="phone"></label></p>
<p><label>Message <textarea name="message"></textarea></label></p>
<p><label><input type="checkbox" name="marketing_email"> J’accepte de recevoir vos offres</label></p>
<button>Envoyer</button>"#;

fn page(form: &str, attributes: &str) -> Html<String> {
    Html(format!(r#"{HEAD}<form method="post" action="{form}"{attributes}>{FIELDS}</form>"#))
}

/// The form of a website that sends it itself, and says how it went.
fn script(form: &str) -> String {
    format!(
        r#"<form>{FIELDS}</form><p id="answer"></p><script>
document.querySelector("form").addEventListener("submit", async event => {{
  event.preventDefault();
  const answer = await fetch("{form}", {{
    method: "POST",
    headers: {{ "content-type": "application/json", accept: "application/json" }},
    body: JSON.stringify(Object.fromEntries(new FormData(event.target))),
  }});
  document.getElementById("answer").textContent = answer.status + " " + JSON.stringify(await answer.json());
}});
</script>"#
    )
}
