//! A checkup over real sockets: whoever has its credentials is answered on any shard, nobody else is.

use std::net::UdpSocket;
use std::time::{Duration, Instant};

use rtc_net::{Media, MediaConfig};
use rtc_stun::{Check, where_from};

const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn a_check_is_answered_on_whatever_shard_it_lands_and_only_with_the_password() {
    let listen = ([127, 0, 0, 1], 0).into();
    let media = Media::start(MediaConfig { listen, shards: 3, ..MediaConfig::default() }, |_| {}).expect("media");
    let checkup = media.begin_checkup();
    let user_name = format!("{}:them", checkup.ufrag);
    // From many addresses, so that each shard has some.
    for number in 0..32 {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("loopback");
        socket.connect(media.advertised()[0]).expect("an address");
        socket.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        let transaction = [number; 12];
        for password in ["guessed", &checkup.password] {
            let check = Check { user_name: &user_name, password, tie_breaker: 1 };
            socket.send(&rtc_stun::check(&transaction, &check)).expect("sent");
        }
        let mut buffer = [0; 1500];
        let length = socket.recv(&mut buffer).expect("an answer");
        let seen = where_from(&buffer[..length], &transaction, Some(&checkup.password));
        assert_eq!(seen, Some(socket.local_addr().expect("bound")));
    }
    let start = Instant::now();
    loop {
        let stats = media.stats_now().total();
        if (stats.counts.checkups, stats.drops.stun_refused) == (32, 32) {
            assert_eq!(stats.counts.datagrams_passed, 0);
            return;
        }
        assert!(start.elapsed() < PATIENCE, "{stats:?}");
    }
}
