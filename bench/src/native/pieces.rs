//! What the native library weighs without its symbols, and who brings how much of it, by the names of symbols (binutils).

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, bail};
use serde::Serialize;

/// Bytes.
#[derive(Debug, Serialize)]
pub(super) struct Figures {
    /// The file, stripped.
    pub(super) stripped: u64,
    pub(super) code: u64,
    pub(super) constants: u64,
    /// Tables for unwinding and for the loader: no symbol names them.
    pub(super) tables: u64,
    /// Who brings it: code and constants that have a name, the largest first.
    pub(super) parts: Vec<Part>,
}

/// A part of the library.
#[derive(Debug, Serialize)]
pub(super) struct Part {
    pub(super) name: &'static str,
    pub(super) bytes: u64,
}

/// Whose a symbol is: by the first name in it, which is a crate or a namespace. `rtc` stands for `rtc_core` as well.
const CRATES: [(&str, &str); 9] = [
    ("this engine", "rtc rtcengine"),
    ("Rust's own library", "core alloc std hashbrown gimli addr2line rustc_demangle compiler_builtins"),
    (
        "WebRTC, DTLS, TLS (Rust)",
        "str0m is sctp_proto dimpl rustls webpki der x509_cert spki rcgen yasna combine aws_lc_rs untrusted sec1 pkcs8 aes ccm \
         const_oid",
    ),
    ("Fourier transforms and resampling", "rustfft realfft rubato transpose strength_reduce"),
    ("echo, noise, gain, voice detection", "sonora earshot"),
    (
        "scaling, converting and reading pictures",
        "fast_image_resize yuv zune fast_transpose image png gif weezl fdeflate moxcms",
    ),
    ("H.264 (OpenH264)", "WelsDec WelsEnc WelsVP WelsCommon openh264"),
    ("devices and screens", "cpal alsa pulseaudio x11rb"),
    ("JSON, HTTP, log, MP4", "serde tungstenite http tracing sharded_slab mp4_atom miniz_oxide flate2"),
];

/// With what symbols of C and assembly begin, which have no crate.
const PREFIXES: [(&str, &str); 4] = [
    ("VP8 (libvpx)", "vp8 vpx vp9"),
    (
        "Opus with deep redundancy",
        "opus silk celt sig_net plc_ dec_ enc_ cond_net gru gdense dense dred fwc fargan lpcnet pitchdnn rdovae if_upsampler \
         latent state_ tonality compute_",
    ),
    ("H.264 (OpenH264)", "Wels welsdec"),
    (
        "cryptography (AWS-LC)",
        "aws_lc ecp_ edwards25519 curve25519 Lp Ledwards Lcurve p256 p384 p521 aes vpaes chacha20 sha gcm bignum kObjects pkey \
         ec_ rsaz bn_ evp EVP mlkem ml_",
    ),
];

/// Weighs a library that still has its symbols.
pub(super) fn measure(library: &Path) -> anyhow::Result<Figures> {
    let folder = tempfile::tempdir()?;
    let stripped = folder.path().join("stripped");
    output(Command::new("strip").arg("-o").arg(&stripped).arg(library))?;
    let sections = output(Command::new("size").args(["-A", "-d"]).arg(&stripped))?;
    let section = |names: &[&str]| -> u64 {
        let fields = sections.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
        fields
            .filter(|fields| fields.len() == 3 && names.contains(&fields[0]))
            .filter_map(|fields| fields[1].parse::<u64>().ok())
            .sum()
    };
    let mut parts = BTreeMap::<&str, u64>::new();
    for line in output(Command::new("nm").args(["-S", "--defined-only", "--demangle"]).arg(library))?.lines() {
        // Address, size, kind, name; what has no size is a label within something that has.
        let mut fields = line.splitn(4, ' ');
        let (_, size, kind, name) = (fields.next(), fields.next(), fields.next(), fields.next());
        let (Some(size), Some(kind), Some(name)) = (size, kind, name) else { continue };
        let Ok(size) = u64::from_str_radix(size, 16) else { continue };
        // Zeroed memory is not in the file.
        if !kind.eq_ignore_ascii_case("b") {
            *parts.entry(owner(name)).or_default() += size;
        }
    }
    if parts.is_empty() {
        bail!("{} has no symbols: what it weighs cannot be told apart", library.display());
    }
    let mut parts: Vec<Part> = parts.into_iter().map(|(name, bytes)| Part { name, bytes }).collect();
    parts.sort_by_key(|part| std::cmp::Reverse(part.bytes));
    Ok(Figures {
        stripped: std::fs::metadata(&stripped)?.len(),
        code: section(&[".text", ".plt", ".init", ".fini"]),
        constants: section(&[".rodata", ".data.rel.ro", ".data", ".tdata"]),
        tables: section(&[".eh_frame", ".eh_frame_hdr", ".gcc_except_table", ".rela.dyn", ".rela.plt", ".relr.dyn", ".got"]),
        parts,
    })
}

/// Whose a demangled symbol is.
fn owner(name: &str) -> &'static str {
    // `<&mut a::B as c::D>::e` is a's.
    let mut first = name.trim_start_matches(['<', '&', '*', '(', '[']);
    for word in ["mut ", "dyn ", "const "] {
        first = first.strip_prefix(word).unwrap_or(first);
    }
    let first = first.trim_start_matches(['<', '&', '*', '(', '[']);
    let word = first.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or("");
    if name.contains("::") {
        let is_of = |known: &str| word.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'));
        let of = CRATES.iter().find(|(_, crates)| crates.split_whitespace().any(is_of));
        return of.map_or("other crates", |(owner, _)| owner);
    }
    let word = word.trim_start_matches('_');
    let of = PREFIXES.iter().find(|(_, prefixes)| prefixes.split_whitespace().any(|prefix| word.starts_with(prefix)));
    of.map_or("other C and assembly", |(owner, _)| owner)
}

fn output(command: &mut Command) -> anyhow::Result<String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("`{program}` is missing (Debian package binutils)"))?;
    if !output.status.success() {
        bail!("{program}: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_symbol_belongs_to_the_first_crate_in_its_name() {
        assert_eq!(owner("<rtc_core::Cloud as core::fmt::Debug>::fmt"), "this engine");
        assert_eq!(owner("<&mut rustfft::Radix4<f32> as rustfft::Fft<f32>>::process"), "Fourier transforms and resampling");
        assert_eq!(owner("core::ptr::drop_in_place<rtc_core::Cloud>"), "Rust's own library");
        assert_eq!(owner("sonora_aec3::delay::Estimator::new"), "echo, noise, gain, voice detection");
        assert_eq!(owner("isolated::run"), "other crates");
    }

    #[test]
    fn a_symbol_of_c_belongs_to_its_prefix() {
        assert_eq!(owner("vp8_loop_filter_mbh_avx2"), "VP8 (libvpx)");
        assert_eq!(owner("sig_net_skip_glu_gate_weights_int8"), "Opus with deep redundancy");
        assert_eq!(owner("WelsDec::WelsLumaDcDequantIdct(short*, int)"), "H.264 (OpenH264)");
        assert_eq!(owner("_vpaes_schedule_transform"), "cryptography (AWS-LC)");
        assert_eq!(owner("qsort_r"), "other C and assembly");
    }
}
