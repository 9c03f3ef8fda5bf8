// The checking of arguments against rules: what is wrong with which field, and what to do. The rules themselves are in rules.ts.

import { ERROR_CODE, EXTRA_CODE } from './constants.js';
import { RtcError } from './error.js';

type Kind = 'string' | 'number' | 'boolean' | 'object' | 'function' | 'array';

/** What a value must be. Every limit is optional; a field that may be absent may be `undefined` or `null`. */
export interface Rule {
  /** One of these; absent for any. */
  type?: Kind | Kind[];
  required?: boolean;
  /** Texts: not "". */
  notEmpty?: boolean;
  /** One of these values; looked at for texts and numbers only where `type` allows others, too. */
  oneOf?: readonly unknown[];
  /** Numbers. */
  min?: number;
  max?: number;
  notNegative?: boolean;
  /** Texts, in bytes of UTF-8. */
  maxBytes?: number;
  /** Texts. */
  pattern?: RegExp;
  /** What the pattern allows, in words. */
  allowed?: string;
  /** The name of a class of the page, such as `MediaStreamTrack`. */
  instance?: string;
  /** Objects: the rules of their fields. */
  fields?: Record<string, Rule>;
  /** Arrays: the rule of each item. */
  items?: Rule;
  /** Anything else; it throws by itself. */
  also?: (value: unknown, path: string, functionName: string) => void;
}

/** Throws an INVALID_PARAMETER that names the field when `value` is not what `rule` says. */
export function check(functionName: string, path: string, value: unknown, rule: Rule): void {
  if (value === undefined || value === null) {
    if (rule.required) throw invalid(functionName, EXTRA_CODE.MISSING, `${path} is missing; pass ${wanted(rule)}`, path);
    return;
  }
  if (rule.type && ![rule.type].flat().includes(kindOf(value) as Kind)) {
    throw invalid(functionName, EXTRA_CODE.WRONG_TYPE, `${path} is ${a(kindOf(value))}; pass ${wanted(rule)}`, path);
  }
  if (rule.instance && !isInstance(value, rule.instance)) {
    throw invalid(functionName, EXTRA_CODE.WRONG_INSTANCE, `${path} is not ${a(rule.instance)}; pass one`, path);
  }
  const mayBeOther = rule.fields !== undefined && typeof value === 'object';
  if (rule.oneOf && !mayBeOther && !rule.oneOf.includes(value)) {
    const list = rule.oneOf.map((it) => JSON.stringify(it)).join(', ');
    throw invalid(functionName, EXTRA_CODE.NOT_IN_SET, `${path} is ${JSON.stringify(value)}; pass one of ${list}`, path);
  }
  if (typeof value === 'string') checkText(functionName, path, value, rule);
  if (typeof value === 'number') checkNumber(functionName, path, value, rule);
  if (Array.isArray(value) && rule.items) {
    const { items } = rule;
    value.forEach((it, index) => check(functionName, `${path}[${index}]`, it, { required: true, ...items }));
  } else if (typeof value === 'object' && rule.fields) {
    for (const [name, field] of Object.entries(rule.fields)) {
      check(functionName, `${path}.${name}`, (value as Record<string, unknown>)[name], field);
    }
  }
  rule.also?.(value, path, functionName);
}

/** An INVALID_PARAMETER; `path` goes to `data`, for programs. */
export function invalid(functionName: string, extraCode: number, message: string, path: string): RtcError {
  return new RtcError({ code: ERROR_CODE.INVALID_PARAMETER, extraCode, functionName, message, data: { name: path } });
}

function checkText(functionName: string, path: string, value: string, rule: Rule): void {
  if (rule.notEmpty && value === '') {
    throw invalid(functionName, EXTRA_CODE.EMPTY, `${path} is empty; pass ${wanted(rule)}`, path);
  }
  if (rule.maxBytes !== undefined && byteLength(value) > rule.maxBytes) {
    throw invalid(
      functionName,
      EXTRA_CODE.ABOVE_MAXIMUM,
      `${path} has ${byteLength(value)} bytes; pass at most ${rule.maxBytes}`,
      path,
    );
  }
  if (rule.pattern && !rule.pattern.test(value)) {
    throw invalid(
      functionName,
      EXTRA_CODE.NOT_IN_SET,
      `${path} has a forbidden character; use only ${rule.allowed ?? rule.pattern}`,
      path,
    );
  }
}

function checkNumber(functionName: string, path: string, value: number, rule: Rule): void {
  if (rule.notNegative && value < 0) {
    throw invalid(functionName, EXTRA_CODE.NEGATIVE, `${path} is ${value}; pass 0 or more`, path);
  }
  if (rule.min !== undefined && value < rule.min) {
    throw invalid(functionName, EXTRA_CODE.BELOW_MINIMUM, `${path} is ${value}; pass ${rule.min} or more`, path);
  }
  if (rule.max !== undefined && value > rule.max) {
    throw invalid(functionName, EXTRA_CODE.ABOVE_MAXIMUM, `${path} is ${value}; pass ${rule.max} or less`, path);
  }
}

/** NaN and infinities are no numbers here: no option means anything with them. */
function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return typeof value;
}

/**
 * By constructor where it is of this page, else by the name an object gives itself: tracks and elements also come from frames and
 * from wrappers whose classes are others.
 */
function isInstance(value: unknown, name: string): boolean {
  const constructor = (globalThis as Record<string, unknown>)[name];
  if (typeof constructor === 'function' && value instanceof constructor) return true;
  for (let it: unknown = value; it && typeof it === 'object'; it = Object.getPrototypeOf(it)) {
    if ((it as Record<symbol, unknown>)[Symbol.toStringTag] === name || it.constructor?.name === name) return true;
  }
  return false;
}

function wanted(rule: Rule): string {
  if (rule.instance) return a(rule.instance);
  if (rule.oneOf && !rule.fields) return `one of ${rule.oneOf.map((it) => JSON.stringify(it)).join(', ')}`;
  if (!rule.type) return 'it';
  return [rule.type].flat().map(a).join(' or ') + (rule.allowed ? ` of ${rule.allowed}` : '');
}

function a(noun: string): string {
  return `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`;
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
