import type { ForTag, Template } from "liquidjs";
import { nearestName, problemAt } from "../segment/language/diagnostics.ts";
import { createEngine } from "./engine.ts";
import { type ContentProblem, meant } from "./explain-fault.ts";
import type { KnownName } from "./dictionary.ts";
import { OF_PRODUCT, PARTS, partsOfTraits, TOP } from "./dictionary.ts";
import type { ContentData, Place } from "./content-data.ts";
import { faultsOf } from "./render-block.ts";
import { t, type Text } from "../texts/text.ts";

export interface CheckTask {
  source: string;
  place: Place;
  shop: ContentData["shop"];
  /** Names and keys of the shop's segments. */
  segmentNames: readonly string[];
  /** Names of the shop's own traits. */
  traitNames: readonly string[];
}

/** What keeps a block from being read, or else what in it is probably not meant: unknown names, segments there are none of. */
export function checkBlock({ source, place, shop, segmentNames, traitNames }: CheckTask): ContentProblem[] {
  const engine = createEngine({ place, shop, now: new Date(0), allErrors: true });
  try {
    const templates = engine.parse(source);
    const { variables, locals } = engine.analyzeSync(templates, { partials: false });
    const loops = loopsOf(templates);
    const names = Object.values(variables).flatMap((uses) =>
      uses.flatMap(({ segments, location }) => {
        const [root, part] = segments.map((segment) => (typeof segment === "string" ? segment : null));
        if (root === undefined || root === null || Object.hasOwn(locals, root)) return [];
        const start = offsetOf(source, location.row, location.col);
        return unknownName({ source, traitNames }, start, root, part ?? null, loops);
      }),
    );
    return [...names, ...unknownSegments(source, segmentNames)].toSorted((a, b) => a.start - b.start);
  } catch (error) {
    return faultsOf(error, source);
  }
}

/** What loops call their entries, and what they go through. */
function loopsOf(templates: readonly Template[]): Map<string, string> {
  const loops = new Map<string, string>([["forloop", ""]]);
  const visit = (template: Template): void => {
    if ("variable" in template && "collection" in template && typeof template.variable === "string") {
      const { collection } = template as ForTag;
      loops.set(template.variable, collection.getText());
    }
    if ("blockScope" in template) loops.set("tablerowloop", "");
    const children = template.children?.(false, true);
    if (children) for (const child of take(children)) visit(child);
  };
  templates.forEach(visit);
  return loops;
}

/** Children that stand in the block itself are there without waiting. */
function take(children: Generator<unknown, Template[]>): Template[] {
  const step = children.next();
  return step.done ? step.value : [];
}

function unknownName(
  { source, traitNames }: Pick<CheckTask, "source" | "traitNames">,
  start: number,
  root: string,
  part: string | null,
  loops: ReadonlyMap<string, string>,
): ContentProblem[] {
  const warn = (name: string, offset: number, known: readonly KnownName[], sentence: string): ContentProblem[] => {
    const near = nearestName(
      name,
      known.map((one) => one.name),
    );
    const span = { start: start + offset, end: start + offset + name.length };
    const problem = problemAt(source, span, sentence + meant(near), near ?? undefined);
    return [{ ...problem, severity: "warning" }];
  };
  const within = (parts: readonly KnownName[], lacking: Lacking): ContentProblem[] => {
    if (part === null || BUILT_IN.includes(part) || parts.some(({ name }) => name === part)) return [];
    const offset = source.slice(start + root.length).indexOf(part) + root.length;
    return warn(part, offset, parts, t(lacking, { part }));
  };
  const collection = loops.get(root);
  if (collection !== undefined) {
    return collection === "recommended_products" ? within(OF_PRODUCT, "A product has no {part}.") : [];
  }
  if (!TOP.some(({ name }) => name === root)) {
    return warn(root, 0, TOP, t("Nothing is called {name}, so nothing stands here.", { name: root }));
  }
  if (root === "traits") return within(partsOfTraits(traitNames), "Nobody in this shop has the trait {part}.");
  const parts = PARTS[root];
  return parts ? within(parts, root === "customer" ? "A customer has no {part}." : "The shop has no {part}.") : [];
}

/** That something has no such part. */
type Lacking = Extract<Text, `${string}{part}.`>;

/** Properties Liquid gives lists and texts. */
const BUILT_IN: readonly string[] = ["size", "first", "last"];

/** A comparison with a name that no segment has is never true. */
function unknownSegments(source: string, known: readonly string[]): ContentProblem[] {
  const folded = new Set(known.map((name) => name.trim().toLowerCase()));
  return [...source.matchAll(/customer_segments?\s*(?:==|!=|contains)\s*(["'])(.*?)\1/g)].flatMap((match) => {
    const name = match[2] ?? "";
    if (folded.has(name.trim().toLowerCase())) return [];
    const near = nearestName(name, known);
    const end = match.index + match[0].length - 1;
    const sentence = t("No segment is called {name}.", { name }) + meant(near);
    const problem = problemAt(source, { start: end - name.length, end }, sentence, near ?? undefined);
    return [{ ...problem, severity: "warning" as const }];
  });
}

function offsetOf(source: string, row: number, column: number): number {
  let start = 0;
  for (let line = 1; line < row; line += 1) start = source.indexOf("\n", start) + 1;
  return start + column - 1;
}
