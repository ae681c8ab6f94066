import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GraphQLSchema } from "graphql";
import { createRandom } from "../shopify/random.ts";
import type { Fields } from "./connection.ts";
import { graphqlTime } from "../shopify/nodes/money.ts";
import { linesOf, readBulkQuery } from "./bulk-query.ts";
import type { RootKind, StoreRecords } from "./store-records.ts";

/** How the next operation on these records goes wrong. */
export interface BulkFlaw {
  errorCode: "ACCESS_DENIED" | "INTERNAL_SERVER_ERROR" | "TIMEOUT";
  /** Where the file breaks off. */
  afterLines: number;
}

export interface BulkDesk {
  run(query: string): Fields;
  find(id: string): Fields | null;
  /** Serves a file of results. */
  serve(req: IncomingMessage, res: ServerResponse, url: URL): void;
  /** The next operation of this kind fails like this; several in a row are kept in order. */
  spoilNext(kind: RootKind, flaw: BulkFlaw): void;
  /** Addresses given out so far lead nowhere any more, as after seven days. */
  expireAddresses(): void;
  /** Whether files are served from an offset on when that is asked for. */
  ranges: boolean;
  /** What was asked for and served, for tests. */
  books: { started: RootKind[]; served: { from: number }[] };
  close(): Promise<void>;
}

interface Operation {
  id: string;
  query: string;
  root: RootKind;
  status: "RUNNING" | "COMPLETED" | "FAILED";
  errorCode: BulkFlaw["errorCode"] | null;
  createdAt: Date;
  completedAt: Date | null;
  objects: number;
  rootObjects: number;
  file: string;
}

const MOST_AT_ONCE = 5;
/** So many lines wait to be written, and a random one of them goes first: children are not beside their parents, nor after them. */
const SHUFFLED = 500;

/** Bulk operations of one app on one store: https://shopify.dev/docs/api/usage/bulk-operations/queries */
export function createBulkDesk(schema: () => GraphQLSchema, records: StoreRecords, origin: () => string): BulkDesk {
  const folder = mkdtempSync(join(tmpdir(), "sandbox-bulk-"));
  const operations = new Map<string, Operation>();
  const addresses = new Map<string, Operation>();
  const flaws: Record<RootKind, BulkFlaw[]> = { products: [], customers: [], orders: [] };
  const books: BulkDesk["books"] = { started: [], served: [] };
  let nextId = 1_000_000_000_001;
  const collecting = new Set<Promise<void>>();
  let closed = false;

  async function collect(operation: Operation, fields: Parameters<typeof linesOf>[1]): Promise<void> {
    const flaw = flaws[operation.root].shift();
    const file = createWriteStream(operation.file);
    const random = createRandom(operation.id);
    const waiting: string[] = [];
    const write = async (): Promise<void> => {
      const [line = ""] = waiting.splice(random.int(0, waiting.length - 1), 1);
      if (!file.write(`${line}\n`)) await once(file, "drain");
    };
    for (const node of records.each(operation.root)) {
      operation.rootObjects += 1;
      for (const line of linesOf(node, fields)) {
        operation.objects += 1;
        waiting.push(line);
        if (waiting.length > SHUFFLED) await write();
      }
      if (closed || (flaw && operation.objects >= flaw.afterLines)) break;
      if (operation.rootObjects % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    while (waiting.length > 0) await write();
    file.end();
    await once(file, "finish");
    operation.status = flaw ? "FAILED" : "COMPLETED";
    operation.errorCode = flaw?.errorCode ?? null;
    operation.completedAt = new Date();
  }

  function addressOf(operation: Operation): string | null {
    if (operation.objects === 0) return null;
    const key = randomBytes(12).toString("hex");
    addresses.set(key, operation);
    return `${origin()}/sandbox/bulk/${key}.jsonl`;
  }

  function show(operation: Operation): Fields {
    const { status } = operation;
    return {
      id: operation.id,
      query: operation.query,
      type: "QUERY",
      status,
      errorCode: operation.errorCode,
      createdAt: graphqlTime(new Date(Math.floor(operation.createdAt.getTime() / 1_000) * 1_000)),
      completedAt: operation.completedAt && graphqlTime(operation.completedAt),
      objectCount: String(operation.objects),
      rootObjectCount: String(operation.rootObjects),
      fileSize: status === "COMPLETED" ? String(statSync(operation.file).size) : null,
      url: status === "COMPLETED" ? addressOf(operation) : null,
      partialDataUrl: status === "FAILED" ? addressOf(operation) : null,
    };
  }

  return {
    run(query) {
      const read = readBulkQuery(schema(), query);
      if (typeof read === "string") return refusal("INVALID", read);
      const running = [...operations.values()].filter(({ status }) => status === "RUNNING");
      if (running.length >= MOST_AT_ONCE) {
        return refusal("LIMIT_REACHED", "Bulk operations limit reached. Please try again later.");
      }
      const number = nextId++;
      const operation: Operation = {
        id: `gid://shopify/BulkOperation/${number}`,
        query,
        root: read.root,
        status: "RUNNING",
        errorCode: null,
        createdAt: new Date(),
        completedAt: null,
        objects: 0,
        rootObjects: 0,
        file: join(folder, `${number}.jsonl`),
      };
      operations.set(operation.id, operation);
      books.started.push(read.root);
      const collected = collect(operation, read.fields).finally(() => collecting.delete(collected));
      collecting.add(collected);
      return { bulkOperation: { ...show(operation), status: "CREATED" }, userErrors: [] };
    },

    find(id) {
      const operation = operations.get(id);
      return operation ? show(operation) : null;
    },

    serve(req, res, url) {
      const operation = addresses.get(/^\/sandbox\/bulk\/(\w+)\.jsonl$/.exec(url.pathname)?.[1] ?? "");
      // What Google's storage answers for a signature that is out of date.
      if (!operation) return void res.writeHead(400, { "content-type": "text/plain" }).end("ExpiredToken");
      const { size } = statSync(operation.file);
      const [, digits] = /^bytes=(\d+)-$/.exec(req.headers.range ?? "") ?? [];
      const from = this.ranges && digits !== undefined ? Number(digits) : null;
      books.served.push({ from: from ?? 0 });
      if (from !== null && from >= size) return void res.writeHead(416).end();
      const headers = { "content-type": "application/jsonl", "content-length": size - (from ?? 0) };
      res.writeHead(from === null ? 200 : 206, {
        ...headers,
        ...(from !== null && { "content-range": `bytes ${from}-${size - 1}/${size}` }),
      });
      const stream = createReadStream(operation.file, { start: from ?? 0 });
      res.on("close", () => stream.destroy());
      stream.on("error", () => res.destroy()).pipe(res);
    },

    spoilNext: (kind, flaw) => void flaws[kind].push(flaw),
    expireAddresses: () => addresses.clear(),
    ranges: true,
    books,
    async close() {
      closed = true;
      await Promise.all(collecting);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function refusal(code: string, message: string): Fields {
  return { bulkOperation: null, userErrors: [{ field: ["query"], code, message }] };
}
