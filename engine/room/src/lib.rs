//! Rooms and their members: commands in, pushes and facts out.
