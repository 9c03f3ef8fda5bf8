//! Screens and windows of a real X11 server. Needs the Debian package xvfb.

mod capture;
mod render;
mod server;
