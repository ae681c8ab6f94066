import { z } from "zod";
import type { DeliveryBooks } from "./shopify/delivery-books.ts";
import type { ReplaySummary } from "./shopify/invoices.ts";

const port = z.number().int().min(0).max(65_535).optional();

const sourceSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("generated"),
    seed: z.string(),
    /** About how many people come to the shop within `days`. */
    shoppers: z.number().int().positive(),
    days: z.number().positive(),
    /** Where history ends. A later run on the same data directory keeps the first run's `now`. */
    now: z.iso.datetime(),
  }),
  z.object({
    kind: z.literal("replay"),
    /** A CSV, or a .csv.gz, of invoice rows. */
    file: z.string(),
    limit: z.number().int().positive().optional(),
    duplicate: z.boolean().optional(),
    /** Seed of the order in which everything is delivered; absent: by time. */
    shuffle: z.string().optional(),
  }),
]);
export type SandboxSource = z.output<typeof sourceSchema>;

/** The one argument of the sandbox process, as JSON. */
export const sandboxOptionsSchema = z.object({
  /** Where the vendors' state and the delivery's progress are kept between runs. */
  dataDir: z.string(),
  /** 0 or absent takes a free port. `proxy` is the outer server, through which a browser reaches the app. */
  ports: z.object({ klaviyo: port, mailchimp: port, admin: port, proxy: port, storefront: port }).optional(),
  /** `….myshopify.com` */
  shop: z.string(),
  apiKey: z.string(),
  apiSecret: z.string(),
  /** What the Admin API tells of the store; absent: a store in London that is named after its address. */
  store: z.object({ name: z.string(), currency: z.string().length(3), timeZone: z.string() }).optional(),
  /** Where the app listens; webhooks go to `/webhooks` there. */
  appUrl: z.url(),
  source: sourceSchema,
  /** Webhook calls at a time. */
  concurrency: z.number().int().positive().optional(),
  /** How many times faster than Shopify failed deliveries are tried again. */
  timeScale: z.number().positive().optional(),
});
export type SandboxOptions = z.input<typeof sandboxOptionsSchema>;
export type ParsedSandboxOptions = z.output<typeof sandboxOptionsSchema>;

/** What the parent may say. */
export const toSandboxSchema = z.discriminatedUnion("type", [
  /** Send the history, from where an earlier run stopped, and what browsers saw of its last day; answered by `delivered`. */
  z.object({ type: z.literal("deliver"), pixelKey: z.string().nullable() }),
  /** After `delivered`, generated traffic only: go on at the real clock. May be said again to change the rate. */
  z.object({ type: z.literal("live"), ratePerMinute: z.number().positive() }),
  /** End. What was not acknowledged is sent again by the next run. The parent's death says the same. */
  z.object({ type: z.literal("stop") }),
]);
export type ToSandbox = z.infer<typeof toSandboxSchema>;

/** What the sandbox says. Instants are ISO texts. */
export type FromSandbox =
  | {
      type: "ready";
      urls: {
        /** Pages of the shop's theme, with the app's blocks. */
        storefront: string;
        klaviyo: string;
        mailchimp: string;
        /** Origin of the stand-in admin and of `https://….myshopify.com`. */
        admin: string;
        /** The page in the admin that shows the app. */
        appPage: string;
        /** The app's public address, SHOPIFY_APP_URL. */
        proxy: string;
        appBridge: string;
      };
      /** What the vendors accept. */
      keys: { klaviyo: string; mailchimp: string };
      mailchimpAudience: { id: string; name: string };
    }
  /** The largest time handed out so far: what the app's clock should show. About 20 a second, the last one always. */
  | { type: "clock"; at: string }
  /** Earlier runs included. `total` is null in live traffic, which has no end. */
  | { type: "progress"; sent: number; acked: number; total: number | null }
  | {
      type: "delivered";
      /** Of this run alone. */
      books: DeliveryBooks;
      summary: DeliveredSummary;
      /** Every address of customers who were subscribed at any time of the history. */
      everSubscribed: string[];
      /** Replay: time of the last order or matched return. Generated: the end of history. */
      asOf: string | null;
    }
  /** Something was asked that cannot be done; nothing else has changed. */
  | { type: "refused"; sentence: string };

export type DeliveredSummary =
  ({ kind: "replay" } & Omit<ReplaySummary, "asOf">) | { kind: "generated"; deliveries: number; duplicates: number };
