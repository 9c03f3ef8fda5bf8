//! How names of the API become names of Rust. It spells; what is named is not its business.

/// The name without the prefixes that stand for a namespace: `TRTCParams` is `Params`.
pub(crate) fn without_prefix(name: &str) -> String {
    match name {
        "RECT" => return "Rect".to_owned(),
        "SIZE" => return "Size".to_owned(),
        _ => {}
    }
    let prefixes = ["ITRTC", "ITX", "TRTC", "TXLiteAV", "TXLite", "TX"];
    let stripped = prefixes.into_iter().find_map(|prefix| name.strip_prefix(prefix)).filter(|rest| !rest.is_empty());
    stripped.unwrap_or(name).to_owned()
}

/// `videoEncodedFPS` is `video_encoded_fps`.
pub(crate) fn snake(name: &str) -> String {
    // "3D" is one word, though its parts look like the end of one and the beginning of the next.
    let letters: Vec<char> = name.replace("3D", "_3d").chars().collect();
    let mut snake = String::new();
    for (place, &letter) in letters.iter().enumerate() {
        let before = place.checked_sub(1).map(|place| letters[place]);
        let after = letters.get(place + 1);
        let begins = letter.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_ascii_digit()
                    || before.is_uppercase() && after.is_some_and(|after| after.is_lowercase())
            });
        if begins {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

/// `onUserVideoAvailable` is `UserVideoAvailable`.
pub(crate) fn pascal(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// `user_id` is `userId`, as serde would make it.
pub(crate) fn camel(snake: &str) -> String {
    let mut camel = String::new();
    for (place, word) in snake.split('_').enumerate() {
        camel.push_str(&if place == 0 { word.to_owned() } else { pascal(word) });
    }
    camel
}

/// The Rust name of a parameter or method. Keywords get another word.
pub(crate) fn rust(name: &str) -> String {
    match snake(name.strip_prefix("get").filter(|rest| rest.starts_with(char::is_uppercase)).unwrap_or(name)).as_str() {
        "type" => "kind".to_owned(),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_apart_by_capitals_and_abbreviations_stay_whole() {
        assert_eq!(snake("sdkAppId"), "sdk_app_id");
        assert_eq!(snake("videoEncodedFPS"), "video_encoded_fps");
        assert_eq!(snake("systemMemoryInMB"), "system_memory_in_mb");
        assert_eq!(snake("remoteNetworkRTT"), "remote_network_rtt");
        assert_eq!(snake("point2PointDelay"), "point2_point_delay");
        assert_eq!(snake("updateSelf3DSpatialPosition"), "update_self_3d_spatial_position");
    }

    #[test]
    fn methods_lose_their_get() {
        assert_eq!(rust("getAudioCaptureVolume"), "audio_capture_volume");
        assert_eq!(rust("getaway"), "getaway");
    }
}
