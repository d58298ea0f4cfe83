//! What the error about a refused service says. Which services are accepted is in the vectors
//! (`verdicts.rs`).

use authlete_token::ErrorCode;
use authlete_token::api::Service;

#[test]
fn an_error_about_a_bearer_token_never_repeats_it() {
    for bad in ["", "SECRET x", "SECRET\n", "SECRETé", "SECRET\0"] {
        let error = Service::new("https://x", "1", bad).unwrap_err();
        assert_eq!(error.code, ErrorCode::Config);
        assert!(!format!("{error} {error:?}").contains("SECRET"));
    }
}
