//! The thread that moves packets from one end of the wire to the other.

use std::io::{self, PipeReader};
use std::os::fd::AsFd;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rtc_impairment::Impairment;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

/// Both directions; packets of each come from the end of its number and go to the other.
pub(crate) type Ways = Arc<[Mutex<Impairment<Vec<u8>>>; 2]>;

/// More than a packet can have.
const ROOM: usize = 1 << 16;
/// So many packets of one end are read before the other one has its turn.
const BURST: usize = 64;

/// Moves packets until nobody holds the other end of `stop`, or until an end breaks. Ends give and take one packet a call and
/// never wait.
pub(crate) fn forward(ends: &[impl AsFd], ways: &Ways, stop: &PipeReader) -> io::Result<()> {
    let [first, second] = ends else { return Err(io::ErrorKind::InvalidInput.into()) };
    let mut room = vec![0; ROOM];
    loop {
        let due = ways.iter().filter_map(|way| way.lock().unwrap_or_else(PoisonError::into_inner).poll_timeout()).min();
        if !wait(due, first, second, stop)? {
            return Ok(());
        }
        for (way, [from, to]) in ways.iter().zip([[first, second], [second, first]]) {
            let mut way = way.lock().unwrap_or_else(PoisonError::into_inner);
            // Read behind the lock, so that time does not go back within it.
            let now = Instant::now();
            for _ in 0..BURST {
                match rustix::io::read(from, &mut room) {
                    Ok(length) => way.push(now, room[..length].to_vec()),
                    Err(Errno::AGAIN) => break,
                    Err(Errno::INTR) => {}
                    Err(error) => return Err(error.into()),
                }
            }
            while let Some(packet) = way.poll(now) {
                // An end that takes no packet loses it, as a device does whose queue is full.
                let _ = rustix::io::write(to, &packet);
            }
        }
    }
}

/// Until there is something to do; says whether there ever will be.
fn wait(due: Option<Instant>, first: &impl AsFd, second: &impl AsFd, stop: &PipeReader) -> io::Result<bool> {
    let left = due.map(|due| timespec(due.saturating_duration_since(Instant::now())));
    let mut fds = [PollFd::new(stop, PollFlags::IN), PollFd::new(first, PollFlags::IN), PollFd::new(second, PollFlags::IN)];
    match poll(&mut fds, left.as_ref()) {
        Ok(_) => Ok(fds[0].revents().is_empty()),
        Err(Errno::INTR) => Ok(true),
        Err(error) => Err(error.into()),
    }
}

fn timespec(duration: Duration) -> Timespec {
    // An hour is as good as any longer time: whoever waits looks again.
    let duration = duration.min(Duration::from_secs(3600));
    Timespec { tv_sec: duration.as_secs() as i64, tv_nsec: i64::from(duration.subsec_nanos()) }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixDatagram;
    use std::thread;

    use rtc_impairment::{Loss, Profile};

    use super::*;

    /// Sockets that keep packets apart stand for the devices; the thread moves packets between their other ends.
    struct Ends {
        sockets: [UnixDatagram; 2],
        ways: Ways,
    }

    fn with_ends(story: impl FnOnce(&Ends)) {
        let [(first, first_inside), (second, second_inside)] = [(); 2].map(|()| UnixDatagram::pair().unwrap());
        for inside in [&first_inside, &second_inside] {
            inside.set_nonblocking(true).unwrap();
        }
        for socket in [&first, &second] {
            socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        }
        let now = Instant::now();
        let ways = Ways::new([1, 2].map(|seed| Mutex::new(Impairment::new(now, seed))));
        let ends = Ends { sockets: [first, second], ways: Ways::clone(&ways) };
        let (stopped, stop) = io::pipe().unwrap();
        let thread = thread::spawn(move || forward(&[first_inside, second_inside], &ways, &stopped));
        story(&ends);
        drop(stop);
        thread.join().unwrap().unwrap();
    }

    impl Ends {
        fn set(&self, way: usize, profile: Profile) {
            self.ways[way].lock().unwrap().set(Instant::now(), profile);
        }

        fn next(&self, end: usize) -> Vec<u8> {
            let mut room = [0; 2000];
            let length = self.sockets[end].recv(&mut room).unwrap();
            room[..length].to_vec()
        }
    }

    #[test]
    fn packets_cross_whole_and_both_ways() {
        with_ends(|ends| {
            ends.sockets[0].send(&[7; 1500]).unwrap();
            ends.sockets[1].send(&[8; 1]).unwrap();
            assert_eq!(ends.next(1), [7; 1500]);
            assert_eq!(ends.next(0), [8; 1]);
        });
    }

    #[test]
    fn one_way_loses_everything_while_the_other_does_not() {
        with_ends(|ends| {
            ends.set(0, Profile { loss: Loss::Uniform(1.0), ..Profile::default() });
            ends.sockets[0].send(b"lost").unwrap();
            while ends.ways[0].lock().unwrap().counts().lost == 0 {
                thread::yield_now();
            }
            ends.sockets[1].send(b"back").unwrap();
            assert_eq!(ends.next(0), b"back");
            ends.set(0, Profile::default());
            ends.sockets[0].send(b"found").unwrap();
            assert_eq!(ends.next(1), b"found");
        });
    }

    #[test]
    fn a_delayed_packet_comes_by_itself_when_its_time_is_over() {
        with_ends(|ends| {
            ends.set(0, Profile { delay: Duration::from_millis(60), ..Profile::default() });
            let begin = Instant::now();
            ends.sockets[0].send(b"late").unwrap();
            assert_eq!(ends.next(1), b"late");
            assert!(begin.elapsed() >= Duration::from_millis(60));
        });
    }
}
