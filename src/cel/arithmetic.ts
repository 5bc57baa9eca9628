import type { Meter } from './meter.js';
import { RuleFailure } from './rule-failure.js';
import { addTimes, subtractTimes } from './time.js';
import { Bytes, isList, MAX_INT, MAX_UINT, MIN_INT, Uint } from './values.js';
import type { Result, Value } from './values.js';

const OVERFLOW = new RuleFailure('the result does not fit into 64 bits');
const BY_ZERO = new RuleFailure('division by zero');

/** What a computation with bigints costs. */
const BIGINT = 4;

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';

export function add(meter: Meter, a: Value, b: Value): Result {
  if (typeof a === 'string' && typeof b === 'string') {
    meter.spend(2 + ((a.length + b.length) >> 4));
    return a + b;
  }
  if (isList(a) && isList(b)) {
    meter.spend(10 + ((a.length + b.length) >> 1));
    return a.concat(b);
  }
  if (a instanceof Bytes && b instanceof Bytes) {
    meter.spend(20 + ((a.data.length + b.data.length) >> 4));
    return new Bytes(Buffer.concat([a.data, b.data]));
  }
  return numeric(meter, '+', a, b) ?? addTimes(meter, a, b) ?? unfit('+');
}

export function subtract(meter: Meter, a: Value, b: Value): Result {
  return numeric(meter, '-', a, b) ?? subtractTimes(meter, a, b) ?? unfit('-');
}

export function multiply(meter: Meter, a: Value, b: Value): Result {
  return numeric(meter, '*', a, b) ?? unfit('*');
}

export function divide(meter: Meter, a: Value, b: Value): Result {
  return numeric(meter, '/', a, b) ?? unfit('/');
}

export function modulo(meter: Meter, a: Value, b: Value): Result {
  return (typeof a === 'number' ? undefined : numeric(meter, '%', a, b)) ?? unfit('%');
}

export function negate(meter: Meter, a: Value): Result {
  if (typeof a === 'number') return -a;
  if (typeof a !== 'bigint') return unfit('-');
  meter.spend(BIGINT);
  return int(-a);
}

/** Arithmetic stays within a type: CEL converts nothing by itself. */
function numeric(meter: Meter, operator: ArithmeticOperator, a: Value, b: Value): Result | undefined {
  if (typeof a === 'number' && typeof b === 'number') return ofDoubles(operator, a, b);
  meter.spend(BIGINT);
  if (typeof a === 'bigint' && typeof b === 'bigint') return ofIntegers(operator, a, b, int);
  if (a instanceof Uint && b instanceof Uint) return ofIntegers(operator, a.value, b.value, uint);
  return undefined;
}

function ofDoubles(operator: ArithmeticOperator, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    default:
      return NaN;
  }
}

function ofIntegers(operator: ArithmeticOperator, a: bigint, b: bigint, fit: (value: bigint) => Result): Result {
  switch (operator) {
    case '+':
      return fit(a + b);
    case '-':
      return fit(a - b);
    case '*':
      return fit(a * b);
    case '/':
      return b === 0n ? BY_ZERO : fit(a / b);
    case '%':
      return b === 0n ? BY_ZERO : fit(a % b);
  }
}

export function int(value: bigint): Result {
  return value < MIN_INT || value > MAX_INT ? OVERFLOW : value;
}

export function uint(value: bigint): Result {
  return value < 0n || value > MAX_UINT ? OVERFLOW : new Uint(value);
}

function unfit(operator: string): RuleFailure {
  return new RuleFailure(`${operator} does not take these types`);
}
