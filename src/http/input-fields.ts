import type { Type } from '@nestjs/common';
import type { ProblemDetail } from './problem.js';
import type { Steps } from './steps.js';

/**
 * Makes a field's value of what JSON or a query string has for it, e.g. a Date of a text. What it cannot read it returns as it is, so
 * that validation refuses it.
 *
 * @param location of the field. @param errors takes what is wrong inside of the value, where it has fields of its own.
 */
export type FieldReader = (value: unknown, location: string, errors: ProblemDetail[]) => unknown;

/** Judges several fields of an input together, in steps. Each of them may be anything: what is wrong with them alone is told as well. */
export type InputRule<T> = (input: T, location: string) => Steps<readonly ProblemDetail[]>;

/** Prototype of a class -> fields that the class itself declares. */
const declared = new WeakMap<object, Map<string, FieldReader>>();

/** Fields of a class with its ancestors', once somebody has asked. */
const complete = new WeakMap<object, ReadonlyMap<string, FieldReader>>();

const rules = new WeakMap<object, InputRule<object>>();

/** Declares a property as one that input may have. Without a reader, the value is taken as it is. */
export const InputField =
  (read: FieldReader = (value) => value): PropertyDecorator =>
  (prototype, property) => {
    const fields = declared.get(prototype) ?? new Map<string, FieldReader>();
    declared.set(prototype, fields.set(String(property), read));
  };

/** The fields that input of this class may have. A Map, in which `constructor` and `__proto__` are names like any other. */
export function inputFieldsOf(dto: Type<object>): ReadonlyMap<string, FieldReader> {
  let fields = complete.get(dto);
  if (!fields) {
    const parent = Object.getPrototypeOf(dto) as Type<object>;
    const inherited = typeof parent === 'function' && parent.prototype ? inputFieldsOf(parent) : [];
    fields = new Map([...inherited, ...(declared.get(dto.prototype as object) ?? [])]);
    complete.set(dto, fields);
  }
  return fields;
}

/** Gives a class a rule that holds between its fields. */
export const InputRules =
  <T extends object>(rule: InputRule<T>) =>
  (dto: Type<T>): void =>
    void rules.set(dto, rule as InputRule<object>);

export const inputRuleOf = (dto: Type<object>): InputRule<object> | undefined => rules.get(dto);
