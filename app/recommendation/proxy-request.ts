import { z } from "zod";
import { languageOf } from "../texts/text.ts";

/** Where on the storefront a list stands. */
export const PLACEMENTS = ["product", "cart", "home", "collection"] as const;
export type Placement = (typeof PLACEMENTS)[number];

/** Most entries a list can be asked for; no theme block shows more. */
const MOST = 24;

/** Shopify's ids have 14 digits; what the database could not hold is nobody's. */
const id = (what: string) => z.string().regex(/^\d{1,18}$/, `has to be ${what}, a number`);
const ids = z
  .string()
  .regex(/^(\d{1,18}(,\d{1,18}){0,49})?$/, "takes at most 50 product ids, numbers separated by commas")
  .default("")
  .transform((list) => (list === "" ? [] : list.split(",")));

/** A language as pages and mailing tools name it, the region after either dash. */
export const localeSchema = z
  .string()
  .regex(/^(?=.{2,35}$)[a-z]{2,3}([-_][a-z0-9]{2,8})*$/i, "has to be a language tag such as en or de-AT");

/** What Shopify adds to every request and signs; a customer is known from here alone. */
const signedPart = {
  shop: z
    .string()
    .max(255)
    .regex(/^[a-z0-9][a-z0-9-]*\.myshopify\.com$/, "has to be a shop's myshopify.com name"),
  /** Empty for a visitor. */
  logged_in_customer_id: z
    .string()
    .regex(/^\d{0,18}$/, "has to be a customer id or empty")
    .default(""),
};

export const fromShopSchema = z.object(signedPart);

export const listRequestSchema = z
  .object({
    ...signedPart,
    placement: z.enum(PLACEMENTS, `has to be one of ${PLACEMENTS.join(", ")}`).optional(),
    /** The product that is looked at. */
    product: id("a product id").optional(),
    collection: id("a collection id").optional(),
    /** Products that a collection's page shows. */
    beside: ids,
    /** Looked at in this session, the newest last. */
    viewed: ids,
    cart: ids,
    /** The browser's own id, only of visitors who allow analytics: by it they stay in their arm of the comparison. */
    client: z
      .string()
      .regex(/^[\w-]{16,64}$/, "has to be 16 to 64 letters, digits, - and _")
      .optional(),
    /** How many there is room for; without it as many as the merchant's lists have. */
    limit: z.coerce
      .number(`has to be a number from 1 to ${MOST}`)
      .int(`has to be a number from 1 to ${MOST}`)
      .min(1, `has to be a number from 1 to ${MOST}`)
      .max(MOST, `has to be a number from 1 to ${MOST}`)
      .optional(),
    format: z.enum(["json", "html", "liquid"], "has to be json, html or liquid").default("json"),
    heading: z.string().max(100, "may have 100 characters").default(""),
    /** Of the shopper; what has no sentences here reads English. */
    locale: localeSchema.default("en").transform(languageOf),
  })
  .transform(({ placement, ...rest }) => ({ ...rest, placement: placement ?? (rest.product ? "product" : "home") }))
  .refine(({ placement, product }) => placement !== "product" || product !== undefined, {
    path: ["product"],
    message: "is missing: on a product page the list stands beside a product",
  });
export type ListRequest = z.infer<typeof listRequestSchema>;

export type Read<T> = { outcome: "read"; value: T } | { outcome: "refused"; field: string; message: string };

/**
 * Reads the parameters of a signed request. A name given twice is refused: the one half would be Shopify's word and the other
 * anybody's.
 */
export function readParameters<T>(parameters: URLSearchParams, schema: z.ZodType<T>): Read<T> {
  const twice = [...parameters.keys()].find((name, place, all) => all.indexOf(name) !== place);
  if (twice !== undefined) return { outcome: "refused", field: twice, message: "is given more than once" };
  return readWith(Object.fromEntries(parameters), schema);
}

/** Values as a schema has them, or the first field at fault and a sentence about it. No value is repeated. */
export function readWith<T>(values: unknown, schema: z.ZodType<T>): Read<T> {
  const parsed = schema.safeParse(values);
  if (parsed.success) return { outcome: "read", value: parsed.data };
  const [issue] = parsed.error.issues;
  return { outcome: "refused", field: issue?.path.join(".") || "body", message: issue?.message ?? "cannot be read" };
}
