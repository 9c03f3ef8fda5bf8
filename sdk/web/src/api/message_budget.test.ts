import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MessageBudget } from './message_budget.js';

test('thirty messages a second, then no more until the first is a second old', () => {
  const budget = new MessageBudget();
  for (let n = 0; n < 30; n += 1) assert.ok(budget.take(1, n * 10));
  assert.ok(!budget.take(1, 999));
  assert.ok(budget.take(1, 1000));
  assert.ok(!budget.take(1, 1000));
});

test('eight kilobytes a second, and what was refused is not counted', () => {
  const budget = new MessageBudget();
  for (let n = 0; n < 8; n += 1) assert.ok(budget.take(1024, 0));
  assert.ok(!budget.take(1, 500));
  assert.ok(budget.take(1024, 1001));
});
