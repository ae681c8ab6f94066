import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";

interface Operation {
  requestBody?: { content: Record<string, { schema: object }> };
}

/** Klaviyo's own OpenAPI document, cut down to the operations there are: `test/contracts/README.md`. */
const contract = JSON.parse(readFileSync(new URL("../contracts/klaviyo.json", import.meta.url), "utf8")) as {
  paths: Record<string, Record<string, Operation>>;
};
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(contract, "klaviyo");

export interface Wire {
  fetch: typeof fetch;
  /** Stands before every call from now on: answers it itself, or lets it pass with what is given to it. */
  intercept(before: Intercept | null): void;
  /** Requests that left for Klaviyo with a body. */
  checked(): number;
  /** Each that its OpenAPI document does not know or whose body it does not allow. */
  complaints(): string[];
}

type Intercept = (call: { method: string; path: string; pass(): Promise<Response> }) => Promise<Response>;

/** A `fetch` that holds every request to Klaviyo against Klaviyo's contract, apart from what the sandbox thinks of it. */
export function watchWire(): Wire {
  const complaints: string[] = [];
  let checked = 0;
  let before: Intercept | null = null;
  return {
    intercept: (intercept) => void (before = intercept),
    checked: () => checked,
    complaints: () => complaints,
    fetch(input, init) {
      const { pathname } = new URL(String(input instanceof Request ? input.url : input));
      if (pathname.startsWith("/api/") && typeof init?.body === "string") {
        checked += 1;
        const complaint = complain(init.method ?? "GET", pathname, JSON.parse(init.body));
        if (complaint !== null) complaints.push(`${init.method} ${pathname}: ${complaint}`);
      }
      const pass = (): Promise<Response> => fetch(input, init);
      return before ? before({ method: init?.method ?? "GET", path: pathname, pass }) : pass();
    },
  };
}

function complain(method: string, pathname: string, body: unknown): string | null {
  const path = Object.keys(contract.paths).find((template) => matches(template, pathname));
  const operation = path === undefined ? undefined : contract.paths[path]?.[method.toLowerCase()];
  if (path === undefined || !operation?.requestBody) return "there is no such operation with a body";
  const [media = ""] = Object.keys(operation.requestBody.content);
  const pointer = ["paths", path, method.toLowerCase(), "requestBody", "content", media, "schema"]
    .map(escape)
    .join("/");
  const validate = ajv.getSchema(`klaviyo#/${pointer}`);
  if (!validate) return "the contract has no schema for it";
  return validate(body) ? null : ajv.errorsText(validate.errors);
}

function matches(template: string, pathname: string): boolean {
  const parts = pathname.split("/");
  const expected = template.split("/");
  return expected.length === parts.length && expected.every((part, at) => part.startsWith("{") || part === parts[at]);
}

function escape(part: string): string {
  return encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"));
}
