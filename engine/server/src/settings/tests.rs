use super::overlay::{defaults, keys, leaves, variable};
use super::*;

fn parse(text: &str) -> Result<Settings, SettingsError> {
    Settings::parse(text, &[])
}

fn with(variables: &[(&str, &str)]) -> Result<Settings, SettingsError> {
    let variables: Vec<_> = variables.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    Settings::parse("", &variables)
}

#[test]
fn the_manual_has_every_key_with_the_default_of_the_code() {
    let manual: toml::Table = MANUAL.parse().expect("engine.toml is TOML");
    assert_eq!(leaves(&manual), leaves(&defaults()), "left: engine.toml, right: the code");
    assert_eq!(parse(MANUAL), Ok(Settings::default()));
}

#[test]
fn the_manual_explains_every_key() {
    let lines: Vec<&str> = MANUAL.lines().collect();
    for (i, line) in lines.iter().enumerate() {
        if line.contains('=') && !line.starts_with('#') {
            assert!(i > 0 && lines[i - 1].starts_with("# "), "engine.toml, line {}: {line:?} has no comment", i + 1);
        }
    }
}

#[test]
fn an_unknown_key_is_refused_with_the_nearest_known_one() {
    let told = |text: &str| parse(text).unwrap_err().to_string();
    assert_eq!(told("[http]\nlistn = \"127.0.0.1:1\""), "settings: there is no setting http.listn; did you mean http.listen?");
    assert!(told("[media.advertise]\nx = 1").contains("media.advertise.x"), "{}", told("[media.advertise]\nx = 1"));
    assert!(told("colour = 1").contains("config --print"));
}

#[test]
fn a_value_that_cannot_be_is_refused_with_its_key() {
    let told = |text: &str| parse(text).unwrap_err().to_string();
    assert_eq!(told("[media]\nshards = \"two\""), "settings: media.shards must be a whole number, not a text in quotes");
    assert!(told("[media]\nshards = 65").starts_with("settings: media.shards is 65; the most is 64"));
    assert!(told("[media]\nshards = -1").starts_with("settings: media.shards "));
    assert!(told("[http]\nlisten = \"localhost\"").starts_with("settings: http.listen "));
    assert!(told("[media]\nadvertise = [\"0.0.0.0\"]").contains("media.advertise"));
    assert!(told("[media]\nadvertise = [\"example\"]").contains("neither IP nor IP:PORT nor auto"));
    assert!(told("[http]\ntls_key = \"k.pem\"").contains("http.tls_certificate is needed"));
    assert!(told("demo = \"maybe\"").starts_with("settings: demo "));
    assert!(matches!(parse("= 1"), Err(SettingsError::Syntax(_))));
}

#[test]
fn every_key_has_a_variable_that_wins_over_the_file() {
    let variables = [("RTC_ENGINE_MEDIA_SHARDS".to_owned(), "3".to_owned()), ("RTC_ENGINE_DEMO".to_owned(), "off".to_owned())];
    let settings = Settings::parse("demo = \"on\"\n[media]\nshards = 2", &variables).expect("good settings");
    assert_eq!((settings.media.shards, settings.demo), (3, Demo::Off));

    for key in keys() {
        let name = variable(&key);
        let (_, default) = leaves(&defaults()).into_iter().find(|(k, _)| *k == key).expect("a key of the defaults");
        let text = match default {
            toml::Value::String(text) => text,
            toml::Value::Array(_) => String::new(),
            other => other.to_string(),
        };
        assert_eq!(with(&[(&name, &text)]), Ok(Settings::default()), "{name}={text}");
    }
}

#[test]
fn cores_are_named_one_by_one_or_as_ranges() {
    let cores = |text: &str| with(&[("RTC_ENGINE_MEDIA_CORES", text)]).and_then(|settings| settings.cores());
    assert_eq!(cores(""), Ok(vec![]));
    assert_eq!(cores("3, 0-1,1023"), Ok(vec![3, 0, 1, 1023]));
    for wrong in ["x", "-1", "2-1", "1024", "0-1024", "1-2-3", "0-"] {
        let told = cores(wrong).unwrap_err().to_string();
        assert!(told.contains("media.cores") && told.contains("neither a core nor a range"), "{told}");
    }
    assert!(parse("[media]\nniceness = 1").unwrap_err().to_string().contains("media.niceness is 1; the most is 0"));
}

#[test]
fn advertised_addresses_come_as_a_comma_list() {
    let settings = with(&[("RTC_ENGINE_MEDIA_ADVERTISE", "192.0.2.1, [2001:db8::1]:8001")]).expect("good settings");
    let addresses: Vec<String> = settings.advertised().expect("checked").iter().map(ToString::to_string).collect();
    assert_eq!(addresses, ["192.0.2.1:0", "[2001:db8::1]:8001"]);
}

#[test]
fn the_public_address_is_asked_of_servers_that_were_named() {
    let settings = parse("[media]\nadvertise = \"auto\"\nstun_servers = [\"stun.example.com\", \"stun:192.0.2.1:99\"]");
    let settings = settings.expect("good settings");
    assert!(settings.asks_for_address() && settings.advertised().expect("checked").is_empty());
    let servers = settings.stun_servers().expect("checked");
    assert_eq!(servers, [("stun.example.com".to_owned(), 3478), ("192.0.2.1".to_owned(), 99)]);
    let one = parse("[media]\nstun_servers = [\"[2001:db8::1]\"]").expect("good settings");
    assert_eq!(one.stun_servers().expect("checked"), [("2001:db8::1".to_owned(), 3478)]);

    let told = |text: &str| parse(text).unwrap_err().to_string();
    assert!(told("[media]\nadvertise = \"auto\"").contains("media.stun_servers is needed"));
    for wrong in ["", "a b", "host:0", "host:x", "https://host"] {
        assert!(told(&format!("[media]\nstun_servers = [{wrong:?}]")).contains("neither HOST nor HOST:PORT"), "{wrong}");
    }
}

#[test]
fn the_host_of_turn_in_tls_may_have_a_port() {
    let host = |text: &str| with(&[("RTC_ENGINE_TURN_TLS_HOST", text)]).and_then(|settings| settings.turn_tls_host());
    assert_eq!(host(""), Ok(None));
    assert_eq!(host("rtc.example.com"), Ok(Some(("rtc.example.com".into(), None))));
    assert_eq!(host("rtc.example.com:443"), Ok(Some(("rtc.example.com".into(), Some(443)))));
    for wrong in ["turns:x", "a b", "rtc.example.com:0", "https://rtc.example.com", ":443"] {
        assert!(host(wrong).unwrap_err().to_string().contains("neither HOST nor HOST:PORT"), "{wrong}");
    }
    assert_eq!(parse("[turn]\nenabled = false").expect("good settings").turn_config(), None);
}

#[test]
fn a_certificate_is_asked_for_names_that_can_be_proved() {
    let settings = with(&[("RTC_ENGINE_HTTP_ACME_DOMAINS", "rtc.example.com, media.example.com")]).expect("good settings");
    assert!(settings.is_acme() && !Settings::default().is_acme());
    let told = |text: &str| parse(text).unwrap_err().to_string();
    for wrong in ["*.example.com", "192.0.2.1", "https://rtc.example.com", ""] {
        assert!(told(&format!("[http.acme]\ndomains = [{wrong:?}]")).contains("http.acme.domains"), "{wrong}");
    }
    let both = "[http]\ntls_certificate = \"c\"\ntls_key = \"k\"\n[http.acme]\ndomains = [\"rtc.example.com\"]";
    assert!(told(both).contains("cannot be together"));
    assert!(told("[http.acme]\ncontact = \"me\"").contains("http.acme.contact"));
    assert!(told("[http.acme]\ndirectory = \"http://x/\"").contains("http.acme.directory"));
}

#[test]
fn a_bad_variable_is_named() {
    let told = with(&[("RTC_ENGINE_MEDIA_SHARDS", "many")]).unwrap_err().to_string();
    assert_eq!(told, "RTC_ENGINE_MEDIA_SHARDS: media.shards must be a whole number, not \"many\"");
}

#[test]
fn a_misspelt_variable_is_noticed() {
    let names = ["RTC_ENGINE_HTTP_LISTN", "RTC_ENGINE_SERVER", "RTC_ENGINE_E2E_LOG", "PATH"];
    let found = overlay::misspelt(names.into_iter().map(String::from));
    assert_eq!(found, [("RTC_ENGINE_HTTP_LISTN".to_owned(), "RTC_ENGINE_HTTP_LISTEN".to_owned())]);
}
