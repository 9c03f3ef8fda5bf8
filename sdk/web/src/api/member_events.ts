// From what a member publishes to what an application is told. Pure.

import type { Tracks } from '../protocol.js';
import type { TRTCStreamType } from './constants.js';

/** One change of availability. */
export type Availability =
  { media: 'audio'; available: boolean } | { media: 'video'; streamType: TRTCStreamType; available: boolean };

/**
 * The events of a change, in order: sound, camera, screen. A muted track is not available: nothing of it can be heard or seen. A
 * picture published in place of a muted camera is `on`, because it can be seen.
 */
export function availabilityChanges(tracks: Tracks, previous: Tracks): Availability[] {
  const changes: Availability[] = [];
  const available = (track: 'microphone' | 'camera' | 'screen'): boolean => tracks[track] === 'on';
  const changed = (track: 'microphone' | 'camera' | 'screen'): boolean => available(track) !== (previous[track] === 'on');
  if (changed('microphone')) changes.push({ media: 'audio', available: available('microphone') });
  if (changed('camera')) changes.push({ media: 'video', streamType: 'main', available: available('camera') });
  if (changed('screen')) changes.push({ media: 'video', streamType: 'sub', available: available('screen') });
  return changes;
}

/** The track that carries the picture of a stream. */
export function videoTrackOf(streamType: TRTCStreamType): 'camera' | 'screen' {
  return streamType === 'sub' ? 'screen' : 'camera';
}
