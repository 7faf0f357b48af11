//! What a file looks like: one module per format. None of them reads or uploads anything; they turn
//! what the worker has read into bytes.

#[cfg_attr(not(test), expect(dead_code, reason = "the worker writes CSV only, so far"))]
mod cards;
#[cfg_attr(not(test), expect(dead_code, reason = "the worker writes CSV only, so far"))]
mod vcard;
#[cfg_attr(not(test), expect(dead_code, reason = "the worker writes CSV only, so far"))]
mod xlsx;
