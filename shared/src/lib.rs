//! x
pub mod email;
