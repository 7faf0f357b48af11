//! The laptop stack: everything the cloud does around the functions, in one process.

pub mod bucket;
pub mod clock;
pub mod data_folder;
pub mod faults;
pub mod function;
pub mod gateway;
pub mod mailbox;
mod page_style;
pub mod sdk;
pub mod store;
pub mod stream;
pub mod table;
