//! Forwarding decisions: slots, layers, key frames, rewriting.
