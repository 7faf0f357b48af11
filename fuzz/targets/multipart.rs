#![no_main]

use libfuzzer_sys::fuzz_target;

// With the boundary out of the way, what is found is in the parts.
fuzz_target!(|body: &[u8]| {
    fuzz::decoded("multipart/form-data; boundary=x", body);
    let begun = [b"--x\r\nContent-Disposition: form-data; name=\"", body, b"\r\n--x--\r\n"].concat();
    fuzz::decoded("multipart/form-data; boundary=x", &begun);
    if let Ok(content_type) = std::str::from_utf8(body) {
        fuzz::decoded(content_type, b"--x\r\n\r\n--x--\r\n");
    }
});
