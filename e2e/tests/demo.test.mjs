// The demo page, used as a person would: two tabs on the printed address see and hear each other.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { openBrowser } from '../harness/browser.mjs';
import { python } from '../harness/clients.mjs';
import { Engine } from '../harness/engine.mjs';

// Screenshots are kept where this names a folder.
const pictures = process.env.RTC_ENGINE_SCREENSHOTS;
let engine, browser;
before(async () => {
  engine = await Engine.start();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await engine?.stop();
});

async function join(user, address, options = {}) {
  const context = await browser.newContext({ permissions: ['camera', 'microphone'], locale: 'en-US', viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(`${user}: ${error.stack}`));
  await page.goto(`${engine.url}/${address}`);
  await page.locator('body[data-ready]').waitFor();
  await page.getByTestId('join-user').fill(user);
  await page.getByTestId('join-button').click();
  await page.locator('body[data-screen=room]').waitFor();
  return { user, page, errors };
}

const tile = (member, user, stream = 'main') => member.page.locator(`[data-testid=tile][data-user="${user}"][data-stream=${stream}]`);

async function picture(member, name) {
  if (!pictures) return;
  // Tiles glide to their places.
  await member.page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {}))));
  mkdirSync(pictures, { recursive: true });
  await member.page.screenshot({ path: path.join(pictures, `${name}.png`) });
}

test('four people meet on the demo page', async () => {
  const people = [];
  for (const [user, options] of [['ann', {}], ['ben', { locale: 'zh-CN' }], ['cat', { viewport: { width: 390, height: 844 } }], ['dan', {}]]) {
    people.push(await join(user, '?room=100&mic=1&cam=1&quality=120p', options));
  }
  for (const person of people) {
    for (const other of people) {
      await tile(person, other.user).and(person.page.locator('[data-video=on]')).first().waitFor({ state: 'attached', timeout: 30_000 });
    }
  }
  const [ann, ben, cat, dan] = people;
  // Somebody is heard: the fake microphone beeps.
  await ann.page.locator('[data-testid=tile][data-speaking=true]').first().waitFor({ timeout: 30_000 });

  await ben.page.getByTestId('chat-button').click();
  await ben.page.getByTestId('chat-input').fill('hello <b>everybody</b>');
  await ben.page.getByTestId('chat-send').click();
  await ann.page.getByTestId('chat-button').click();
  await ann.page.getByTestId('message').filter({ hasText: 'hello <b>everybody</b>' }).waitFor();
  await picture(ann, 'call-of-four-chat');
  await picture(ben, 'call-of-four-zh');
  await picture(cat, 'call-of-four-phone');

  await dan.page.getByTestId('leave-button').click();
  await tile(ann, 'dan').waitFor({ state: 'detached' });

  const answer = await python(engine, 'RemoveUser', { SdkAppId: engine.credentials.sdk_app_id, RoomId: 100, UserIds: ['ben'] });
  assert.equal(answer.error, undefined);
  await ben.page.locator('[data-testid=kicked-message][data-reason=banned]').waitFor();
  await picture(ben, 'removed-zh');
  await tile(ann, 'ben').waitFor({ state: 'detached' });
  assert.deepEqual(people.flatMap((person) => person.errors), []);
  await Promise.all(people.map((person) => person.page.context().close()));
});
