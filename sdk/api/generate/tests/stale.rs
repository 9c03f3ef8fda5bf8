//! What is in the repository is what the description says.

#[test]
fn nothing_generated_is_stale() {
    let root = rtc_api_generate::root();
    let description = rtc_api_generate::load::load(&root.join(rtc_api_generate::DESCRIPTION)).expect("it is well formed");
    let stale = rtc_api_generate::stale(&root, &description).expect("the files can be read");
    assert!(stale.is_empty(), "run `cargo run -p rtc-api-generate` for\n  {}", stale.join("\n  "));
}
