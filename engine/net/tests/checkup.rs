//! A checkup over real sockets: whoever has its credentials is answered on any shard, nobody else is.

use std::net::UdpSocket;
use std::time::{Duration, Instant};

use rtc_net::{Media, MediaConfig};
use rtc_stun::{Check, where_from};

const PATIENCE: Duration = Duration::from_secs(60);

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

#[test]
fn a_source_has_no_more_checks_answered_than_other_stun_of_its_kind() {
    let listen = ([127, 0, 0, 1], 0).into();
    let config = MediaConfig { listen, shards: 1, stun_per_second_per_source: 1, ..MediaConfig::default() };
    let media = Media::start(config, |_| {}).expect("media");
    let checkup = media.begin_checkup();
    let user_name = format!("{}:them", checkup.ufrag);
    let check = Check { user_name: &user_name, password: &checkup.password, tie_breaker: 1 };
    let start = Instant::now();
    // From ports of one address.
    for number in 0..100 {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("loopback");
        socket.send_to(&rtc_stun::check(&[number; 12], &check), media.advertised()[0]).expect("sent");
    }
    loop {
        let stats = media.stats_now().total();
        let (answered, limited) = (stats.counts.checkups, stats.drops.stun_limited);
        if answered + limited == 100 {
            // Two at once and one a second.
            assert!((1..=2 + start.elapsed().as_secs()).contains(&answered), "{answered}");
            return;
        }
        assert!(start.elapsed() < PATIENCE, "{stats:?}");
    }
}
