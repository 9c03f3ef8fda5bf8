//! Stories of pictures from a source to a view, without devices and without a network: what one side sends the other one
//! gets, as a session would hand it over.

mod sending;
mod stage;
mod watching;
