// The doctor's page names the leg that fails between this browser and the engine.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { openBrowser } from '../harness/browser.mjs';
import { cutMedia, mendMedia } from '../harness/cut.mjs';
import { Engine } from '../harness/engine.mjs';

// Screenshots are kept where this names a folder.
const pictures = process.env.RTC_ENGINE_SCREENSHOTS;
let engine, browser;
before(async () => {
  engine = await Engine.start();
  browser = await openBrowser();
});
afterEach(mendMedia);
after(async () => {
  await browser?.close();
  await engine?.stop();
});

/** Opens the page; gives each leg's state once all have one. */
async function examine(at, options = {}) {
  const context = await browser.newContext({ locale: 'en-US', ...options });
  const page = await context.newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.stack));
  if (options.script) await page.addInitScript(options.script);
  await page.goto(`${at.url}/doctor`);
  await page.locator('body[data-state=done]').waitFor({ timeout: 20_000 });
  const legs = await page.getByTestId('leg').evaluateAll((rows) => rows.map(({ dataset }) => [dataset.leg, dataset.state]));
  assert.deepEqual(errors, []);
  return { page, context, legs: Object.fromEntries(legs) };
}

const well = { http: 'ok', secure: 'ok', webSocket: 'ok', clock: 'ok', advertised: 'ok', udp: 'ok', tcp: 'ok', turn: 'ok' };

test('nothing fails where nothing is wrong, in both languages', async () => {
  const { page, context, legs } = await examine(engine, { locale: 'zh-CN' });
  assert.deepEqual(legs, well);
  assert.equal(await page.getByTestId('verdict').textContent(), '没有发现故障。');
  await page.getByTestId('language-button').click();
  assert.equal(await page.getByTestId('verdict').textContent(), 'Nothing failed.');
  if (pictures) {
    mkdirSync(pictures, { recursive: true });
    await page.screenshot({ path: path.join(pictures, 'doctor.png'), fullPage: true });
  }
  await context.close();
});

for (const protocol of ['udp', 'tcp']) {
  test(`${protocol} that is cut is named, and found well again when it is mended`, async () => {
    cutMedia(engine.mediaPort, [protocol]);
    const { page, context, legs } = await examine(engine);
    assert.deepEqual(legs, { ...well, [protocol]: 'failed' });
    assert.match(await page.locator(`[data-leg=${protocol}] [data-testid=fix]`).textContent(), new RegExp(`port ${engine.mediaPort}`));
    if (pictures) await page.screenshot({ path: path.join(pictures, `doctor-${protocol}.png`), fullPage: true });
    mendMedia();
    await page.getByTestId('again-button').click();
    await page.locator(`[data-leg=${protocol}][data-state=ok]`).waitFor({ timeout: 20_000 });
    await context.close();
  });
}

test('a clock that is ten minutes off is named', async () => {
  const script = () => {
    const now = Date.now;
    Date.now = () => now() + 600_000;
  };
  const { page, context, legs } = await examine(engine, { script });
  assert.deepEqual(legs, { ...well, clock: 'failed' });
  assert.match(await page.locator('[data-leg=clock] [data-testid=found]').textContent(), /(599|600)\.\d s behind/);
  await context.close();
});

test('an address that leads elsewhere is named', async () => {
  // The engine listens on 127.0.0.1 alone.
  const wrong = await Engine.start({ env: { RTC_ENGINE_MEDIA_ADVERTISE: '127.0.0.2' } });
  try {
    const { context, legs } = await examine(wrong);
    // What is relayed goes to the advertised address inside of the engine.
    assert.deepEqual(legs, { ...well, advertised: 'failed' });
    await context.close();
  } finally {
    await wrong.stop();
  }
});

test('an engine that has gone is named, and nothing else is tried', async () => {
  const short = await Engine.start();
  const { page, context } = await examine(short);
  await short.stop();
  await page.getByTestId('again-button').click();
  await page.locator('[data-leg=http][data-state=failed]').waitFor({ timeout: 20_000 });
  await page.locator('body[data-state=done]').waitFor({ timeout: 20_000 });
  const states = await page.getByTestId('leg').evaluateAll((rows) => rows.map(({ dataset }) => dataset.state));
  assert.deepEqual(states, ['failed', 'ok', 'skipped', 'skipped', 'skipped', 'skipped', 'skipped', 'skipped']);
  assert.equal(await page.getByTestId('verdict').textContent(), 'Something failed: see what is marked.');
  await context.close();
});
