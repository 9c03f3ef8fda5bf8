import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Emitter } from './emitter.js';

interface Events {
  ring: [number];
  stop: [];
}

const emitter = (): Emitter<Events> => new Emitter<Events>((event, error) => assert.fail(`${event}: ${String(error)}`));

test('handlers are called in the order they came, with their context', () => {
  const bell = emitter();
  const heard: string[] = [];
  bell.on('ring', (times) => heard.push(`first ${times}`));
  bell.on(
    'ring',
    function (this: { name: string }, times) {
      heard.push(`${this.name} ${times}`);
    },
    { name: 'second' },
  );
  bell.emit('ring', 3);
  bell.emit('stop');
  assert.deepEqual(heard, ['first 3', 'second 3']);
});

test("off takes one handler, one context's, an event's, or all", () => {
  const bell = emitter();
  const heard: string[] = [];
  const one = (): unknown => heard.push('one');
  const two = (): unknown => heard.push('two');
  const stop = (): unknown => heard.push('stop');
  const context = {};
  bell.on('ring', one);
  bell.on('ring', one, context);
  bell.on('ring', two);
  bell.on('stop', stop);

  bell.off('ring', one, context);
  bell.emit('ring', 1);
  assert.deepEqual(heard.splice(0), ['one', 'two']);

  bell.off('ring', one);
  bell.emit('ring', 1);
  assert.deepEqual(heard.splice(0), ['two']);

  bell.off('ring');
  bell.emit('ring', 1);
  bell.emit('stop');
  assert.deepEqual(heard.splice(0), ['stop']);

  bell.off('*');
  bell.emit('stop');
  assert.deepEqual(heard, []);
});

test('a handler may take itself away, and others, while it runs', () => {
  const bell = emitter();
  let heard = 0;
  const once = (): void => {
    heard += 1;
    bell.off('stop', once);
    bell.on('stop', () => (heard += 10));
  };
  bell.on('stop', once);
  bell.emit('stop');
  assert.equal(heard, 1);
  bell.emit('stop');
  assert.equal(heard, 11);
});

test('a handler that throws is told of and stops no other', () => {
  const failures: unknown[] = [];
  const bell = new Emitter<Events>((event, error) => failures.push([event, (error as Error).message]));
  let heard = 0;
  bell.on('stop', () => {
    throw new Error('broken');
  });
  bell.on('stop', () => (heard += 1));
  bell.emit('stop');
  assert.equal(heard, 1);
  assert.deepEqual(failures, [['stop', 'broken']]);
});
