/** Applies `fields` and `exclude_fields`: comma-separated names, dots for what is inside, lists seen through. */
export function project(body: unknown, query: URLSearchParams): unknown {
  const fields = paths(query.get("fields"));
  const excluded = paths(query.get("exclude_fields"));
  const kept = fields.length === 0 ? body : pick(body, fields);
  return excluded.length === 0 ? kept : omit(kept, excluded);
}

function paths(text: string | null): string[][] {
  return text === null || text === "" ? [] : text.split(",").map((path) => path.trim().split("."));
}

function pick(value: unknown, wanted: string[][]): unknown {
  return mapObject(value, wanted, (inside, rests) => {
    if (rests.length === 0) return [];
    return [rests.some((rest) => rest.length === 0) ? inside : pick(inside, rests)];
  });
}

function omit(value: unknown, unwanted: string[][]): unknown {
  return mapObject(value, unwanted, (inside, rests) => {
    if (rests.some((rest) => rest.length === 0)) return [];
    return [rests.length === 0 ? inside : omit(inside, rests)];
  });
}

/** Rebuilds each object from `keep(value, what remains of the paths that begin with its key)`: one value or none. */
function mapObject(value: unknown, all: string[][], keep: (inside: unknown, rests: string[][]) => unknown[]): unknown {
  if (Array.isArray(value)) return value.map((each) => mapObject(each, all, keep));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inside]) => {
      const rests = all.filter(([first]) => first === key).map(([, ...rest]) => rest);
      return keep(inside, rests).map((result) => [key, result]);
    }),
  );
}
