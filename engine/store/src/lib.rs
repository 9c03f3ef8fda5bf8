//! What outlives a run: apps, keys, credentials.
