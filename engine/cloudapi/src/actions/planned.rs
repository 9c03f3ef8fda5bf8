//! Actions of the service that this version of the engine does not have. They are known by name, so that an application
//! is told that, and not that it misspelled something.

use super::{Action, Run};
use crate::pace::Pace;

pub(super) const ACTIONS: &[Action] = &[
    // recording
    usual("CreateCloudRecording"),
    usual("DescribeCloudRecording"),
    usual("ModifyCloudRecording"),
    usual("DeleteCloudRecording"),
    // mix-and-relay
    usual("StartPublishCdnStream"),
    usual("UpdatePublishCdnStream"),
    usual("StopPublishCdnStream"),
    // stream-ingest
    usual("StartStreamIngest"),
    usual("UpdateStreamIngest"),
    usual("DescribeStreamIngest"),
    usual("StopStreamIngest"),
    // web-record
    usual("StartWebRecord"),
    usual("DescribeWebRecord"),
    usual("StopWebRecord"),
    // ai-transcription
    usual("StartAITranscription"),
    usual("DescribeAITranscription"),
    usual("StopAITranscription"),
    usual("CreateCloudTranscription"),
    usual("DescribeCloudTranscription"),
    usual("DeleteCloudTranscription"),
    // ai-conversation
    usual("StartAIConversation"),
    usual("UpdateAIConversation"),
    usual("ControlAIConversation"),
    usual("DescribeAIConversation"),
    usual("StopAIConversation"),
    // ai-voice-tts
    usual("TextToSpeech"),
    usual("TextToSpeechSSE"),
    usual("AsyncTextToSpeech"),
    usual("DescribeAsyncTextToSpeech"),
    usual("VoiceClone"),
    usual("RegisterVoicePrint"),
    usual("UpdateVoicePrint"),
    usual("DescribeVoicePrint"),
    usual("DeleteVoicePrint"),
    // ai-hotword-vocab
    usual("CreateRecognizeVocabV3"),
    usual("UpdateRecognizeVocabV3"),
    usual("DeleteRecognizeVocabV3"),
    usual("GetRecognizeVocabV3"),
    usual("GetRecognizeVocabListV3"),
    usual("DownloadRecognizeVocabV3"),
    usual("SetVocabStateV3"),
    // moderation
    usual("CreateCloudModeration"),
    usual("DescribeCloudModeration"),
    usual("ModifyCloudModeration"),
    usual("DeleteCloudModeration"),
    usual("CreateLiveStreamModeration"),
    usual("DescribeLiveStreamModeration"),
    usual("DeleteLiveStreamModeration"),
    usual("CreateAudioModerationSync"),
    // slicing
    usual("CreateCloudSliceTask"),
    usual("DescribeCloudSliceTask"),
    usual("ModifyCloudSliceTask"),
    usual("DeleteCloudSliceTask"),
    // usage-statistics
    usage("DescribeTrtcUsage"),
    usage("DescribeRecordingUsage"),
    usage("DescribeMixTranscodingUsage"),
    usage("DescribeRelayUsage"),
    usage_file("DescribeTrtcRoomUsage"),
    usage("DescribeTRTCAIRecognitionUsage"),
    usage("DescribeTRTCSegmentModerationUsage"),
    usage("DescribeTRTCDedicatedCloudAccUsage"),
    // call-quality-monitoring
    usual("DescribeRoomInfo"),
    usual("DescribeUserInfo"),
    usual("DescribeCallDetailInfo"),
    usual("DescribeUserEvent"),
    usual("DescribeUnusualEvent"),
    usual("DescribeScaleInfo"),
    usual("DescribeTRTCMarketScaleData"),
    usual("DescribeTRTCMarketQualityData"),
    usual("DescribeTRTCRealTimeScaleData"),
    usual("DescribeTRTCRealTimeQualityData"),
    // picture-assets
    usual("CreatePicture"),
    usual("DescribePicture"),
    usual("ModifyPicture"),
    usual("DeletePicture"),
    // legacy
    usual("StartMCUMixTranscode"),
    usual("StartMCUMixTranscodeByStrRoomId"),
    usual("StopMCUMixTranscode"),
    usual("StopMCUMixTranscodeByStrRoomId"),
    usual("DescribeRecordStatistic"),
    usual("DescribeTrtcMcuTranscodeTime"),
    usual("DescribeTRTCMarketScaleMetricData"),
];

const fn usual(name: &'static str) -> Action {
    Action { name, pace: None, run: Run::Planned }
}

/// Queries of usage are slower: five a second.
const fn usage(name: &'static str) -> Action {
    Action { name, pace: Some(Pace::per_second(5)), run: Run::Planned }
}

/// The one that makes a file: once in 15 seconds.
const fn usage_file(name: &'static str) -> Action {
    Action { name, pace: Some(Pace { requests: 1, per_ms: 15_000 }), run: Run::Planned }
}
