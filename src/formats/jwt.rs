//! JSON Web Tokens, read for one thing: when they expire. No signature is checked and no other claim is looked at.

use serde::Deserialize;

use super::codec;
use crate::model::Timestamp;

/// The last second of the year 9999; anything later is not a date somebody meant.
const LAST: f64 = 253_402_300_799.0;

/// The only claim read (RFC 7519, section 4.1.4): seconds since 1970, possibly with a fraction.
#[derive(Deserialize)]
struct Claims {
    exp: Option<f64>,
}

/// Whether `token` has the shape of a signed token: three Base64url parts, the first a JSON object (`eyJ`).
pub(super) fn is_shaped(token: &str) -> bool {
    let url = |part: &str| part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    let parts = || token.split('.');
    token.starts_with("eyJ")
        && parts().count() == 3
        && parts().all(url)
        && parts().take(2).all(|p| !p.is_empty())
}

/// When `token` says it stops working. The decoded payload lives in a wiped buffer and only for this call.
pub(super) fn expiry(token: &str) -> Option<Timestamp> {
    if !is_shaped(token) {
        return None;
    }
    let payload = codec::from_base64url(token.split('.').nth(1)?.as_bytes())?;
    let exp = serde_json::from_slice::<Claims>(payload.as_bytes()).ok()?.exp?;
    // In range, so neither sign nor size is lost.
    (0.0..=LAST).contains(&exp).then_some(Timestamp((exp * 1000.0) as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(payload: &str) -> String {
        let part = |text: &str| data_encoding::BASE64URL_NOPAD.encode(text.as_bytes());
        format!("{}.{}.{}", part(r#"{"alg":"HS256"}"#), part(payload), part("signature"))
    }

    #[test]
    fn the_expiry_is_the_exp_claim_and_nothing_else() {
        for (payload, expiry) in [
            (r#"{"sub":"x","exp":1793234400}"#, Some(1_793_234_400_000)),
            (r#"{"exp":1793234400.5,"aud":["a"]}"#, Some(1_793_234_400_500)),
            (r#"{"sub":"x"}"#, None),
            (r#"{"exp":"tomorrow"}"#, None),
            (r#"{"exp":-1}"#, None),
            (r#"{"exp":1e300}"#, None),
            ("not json", None),
        ] {
            assert_eq!(super::expiry(&token(payload)).map(|t| t.0), expiry, "{payload}");
        }
    }

    #[test]
    fn what_is_not_shaped_like_a_token_is_not_decoded() {
        for text in ["eyJ", "eyJ.a", "eyJ..", "a.b.c", "eyJh.b c.d", "eyJh.b.c.d.e", ""] {
            assert_eq!(expiry(text), None, "{text}");
        }
        assert!(is_shaped(&token("{}")));
    }
}
