//! One binary for every test that needs the whole stack.

mod browser;
