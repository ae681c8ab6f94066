/**
 * Applies `fields` and `exclude_fields`: comma-separated names, dots for what is inside, lists seen through. What a getter would give and
 * nobody asked for is not computed; whatever comes back is plain.
 */
export function project(body: unknown, query: URLSearchParams): unknown {
  const fields = paths(query.get("fields"));
  const excluded = paths(query.get("exclude_fields"));
  const kept = fields.length === 0 ? plain(body) : pick(body, fields);
  return excluded.length === 0 ? kept : omit(kept, excluded);
}

function paths(text: string | null): string[][] {
  return text === null || text === "" ? [] : text.split(",").map((path) => path.trim().split("."));
}

function plain(body: unknown): unknown {
  return typeof body === "object" && body !== null && !Array.isArray(body) ? { ...body } : body;
}

function pick(value: unknown, wanted: string[][]): unknown {
  return mapObject(value, wanted, (inside, rests) => {
    if (rests.length === 0) return [];
    return [rests.some((rest) => rest.length === 0) ? inside() : pick(inside(), rests)];
  });
}

function omit(value: unknown, unwanted: string[][]): unknown {
  return mapObject(value, unwanted, (inside, rests) => {
    if (rests.some((rest) => rest.length === 0)) return [];
    return [rests.length === 0 ? inside() : omit(inside(), rests)];
  });
}

type Keep = (inside: () => unknown, rests: string[][]) => unknown[];

/** Rebuilds each object from `keep(value, what remains of the paths that begin with its key)`: one value or none. */
function mapObject(value: unknown, all: string[][], keep: Keep): unknown {
  if (Array.isArray(value)) return value.map((each) => mapObject(each, all, keep));
  if (typeof value !== "object" || value === null) return value;
  const object = value as Record<string, unknown>;
  return Object.fromEntries(
    Object.keys(object).flatMap((key) => {
      const rests = all.filter(([first]) => first === key).map(([, ...rest]) => rest);
      return keep(() => object[key], rests).map((result) => [key, result]);
    }),
  );
}
