// Builds dist/: trtc.esm.js (default export), trtc.js (UMD: `module.exports`, AMD, or the global `TRTC`) and index.d.ts,
// and fails when the core bundle is over its budget.

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { generateDtsBundle } from 'dts-bundle-generator';
import { build } from 'esbuild';

/** What the core bundle may weigh, gzipped. */
const BUDGET_BYTES = 60 * 1024;

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const licence = `/*! rtc-engine-web ${version}, Apache-2.0 */`;

// `__rtcScript` is the address this file was loaded from: one of the places the engine's address is looked for.
const common = {
  absWorkingDir: root,
  entryPoints: ['src/index.ts'],
  bundle: true,
  minify: true,
  sourcemap: false,
  // Where private members need no rewriting.
  target: ['chrome87', 'firefox90', 'safari15'],
  charset: 'utf8',
  legalComments: 'none',
  define: { __RTC_SDK_VERSION__: JSON.stringify(version), __RTC_SCRIPT_URL__: '__rtcScript' },
  write: false,
  logLevel: 'warning',
};

/** In one step: an engine may be serving the file that is replaced. */
function put(name, content) {
  const path = join(dist, name);
  writeFileSync(`${path}.new`, content);
  renameSync(`${path}.new`, path);
}

const [esm, umd] = await Promise.all([
  build({
    ...common,
    format: 'esm',
    banner: { js: `${licence}\nconst __rtcScript=import.meta.url;` },
  }),
  build({
    ...common,
    format: 'iife',
    globalName: '__rtc',
    banner: {
      js:
        `${licence}\n(function(root,make){if(typeof exports==="object"&&typeof module!=="undefined")module.exports=make();` +
        `else if(typeof define==="function"&&define.amd)define([],make);else root.TRTC=make()})` +
        `(typeof globalThis!=="undefined"?globalThis:self,function(){"use strict";` +
        `var __rtcScript=typeof document!=="undefined"&&document.currentScript&&document.currentScript.src||"";`,
    },
    footer: { js: 'return __rtc.default});' },
  }),
]);

const [types] = generateDtsBundle(
  [{ filePath: join(root, 'src/index.ts'), output: { noBanner: true, exportReferencedTypes: false, sortNodes: false } }],
  { preferredConfigPath: join(root, 'tsconfig.json') },
);

mkdirSync(dist, { recursive: true });
put('index.d.ts', `${licence}\n${types}`);
let heavy = false;
for (const [name, result] of [
  ['trtc.esm.js', esm],
  ['trtc.js', umd],
]) {
  const bytes = result.outputFiles[0].contents;
  put(name, bytes);
  const packed = gzipSync(bytes, { level: 9 }).length;
  console.log(`${name}: ${bytes.length} bytes, ${packed} gzipped`);
  heavy ||= packed > BUDGET_BYTES;
}
if (heavy) {
  console.error(`The core bundle is over its budget of ${BUDGET_BYTES} bytes gzipped.`);
  process.exit(1);
}
