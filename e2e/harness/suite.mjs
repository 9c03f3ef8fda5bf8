// What most test files need: an engine and a browser for the file, and members that are closed after each test.
import { after, afterEach, before } from 'node:test';
import assert from 'node:assert/strict';
import { openBrowser } from './browser.mjs';
import { Engine } from './engine.mjs';
import { Member } from './member.mjs';

/** Call once at the top of a test file. `open(userId)` opens a member's page, closed when the test ends. */
export function suite(options = {}) {
  const context = { engine: undefined, browser: undefined };
  let members = [];
  before(async () => {
    context.engine = await Engine.start(options.engine);
    context.browser = await openBrowser(options.browser);
  });
  afterEach(async () => {
    const errors = members.flatMap((member) => member.errors.map((error) => `${member.userId}: ${error.stack}`));
    await Promise.all(members.map((member) => member.close().catch(() => {})));
    members = [];
    assert.deepEqual(errors, [], 'no page may throw an error that nobody caught');
  });
  after(async () => {
    await context.browser?.close();
    await context.engine?.stop();
  });
  context.open = async (userId, memberOptions) => {
    const member = await Member.open(context.browser, context.engine, userId, memberOptions);
    members.push(member);
    return member;
  };
  return context;
}
