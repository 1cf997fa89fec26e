//! API tokens: issued by a service, or made here from 32 random bytes.
//!
//! The issuer is known by the prefix it puts before its tokens (their public documentation and the rules of secret
//! scanners). A description names the issuer and never a character of the token.

use serde::{Deserialize, Serialize};

use super::{
    Description, Format, FormatError, GenerateOptions, Normalised, Recognised, codec, jwt, line, random,
};
use crate::crypto::memory::SecretBuf;
use crate::model::KeyType;

/// Random bytes of a generated token (256 bits).
const RANDOM: usize = 32;
/// Shorter than this, a token can be guessed: 16 characters of Base64 are 96 bits.
const SHORT: usize = 16;

/// A prefix, whose tokens begin with it, and how long those are where the issuer has always kept to one length.
struct Issuer(&'static str, &'static str, Option<usize>);

/// The first match wins, so longer prefixes stand before their beginnings.
const ISSUERS: &[Issuer] = &[
    Issuer("ghp_", "GitHub token", Some(40)),
    Issuer("gho_", "GitHub OAuth token", Some(40)),
    Issuer("ghu_", "GitHub user-to-server token", None),
    Issuer("ghs_", "GitHub server token", None),
    Issuer("ghr_", "GitHub refresh token", None),
    Issuer("github_pat_", "GitHub fine-grained token", None),
    Issuer("glpat-", "GitLab token", None),
    Issuer("gldt-", "GitLab deploy token", None),
    Issuer("glrt-", "GitLab runner token", None),
    Issuer("glcbt-", "GitLab job token", None),
    Issuer("xoxb-", "Slack bot token", None),
    Issuer("xoxp-", "Slack user token", None),
    Issuer("xoxa-", "Slack token", None),
    Issuer("xoxe.", "Slack token", None),
    Issuer("xapp-", "Slack app token", None),
    Issuer("sk_live_", "Stripe secret key", None),
    Issuer("sk_test_", "Stripe test key", None),
    Issuer("rk_live_", "Stripe restricted key", None),
    Issuer("rk_test_", "Stripe restricted test key", None),
    Issuer("whsec_", "Webhook signing secret", None),
    Issuer("AKIA", "AWS access key id", Some(20)),
    Issuer("ASIA", "AWS temporary access key id", Some(20)),
    Issuer("hvs.", "HashiCorp Vault token", None),
    Issuer("hvb.", "HashiCorp Vault batch token", None),
    Issuer("hvr.", "HashiCorp Vault recovery token", None),
    Issuer("npm_", "npm token", Some(40)),
    Issuer("pypi-", "PyPI token", None),
    Issuer("dop_v1_", "DigitalOcean token", Some(71)),
    Issuer("doo_v1_", "DigitalOcean OAuth token", Some(71)),
    Issuer("SG.", "SendGrid key", Some(69)),
    Issuer("AIza", "Google API key", Some(39)),
    Issuer("ya29.", "Google OAuth token", None),
    Issuer("GOCSPX-", "Google OAuth client secret", None),
    Issuer("sk-ant-", "Anthropic key", None),
    Issuer("sk-proj-", "OpenAI project key", None),
    Issuer("hf_", "Hugging Face token", None),
    Issuer("dapi", "Databricks token", None),
    Issuer("shpat_", "Shopify token", None),
    Issuer("PMAK-", "Postman key", None),
    Issuer("lin_api_", "Linear key", None),
    Issuer("ATATT3", "Atlassian token", None),
    Issuer("dckr_pat_", "Docker Hub token", None),
    Issuer("AGE-SECRET-KEY-", "age identity", None),
];

/// How a new token is made.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct TokenOptions {
    /// What stands before the random part, such as `acme_live_`; may be empty.
    pub prefix: String,
}

impl TokenOptions {
    /// The longest prefix, in bytes.
    pub const PREFIX_MAX: usize = 32;

    fn check(&self) -> Result<(), FormatError> {
        let fits =
            self.prefix.len() <= Self::PREFIX_MAX && self.prefix.bytes().all(|byte| byte.is_ascii_graphic());
        if fits { Ok(()) } else { Err(FormatError::BadPrefix { max: Self::PREFIX_MAX }) }
    }
}

/// An API token.
pub(super) struct ApiToken;

impl Format for ApiToken {
    fn key_type(&self) -> KeyType {
        KeyType::ApiToken
    }

    fn recognise(&self, bytes: &[u8]) -> Option<Recognised> {
        let line = line::only(bytes)?.trim();
        if line.len() < SHORT || !line.bytes().all(|byte| byte.is_ascii_graphic()) {
            return None;
        }
        if issuer(line).is_some() || jwt::is_shaped(line) {
            return Some(Recognised { confidence: 95 });
        }
        let usual =
            |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'=' | b'+' | b'/' | b'~');
        let has = |class: fn(&u8) -> bool| line.as_bytes().iter().any(class);
        let (lower, upper, digit) =
            (has(u8::is_ascii_lowercase), has(u8::is_ascii_uppercase), has(u8::is_ascii_digit));
        let mixed = digit && (lower || upper) || lower && upper && line.len() >= 40;
        let random = line.len() >= 20 && mixed && line.bytes().all(usual);
        random.then_some(Recognised { confidence: 55 })
    }

    fn normalise(&self, entered: &SecretBuf) -> Result<Normalised, FormatError> {
        let Normalised { value, mut notes } = line::normalise(KeyType::ApiToken.title(), entered)?;
        let trimmed = SecretBuf::from_slice(value.as_bytes().trim_ascii());
        if trimmed.len() < value.len() {
            notes.push("The spaces around it were left out.");
        }
        self.check(&trimmed)?;
        Ok(Normalised { value: trimmed, notes })
    }

    fn check(&self, value: &SecretBuf) -> Result<(), FormatError> {
        line::check(KeyType::ApiToken.title(), value)?;
        let mut characters = value.as_str().unwrap_or_default().chars().zip(1..);
        match characters.find(|(c, _)| !c.is_ascii_graphic()) {
            Some((' ', position)) => Err(FormatError::SpaceInside { position }),
            Some((_, position)) => Err(FormatError::NotAscii { position }),
            None => Ok(()),
        }
    }

    fn describe(&self, value: &SecretBuf) -> Description {
        let token = value.as_str().unwrap_or_default();
        let len = value.len();
        if jwt::is_shaped(token) {
            let expires = jwt::expiry(token);
            let text = expires.map_or_else(
                || "JSON Web Token without an expiry date".to_owned(),
                |at| format!("JSON Web Token, expires {}", at.utc().format("%Y-%m-%d %H:%M UTC")),
            );
            return Description { expires, ..Description::new(text) };
        }
        let Some(Issuer(prefix, name, usual)) = issuer(token) else {
            let mut description =
                Description::new(format!("Token, {}", super::text::count(len, "character")));
            if len < SHORT {
                description
                    .warnings
                    .push("It is short for a token; check that it was copied whole.".to_owned());
            }
            return description;
        };
        let mut description = Description::new(*name);
        if let Some(usual) = usual.filter(|usual| *usual != len) {
            description.warnings.push(format!(
                "A {name} is usually {usual} characters long and this is {len}; check that it was copied whole."
            ));
        }
        if matches!(*prefix, "AKIA" | "ASIA") {
            description.warnings.push(
                "This is the id of an access key, which is no secret; store the secret access key that belongs to it."
                    .to_owned(),
            );
        }
        description
    }

    fn generate(&self, options: &GenerateOptions) -> Result<SecretBuf, FormatError> {
        let prefix = &options.token.prefix;
        options.token.check()?;
        let random = codec::base64url(random::bytes(RANDOM)?.as_bytes());
        let mut value = SecretBuf::with_capacity(prefix.len() + random.len());
        value
            .push(prefix.as_bytes())
            .and_then(|()| value.push(random.as_bytes()))
            .map_err(|_| FormatError::BadPrefix { max: TokenOptions::PREFIX_MAX })?;
        Ok(value)
    }

    fn generator_bits(&self, options: &GenerateOptions) -> Result<f64, FormatError> {
        options.token.check()?;
        Ok(RANDOM as f64 * 8.0)
    }

    fn describe_generated(&self, value: &SecretBuf, options: &GenerateOptions) -> Description {
        // A prefix of one's own may look like a service's: what was made here was issued by nobody.
        let bits = RANDOM * 8;
        let text = format!("Random token, {}, {bits} bits", super::text::count(value.len(), "character"));
        Description { entropy_bits: self.generator_bits(options).ok(), ..Description::new(text) }
    }
}

fn issuer(token: &str) -> Option<&'static Issuer> {
    ISSUERS.iter().find(|Issuer(prefix, ..)| token.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn describe(token: &str) -> Description {
        ApiToken.describe(&SecretBuf::from_slice(token.as_bytes()))
    }

    #[test]
    fn issuers_are_told_by_their_prefix() {
        let tail = "0123456789abcdefghijABCDEFGHIJ012345";
        for (prefix, name) in [
            ("ghp_", "GitHub token"),
            ("github_pat_", "GitHub fine-grained token"),
            ("glpat-", "GitLab token"),
            ("xoxb-", "Slack bot token"),
            ("sk_live_", "Stripe secret key"),
            ("hvs.", "HashiCorp Vault token"),
            ("npm_", "npm token"),
            ("pypi-", "PyPI token"),
            ("ya29.", "Google OAuth token"),
            ("sk-ant-", "Anthropic key"),
        ] {
            let description = describe(&format!("{prefix}{tail}"));
            assert_eq!((description.text.as_str(), description.warnings.len()), (name, 0), "{prefix}");
        }
    }

    #[test]
    fn no_prefix_hides_behind_a_shorter_one() {
        for (i, Issuer(prefix, ..)) in ISSUERS.iter().enumerate() {
            assert!(!ISSUERS[..i].iter().any(|Issuer(earlier, ..)| prefix.starts_with(earlier)), "{prefix}");
        }
    }

    #[test]
    fn a_token_that_was_cut_and_an_id_without_its_secret_are_pointed_out() {
        assert_eq!(describe("ghp_0123456789").warnings.len(), 1);
        let id = describe("AKIAIOSFODNN7EXAMPLE");
        assert_eq!(id.text, "AWS access key id");
        assert!(id.warnings[0].contains("no secret"), "{:?}", id.warnings);
        assert_eq!(describe("abc").warnings.len(), 1);
    }

    #[test]
    fn a_web_token_says_when_it_expires() {
        let description = describe("eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3OTMyMzQ0MDB9.c2ln");
        assert_eq!(description.text, "JSON Web Token, expires 2026-10-29 00:40 UTC");
        assert_eq!(description.expires.map(|at| at.0), Some(1_793_234_400_000));
    }

    #[test]
    fn white_space_around_a_token_goes_and_inside_is_refused() {
        let parse =
            |text: &str| ApiToken.normalise(&SecretBuf::from_slice(text.as_bytes())).map(|n| n.notes.len());
        assert_eq!(parse(" abcdef \r\n"), Ok(2));
        assert_eq!(parse("abc def"), Err(FormatError::SpaceInside { position: 4 }));
        assert_eq!(parse("abcdéf"), Err(FormatError::NotAscii { position: 5 }));
        assert_eq!(parse("  "), Err(FormatError::Empty));
    }

    proptest! {
        #[test]
        fn tokens_are_the_prefix_and_43_characters(prefix in "[a-z_]{0,32}") {
            let options = GenerateOptions { token: TokenOptions { prefix: prefix.clone() }, ..Default::default() };
            let value = ApiToken.generate(&options).unwrap();
            let token = value.as_str().unwrap();
            prop_assert!(token.starts_with(&prefix));
            prop_assert_eq!(token.len(), prefix.len() + 43);
            prop_assert_eq!(ApiToken.check(&value), Ok(()));
            prop_assert_eq!(ApiToken.describe_generated(&value, &options).entropy_bits, Some(256.0));
        }

        #[test]
        fn prefixes_no_token_can_have_are_refused(prefix in "[a-z]{0,4}[ \n\u{e9}][a-z]{0,4}|[a-z]{33,40}") {
            let options = GenerateOptions { token: TokenOptions { prefix }, ..Default::default() };
            prop_assert_eq!(ApiToken.generate(&options).err(), Some(FormatError::BadPrefix { max: 32 }));
        }
    }
}
