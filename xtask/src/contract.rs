//! What `src/contract` holds, as TypeScript: the numbers and names that Rust and JavaScript have to
//! agree on.

use crate::declarations::{comment, one_line};
use authlete_token::contract::members::OBJECTS;
use authlete_token::contract::{
    DECISIVE, DEFAULT_MAX_REQUEST_BYTES, MOST_LEVELS, NUMBERS, OPERATIONS, OWN_HEADERS,
    PREFLIGHT_HEADERS, REQUEST_HEADERS, TLS_CLIENT_AUTH, check_names, error_codes, hook_names,
};
use std::fmt::Write as _;

/// A generated TypeScript file.
pub fn contract() -> String {
    let mut out = String::from(
        "// What Rust and JavaScript have to agree on. Generated from src/contract by xtask; don't edit.\n",
    );
    let codes: Vec<_> = error_codes().collect();
    let summary =
        "What went wrong, as a closed set. Messages may change between versions; codes do not.";
    documented_union(&mut out, "AuthleteErrorCode", summary, &codes);

    let checks: Vec<_> = check_names().collect();
    let summary = "The name of a check of the engine, and what its `detail` is, if it has one. A \
        later version may have more of them.";
    documented_union(&mut out, "EngineCheckName", summary, &checks);

    comment(&mut out, "", "The name of one of the four operations.");
    union(&mut out, "OperationName", OPERATIONS.iter().map(|operation| operation.name));
    comment(&mut out, "", "The operations' names, in the order in which Rust numbers them.");
    array(
        &mut out,
        "OPERATION_NAMES",
        "OperationName",
        OPERATIONS.iter().map(|operation| operation.name),
    );

    comment(&mut out, "", "The name of an option of `handleTokenRequest` that the endpoint calls.");
    union(&mut out, "HookName", hook_names());

    comment(&mut out, "", "The headers of a token request that Rust reads.");
    array(&mut out, "REQUEST_HEADERS", "string", REQUEST_HEADERS.into_iter());
    comment(&mut out, "", "Those that it reads in addition when the method is `OPTIONS`.");
    array(&mut out, "PREFLIGHT_HEADERS", "string", PREFLIGHT_HEADERS.into_iter());

    comment(
        &mut out,
        "",
        "The members of Cloudflare's `request.cf.tlsClientAuth` that Rust reads.",
    );
    array(&mut out, "TLS_CLIENT_AUTH", "string", TLS_CLIENT_AUTH.into_iter());
    comment(&mut out, "", "The headers of a call that the client sets itself.");
    array(&mut out, "OWN_HEADERS", "string", OWN_HEADERS.into_iter());
    comment(
        &mut out,
        "",
        "The longest request body that the token endpoint reads by default, in bytes.",
    );
    let _ = writeln!(out, "export const DEFAULT_MAX_REQUEST_BYTES = {DEFAULT_MAX_REQUEST_BYTES};");

    comment(&mut out, "", "The members that decide what is done with an answer.");
    array(&mut out, "DECISIVE", "string", DECISIVE.into_iter());
    comment(&mut out, "", "How deep arrays and objects may be nested in an answer.");
    let _ = writeln!(out, "export const MOST_LEVELS = {MOST_LEVELS};");

    for numbers in NUMBERS {
        out.push('\n');
        // Their documentation is in `src/contract`: here it would go into the package.
        for (name, number) in numbers.rows {
            let _ = writeln!(out, "export const {}_{name} = {number};", numbers.prefix);
        }
    }
    out.push('\n');
    for object in OBJECTS {
        comment(&mut out, "", object.doc);
        union(&mut out, object.name, object.members.iter().map(|member| member.name()));
    }
    out
}

/// A union with a list of what its members mean.
fn documented_union(out: &mut String, name: &str, summary: &str, members: &[(&str, &str)]) {
    let list: Vec<String> =
        members.iter().map(|(member, doc)| format!("\n- `{member}`: {}", one_line(doc))).collect();
    comment(out, "", &format!("{summary}\n{}", list.concat()));
    union(out, name, members.iter().map(|(member, _)| *member));
}

fn union<'a>(out: &mut String, name: &str, values: impl Iterator<Item = &'a str>) {
    let values: Vec<String> = values.map(|value| format!("\n  | \"{value}\"")).collect();
    let _ = writeln!(out, "export type {name} ={};", values.concat());
}

fn array<'a>(out: &mut String, name: &str, of: &str, values: impl Iterator<Item = &'a str>) {
    let values: Vec<String> = values.map(|value| format!("\"{value}\"")).collect();
    let _ = writeln!(out, "export const {name}: readonly {of}[] = [{}];", values.join(", "));
}
