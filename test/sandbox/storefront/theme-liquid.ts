import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Liquid, type TagToken, type TopLevelToken } from "liquidjs";

/** One of the extension's blocks, as the theme editor would put it on a page. */
export interface Block {
  /** File name in `blocks/`. */
  name: string;
  /** Over the defaults of its schema. */
  settings?: Record<string, unknown>;
}

export interface ThemeLiquid {
  /** A block with what a page knows: `product`, `cart`, `collection`, `customer`, `app`, `all_products`. */
  renderBlock(block: Block, page: Record<string, unknown>): string;
  /** What an app's server answers through the proxy as `application/liquid`. */
  renderAnswer(liquid: string, page: Record<string, unknown>): string;
}

interface Schema {
  settings?: { id?: string; default?: unknown }[];
}

/**
 * Shopify's Liquid, as far as a theme app extension needs it: liquidjs with the tags and filters that Shopify adds.
 * @param extension folder of the theme app extension
 * @param money amounts in minor units as the shop writes them
 */
export function createThemeLiquid(extension: string, locale: string, money: (minor: number) => string): ThemeLiquid {
  const texts = JSON.parse(
    readFileSync(join(extension, "locales", locale === "de" ? "de.json" : "en.default.json"), "utf8"),
  ) as Texts;
  const engine = new Liquid({
    root: join(extension, "blocks"),
    partials: join(extension, "snippets"),
    extname: ".liquid",
  });
  engine.registerFilter("money", money);
  engine.registerFilter("asset_url", (name: string) => `/assets/${name}`);
  engine.registerFilter("image_url", (source: string, ...options: [string, unknown][]) => {
    const query = new URLSearchParams(options.map(([name, value]) => [name, String(value)]));
    return `${source}?${query}`;
  });
  engine.registerFilter("t", (key: string, ...values: [string, unknown][]) => translate(texts, key, values));
  // The theme editor's: nothing of it is shown.
  engine.registerTag("schema", {
    parse(_tag: TagToken, rest: TopLevelToken[]) {
      while (rest.length > 0) {
        const next = rest.shift();
        if (next && "name" in next && next.name === "endschema") return;
      }
      throw new Error("schema is not closed");
    },
    render: () => "",
  });

  return {
    renderBlock(block, page) {
      const file = readFileSync(join(extension, "blocks", `${block.name}.liquid`), "utf8");
      const { settings = [] } = JSON.parse(/\{% schema %\}(.*)\{% endschema %\}/s.exec(file)?.[1] ?? "{}") as Schema;
      const defaults = Object.fromEntries(
        settings.flatMap(({ id, default: value }) => (id ? [[id, value ?? ""]] : [])),
      );
      const given = { id: block.name, settings: { ...defaults, ...block.settings }, shopify_attributes: "" };
      // `render` hands on nothing but what it is told, and what every page has.
      return String(engine.parseAndRenderSync(file, { block: given }, { globals: page }));
    },
    renderAnswer: (liquid, page) => String(engine.parseAndRenderSync(liquid, {}, { globals: page })),
  };
}

type Texts = { [key: string]: string | Texts };

/** Shopify escapes a translation whose key does not end in _html. */
function translate(texts: Texts, key: string, values: readonly [string, unknown][]): string {
  const found = key
    .split(".")
    .reduce<string | Texts | undefined>((at, part) => (typeof at === "object" ? at[part] : undefined), texts);
  if (typeof found !== "string") throw new Error(`there is no translation of ${key}`);
  const given = new Map(values);
  return escape(found.replaceAll(/\{\{ *(\w+) *\}\}/g, (_all, name: string) => String(given.get(name) ?? "")));
}

export function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
