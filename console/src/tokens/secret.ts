/**
 * A token's value as long as it is shown. Whatever points here has nothing any more once it is forgotten, so no component, cache or history
 * holds a value of its own.
 */
export class Secret {
  #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  get value(): string {
    return this.#value;
  }

  forget(): void {
    this.#value = '';
  }
}
