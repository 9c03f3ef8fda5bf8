import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { EXTRA_CODE, LOG_LEVEL, NetworkQualityValue, PEER_LEAVE_REASON } from './api/constants.js';
import { AUDIO_PROFILES, SCREEN_PROFILES, VIDEO_PROFILES } from './local/profiles.js';
import TRTC from './index.js';

interface Field {
  name: string;
  optional: boolean;
}

/** The inventory of the API this SDK stands in for. */
const inventory = JSON.parse(readFileSync('../../spec/web/api.json', 'utf8')) as {
  TRTC: { static: Record<string, unknown>; instance: Record<string, unknown>; staticProperties: Record<string, string> };
  events: { key: string; value: string }[];
  TYPE: Record<string, string>;
  ERROR_CODE: Record<string, { code: number; extraCodes: Record<string, string> }>;
  enums: Record<string, Record<string, unknown>>;
  profiles: Record<string, Record<string, object>>;
  interfaces: Record<string, Field[] | { alias: string }>;
};

test('every static and instance method is there', () => {
  for (const name of Object.keys(inventory.TRTC.static)) {
    assert.equal(typeof (TRTC as unknown as Record<string, unknown>)[name], 'function', `TRTC.${name}`);
  }
  for (const name of Object.keys(inventory.TRTC.staticProperties)) assert.ok(name in TRTC, `TRTC.${name}`);
  for (const name of Object.keys(inventory.TRTC.instance)) {
    assert.equal(typeof (TRTC.prototype as unknown as Record<string, unknown>)[name], 'function', `trtc.${name}`);
  }
});

test('every event, every type and every error family has its name and value', () => {
  assert.deepEqual(TRTC.EVENT, Object.fromEntries(inventory.events.map(({ key, value }) => [key, value])));
  assert.deepEqual(TRTC.TYPE, inventory.TYPE);
  const families = Object.entries(inventory.ERROR_CODE).map(([name, { code }]) => [name, code]);
  assert.deepEqual(TRTC.ERROR_CODE, Object.fromEntries(families));
});

test('no extra code is invented', () => {
  const known = new Set(Object.values(inventory.ERROR_CODE).flatMap(({ extraCodes }) => Object.keys(extraCodes ?? {})));
  // Named in the digest of the original's documents, beside the type definitions.
  const documented = new Set(['5501', '5502', '5503']);
  for (const [name, code] of Object.entries(EXTRA_CODE))
    assert.ok(known.has(String(code)) || documented.has(String(code)), name);
});

test("enumerations and profiles have the original's values", () => {
  for (const [name, ours] of Object.entries({ LOG_LEVEL, NetworkQualityValue, PEER_LEAVE_REASON })) {
    for (const [key, value] of Object.entries(inventory.enums[name] ?? {}))
      assert.equal((ours as Record<string, unknown>)[key], value, `${name}.${key}`);
  }
  const { videoProfileMap, videoProfileMap_docsExtra: more, screenProfileMap, audioProfileMap } = inventory.profiles;
  const withoutNotes = Object.entries({ ...videoProfileMap, ...more }).map(
    ([name, { note: _, ...profile }]: [string, { note?: string }]) => [name, profile],
  );
  assert.deepEqual({ ...VIDEO_PROFILES }, Object.fromEntries(withoutNotes));
  assert.deepEqual({ ...SCREEN_PROFILES }, screenProfileMap);
  assert.deepEqual({ ...AUDIO_PROFILES }, audioProfileMap);
});

test("every option of the original's interfaces is in ours, as optional as there", () => {
  const source = readFileSync('src/api/config.ts', 'utf8') + readFileSync('src/api/events.ts', 'utf8');
  let compared = 0;
  for (const [name, fields] of Object.entries(inventory.interfaces)) {
    const body = new RegExp(`export interface ${name} \\{([\\s\\S]*?)\\n\\}`).exec(source)?.[1];
    if (body === undefined || !Array.isArray(fields)) continue;
    compared += 1;
    for (const { name: field, optional } of fields) {
      assert.match(body, new RegExp(`\\b${field}${optional ? '\\?' : ''}:`), `${name}.${field}`);
    }
  }
  assert.ok(compared >= 25, `only ${compared} interfaces were found`);
});
