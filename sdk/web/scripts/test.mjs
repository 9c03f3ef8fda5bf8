// Compiles every src/**/*.test.ts and hands them to Node's test runner; arguments are passed on to it.

import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = join(root, 'node_modules', '.cache', `tests-${process.pid}`);

const files = (await readdir(join(root, 'src'), { recursive: true }))
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => join('src', name))
  .sort();

await build({
  absWorkingDir: root,
  entryPoints: files,
  outbase: 'src',
  outdir: out,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: 'inline',
  logLevel: 'warning',
});
const compiled = files.map((name) => join(out, relative('src', name)).replace(/\.ts$/, '.mjs').split(sep).join('/'));
const run = spawnSync(
  process.execPath,
  ['--enable-source-maps', '--test', '--test-reporter=spec', '--test-timeout=120000', ...process.argv.slice(2), ...compiled],
  { cwd: root, stdio: 'inherit' },
);
rmSync(out, { recursive: true, force: true });
process.exit(run.status ?? 1);
