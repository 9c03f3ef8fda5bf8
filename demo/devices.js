// The choices a menu offers about devices and quality, from what the browser has and what is in use.

import { t } from './words.js';
import { LocalMedia } from './local.js';

/** Microphones and speakers. */
export async function soundSections(local) {
  return [await microphones(local), await speakers(local)];
}

/** Cameras and what is sent of them. */
export async function cameraSections(local) {
  return [await cameras(local), quality(local), mirror(local)];
}

/** What a shared screen is good for. */
export function screenSections(local) {
  const { screenKind, systemAudio } = local.choices;
  const kinds = ['clear', 'smooth'].map((id) => ({ id, key: `menu.${id}`, checked: id === screenKind }));
  return [
    { kind: 'radio', title: 'menu.shareKind', options: kinds, pick: (id) => (local.choices.screenKind = id) },
    { kind: 'check', key: 'menu.systemAudio', checked: systemAudio, toggle: (on) => (local.choices.systemAudio = on) },
  ];
}

/** Everything there is to choose. */
export async function allSections(local) {
  const sections = [await microphones(local), await speakers(local), await cameras(local), quality(local), mirror(local)];
  const processing = { noiseSuppression: 'menu.noise', echoCancellation: 'menu.echo', autoGainControl: 'menu.gain' };
  for (const [name, key] of Object.entries(processing)) {
    const toggle = (on) => local.setProcessing(name, on);
    sections.push({ kind: 'check', key, checked: local.choices[name], toggle });
  }
  return sections;
}

async function microphones(local) {
  const devices = await listed(TRTC.getMicrophoneList);
  const options = deviceOptions(devices, local.currentDevice('microphone'));
  return { kind: 'radio', title: 'menu.microphone', options, pick: (id) => local.useMicrophone(id) };
}

async function cameras(local) {
  const devices = await listed(TRTC.getCameraList);
  const options = deviceOptions(devices, local.currentDevice('camera'));
  return { kind: 'radio', title: 'menu.camera', options, pick: (id) => local.useCamera(id) };
}

async function speakers(local) {
  // Where the browser cannot route sound there is nothing to choose.
  if (!('setSinkId' in HTMLMediaElement.prototype)) return null;
  const devices = await listed(TRTC.getSpeakerList);
  const options = deviceOptions(devices, local.choices.speakerId);
  return { kind: 'radio', title: 'menu.speaker', options, pick: (id) => local.useSpeaker(id) };
}

function quality(local) {
  const options = LocalMedia.qualities.map((id) => ({ id, key: `menu.${id}`, checked: id === local.choices.quality }));
  return { kind: 'radio', title: 'menu.quality', options, pick: (id) => local.useQuality(id) };
}

function mirror(local) {
  return { kind: 'check', key: 'menu.mirror', checked: local.choices.mirror, toggle: (on) => local.setMirror(on) };
}

/** Without asking for permission: names are empty until a device was once allowed. */
async function listed(list) {
  try {
    return (await list.call(TRTC, false)).filter((device) => device.deviceId);
  } catch {
    return [];
  }
}

function deviceOptions(devices, current) {
  const known = devices.some((device) => device.deviceId === current);
  return devices.map((device, index) => ({
    id: device.deviceId,
    label: device.label || t('menu.unnamed', { n: index + 1 }),
    checked: known ? device.deviceId === current : index === 0,
  }));
}
