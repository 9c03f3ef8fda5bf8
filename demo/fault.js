// What an error means, in words for people. It reads the SDK's RtcError (code, extraCode) and knows no calls.

import { has } from './words.js';

/** Interrupted by a later call of our own: nothing to tell. */
const ABORTED = 5998;
/** Re-entering after an outage failed for good. */
const FATAL = new Set([5502, 5503]);
/** Extra codes of a UserSig that does not check out, which all mean the same to people. */
const FORGED = new Set([70004, 70005, 70006, 70007, 70008, 70010]);
const DEVICE = { 5301: 'missing', 5302: 'denied', 5303: 'busy' };

/** Whether the error is worth telling. */
export function isQuiet(error) {
  return error?.code === ABORTED;
}

/** Whether the call is over with this error. */
export function isFatal(error) {
  return FATAL.has(error?.extraCode) || FATAL.has(error?.code);
}

/** The key and the filling of the words for an error. `device`: microphone, camera or screen, where one was asked for. */
export function faultWords(error, device) {
  const code = Number(error?.code) || 5999;
  let extra = Number(error?.extraCode) || 0;
  if (FORGED.has(extra)) extra = 70003;
  const fill = { message: String(error?.message ?? error ?? '').slice(0, 200), code: extra || code };
  const candidates = [
    device === 'screen' && extra === 5302 && 'fault.screenCancelled',
    DEVICE[extra] && `fault.${DEVICE[extra]}.${device}`,
    extra && `fault.${extra}`,
    `fault.${code}`,
  ];
  return { key: candidates.find((key) => key && has(key)) ?? 'fault.unknown', fill };
}
