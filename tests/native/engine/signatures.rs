//! Real signatures: keys from RFCs, signing with them, and verifying with their public part.

use authlete_token::engine::{Algorithm, MacAlgorithm};
use base64ct::{Base64UrlUnpadded, Encoding};
use ed25519_dalek::Signer as _;
use rsa::sha2::{Sha256, Sha384, Sha512};
use rsa::signature::{SignatureEncoding, Verifier as _};
use rsa::{BoxedUint, PrivateKey, PublicKey, pkcs1v15, pss};
use serde_json::{Value, json};

/// The prime factors of RFC 7515 A.2.
const P: &str = "4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH_5IB3jw3bcxGn6QLvnEtfdUdiYrqBdss1l58BQ3KhooKeQTa9AB0Hw_Py5PJdTJNPY8cQn7ouZ2KKDcmnPGBY5t7yLc1QlQ5xHdwW1VhvKn-nXqhJTBgIPgtldC-KDV5z-y2XDwGUc";
const Q: &str = "uQPEfgmVtjL0Uyyx88GZFF1fOunH3-7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYsp1ZSe7zFYHj7C6ul7TjeLQeZD_YwD66t62wDmpe_HlB-TnBA-njbglfIsRLtXlnDzQkv5dTltRJ11BKBBypeeF6689rjcJIDEz9RWdc";
const N: &str = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";

pub fn base64url(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

fn bytes(text: &str) -> Vec<u8> {
    Base64UrlUnpadded::decode_vec(text).unwrap()
}

fn number(text: &str) -> BoxedUint {
    BoxedUint::from_be_slice_vartime(&bytes(text))
}

/// The private scalars of the keys on P-384 and P-521: the RFCs print none for the first.
const D384: [u8; 48] = [7; 48];
const D521: [u8; 66] = {
    let mut d = [7; 66];
    d[0] = 0;
    d
};

fn point(crv: &str, x: &[u8], y: &[u8]) -> Value {
    json!({ "kty": "EC", "crv": crv, "x": base64url(x), "y": base64url(y) })
}

/// The public key of a client for an algorithm: of RFC 7515 A.3, RFC 7515 A.2, and RFC 8037 A.2.
pub fn public_jwk(alg: Algorithm) -> Value {
    match alg {
        Algorithm::ES256 => {
            json!({ "kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0" })
        }
        Algorithm::ES384 => {
            let key = p384::ecdsa::SigningKey::from_slice(&D384).unwrap();
            let public = key.verifying_key().to_sec1_point(false);
            point("P-384", public.x().unwrap(), public.y().unwrap())
        }
        Algorithm::ES512 => {
            let key = p521::ecdsa::SigningKey::from_slice(&D521).unwrap();
            let public = key.verifying_key().to_sec1_point(false);
            point("P-521", public.x().unwrap(), public.y().unwrap())
        }
        Algorithm::RS256
        | Algorithm::RS384
        | Algorithm::RS512
        | Algorithm::PS256
        | Algorithm::PS384
        | Algorithm::PS512 => json!({ "kty": "RSA", "n": N, "e": "AQAB" }),
        Algorithm::EdDSA => {
            json!({ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" })
        }
    }
}

/// A signature by the private part of [`public_jwk`].
pub fn signature(alg: Algorithm, input: &[u8]) -> Vec<u8> {
    let rsa = || PrivateKey::from_p_q(number(P), number(Q), 65_537_u64.into()).unwrap();
    match alg {
        Algorithm::ES256 => {
            let key = bytes("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI");
            let key = p256::ecdsa::SigningKey::from_slice(&key).unwrap();
            let signature: p256::ecdsa::Signature = key.sign(input);
            signature.to_bytes().to_vec()
        }
        Algorithm::ES384 => {
            let signature: p384::ecdsa::Signature =
                p384::ecdsa::SigningKey::from_slice(&D384).unwrap().sign(input);
            signature.to_bytes().to_vec()
        }
        Algorithm::ES512 => {
            let signature: p521::ecdsa::Signature =
                p521::ecdsa::SigningKey::from_slice(&D521).unwrap().sign(input);
            signature.to_bytes().to_vec()
        }
        Algorithm::RS256 => pkcs1v15::SigningKey::<Sha256>::new(rsa()).sign(input).to_vec(),
        Algorithm::RS384 => pkcs1v15::SigningKey::<Sha384>::new(rsa()).sign(input).to_vec(),
        Algorithm::RS512 => pkcs1v15::SigningKey::<Sha512>::new(rsa()).sign(input).to_vec(),
        Algorithm::PS256 => pss::SigningKey::<Sha256>::new(rsa()).sign(input).to_vec(),
        Algorithm::PS384 => pss::SigningKey::<Sha384>::new(rsa()).sign(input).to_vec(),
        Algorithm::PS512 => pss::SigningKey::<Sha512>::new(rsa()).sign(input).to_vec(),
        Algorithm::EdDSA => {
            let key: [u8; 32] =
                bytes("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").try_into().unwrap();
            ed25519_dalek::SigningKey::from_bytes(&key).sign(input).to_vec()
        }
    }
}

/// A MAC with a shared secret.
pub fn mac(alg: MacAlgorithm, secret: &[u8], input: &[u8]) -> Vec<u8> {
    use hmac::{Hmac, KeyInit as _, Mac as _};
    macro_rules! hmac {
        ($hash:ty) => {
            Hmac::<$hash>::new_from_slice(secret)
                .unwrap()
                .chain_update(input)
                .finalize()
                .into_bytes()
                .to_vec()
        };
    }
    match alg {
        MacAlgorithm::HS256 => hmac!(sha2::Sha256),
        MacAlgorithm::HS384 => hmac!(sha2::Sha384),
        MacAlgorithm::HS512 => hmac!(sha2::Sha512),
    }
}

/// Whether a signature is by the key. An invalid key, such as a point that is not on its curve,
/// verifies nothing.
pub fn verifies(jwk: &Value, alg: Algorithm, input: &[u8], signature: &[u8]) -> bool {
    let member = |name: &str| bytes(jwk[name].as_str().unwrap());
    let rsa = || {
        PublicKey::new(number(jwk["n"].as_str().unwrap()), number(jwk["e"].as_str().unwrap())).ok()
    };
    let sec1 = || [vec![4], member("x"), member("y")].concat();
    macro_rules! ecdsa {
        ($curve:ident) => {
            $curve::ecdsa::VerifyingKey::from_sec1_bytes(&sec1())
                .ok()
                .zip($curve::ecdsa::Signature::from_slice(signature).ok())
                .map(|(key, signature)| key.verify(input, &signature))
        };
    }
    macro_rules! rsa {
        ($scheme:ident, $hash:ty) => {
            rsa().zip($scheme::Signature::try_from(signature).ok()).map(|(key, signature)| {
                $scheme::VerifyingKey::<$hash>::new(key).verify(input, &signature)
            })
        };
    }
    let verified = match alg {
        Algorithm::ES256 => ecdsa!(p256),
        Algorithm::ES384 => ecdsa!(p384),
        Algorithm::ES512 => ecdsa!(p521),
        Algorithm::RS256 => rsa!(pkcs1v15, Sha256),
        Algorithm::RS384 => rsa!(pkcs1v15, Sha384),
        Algorithm::RS512 => rsa!(pkcs1v15, Sha512),
        Algorithm::PS256 => rsa!(pss, Sha256),
        Algorithm::PS384 => rsa!(pss, Sha384),
        Algorithm::PS512 => rsa!(pss, Sha512),
        Algorithm::EdDSA => ed25519_dalek::VerifyingKey::try_from(member("x").as_slice())
            .ok()
            .zip(ed25519_dalek::Signature::from_slice(signature).ok())
            .map(|(key, signature)| key.verify_strict(input, &signature)),
    };
    verified.is_some_and(|result| result.is_ok())
}

/// RFC 7515 A.1.
#[test]
fn the_mac_of_rfc_7515_is_that_of_its_secret() {
    let secret = bytes(
        "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
    );
    let input = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    let expected = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    assert_eq!(base64url(&mac(MacAlgorithm::HS256, &secret, input.as_bytes())), expected);
}

#[test]
fn the_signatures_of_the_rfcs_are_verified_by_the_keys_that_they_print() {
    let joe = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    let rs256 = "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
    let es256 =
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    let eddsa =
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    for (alg, input, expected) in [
        (Algorithm::RS256, format!("eyJhbGciOiJSUzI1NiJ9.{joe}"), rs256),
        (Algorithm::ES256, format!("eyJhbGciOiJFUzI1NiJ9.{joe}"), es256),
        (
            Algorithm::EdDSA,
            "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc".into(),
            eddsa,
        ),
    ] {
        assert!(verifies(&public_jwk(alg), alg, input.as_bytes(), &bytes(expected)), "{alg:?}");
        assert!(!verifies(&public_jwk(alg), alg, b"something else", &bytes(expected)), "{alg:?}");
    }
}
