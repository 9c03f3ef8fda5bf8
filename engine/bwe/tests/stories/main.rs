//! Stories of networks, in virtual time: what is estimated while links become narrow and wide again, lose, jitter and fail.

mod forged;
mod receivers;
mod rough;
mod sharing;
mod steps;
mod troubles;
mod world;
