//! How many allocations there are, over all servers of an engine and of each user. Only touched when one begins or ends.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// The counts and their bounds.
#[derive(Debug)]
pub struct Quotas {
    most: usize,
    most_of_user: usize,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    total: usize,
    users: HashMap<Box<[u8]>, usize>,
}

/// Why there is no room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Full {
    OfUser,
    Altogether,
}

impl Quotas {
    /// At most so many, and so many of one user.
    pub fn new(most: usize, most_of_user: usize) -> Self {
        Self { most, most_of_user, open: Mutex::default() }
    }

    /// Allocations that are open now.
    pub fn open(&self) -> usize {
        self.lock().total
    }

    pub(crate) fn take(&self, user: &[u8]) -> Result<(), Full> {
        let mut open = self.lock();
        let of_user = open.users.get(user).copied().unwrap_or(0);
        if of_user >= self.most_of_user {
            return Err(Full::OfUser);
        }
        if open.total >= self.most {
            return Err(Full::Altogether);
        }
        open.total += 1;
        open.users.insert(user.into(), of_user + 1);
        Ok(())
    }

    pub(crate) fn give_back(&self, user: &[u8]) {
        let mut open = self.lock();
        open.total = open.total.saturating_sub(1);
        if let Some(count) = open.users.get_mut(user) {
            *count -= 1;
            if *count == 0 {
                open.users.remove(user);
            }
        }
    }

    /// Nothing that is done under the lock can leave it half changed.
    fn lock(&self) -> std::sync::MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_limited_in_total_and_of_one_user_and_are_given_back() {
        let quotas = Quotas::new(3, 2);
        assert_eq!([quotas.take(b"ann"), quotas.take(b"ann"), quotas.take(b"ann")], [Ok(()), Ok(()), Err(Full::OfUser)]);
        assert_eq!([quotas.take(b"bob"), quotas.take(b"cy")], [Ok(()), Err(Full::Altogether)]);
        quotas.give_back(b"ann");
        quotas.give_back(b"ann");
        assert_eq!([quotas.take(b"cy"), quotas.take(b"bob")], [Ok(()), Ok(())]);
        for user in [&b"bob"[..], b"bob", b"cy"] {
            quotas.give_back(user);
        }
        assert!(quotas.open() == 0 && quotas.lock().users.is_empty());
    }
}
