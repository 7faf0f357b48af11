#![no_main]

use libfuzzer_sys::fuzz_target;
use shared::domain::{Destination, Origin};

// Whatever a page says, it leads to its own site or to one on the list.
fuzz_target!(|text: &str| {
    let site: Origin = "https://shop.example".parse().unwrap();
    let listed: [Origin; 1] = ["https://www.shop.example".parse().unwrap()];
    let Ok(destination) = text.parse::<Destination>() else { return };
    if let Some(url) = destination.allowed(Some(&site), &listed) {
        let origin = url.origin().ascii_serialization();
        assert!(["https://shop.example", "https://www.shop.example"].contains(&origin.as_str()), "{url}");
        assert!(url.as_str().is_ascii() && !url.as_str().contains(['\r', '\n']));
    }
});
