//! How loud a piece of sound is, as RTP headers say it (RFC 6464); not what the ear makes of it.

/// A level in -dBov: 0 is the loudest a 16-bit sample can be, 127 is silence (RFC 6464 section 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Level(u8);

impl Level {
    /// Nothing to be heard.
    pub const SILENCE: Self = Self(127);

    /// The level of a header; anything above 127 is silence.
    pub fn new(negative_dbov: u8) -> Self {
        Self(negative_dbov.min(127))
    }

    /// The root mean square of these samples against that of a full-scale square wave (RFC 6464 section 3).
    pub fn of(samples: &[i16]) -> Self {
        if samples.is_empty() {
            return Self::SILENCE;
        }
        let sum: f64 = samples.iter().map(|&sample| f64::from(sample) * f64::from(sample)).sum();
        let rms = (sum / samples.len() as f64).sqrt() / 32_768.0;
        // log10(0) is minus infinity, which the cast makes 127 after the clamp.
        Self((-20.0 * rms.log10()).round().clamp(0.0, 127.0) as u8)
    }

    /// The number that goes into the header: 0 (loudest) to 127.
    pub const fn negative_dbov(self) -> u8 {
        self.0
    }
}

impl std::fmt::Display for Level {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "-{} dBov", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_those_of_the_standard() {
        assert_eq!(Level::of(&[0; 480]), Level::SILENCE);
        assert_eq!(Level::of(&[]), Level::SILENCE);
        let square: Vec<i16> = (0..480).map(|n| if n % 2 == 0 { i16::MAX } else { i16::MIN }).collect();
        assert_eq!(Level::of(&square).negative_dbov(), 0);
        // A sine has 3 dB less than the square wave around it.
        let sine: Vec<i16> =
            (0..4800).map(|n| (f64::from(n) * std::f64::consts::TAU / 48.0).sin() * 32_767.0).map(|v| v as i16).collect();
        assert_eq!(Level::of(&sine).negative_dbov(), 3);
        assert_eq!(Level::of(&[1, -1]).negative_dbov(), 90);
        assert_eq!(Level::new(200), Level::SILENCE);
    }
}
