//! Chance that can be repeated: its seed is printed, and can be given.

use std::time::SystemTime;

/// A generator of numbers (xorshift64*).
pub struct Chance(u64);

impl Chance {
    /// A new one, of the seed in the environment's `variable` or of the time.
    pub fn seeded(variable: &str) -> Self {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("a clock that is not before 1970");
        let given = std::env::var(variable).ok().map(|seed| seed.parse().expect("a number"));
        let seed = given.unwrap_or(now.as_nanos() as u64 & 0xFFFF_FFFF);
        eprintln!("to repeat it: {variable}={seed}");
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number from 0 to before `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        number as usize % end.max(1)
    }
}
