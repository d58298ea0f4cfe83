//! What the engine asks about a client.

use super::auth_method::AuthMethod;
pub(crate) use super::client_members::Client;
use super::macros::reader;
use super::reader::Object;
use super::redirect_uri;
use crate::api::GrantType;
use crate::error::Error;
use std::collections::BTreeSet;

impl Client {
    /// What a request may call this client: its alias, if it has one, and its number.
    pub(super) fn ids(&self) -> impl Iterator<Item = String> {
        self.alias.iter().cloned().chain([self.number.to_string()])
    }

    pub(crate) fn may_use(&self, grant: &GrantType) -> bool {
        self.grant_types.iter().any(|entry| entry.constant == *grant)
    }

    pub(crate) fn is_public(&self) -> bool {
        self.auth_method == AuthMethod::None
    }

    /// Whether users may be sent back there: an exact match, with any port on a loopback IP
    /// (RFC 8252 §7.3).
    pub(crate) fn may_redirect_to(&self, uri: &str) -> bool {
        self.redirect_uris.iter().any(|registered| redirect_uri::matches(registered, uri))
    }

    /// The redirect URI, if there is only one (RFC 6749 §3.1.2.3).
    pub(crate) fn only_redirect_uri(&self) -> Option<&str> {
        match self.redirect_uris.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }

    /// Fails if a client before it has the same alias or number. `taken` has the identifiers of
    /// those, and gets this one's.
    fn check_against(
        &self,
        taken: &mut BTreeSet<String>,
        object: &Object<'_>,
    ) -> Result<(), Error> {
        for id in self.ids() {
            let is_alias = self.alias.as_deref() == Some(&id);
            if !taken.insert(id) {
                let name = if is_alias || self.alias.is_none() {
                    "client_id"
                } else {
                    "authlete_client_id"
                };
                return Err(object.error(name, "another client already uses it"));
            }
        }
        Ok(())
    }
}

reader! {
    /// The registered clients, no two of which have an alias or number in common.
    Clients(member, grants) -> Vec<Client>,
    Shape::Array(&Shape::Object(Client::TABLE)),
    {
        let (mut clients, mut taken) = (Vec::new(), BTreeSet::new());
        for member in member.array()? {
            let object = member.object()?;
            let client = Client::read(&object, grants)?;
            client.check_against(&mut taken, &object)?;
            clients.push(client);
        }
        Ok(clients)
    }
}
