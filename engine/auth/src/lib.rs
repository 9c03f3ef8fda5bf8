//! UserSig, PrivateMapKey and Cloud API request signatures.
