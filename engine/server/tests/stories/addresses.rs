//! Which addresses clients are told to send media to.

use std::net::SocketAddr;

use serde_json::json;
use tokio::net::UdpSocket;

use crate::process::program;
use crate::web::request;
use crate::world::World;

/// A STUN server that sees everybody at one address.
async fn server(sees: [u8; 4]) -> String {
    let socket = UdpSocket::bind("127.0.0.1:0").await.expect("loopback");
    let address = socket.local_addr().expect("bound").to_string();
    tokio::spawn(async move {
        let mut buffer = [0; 1500];
        loop {
            let (length, from) = socket.recv_from(&mut buffer).await.expect("a request");
            let seen = SocketAddr::from((sees, from.port()));
            let answer = rtc_stun::answer_in_the_open(&buffer[..length], seen).expect("a request");
            socket.send_to(&answer, from).await.expect("sent");
        }
    });
    address
}

#[tokio::test]
async fn the_public_address_is_advertised_with_the_port_of_media_before_the_own_one() {
    let server = server([192, 0, 2, 7]).await;
    let world = World::with(|settings| {
        settings.media.advertise = vec!["auto".into()];
        settings.media.stun_servers = vec![server];
    })
    .await;
    let facts = request(&world, "GET", "/v1/doctor", &[], "").await;
    let facts: serde_json::Value = serde_json::from_str(&facts.body).expect("JSON");
    let own = world.engine.media_addr();
    assert_eq!(facts["addresses"], json!([format!("192.0.2.7:{}", own.port()), own.to_string()]));
}

#[tokio::test]
async fn an_engine_that_cannot_learn_its_address_does_not_start_and_says_why() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = server([192, 168, 0, 1]).await;
    let mut command = program(folder.path());
    command.arg("serve").env("RTC_ENGINE_MEDIA_ADVERTISE", "auto").env("RTC_ENGINE_MEDIA_STUN_SERVERS", &server);
    let output = command.env("RTC_ENGINE_LOG", "error").output().await.expect("the program runs");
    assert_eq!(output.status.code(), Some(1));
    let words = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(words.lines().count(), 1, "{words}");
    assert!(words.contains(&server) && words.contains("192.168.0.1, which is no public address"), "{words}");
}
