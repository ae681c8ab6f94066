import { CaptureTag, type Context, filters, Liquid, tags, type Template } from "liquidjs";
import { FILTERS, TAGS } from "./allowed.ts";
import type { ContentData, ContentProduct, Place } from "./content-data.ts";
import { OwnFault } from "./explain-fault.ts";
import { MOST_ALLOCATED, MOST_OUTPUT_BYTES, MOST_SOURCE } from "./limits.ts";
import { escapeHtml } from "../platform/escape-html.ts";
import { Markup, productMarkup, ProductList } from "./markup.ts";
import { t } from "../texts/text.ts";

export interface EngineOptions {
  place: Place;
  /** What `'now' | date` says. */
  now: Date;
  shop: ContentData["shop"];
  /** In a check all faults are told, in a rendering the first. */
  allErrors?: boolean;
}

type Filter = (this: unknown, value: unknown, ...args: unknown[]) => unknown;

/**
 * Liquid as blocks may use it: tags and filters by name, nothing read from anywhere, own properties only, and everything written
 * out is escaped. The library's limits are no isolation (https://liquidjs.com/tutorials/security-model.html): what merchants
 * write runs in a thread that is killed when it does not end.
 */
export function createEngine(options: EngineOptions): Liquid {
  const money = moneyOf(options.shop);
  const engine = new Liquid({
    fs: NO_FILES,
    root: [],
    partials: [],
    layouts: [],
    dynamicPartials: false,
    relativeReference: false,
    ownPropertyOnly: true,
    strictFilters: true,
    strictVariables: false,
    parseLimit: MOST_SOURCE,
    memoryLimit: MOST_ALLOCATED,
    locale: options.shop.locale,
    catchAllErrors: options.allErrors ?? false,
    outputEscape: (value: unknown) => written(value, options.place, money),
  });
  for (const name of Object.keys(engine.tags)) delete engine.tags[name];
  for (const name of TAGS) {
    const tag = name === "capture" ? MarkupCapture : tags[name];
    if (tag) engine.registerTag(name, tag);
  }
  for (const name of Object.keys(engine.filters)) engine.unregisterFilter(name);
  for (const name of FILTERS) {
    const filter = filters[name];
    if (filter) engine.registerFilter(name, filter);
  }
  for (const [name, filter] of Object.entries(ownFilters(options, money))) engine.registerFilter(name, filter as never);
  capOutput(engine);
  return engine;
}

/** Amounts as they are written where the block is read; a bare figure where the currency is unknown. */
function moneyOf({ currency, locale }: ContentData["shop"]): (amount: unknown) => string {
  return (amount) => {
    const figure = Number(amount);
    if (amount === null || amount === undefined || amount === "" || !Number.isFinite(figure)) return "";
    const style = currency === null ? ({} as const) : ({ style: "currency", currency } as const);
    return new Intl.NumberFormat(locale, style).format(figure);
  };
}

function ownFilters({ now, shop }: EngineOptions, money: (amount: unknown) => string): Record<string, Filter> {
  const base = (name: "date" | "escape" | "escape_once" | "newline_to_br"): Filter =>
    filters[name] as unknown as Filter;
  const escaped = (name: "escape" | "escape_once"): Filter =>
    function (value) {
      return value instanceof Markup ? value : new Markup(String(base(name).call(this, value)));
    };
  return {
    money: (value) => money(value),
    // Escaping happens anyway, once: asking for it changes nothing.
    escape: escaped("escape"),
    escape_once: escaped("escape_once"),
    newline_to_br(value) {
      const text = value instanceof Markup ? value.html : String(base("escape").call(this, value));
      return new Markup(String(base("newline_to_br").call(this, text)));
    },
    date(value, format, zone) {
      const at = value === "now" || value === "today" ? now.toISOString() : value;
      return base("date").call(this, at, format, zone ?? shop.timeZone);
    },
  };
}

/** What stands in the place of a value. */
function written(value: unknown, place: Place, money: (amount: string) => string): string {
  if (value === null || value === undefined) return "";
  if (value instanceof Markup) return value.html;
  if (value instanceof ProductList && value.every(isProduct)) return productMarkup(value, place, money);
  if (Array.isArray(value)) return value.map((one) => written(one, place, money)).join("");
  if (isProduct(value)) return escapeHtml(value.title);
  if (typeof value === "object" && Object.getPrototypeOf(value) === null) return "";
  return escapeHtml(String(value));
}

const products = new WeakSet<object>();

/** So that a product is known wherever a block takes it. */
export function asProduct(product: ContentProduct): ContentProduct {
  products.add(product);
  return product;
}

function isProduct(value: unknown): value is ContentProduct {
  return typeof value === "object" && value !== null && products.has(value);
}

/** What was captured has been escaped where it was written. */
class MarkupCapture extends CaptureTag {
  override *render(context: Context): Generator<unknown, void, string> {
    const html = yield this.liquid.renderer.renderTemplates(this.templates, context);
    (context.bottom() as Record<string, unknown>)[this.variable] = new Markup(html);
  }
}

/** Ends a rendering whose output, or a part it captures, is too large: the library's own emitter takes everything. */
function capOutput(engine: Liquid): void {
  const render = engine.renderer.renderTemplates.bind(engine.renderer);
  engine.renderer.renderTemplates = (templates: Template[], context, emitter) =>
    render(templates, context, emitter ?? new CappedEmitter(context));
}

class CappedEmitter {
  buffer = "";
  #bytes = 0;
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  write(value: unknown): void {
    const text = value instanceof Markup ? value.html : typeof value === "string" ? value : String(value ?? "");
    this.#bytes += Buffer.byteLength(text);
    if (this.#bytes > MOST_OUTPUT_BYTES) {
      throw new OwnFault(t("The output is larger than {size} KB.", { size: MOST_OUTPUT_BYTES / 1024 }));
    }
    // Captures stay in memory beside what is written out.
    this.#context.memoryLimit.use(text.length);
    this.buffer += text;
  }
}

const refuse = (): never => {
  throw new Error("blocks read no files");
};
const NO_FILES = {
  exists: async () => false,
  existsSync: () => false,
  readFile: refuse,
  readFileSync: refuse,
  resolve: refuse,
  contains: async () => false,
  containsSync: () => false,
};
