//! How checks are noted for a trace: each where it is made, and at the price of one comparison when
//! nobody wants to know.

use crate::engine::context::Context;
use crate::engine::platform::{Check, Checked, PlatformFailure, Trace, Unavailable, Write};
use crate::engine::result_code::{self, Refusal, ResultCode};
use crate::error::Error;
use std::cell::RefCell;

/// The checks of one call, if its host wants to know them.
pub(crate) struct Notes(Option<RefCell<Vec<Checked>>>);

/// Why something is refused, as far as it is told in constants.
pub(crate) struct Why {
    pub(crate) code: Option<&'static ResultCode>,
    /// More about it.
    pub(crate) detail: [&'static str; 2],
}

/// An error of a check.
pub(crate) trait Reason {
    /// What a trace says about it.
    fn why(&self) -> Why;
}

impl Reason for &'static ResultCode {
    fn why(&self) -> Why {
        Why { code: Some(self), detail: [""; 2] }
    }
}

impl Reason for Refusal {
    fn why(&self) -> Why {
        self.code.why()
    }
}

impl Reason for Unavailable {
    fn why(&self) -> Why {
        result_code::SERVER_ERROR.why()
    }
}

/// Its message may hold a name that the host has made up.
impl Reason for Error {
    fn why(&self) -> Why {
        Why { code: None, detail: [""; 2] }
    }
}

impl Notes {
    pub(crate) fn new(wanted: bool) -> Self {
        Notes(wanted.then(RefCell::default))
    }

    #[inline(never)]
    fn add(&self, check: Check, refused: Option<&Why>, details: &[&'static str]) {
        let Some(notes) = &self.0 else { return };
        let code = refused.and_then(|why| why.code);
        let name = details.first().filter(|_| code == Some(result_code::MEMBER_WRONG));
        let message = |code: &ResultCode| code.message_at("", name.copied().unwrap_or_default());
        let details: Vec<_> = details.iter().filter(|detail| !detail.is_empty()).copied().collect();
        notes.borrow_mut().push(Checked {
            check,
            refused: refused.is_some(),
            detail: details.join(" "),
            result_code: code.map(|code| code.code),
            result_message: code.map(message),
        });
    }
}

impl Context<'_> {
    /// Notes how a check has ended, and passes its result on.
    #[inline(always)]
    pub(crate) fn check<T, E: Reason>(&self, check: Check, result: Result<T, E>) -> Result<T, E> {
        self.check_as(check, "", result)
    }

    /// The same, with more about it. Details are constants, so that none can be a secret.
    #[inline(always)]
    pub(crate) fn check_as<T, E: Reason>(
        &self,
        check: Check,
        detail: &'static str,
        result: Result<T, E>,
    ) -> Result<T, E> {
        match &result {
            Ok(_) => self.passed(check, detail),
            Err(reason) => self.refused_for(check, reason, detail),
        }
        result
    }

    /// Fails with this code unless something holds, and notes either.
    pub(crate) fn require(
        &self,
        check: Check,
        holds: bool,
        code: &'static ResultCode,
    ) -> Result<(), &'static ResultCode> {
        self.require_as(check, "", holds, code)
    }

    /// The same, with more about it.
    #[inline(never)]
    pub(crate) fn require_as(
        &self,
        check: Check,
        detail: &'static str,
        holds: bool,
        code: &'static ResultCode,
    ) -> Result<(), &'static ResultCode> {
        self.check_as(check, detail, if holds { Ok(()) } else { Err(code) })
    }

    /// Passes on the result of a part of a check, which is noted only if it decides: if it is a
    /// refusal.
    #[inline(always)]
    pub(crate) fn part<T, E: Reason>(&self, check: Check, result: Result<T, E>) -> Result<T, E> {
        if let Err(reason) = &result {
            self.refused_for(check, reason, "");
        }
        result
    }

    /// Passes on the result of a call, and notes a refusal that no check has noted.
    pub(crate) fn otherwise<T>(&self, check: Check, result: Result<T, Error>) -> Result<T, Error> {
        if let (Some(notes), Err(_)) = (&self.notes.0, &result) {
            let is_noted = notes.borrow().last().is_some_and(|last| last.refused);
            if !is_noted {
                self.holds(check, false, "");
            }
        }
        result
    }

    /// Notes that a check has passed.
    #[inline(never)]
    pub(crate) fn passed(&self, check: Check, detail: &'static str) {
        self.notes.add(check, None, &[detail]);
    }

    /// Notes a refusal, and gives its code.
    #[inline(never)]
    pub(crate) fn refused(
        &self,
        check: Check,
        code: &'static ResultCode,
        detail: &'static str,
    ) -> &'static ResultCode {
        self.notes.add(check, Some(&code.why()), &[detail]);
        code
    }

    /// Notes whether something holds that is no reason to refuse the call.
    #[inline(never)]
    pub(crate) fn holds(&self, check: Check, holds: bool, detail: &'static str) {
        let why = Why { code: None, detail: [""; 2] };
        self.notes.add(check, Some(&why).filter(|_| !holds), &[detail]);
    }

    #[inline(never)]
    fn refused_for(&self, check: Check, reason: &impl Reason, detail: &'static str) {
        let why = reason.why();
        // It is noted as a failure of the platform.
        if why.code != Some(result_code::SERVER_ERROR) {
            let [first, second] = why.detail;
            self.notes.add(check, Some(&why), &[first, second, detail]);
        }
    }

    /// Notes a failure of the platform; those of a fetch and of a clean-up do not decide the
    /// answer.
    pub(crate) fn note_failure(&self, failure: PlatformFailure) {
        use PlatformFailure::{Fetch, KeySet, StoreExpire};
        let decides = !matches!(failure, Fetch | KeySet | StoreExpire);
        let code = Some(result_code::SERVER_ERROR).filter(|_| decides);
        self.notes.add(Check::Platform, Some(&Why { code, detail: [""; 2] }), &[failure.as_str()]);
    }

    /// Notes a step, and the refusal if another request was first.
    pub(crate) fn note_commit(
        &self,
        writes: &[Write],
        done: bool,
        conflict: Option<&'static ResultCode>,
    ) {
        let Some(notes) = &self.notes.0 else { return };
        self.notes.add(
            Check::Commit,
            Some(&Why { code: conflict, detail: [""; 2] }).filter(|_| !done),
            &[],
        );
        let steps: Vec<_> = writes.iter().map(|write| write.op_and_kind().join(" ")).collect();
        if let Some(last) = notes.borrow_mut().last_mut() {
            last.detail = steps.join(", ");
        }
    }
}

/// The call has ended, or was given up: its host hears what was checked.
impl Drop for Context<'_> {
    #[inline(never)]
    fn drop(&mut self) {
        if let Some(notes) = self.notes.0.take() {
            let (host, operation) = self.host();
            host.trace(Trace { operation, checks: notes.into_inner() });
        }
    }
}
