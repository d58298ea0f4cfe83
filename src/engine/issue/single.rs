//! One grant for each client and subject, where that is switched on (Authlete:
//! `singleAccessTokenPerSubject`).

use super::Issue;
use crate::engine::context::{Context, to_text};
use crate::engine::hash::storage_key;
use crate::engine::platform::{RecordKind, Unavailable, Write};
use crate::engine::records::GrantId;

impl Issue<'_> {
    /// What makes this the current grant of its client and subject, and ends the one before; to be
    /// decided after everything that takes time. The step fails if another grant became the current
    /// one in the meantime, so that two logins at once leave one of them.
    pub(super) fn end_others(
        &self,
        context: &Context<'_>,
        expires_at: u64,
    ) -> Result<Vec<Write>, Unavailable> {
        let client = self.caller.client;
        let single = context.config.service.single_access_token_per_subject
            || client.single_access_token_per_subject;
        let Some(subject) = self.grant.subject.as_ref().filter(|_| single) else {
            return Ok(Vec::new());
        };
        // A number has no space, so no two pairs have the same key.
        let key = storage_key(&format!("{} {subject}", client.number));
        let value = to_text(&GrantId(self.grant_id.clone()))?;
        let kind = RecordKind::CurrentGrant;
        let Some(before) = context.live::<GrantId>(kind, key.clone())? else {
            return Ok(vec![Write::Insert { kind, key, value, expires_at }]);
        };
        let mut writes =
            vec![Write::Replace { kind, key, expected: before.text, value, expires_at }];
        let GrantId(before) = before.data;
        if before != self.grant_id {
            writes.push(Write::Delete { kind: RecordKind::Grant, key: before });
        }
        Ok(writes)
    }
}
