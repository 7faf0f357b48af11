//! One binary for every test that needs the whole stack.

// Named a test, so that what its tests share may `unwrap` as they do.
#[cfg(test)]
mod browser;
