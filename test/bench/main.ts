import { parseArgs } from "node:util";
import type { Figure } from "./figure.ts";

/** What every benchmark is given: `--quick` and, by their names, the options that are its own. */
export interface BenchOptions {
  /** Finish within 50 s on two cores. */
  quick: boolean;
  options: Record<string, string>;
}

interface Benchmark {
  what: string;
  run(options: BenchOptions): Promise<AsyncIterable<Figure>>;
}

const BENCHMARKS: Record<string, Benchmark> = {
  admin: {
    what: "what each page of the admin takes in a shop with a million profiles, and lists filtered by a rule (PostgreSQL)",
    run: async (options) => (await import("./admin/bench.ts")).benchAdmin(options),
  },
  "back-fill": {
    what: "200,000 customers and 500,000 orders read at installation, killed halfway and compared (PostgreSQL, embedded)",
    run: async (options) => (await import("./back-fill/bench.ts")).benchBackFill(options),
  },
  identity: {
    what: "likely duplicates found without labels, on a file with the truth in it: --data FILE [--drop col,col] [--truth rec_id|cluster]",
    run: async (options) => (await import("./identity/bench.ts")).benchIdentity(options),
  },
  ingest: {
    what: "acknowledged webhooks a second and their latency, beside a bare server and Shopify's template (PostgreSQL)",
    run: async (options) => (await import("./ingest/bench.ts")).benchIngest(options),
  },
  recommend: {
    what: "ranking quality of three protocols beside plain baselines: --protocol sessions|sequences|baskets and its files",
    run: async (options) => (await import("./recommend/bench.ts")).benchRecommend(options),
  },
  "recommend-serving": {
    what: "training on 1,000,000 baskets, lists at 1,000 a second for 50,000 products and 1,000,000 customers",
    run: async (options) => (await import("./recommend-serving/bench.ts")).benchServing(options),
  },
  segments: {
    what: "a hundred live segments: cost of an event, throughput, punctual entries and exits, new rules beside hand-written SQL",
    run: async (options) => (await import("./segments/bench.ts")).benchSegments(options),
  },
  storefront: {
    what: "what the theme's blocks cost: Lighthouse with and without them, medians of five (Chromium)",
    run: async (options) => (await import("./storefront/bench.ts")).benchStorefront(options),
  },
  sync: {
    what: "100,000 members to a Klaviyo list and a Mailchimp segment beside their limits, and a change's way there (PostgreSQL)",
    run: async (options) => (await import("./sync/bench.ts")).benchSync(options),
  },
  vitals: {
    what: "LCP, CLS and INP of each page of the admin on a processor four times slower, medians of five (Chromium): --only NAME,NAME",
    run: async (options) => (await import("./vitals/bench.ts")).benchVitals(options),
  },
};

await main();

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ strict: false, allowPositionals: true, options: optionTypes() });
  const [name] = positionals;
  const benchmark = name !== undefined && Object.hasOwn(BENCHMARKS, name) ? BENCHMARKS[name] : undefined;
  if (!benchmark) {
    if (name !== undefined) process.stderr.write(`There is no benchmark "${name}".\n`);
    process.stdout.write("npm run bench -- NAME [--quick] with one of\n");
    for (const [known, { what }] of Object.entries(BENCHMARKS)) process.stdout.write(`  ${known.padEnd(12)}${what}\n`);
    process.exitCode = name === undefined ? 0 : 1;
    return;
  }
  const { quick, ...rest } = values;
  const options = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, String(value)]));
  try {
    for await (const figure of await benchmark.run({ quick: quick === true, options })) {
      process.stdout.write(`${JSON.stringify(figure)}\n`);
    }
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

/** Options other than `--quick` take a value; without this `--data FILE` would read as a switch and a positional. */
function optionTypes(): Record<string, { type: "string" | "boolean" }> {
  const named = process.argv.filter((argument) => argument.startsWith("--")).map((argument) => argument.slice(2));
  const taking = named.filter((name) => name !== "quick" && !name.includes("="));
  return {
    quick: { type: "boolean" },
    ...Object.fromEntries(taking.map((name) => [name, { type: "string" as const }])),
  };
}
