//! Media shards: sockets, ICE/DTLS/SRTP sessions driven through the forwarding core.
