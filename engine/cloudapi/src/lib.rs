//! The Cloud API 3.0 face: actions, signatures, errors.
