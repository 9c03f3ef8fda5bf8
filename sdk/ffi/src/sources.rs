//! Lists of screens and windows that C looks through at its leisure.

use std::ffi::{CStr, CString};
use std::sync::Arc;

use crate::error::CallError;
use crate::frame::ScreenSource;
use crate::instance::c_text;
use crate::table::{Handle, Table};

/// One list, with its names as C texts.
#[derive(Debug)]
pub(crate) struct Sources(Vec<(ScreenSource, CString)>);

impl Sources {
    pub(crate) fn new(found: Vec<ScreenSource>) -> Self {
        Self(found.into_iter().map(|source| (c_text(&source.name), source)).map(|(name, source)| (source, name)).collect())
    }

    pub(crate) fn all(&self) -> &[(ScreenSource, CString)] {
        &self.0
    }

    pub(crate) fn at(&self, index: u32) -> Result<(&ScreenSource, &CStr), CallError> {
        let found = self.0.get(index as usize).map(|(source, name)| (source, name.as_c_str()));
        found.ok_or_else(|| CallError::invalid(format!("index {index} is beyond the list, which has {}", self.0.len())))
    }
}

pub(crate) fn keep(sources: Sources) -> Result<Handle, CallError> {
    LISTS
        .insert(Arc::new(sources))
        .ok_or_else(|| CallError::refused(format!("{LIST_LIMIT} lists of sources are open; release those that are not needed")))
}

pub(crate) fn find(list: Handle) -> Result<Arc<Sources>, CallError> {
    LISTS.find(list).ok_or_else(|| unknown(list))
}

pub(crate) fn release(list: Handle) -> Result<(), CallError> {
    LISTS.remove(list).map(drop).ok_or_else(|| unknown(list))
}

fn unknown(list: Handle) -> CallError {
    CallError::refused(format!("{list:#x} is no list of sources (any more); use what rtc_screen_sources returned"))
}

static LISTS: Table<Sources> = Table::new(LIST_LIMIT);
const LIST_LIMIT: usize = 256;
