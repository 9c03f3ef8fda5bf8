//! RTCP of viewers, decrypted.

use rtc_egress::rtcp::{Compound, Item};

/// Reads a compound. It is taken as a whole or not at all, and asks for no more packets than its bytes can name.
pub fn rtcp(data: &[u8]) -> bool {
    let Ok(compound) = Compound::read(data) else { return false };
    let mut said = 0;
    for item in compound.items() {
        match item {
            Item::Nack { missing, .. } => said += missing.numbers().count(),
            Item::Arrivals(feedback) => assert_eq!(feedback.entries().count(), usize::from(feedback.count())),
            _ => said += 1,
        }
    }
    // Four bytes name 17 packets of a NACK, and nothing else is told in less.
    assert!(said <= data.len() / 4 * 17, "{said} things in {} bytes", data.len());
    true
}
