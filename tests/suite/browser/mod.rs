//! Pages as people meet them: in Chromium, over HTTP, against a stack in memory of each test's own.
//!
//! One browser runs at a time, since each takes a machine for itself. Where Chromium is missing
//! the tests say so on one line and count as skipped, unless `CLIENTELE_BROWSER=required`. Every
//! page a test meets is kept as screenshots, in both colour schemes, narrow and wide, under the
//! target folder: for people to look at, never committed.

mod accessibility;
mod axe;
mod chromium;
mod contact_form;
mod documented_forms;
mod laptop_pages;
mod mails;
mod order_page;
mod preferences_page;
mod product_images;
mod shop;
mod tab;
mod watch;
mod website;
mod whole_story;

use self::axe::Axe;
use self::chromium::Chromium;
use self::shop::Shop;
use self::tab::Tab;
