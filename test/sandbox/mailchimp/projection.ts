/**
 * Applies `fields` and `exclude_fields`: comma-separated names, dots for what is inside, lists seen through. What a getter would give and
 * nobody asked for is not computed; whatever comes back is plain.
 */
export function project(body: unknown, query: URLSearchParams): unknown {
  const fields = named(query.get("fields"));
  const excluded = named(query.get("exclude_fields"));
  const kept = fields === null ? plain(body) : pick(body, fields);
  return excluded === null ? kept : omit(kept, excluded);
}

/** An object of which each field is worked out when it is asked for, by what it is to show. */
export class Shown<Subject> {
  readonly #fields: Record<string, (subject: Subject) => unknown>;
  readonly #subject: Subject;

  constructor(fields: Record<string, (subject: Subject) => unknown>, subject: Subject) {
    this.#fields = fields;
    this.#subject = subject;
  }

  some(wanted: Names): Record<string, unknown> {
    const shown: Record<string, unknown> = {};
    for (const [name, inside] of wanted) {
      if (!Object.hasOwn(this.#fields, name)) continue;
      const value = this.#fields[name]?.(this.#subject);
      shown[name] = inside === null ? plain(value) : pick(value, inside);
    }
    return shown;
  }

  all(): Record<string, unknown> {
    return Object.fromEntries(Object.entries(this.#fields).map(([name, value]) => [name, value(this.#subject)]));
  }
}

/** Names at one level, each with those inside that are meant; null: all that is inside. */
type Names = Map<string, Names | null>;

function named(text: string | null): Names | null {
  if (text === null || text === "") return null;
  const names: Names = new Map();
  for (const path of text.split(",")) note(names, path.trim().split("."));
  return names;
}

function note(names: Names, [name = "", ...rest]: string[]): void {
  const inside = names.get(name);
  if (rest.length === 0) names.set(name, null);
  else if (inside === undefined) names.set(name, noted(rest));
  else if (inside !== null) note(inside, rest);
}

function noted(path: string[]): Names {
  const names: Names = new Map();
  note(names, path);
  return names;
}

/** All of it, as it is at this moment: an answer is on its way for a while. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Shown) return value.all();
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inside]) => [name, plain(inside)]));
}

function pick(value: unknown, wanted: Names): unknown {
  if (Array.isArray(value)) return value.map((each) => pick(each, wanted));
  if (value instanceof Shown) return value.some(wanted);
  if (!isObject(value)) return value;
  const picked: Record<string, unknown> = {};
  for (const [name, inside] of wanted) {
    if (Object.hasOwn(value, name)) picked[name] = inside === null ? plain(value[name]) : pick(value[name], inside);
  }
  return picked;
}

function omit(value: unknown, unwanted: Names): unknown {
  if (Array.isArray(value)) return value.map((each) => omit(each, unwanted));
  if (!isObject(value)) return value;
  const left: Record<string, unknown> = {};
  for (const [name, each] of Object.entries(value)) {
    const inside = unwanted.get(name);
    if (inside !== null) left[name] = inside === undefined ? each : omit(each, inside);
  }
  return left;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
