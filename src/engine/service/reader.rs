//! Reads JSON objects strictly: a missing, wrong or unknown member is an error that names its path.
//! Values never get into a message, since they may be secrets.

use super::likely_name::likely_name;
use crate::error::{Error, ErrorCode};
use serde_json::{Map, Value};

/// The longest lifetime, in seconds: a hundred years, so that every moment in milliseconds fits a
/// JavaScript number.
pub(crate) const LONGEST_DURATION: u64 = 3_155_760_000;
/// The problem of a member or value that is known but not supported yet.
pub(crate) const NOT_SUPPORTED: &str = "not supported";
/// How much of an unknown name a message repeats.
const LONGEST_NAME: usize = 64;

/// An object that is being read.
pub(crate) struct Object<'a> {
    code: ErrorCode,
    path: String,
    members: &'a Map<String, Value>,
}

/// A member of an [`Object`], with its path.
pub(crate) struct Member<'a> {
    code: ErrorCode,
    path: String,
    /// The value; never `null`.
    pub(crate) value: &'a Value,
}

impl<'a> Object<'a> {
    /// The outermost object. All errors have `code`.
    pub(crate) fn root(code: ErrorCode, name: &str, value: &'a Value) -> Result<Self, Error> {
        let members = value
            .as_object()
            .ok_or_else(|| Error::new(code, format!("{name}: expected an object")))?;
        Ok(Object { code, path: String::new(), members })
    }

    /// All members, as they are.
    pub(crate) fn members(&self) -> &'a Map<String, Value> {
        self.members
    }

    /// The member of that name; `null` is absent.
    #[inline(never)]
    pub(crate) fn take(&self, name: &str) -> Option<Member<'a>> {
        let value = self.members.get(name).filter(|value| !value.is_null())?;
        Some(Member { code: self.code, path: self.path_of(name), value })
    }

    /// A member that must be there.
    pub(crate) fn need(&self, name: &str) -> Result<Member<'a>, Error> {
        self.take(name).ok_or_else(|| self.error(name, "missing"))
    }

    /// An optional string.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&'a str>, Error> {
        self.take(name).map(|member| member.text()).transpose()
    }

    /// An error for the first member that is none of these: `known`, `tagged` (with or without a
    /// language tag, RFC 7591 §2.2) or `refused`; then one for the first that is `refused`, since
    /// it means something that the engine does not support. It is called before anything is read,
    /// so that a misspelt name is reported as unknown, and not as a missing member.
    pub(crate) fn expect_members(
        &self,
        known: &[&str],
        tagged: &[&str],
        refused: &[&str],
    ) -> Result<(), Error> {
        let is_known = |name: &str| {
            let untagged = name.split_once('#').map_or(name, |(name, _)| name);
            known.contains(&name) || tagged.contains(&untagged) || refused.contains(&name)
        };
        if let Some(name) = self.members.keys().find(|name| !is_known(name)) {
            let problem =
                with_meant("unknown", likely_name(name, known.iter().chain(tagged).copied()));
            return Err(self.error(&name.chars().take(LONGEST_NAME).collect::<String>(), &problem));
        }
        match refused.iter().find(|name| self.take(name).is_some()) {
            Some(name) => Err(self.error(name, NOT_SUPPORTED)),
            None => Ok(()),
        }
    }

    /// An error about a member.
    #[inline(never)]
    pub(crate) fn error(&self, name: &str, problem: &str) -> Error {
        Error::new(self.code, format!("{}: {problem}", self.path_of(name)))
    }

    fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }
}

impl<'a> Member<'a> {
    /// The value as an object.
    pub(crate) fn object(&self) -> Result<Object<'a>, Error> {
        let members = self.value.as_object().ok_or_else(|| self.error("expected an object"))?;
        Ok(Object { code: self.code, path: self.path.clone(), members })
    }

    /// The elements of an array.
    pub(crate) fn array(&self) -> Result<Vec<Member<'a>>, Error> {
        let values = self.value.as_array().ok_or_else(|| self.error("expected an array"))?;
        let element =
            |(i, value)| Member { code: self.code, path: format!("{}[{i}]", self.path), value };
        Ok(values.iter().enumerate().map(element).collect())
    }

    /// The value as a string.
    pub(crate) fn text(&self) -> Result<&'a str, Error> {
        self.value.as_str().ok_or_else(|| self.error("expected a string"))
    }

    /// The value as a string that is not empty.
    pub(crate) fn filled_text(&self) -> Result<&'a str, Error> {
        self.text()
            .and_then(|text| if text.is_empty() { Err(self.error("empty")) } else { Ok(text) })
    }

    /// `true` or `false`.
    pub(crate) fn boolean(&self) -> Result<bool, Error> {
        self.value.as_bool().ok_or_else(|| self.error("expected true or false"))
    }

    /// An error about this member.
    #[inline(never)]
    pub(crate) fn error(&self, problem: &str) -> Error {
        Error::new(self.code, format!("{}: {problem}", self.path))
    }

    /// An error about this member, whose value is not supported: with the supported one that was
    /// meant, if there is one.
    pub(crate) fn not_supported(&self, meant: Option<&str>) -> Error {
        self.error(&with_meant(NOT_SUPPORTED, meant))
    }
}

fn with_meant(problem: &str, meant: Option<&str>) -> String {
    match meant {
        Some(meant) => format!("{problem} (did you mean {meant}?)"),
        None => problem.to_owned(),
    }
}
