//! The laptop stack: everything the cloud does around the functions, in one process.
//!
//! [`stack::Stack`] is the whole of it: `cargo run` starts one on a data folder, each test one in
//! memory. It embeds the services that functions call ([`store`], [`bucket`], [`mailbox`]), plays
//! those that call functions ([`gateway`], [`stream`], [`scheduler`], [`feedback`]), and can do
//! what the embedded store never does by itself ([`faults`]). Functions see SDK clients and JSON
//! events, as in the cloud; [`functions`] is the only file that knows them.

pub mod bucket;
mod calls;
pub mod clock;
pub mod data_folder;
pub mod deployment;
pub mod faults;
pub mod feedback;
mod first_page;
pub mod first_shops;
pub mod function;
pub mod functions;
pub mod gateway;
pub mod hostile;
pub mod mailbox;
pub mod next_due;
mod page_style;
mod ports;
pub mod scheduler;
pub mod sdk;
pub mod seed;
pub mod stack;
pub mod store;
pub mod stream;
pub mod table;
