//! How many mails of each kind a processor writes in a second, everything they say being known.

use std::hint::black_box;

use shared::domain::{Colour, Locale, Slots};
use shared::email::{Look, render, samples};

use crate::FUNCTION;
use crate::process::processor_time_of;

/// How often each mail is written.
const TIMES: u32 = 2000;

/// Writes each kind in French.
pub fn measure() {
    println!("| kind | mails a processor second | HTML bytes | text bytes |");
    println!("|---|---|---|---|");
    let look = Look::new("La Ruche d’Or", None, Colour::DEFAULT, Some("12 rue des Abeilles, 26000 Valence"));
    for (name, content) in samples(Locale::Fr) {
        // The first one compiles the templates.
        let mail = render(&look, Locale::Fr, &content, &Slots::default()).unwrap();
        let before = processor_time_of(FUNCTION);
        for _ in 0..TIMES {
            black_box(render(&look, Locale::Fr, black_box(&content), &Slots::default()).unwrap());
        }
        let spent = (processor_time_of(FUNCTION) - before).as_secs_f64();
        let rate = f64::from(TIMES) / spent;
        println!("| {} | {rate:.0} | {} | {} |", name, mail.html.len(), mail.text.len());
    }
}
