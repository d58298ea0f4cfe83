//! Values for members of more than one object.

use super::likely_name::likely_name;
use super::macros::reader;
use super::reader::{LONGEST_DURATION, NOT_SUPPORTED};
use crate::engine::resource::is_resource;
use crate::engine::scope::{self, is_scope};

/// The last second of the year 9999. A moment beyond it is given in milliseconds by mistake.
pub(crate) const LAST_SECOND: u64 = 253_402_300_799;

reader! {
    /// A switch.
    Flag(member, _) -> bool,
    Shape::Value { typescript: "boolean", schema: r#"{ "type": "boolean" }"# },
    member.boolean()
}

reader! {
    /// A switch for a feature that the engine does not have: off is accepted, on is an error.
    OffSwitch(member, _) -> (),
    Shape::Value { typescript: "false", schema: r#"{ "const": false }"# },
    if member.boolean()? { Err(member.error(NOT_SUPPORTED)) } else { Ok(()) }
}

reader! {
    /// A duration in seconds.
    Seconds(member, _) -> u64,
    Shape::Value { typescript: "number", schema: r#"{ "type": "integer", "minimum": 1, "maximum": 3155760000 }"# },
    {
        let seconds = member.value.as_u64().filter(|seconds| (1..=LONGEST_DURATION).contains(seconds));
        seconds.ok_or_else(|| member.error("expected a whole number of seconds from 1 to 3155760000"))
    }
}

reader! {
    /// A tolerance in seconds, which may be 0.
    Tolerance(member, _) -> u64,
    Shape::Value { typescript: "number", schema: r#"{ "type": "integer", "minimum": 0, "maximum": 3155760000 }"# },
    {
        let seconds = member.value.as_u64().filter(|seconds| *seconds <= LONGEST_DURATION);
        seconds.ok_or_else(|| member.error("expected a number of seconds"))
    }
}

reader! {
    /// A moment: seconds since the epoch (`NumericDate`, RFC 7519 §2, without fractions).
    Moment(member, _) -> u64,
    Shape::Value { typescript: "number", schema: r#"{ "type": "integer", "minimum": 0, "maximum": 253402300799 }"# },
    {
        let seconds = member.value.as_u64().filter(|seconds| *seconds <= LAST_SECOND);
        seconds.ok_or_else(|| member.error("expected seconds since the epoch"))
    }
}

reader! {
    /// A string that is not empty.
    FilledText(member, _) -> String,
    Shape::Value { typescript: "string", schema: r#"{ "type": "string", "minLength": 1 }"# },
    member.filled_text().map(str::to_owned)
}

reader! {
    /// A scope (RFC 6749 §3.3).
    Scope(member, _) -> String,
    Shape::Value { typescript: "string", schema: r#"{ "type": "string", "pattern": "^[!#-\\[\\]-~]+$" }"# },
    {
        let scope = member.text()?;
        if is_scope(scope) { Ok(scope.to_owned()) } else { Err(member.error("expected a scope token")) }
    }
}

reader! {
    /// A resource (RFC 8707 §2).
    Resource(member, _) -> String,
    Shape::Value {
        typescript: "string",
        schema: r#"{
            "type": "string",
            "maxLength": 2048,
            "pattern": "^[A-Za-z][A-Za-z0-9+.-]*:(?://(?:(?:[A-Za-z0-9._~!$&'()*+,;=:-]|%[0-9A-Fa-f]{2})*@)?(?:\\[[0-9A-Za-z:.]+\\]|(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)(?::[0-9]*)?(?=[/?]|$)|(?!//))(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*$"
        }"#,
    },
    {
        let uri = member.text()?;
        if is_resource(uri) {
            Ok(uri.to_owned())
        } else {
            Err(member.error("not an absolute URI without a fragment, or longer than 2048 bytes"))
        }
    }
}

reader! {
    /// A name for people. An empty one is as good as none.
    Name(member, _) -> String,
    Shape::Tagged(r#"{ "type": "string" }"#),
    member.text().map(str::to_owned)
}

reader! {
    /// Scopes with spaces between them (RFC 6749 §3.3).
    ScopeList(member, _) -> Vec<String>,
    Shape::Value { typescript: "string", schema: r#"{ "type": "string", "pattern": "^[ !#-\\[\\]-~]*$" }"# },
    scope::parse(member.text()?).ok_or_else(|| member.error("expected scope tokens separated by spaces"))
}

reader! {
    /// A grant type by its name in OAuth.
    GrantName(member, grants) -> &'static super::GrantEntry,
    Shape::GrantName,
    {
        let name = member.text()?;
        let entry = grants.iter().copied().find(|entry| entry.name == name);
        entry.ok_or_else(|| member.not_supported(likely_name(name, grants.iter().map(|entry| entry.name))))
    }
}

reader! {
    /// A grant type by its name in Authlete's API.
    GrantConstant(member, grants) -> &'static super::GrantEntry,
    Shape::GrantConstant,
    {
        let constant = member.text()?;
        let entry = grants.iter().copied().find(|entry| entry.constant.as_str() == constant);
        let known = || grants.iter().map(|entry| entry.constant.as_str());
        entry.ok_or_else(|| member.not_supported(likely_name(constant, known())))
    }
}
