//! Which addresses clients are told to send media to.

use std::net::SocketAddr;

use serde_json::json;
use tokio::net::UdpSocket;

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
