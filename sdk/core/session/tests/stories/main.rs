//! Stories of a session against an engine of the test's own making, in a time of the test's own making.

mod arriving;
mod engine;
mod hostile;
mod leaving;
mod loss;
mod media;
mod outages;
mod pictures;
mod room;
mod world;
