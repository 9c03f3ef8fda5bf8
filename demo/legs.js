// The legs between this browser and the engine, tried as far as a browser can. It draws nothing.

/** In the order in which a client needs them. */
export const LEGS = ['http', 'secure', 'webSocket', 'clock', 'advertised', 'udp', 'tcp', 'turn'];

/** Beyond this UserSigs signed by the one clock are refused by the other; within the other one clocks set by NTP are. */
const CLOCK_WINDOW_MS = 300_000;
const CLOCK_CARE_MS = 30_000;
/** How long an answer is waited for. */
const ANSWERED_MS = 6_000;

/** Looks at each leg; `told(leg, finding)` is called once for each. A finding has a `state`, and keys of texts: `found` and
 *  perhaps `fix`, with what fills both. */
export async function examine(told) {
  const secure = window.isSecureContext;
  told('secure', secure ? ok('secureGood') : advice('secureBad', 'secureFix'));
  let facts;
  let skew;
  try {
    const before = Date.now();
    const response = await fetch('v1/doctor', { cache: 'no-store', signal: AbortSignal.timeout(ANSWERED_MS) });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    facts = await response.json();
    skew = facts.timeMs - (before + Date.now()) / 2;
    told('http', ok('httpGood', { version: facts.version, ms: Date.now() - before }));
  } catch (error) {
    told('http', failed('httpBad', 'httpFix', { why: error.message }));
    for (const leg of LEGS.slice(2)) told(leg, { state: 'skipped', found: 'untried' });
    return;
  }
  told('clock', clock(skew));
  await Promise.all([
    socket().then((finding) => told('webSocket', finding)),
    turn(facts).then((finding) => told('turn', finding)),
    media(facts).then((findings) => Object.entries(findings).forEach(([leg, finding]) => told(leg, finding))),
  ]);
}

const ok = (found, fill) => ({ state: 'ok', found, fill });
const advice = (found, fix, fill) => ({ state: 'advice', found, fix, fill });
const failed = (found, fix, fill) => ({ state: 'failed', found, fix, fill });

function clock(skewMs) {
  const fill = { seconds: (Math.abs(skewMs) / 1000).toFixed(1) };
  const found = skewMs > 0 ? 'clockAhead' : 'clockBehind';
  if (Math.abs(skewMs) > CLOCK_WINDOW_MS) return failed(found, 'clockFix', fill);
  return Math.abs(skewMs) > CLOCK_CARE_MS ? advice(found, 'clockFix', fill) : ok(found, fill);
}

/** Opens signaling and has it answer. No request has no type, so what is said is refused and changes nothing. */
function socket() {
  const url = new URL('v1/signal', location.href);
  url.protocol = url.protocol.replace('http', 'ws');
  return new Promise((resolve) => {
    const began = performance.now();
    const socket = new WebSocket(url);
    const end = (finding) => {
      clearTimeout(timer);
      socket.close();
      resolve(finding);
    };
    const timer = setTimeout(() => end(failed('socketBad', 'socketFix')), ANSWERED_MS);
    socket.onopen = () => socket.send('{}');
    socket.onmessage = () => end(ok('socketGood', { ms: Math.round(performance.now() - began) }));
    socket.onclose = () => end(failed('socketBad', 'socketFix'));
  });
}

/** Tries the addresses that clients are told, and where this page came from. From which are answered follows what is wrong. */
async function media(facts) {
  const told = facts.addresses.map(split);
  const met = [pageAddress()].filter(Boolean).map((ip) => ({ ip, port: facts.port }));
  const [udp, tcp, metUdp, metTcp] = await Promise.all([
    reach(told, 'udp', facts.check),
    reach(told, 'tcp', facts.check),
    reach(met, 'udp', facts.check),
    reach(met, 'tcp', facts.check),
  ]);
  const fill = { told: facts.addresses.join(', '), port: told[0]?.port ?? facts.port };
  const way = (protocol, by) => {
    const filled = { ...fill, protocol, by };
    return by ? ok('wayGood', filled) : failed(`${protocol.toLowerCase()}Bad`, 'wayFix', filled);
  };
  let advertised;
  if (udp || tcp) advertised = ok('advertisedGood', { by: udp || tcp });
  else if (metUdp || metTcp) advertised = failed('advertisedBad', 'advertisedFix', { ...fill, by: metUdp || metTcp });
  else advertised = { state: 'skipped', found: 'advertisedUnknown', fill };
  return { advertised, udp: way('UDP', udp || metUdp), tcp: way('TCP', tcp || metTcp) };
}

/** Tries the engine's TURN by each way that clients are told: a path through the relay to the engine's media. */
async function turn({ addresses, port, check, turn: relay }) {
  if (!relay) return { state: 'skipped', found: 'turnOff' };
  const told = addresses.map(split);
  const page = pageAddress();
  const hosts = [...new Set([page && `${page.includes(':') ? `[${page}]` : page}:${port}`, ...addresses].filter(Boolean))].slice(0, 3);
  const ways = {
    UDP: hosts.map((host) => `turn:${host}?transport=udp`),
    TCP: hosts.map((host) => `turn:${host}?transport=tcp`),
    ...(relay.tls && { TLS: [`turns:${relay.tls}?transport=tcp`] }),
  };
  const { username, credential } = relay;
  const reached = await Promise.all(
    Object.values(ways).map((urls) =>
      reach(told, 'udp', check, { iceServers: [{ urls, username, credential }], iceTransportPolicy: 'relay' }),
    ),
  );
  const by = Object.keys(ways).filter((_, i) => reached[i]);
  const not = Object.keys(ways).filter((_, i) => !reached[i]);
  const fill = { by: by.join(', '), not: not.join(', '), tls: relay.tls, port };
  if (!by.length) return failed('turnBad', 'turnFix', fill);
  if (not.includes('TLS')) return advice('turnSome', 'turnTlsFix', fill);
  return not.length ? ok('turnSome', fill) : ok('turnGood', fill);
}

function split(address) {
  const colon = address.lastIndexOf(':');
  return { ip: address.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(address.slice(colon + 1)) };
}

/** The address this page came from, where it is one: a page cannot look names up. */
function pageAddress() {
  const host = location.hostname.replace(/^\[|\]$/g, '');
  if (host === 'localhost') return '127.0.0.1';
  return /^[\d.]+$|:/.test(host) ? host : undefined;
}

/** Has the browser check paths to some addresses. Gives the first that is answered, as text. */
async function reach(addresses, protocol, check, options = {}) {
  if (!addresses.length) return undefined;
  const connection = new RTCPeerConnection(options);
  try {
    connection.createDataChannel('doctor');
    const answered = new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), ANSWERED_MS);
      connection.oniceconnectionstatechange = () => {
        const state = connection.iceConnectionState;
        if (['connected', 'completed', 'failed'].includes(state)) {
          clearTimeout(timer);
          resolve(state !== 'failed');
        }
      };
    });
    await connection.setLocalDescription(await connection.createOffer());
    await connection.setRemoteDescription({ type: 'answer', sdp: answer(addresses, protocol, check) });
    return (await answered) ? await chosen(connection, addresses[0]) : undefined;
  } catch {
    return undefined;
  } finally {
    connection.close();
  }
}

/** What an engine would answer that checks paths and does nothing else. */
function answer(addresses, protocol, { ufrag, password }) {
  const candidates = addresses.map(({ ip, port }, i) => {
    const kind = protocol === 'tcp' ? ' tcptype passive' : '';
    return `a=candidate:${i + 1} 1 ${protocol} ${2_130_706_431 - i} ${ip} ${port} typ host${kind}`;
  });
  return [
    'v=0',
    'o=- 1 1 IN IP4 0.0.0.0',
    's=-',
    't=0 0',
    'a=ice-lite',
    'a=group:BUNDLE 0',
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    'c=IN IP4 0.0.0.0',
    'a=mid:0',
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${password}`,
    // Nobody gets as far as DTLS.
    `a=fingerprint:sha-256 ${Array(32).fill('00').join(':')}`,
    'a=setup:passive',
    'a=sctp-port:5000',
    ...candidates,
    'a=end-of-candidates',
    '',
  ].join('\r\n');
}

async function chosen(connection, first) {
  const stats = await connection.getStats();
  for (const report of stats.values()) {
    if (report.type !== 'candidate-pair' || report.state !== 'succeeded') continue;
    const remote = stats.get(report.remoteCandidateId);
    if (remote?.address) return `${remote.address}:${remote.port}`;
  }
  return `${first.ip}:${first.port}`;
}
