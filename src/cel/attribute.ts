import type { Frame } from './evaluation.js';
import { intern } from './intern.js';
import { SharedTexts } from './shared-texts.js';

/** Longer texts are not remembered, nor are lists and objects: what stays of a request that is over shall not be large. */
const LONGEST = 100;

/**
 * An attribute of contexts. What it is in a frame is looked up once and remembered until it is asked for in another: closures of many names are
 * what the engine's own memory for looking up properties is no good for, and that is a third of what a rule takes.
 */
export class Attribute {
  private readonly key: string;
  /** The frame's number. */
  private askedIn = 0;
  private value: unknown;

  private constructor(name: string) {
    this.key = intern(name);
  }

  /** One for all rules that have the name. */
  static named(name: string): Attribute {
    let attribute = attributes.find(name);
    if (!attribute) attributes.keep(name, (attribute = new Attribute(name)));
    return attribute;
  }

  /** Its value, if any: also what every object inherits, of which nothing is a number, a text or a boolean. */
  of(frame: Frame): unknown {
    return this.askedIn === frame.number ? this.value : this.valueIn(frame);
  }

  private valueIn(frame: Frame): unknown {
    const value: unknown = frame.context[this.key];
    if (typeof value === 'string' ? value.length <= LONGEST : typeof value === 'number' || typeof value === 'boolean') {
      this.value = value;
      this.askedIn = frame.number;
    }
    return value;
  }
}

const attributes = new SharedTexts<Attribute>();
