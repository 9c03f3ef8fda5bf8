//! Pictures as numbers: frames, conversion, codecs, packets and layers. It knows no device, no network, no clock and no
//! thread.
//!
//! On the way out, a [`frame::Frame`] that [`convert`] made of a camera's bytes goes to a [`publisher::Publisher`]: its
//! [`layers`] decide which pictures are encoded in which size and with how many bits, an encoder of [`codec`] writes them,
//! [`sei`] puts messages into them, [`changed`] lets an application have its way with them, [`cipher`] hides them, and
//! [`rtp`] cuts them into packets. On the way in, a [`viewer::Viewer`] does all of it backwards and shows each picture at its
//! time, which [`sync`] moves so that lips fit voices. A [`still::Still`] from a file can lie [over](overlay) pictures. [`pattern`] is a camera that a machine can read, and [`measure`] tells how much of a picture has survived.

pub mod changed;
pub mod cipher;
pub mod codec;
pub mod convert;
pub mod file;
pub mod frame;
pub mod h264;
pub mod layers;
pub mod measure;
pub mod nal;
pub mod overlay;
pub mod pattern;
pub mod publisher;
pub mod rate;
pub mod resolution;
pub mod rtp;
pub mod scale;
pub mod sei;
pub mod still;
pub mod sync;
pub mod turn;
pub mod viewer;
pub mod vp8;

mod encoding;
