import { Drop } from "liquidjs";

/**
 * `customer_segment`: a customer is in several segments at once, so it equals the name and the key of each of them, whatever the
 * case. In none of them it is nil. `contains`, loops and `size` see the names.
 */
export class SegmentDrop extends Drop {
  readonly #names: readonly string[];
  readonly #known: ReadonlySet<string>;

  constructor(segments: readonly { name: string; key: string }[]) {
    super();
    this.#names = segments.map(({ name }) => name);
    this.#known = new Set(segments.flatMap(({ name, key }) => [fold(name), fold(key)]));
  }

  get size(): number {
    return this.#names.length;
  }

  get first(): string | undefined {
    return this.#names[0];
  }

  /** The library asks this of what it compares, and compares by `equals` whatever has all five. */
  equals(other: unknown): boolean {
    const value = other instanceof Drop ? (other.valueOf() as unknown) : other;
    // nil, empty and blank.
    if (value === null || value === undefined || value === "") return this.#names.length === 0;
    return typeof value === "string" && this.#known.has(fold(value));
  }
  gt(): boolean {
    return false;
  }
  geq(other: unknown): boolean {
    return this.equals(other);
  }
  lt(): boolean {
    return false;
  }
  leq(other: unknown): boolean {
    return this.equals(other);
  }

  /** Behind `contains`. */
  indexOf(other: unknown): number {
    return this.equals(other) ? 0 : -1;
  }

  [Symbol.iterator](): Iterator<string> {
    return this.#names[Symbol.iterator]();
  }

  override toString(): string {
    return this.#names.join(", ");
  }

  /** Nothing for filters and conditions where there is no segment. */
  override valueOf(): this {
    return (this.#names.length === 0 ? null : this) as this;
  }
}

function fold(text: string): string {
  return text.trim().toLowerCase();
}
