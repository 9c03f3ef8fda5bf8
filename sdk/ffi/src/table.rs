//! Handles: numbers that stand for things, so that a wrong or an old one is found out instead of followed. It does not
//! know what it keeps.

use std::sync::{Arc, PoisonError, RwLock};

/// A handle as C sees it: the generation in the upper half, the slot's index plus one in the lower. Zero is never given out.
pub(crate) type Handle = u64;

/// A bounded table of things with their handles.
#[derive(Debug)]
pub(crate) struct Table<T> {
    slots: RwLock<Slots<T>>,
    limit: usize,
}

#[derive(Debug)]
struct Slots<T> {
    all: Vec<Slot<T>>,
    free: Vec<u32>,
}

#[derive(Debug)]
struct Slot<T> {
    generation: u32,
    thing: Option<Arc<T>>,
}

impl<T> Table<T> {
    /// A table of at most `limit` things at a time.
    pub(crate) const fn new(limit: usize) -> Self {
        Self { slots: RwLock::new(Slots { all: Vec::new(), free: Vec::new() }), limit }
    }

    /// Keeps a thing and returns its handle, or nothing when the table is full.
    pub(crate) fn insert(&self, thing: Arc<T>) -> Option<Handle> {
        let mut slots = self.slots.write().unwrap_or_else(PoisonError::into_inner);
        if slots.all.len() - slots.free.len() >= self.limit {
            return None;
        }
        let index = match slots.free.pop() {
            Some(index) => index,
            None => {
                let index = u32::try_from(slots.all.len()).ok()?;
                slots.all.push(Slot { generation: 1, thing: None });
                index
            }
        };
        let slot = slots.all.get_mut(index as usize)?;
        slot.thing = Some(thing);
        Some(u64::from(slot.generation) << 32 | (u64::from(index) + 1))
    }

    /// What a handle stands for, if it does.
    pub(crate) fn find(&self, handle: Handle) -> Option<Arc<T>> {
        let (index, generation) = parts(handle)?;
        let slots = self.slots.read().unwrap_or_else(PoisonError::into_inner);
        let slot = slots.all.get(index).filter(|slot| slot.generation == generation)?;
        slot.thing.clone()
    }

    /// Takes a thing out; its handle, and every copy of it, is worth nothing from now on.
    pub(crate) fn remove(&self, handle: Handle) -> Option<Arc<T>> {
        let (index, generation) = parts(handle)?;
        let mut slots = self.slots.write().unwrap_or_else(PoisonError::into_inner);
        let slot = slots.all.get_mut(index).filter(|slot| slot.generation == generation)?;
        let thing = slot.thing.take()?;
        // A slot whose generations are used up stays empty for good, because a handle must never mean two things.
        if let Some(next) = slot.generation.checked_add(1) {
            slot.generation = next;
            slots.free.push(index as u32);
        }
        Some(thing)
    }
}

fn parts(handle: Handle) -> Option<(usize, u32)> {
    let index = (handle & u64::from(u32::MAX)).checked_sub(1)?;
    Some((usize::try_from(index).ok()?, (handle >> 32) as u32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_finds_its_thing_until_it_is_removed() {
        let table = Table::new(2);
        let handle = table.insert(Arc::new("one")).expect("there is room");
        assert_ne!(handle, 0);
        assert_eq!(table.find(handle).as_deref(), Some(&"one"));
        assert_eq!(table.remove(handle).as_deref(), Some(&"one"));
        assert_eq!(table.find(handle), None);
        assert_eq!(table.remove(handle), None);
    }

    #[test]
    fn an_old_handle_does_not_find_what_took_its_place() {
        let table = Table::new(2);
        let old = table.insert(Arc::new("old")).expect("there is room");
        table.remove(old);
        let new = table.insert(Arc::new("new")).expect("there is room");
        assert_eq!(old & 0xffff_ffff, new & 0xffff_ffff, "the slot is used again");
        assert_eq!(table.find(old), None);
        assert_eq!(table.find(new).as_deref(), Some(&"new"));
    }

    #[test]
    fn numbers_nobody_gave_out_find_nothing() {
        let table = Table::new(2);
        table.insert(Arc::new("one")).expect("there is room");
        for handle in [0, 1, 2, 1 << 32, 1 << 32 | 2, u64::MAX, 1 << 63 | 1] {
            assert_eq!(table.find(handle), None, "{handle:#x}");
        }
    }

    #[test]
    fn a_full_table_takes_no_more() {
        let table = Table::new(1);
        let first = table.insert(Arc::new("one"));
        assert!(first.is_some());
        assert_eq!(table.insert(Arc::new("two")), None);
        table.remove(first.expect("just inserted"));
        assert!(table.insert(Arc::new("three")).is_some());
    }
}
