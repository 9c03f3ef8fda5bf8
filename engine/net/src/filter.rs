//! A filter in the kernel for the media port's UDP sockets: datagrams whose first byte is of no protocol spoken here wake
//! nobody and are not counted. What passes is looked at as ever: the filter spares work and decides nothing.

use socket2::Socket;

/// Attaches it, where the system has such filters; elsewhere nothing happens.
#[cfg(target_os = "linux")]
pub(crate) fn attach(socket: &Socket) {
    let program: Vec<_> = program(crate::route::Protocol::begins_with)
        .into_iter()
        .map(|Instruction { code, jt, jf, k }| socket2::SockFilter::new(code, jt, jf, k))
        .collect();
    if let Err(e) = socket.attach_filter(&program) {
        tracing::debug!("the system takes no socket filter: {e}");
    }
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn attach(_: &Socket) {}

/// One instruction of the classic packet filter (Linux, `networking/filter.rst`).
#[cfg(target_os = "linux")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Instruction {
    code: u16,
    /// Instructions to skip where a comparison holds, and where it does not.
    jt: u8,
    jf: u8,
    k: u32,
}

#[cfg(target_os = "linux")]
const LOAD_BYTE: u16 = 0x30;
#[cfg(target_os = "linux")]
const IF_GREATER_OR_EQUAL: u16 = 0x35;
#[cfg(target_os = "linux")]
const RETURN: u16 = 0x06;
/// The filter of a UDP socket sees the UDP header first (RFC 768).
#[cfg(target_os = "linux")]
const UDP_HEADER: u32 = 8;

/// A program that lets pass what begins with an accepted byte. A datagram without one ends at the load, and is dropped.
#[cfg(target_os = "linux")]
fn program(accepts: impl Fn(u8) -> bool) -> Vec<Instruction> {
    let mut program = vec![Instruction { code: LOAD_BYTE, jt: 0, jf: 0, k: UDP_HEADER }];
    // From the highest byte downwards, one comparison and one end for each run of bytes that fare alike.
    let mut verdict = |from: u8, passes: bool| {
        let k = if passes { u32::MAX } else { 0 };
        program.push(Instruction { code: IF_GREATER_OR_EQUAL, jt: 0, jf: 1, k: u32::from(from) });
        program.push(Instruction { code: RETURN, jt: 0, jf: 0, k });
    };
    for byte in (0..=u8::MAX).rev() {
        if byte == 0 || accepts(byte) != accepts(byte - 1) {
            verdict(byte, accepts(byte));
        }
    }
    // Nothing is below 0, but a program has to end with a verdict.
    program.push(Instruction { code: RETURN, jt: 0, jf: 0, k: 0 });
    program
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use crate::route::Protocol;

    /// What the kernel would do with a datagram that begins like this.
    fn passes(program: &[Instruction], first: u8) -> bool {
        let mut at = 0;
        loop {
            let Instruction { code, jt, jf, k } = program[at];
            at += 1;
            match code {
                LOAD_BYTE => {}
                IF_GREATER_OR_EQUAL => at += usize::from(if u32::from(first) >= k { jt } else { jf }),
                _ => return k > 0,
            }
        }
    }

    #[test]
    fn it_lets_pass_what_begins_a_protocol_and_nothing_else() {
        let program = program(Protocol::begins_with);
        for first in 0..=u8::MAX {
            assert_eq!(passes(&program, first), Protocol::begins_with(first), "{first}");
        }
        assert!(program.len() < 40, "{} instructions for each datagram", program.len());
    }

    #[test]
    fn the_kernel_takes_it_and_drops_what_is_none_of_ours() {
        let bind = || crate::socket::bind(std::net::SocketAddr::from(([127, 0, 0, 1], 0)), 1 << 16).expect("loopback");
        let (here, there) = (bind(), bind());
        let to = here.local_addr().expect("bound");
        here.set_nonblocking(false).expect("a socket");
        for first in [0x57, 0x80, 0xff, 0x40, 22, 0] {
            there.send_to(&[first; 30], to).expect("sent");
        }
        there.send_to(&[], to).expect("sent");
        there.send_to(&[0x90; 30], to).expect("sent");
        let mut buffer = [0; 100];
        let came = [(); 5].map(|()| here.recv(&mut buffer).map(|_| buffer[0]).expect("it passes"));
        assert_eq!(came, [0x80, 0x40, 22, 0, 0x90]);
    }
}
