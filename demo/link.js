// The address of a room: what a link says, and the link that says it.

const MOODS = 'amber brisk calm clever coral fair gentle happy jolly keen lucky merry quick sunny swift warm'.split(' ');
const ANIMALS = 'badger crane dolphin falcon finch fox heron koala lark lynx otter panda robin seal tiger wren'.split(' ');
/** Two tabs on the bare page meet, so the room is not drawn at random. */
const FIRST_ROOM = '1001';
const ROOM_NUMBER_MAX = 4294967294;
const ROOM_NAME = /^[a-zA-Z0-9 !#$%&()+\-:;<=.>?@[\]^_{}|~,]{1,64}$/;
const USER = /^[A-Za-z0-9_-]{1,32}$/;

/** What the address asks for. */
export function readLink(search = location.search) {
  const query = new URLSearchParams(search);
  const text = query.get('str');
  return {
    kind: text !== null ? 'text' : 'number',
    room: text ?? query.get('room') ?? FIRST_ROOM,
    scene: query.get('scene') === 'live' ? 'live' : 'rtc',
    role: query.get('role') === 'audience' ? 'audience' : 'anchor',
    user: query.get('user') ?? '',
    microphone: query.get('mic') !== '0',
    camera: query.get('cam') !== '0',
    quality: query.get('quality'),
  };
}

/** The part of an address that leads to a room. */
export function roomQuery({ kind, room, scene }) {
  const query = new URLSearchParams({ [kind === 'text' ? 'str' : 'room']: room, scene });
  return `?${query}`;
}

/** The address to send to others: the room, and nothing about the sender. Who is invited to a live room watches first. */
export function roomLink(place) {
  const query = roomQuery(place) + (place.scene === 'live' ? '&role=audience' : '');
  return new URL(query, new URL('.', document.baseURI)).href;
}

/** A name nobody else is likely to have. Kept for this tab, so that a reload is the same person and a new tab is not. */
export function inventedUser() {
  const kept = tabMemory('user');
  if (USER.test(kept)) return kept;
  const [a, b, n] = crypto.getRandomValues(new Uint32Array(3));
  return `${MOODS[a % MOODS.length]}-${ANIMALS[b % ANIMALS.length]}-${10 + (n % 90)}`;
}

/** Keeps the name for this tab. */
export function keepUser(user) {
  try {
    sessionStorage.setItem('rtc-engine-demo.user', user);
  } catch {
    // Storage may be refused; then a reload invents another name.
  }
}

/** The key of what is wrong with a name or a room, or null. */
export function placeFault({ user, kind, room }) {
  if (!USER.test(user)) return 'join.badUser';
  if (kind === 'text') return ROOM_NAME.test(room) ? null : 'join.badName';
  return /^\d{1,10}$/.test(room) && Number(room) >= 1 && Number(room) <= ROOM_NUMBER_MAX ? null : 'join.badNumber';
}

function tabMemory(name) {
  try {
    return sessionStorage.getItem(`rtc-engine-demo.${name}`) ?? '';
  } catch {
    return '';
  }
}
