//! The boxes at the beginning of a fragmented MP4 file: what tracks there are (ISO/IEC 14496-12 section 8). It holds no
//! samples.

use std::time::Duration;

use mp4_atom::{
    Audio, Avc1, Avcc, AvccExt, Codec, Dinf, Dops, Dref, Encode, FixedPoint, FourCC, Ftyp, Hdlr, Mdhd, Mdia, Mehd, Minf, Moov,
    Mvex, Mvhd, Opus, Smhd, Stbl, Stco, Stsd, Tkhd, Trak, Trex, Url, Visual, Vmhd, Vp08, VpcC,
};

use crate::h264::Sequence;
use crate::opus;
use crate::picture::{Format, VideoCodec};

/// The clock of video tracks, that of RTP.
pub(crate) const VIDEO_RATE: u32 = 90_000;

/// The clock of the movie itself: milliseconds.
const MOVIE_RATE: u32 = 1_000;

/// What a track holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TrackKind {
    /// Pictures.
    Video(Format),
    /// Opus, with this many channels.
    Audio(u8),
}

impl TrackKind {
    /// The track's clock in Hz.
    pub(crate) fn rate(&self) -> u32 {
        match self {
            Self::Video(_) => VIDEO_RATE,
            Self::Audio(_) => opus::RATE,
        }
    }
}

/// The header of a file whose fragments last for `duration`. Its length depends on the tracks only, so that it can be
/// written over.
pub(crate) fn header(tracks: &[TrackKind], duration: Duration) -> mp4_atom::Result<Vec<u8>> {
    let ftyp = Ftyp {
        major_brand: FourCC::new(b"iso6"),
        minor_version: 0,
        compatible_brands: vec![FourCC::new(b"iso6"), FourCC::new(b"mp41")],
    };
    let ids = 1..=tracks.len() as u32;
    let moov = Moov {
        mvhd: Mvhd {
            timescale: MOVIE_RATE,
            rate: 1.into(),
            volume: 1.into(),
            next_track_id: tracks.len() as u32 + 1,
            ..Default::default()
        },
        mvex: Some(Mvex {
            // Without it players would have to read the whole file to know how long it is.
            mehd: Some(Mehd { fragment_duration: duration.as_millis().try_into().unwrap_or(u64::MAX) }),
            trex: ids
                .clone()
                .map(|track_id| Trex { track_id, default_sample_description_index: 1, ..Default::default() })
                .collect(),
        }),
        trak: tracks.iter().zip(ids).map(|(kind, id)| track(kind, id)).collect::<Result<_, _>>()?,
        ..Default::default()
    };
    let mut bytes = Vec::with_capacity(1_500);
    ftyp.encode(&mut bytes)?;
    moov.encode(&mut bytes)?;
    Ok(bytes)
}

fn track(kind: &TrackKind, track_id: u32) -> mp4_atom::Result<Trak> {
    let tkhd = Tkhd { track_id, enabled: true, in_movie: true, ..Default::default() };
    let mdhd = Mdhd { timescale: kind.rate(), language: "und".into(), ..Default::default() };
    let dinf = Dinf { dref: Dref { entries: vec![Url::default().into()] } };
    let stbl = |codec| Stbl { stsd: Stsd { codecs: vec![codec] }, stco: Some(Stco::default()), ..Default::default() };
    Ok(match kind {
        TrackKind::Video(format) => Trak {
            tkhd: Tkhd { width: format.width.into(), height: format.height.into(), ..tkhd },
            mdia: Mdia {
                mdhd,
                hdlr: Hdlr { handler: FourCC::new(b"vide"), name: "Picture".into() },
                minf: Minf { vmhd: Some(Vmhd::default()), dinf, stbl: stbl(video_entry(format)?), ..Default::default() },
            },
            ..Default::default()
        },
        TrackKind::Audio(channels) => Trak {
            tkhd: Tkhd { volume: 1.into(), alternate_group: 1, ..tkhd },
            mdia: Mdia {
                mdhd,
                hdlr: Hdlr { handler: FourCC::new(b"soun"), name: "Sound".into() },
                minf: Minf { smhd: Some(Smhd::default()), dinf, stbl: stbl(audio_entry(*channels)), ..Default::default() },
            },
            ..Default::default()
        },
    })
}

fn video_entry(format: &Format) -> mp4_atom::Result<Codec> {
    let visual = Visual { data_reference_index: 1, width: format.width, height: format.height, ..Default::default() };
    Ok(match format.codec {
        VideoCodec::H264 => {
            let (first, picture) = match (format.sets.sequence.first(), format.sets.picture.first()) {
                (Some(sequence), Some(picture)) => (sequence, picture),
                _ => return Err(mp4_atom::Error::MissingContent("parameter sets")),
            };
            let mut avcc = Avcc::new(first, picture)?;
            avcc.sequence_parameter_sets.clone_from(&format.sets.sequence);
            avcc.picture_parameter_sets.clone_from(&format.sets.picture);
            // Only these profiles have the fields (ISO/IEC 14496-15 section 5.3.3.1.2).
            if matches!(avcc.avc_profile_indication, 100 | 110 | 122 | 144) {
                avcc.ext = Sequence::read(first).and_then(|sequence| sequence.high).map(|(chroma_format, luma, chroma)| {
                    AvccExt { chroma_format, bit_depth_luma: luma, bit_depth_chroma: chroma, ..Default::default() }
                });
            }
            Avc1 { visual, avcc, ..Default::default() }.into()
        }
        // https://www.webmproject.org/vp9/mp4/ describes VP8 as well. Level is undefined for it; 1 is BT.709.
        VideoCodec::Vp8 => Vp08 {
            visual,
            vpcc: VpcC {
                profile: 0,
                level: 0,
                bit_depth: 8,
                chroma_subsampling: 1,
                video_full_range_flag: false,
                color_primaries: 2,
                transfer_characteristics: 2,
                matrix_coefficients: 2,
                codec_initialization_data: Vec::new(),
            },
            ..Default::default()
        }
        .into(),
    })
}

/// "Encapsulation of Opus in ISO Base Media File Format", section 4.3.
fn audio_entry(channels: u8) -> Codec {
    Opus {
        audio: Audio {
            data_reference_index: 1,
            channel_count: u16::from(channels),
            sample_size: 16,
            sample_rate: FixedPoint::new(opus::RATE as u16, 0),
        },
        dops: Dops {
            output_channel_count: channels,
            // The stream is joined midway, and times are those of what is heard, so there is nothing to skip.
            pre_skip: 0,
            input_sample_rate: opus::RATE,
            output_gain: 0,
            channel_mapping: None,
        },
        btrt: None,
    }
    .into()
}
