// The beginning of stories about layers.

/** Alice shows herself in two layers, of 480 and 120 lines, and Bob may watch. */
export async function twoLayers(s) {
  const alice = await s.open('alice');
  const bob = await s.open('bob');
  await alice.enter(5);
  await alice.call('startLocalVideo', { option: { profile: '480p', small: '120p' } });
  await bob.enter(5);
  await bob.event('REMOTE_VIDEO_AVAILABLE', { userId: 'alice', streamType: 'main' });
  return { alice, bob };
}
