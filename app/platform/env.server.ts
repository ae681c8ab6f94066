import { z } from "zod";

const optionalUrl = z.url().optional();

const schema = z.object({
  SHOPIFY_API_KEY: z.string().min(1),
  SHOPIFY_API_SECRET: z.string().min(1),
  /** The secret before a rotation; deliveries signed with it are still taken. */
  SHOPIFY_API_SECRET_OLD: z.string().min(1).optional(),
  SHOPIFY_APP_URL: z.url(),
  SCOPES: z
    .string()
    .default(
      "read_customers,read_customer_merge,read_inventory,read_orders,read_products,read_customer_events,write_pixels,write_products,write_app_proxy",
    ),
  DATABASE_URL: z.string().min(1).optional(),
  REDIS_URL: z.string().min(1).optional(),
  MUSTER_DATA_DIR: z.string().min(1).default(".muster"),
  /** 32 bytes in base64, several separated by commas while a key is being rotated; the first seals. */
  MUSTER_ENCRYPTION_KEY: z.string().min(1),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  /** How many proxies of your own stand before this process: whose word on where a request came from is believed. */
  MUSTER_PROXIES: z.coerce.number().int().min(0).max(10).default(0),
  /** `all` serves and works; `web` leaves the work to `npm run worker`, which needs REDIS_URL and DATABASE_URL. */
  MUSTER_ROLE: z.enum(["all", "web"]).default("all"),
  /** What `/metrics` asks for as a bearer token; without it the figures are not served. */
  METRICS_TOKEN: z.string().min(16).optional(),
  APP_BRIDGE_URL: optionalUrl,
  KLAVIYO_API_URL: z.url().default("https://a.klaviyo.com"),
  /** With both, Klaviyo can be connected by permission instead of a key; so for Mailchimp. */
  KLAVIYO_CLIENT_ID: z.string().min(1).optional(),
  KLAVIYO_CLIENT_SECRET: z.string().min(1).optional(),
  MAILCHIMP_CLIENT_ID: z.string().min(1).optional(),
  MAILCHIMP_CLIENT_SECRET: z.string().min(1).optional(),
  KLAVIYO_AUTHORIZE_URL: z.url().default("https://www.klaviyo.com/oauth/authorize"),
  MAILCHIMP_AUTHORIZE_URL: z.url().default("https://login.mailchimp.com/oauth2/authorize"),
  KLAVIYO_TOKEN_URL: z.url().default("https://a.klaviyo.com/oauth/token"),
  /** Replaces `https://<dc>.api.mailchimp.com`. */
  MAILCHIMP_API_URL: optionalUrl,
  /**
   * An origin that automations may call without TLS and on this machine: a receiver of the demo's or of the tests'. Refused unless the
   * app is on this machine itself.
   */
  WEBHOOK_SANDBOX_URL: optionalUrl,
  MAILCHIMP_TOKEN_URL: z.url().default("https://login.mailchimp.com/oauth2/token"),
});

const LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"];

export type Settings = z.infer<typeof schema>;

/**
 * Reads the process's environment once, at start.
 * @throws one error that names every setting that is missing or wrong.
 */
export function readSettings(environment: Record<string, string | undefined> = process.env): Settings {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const parsed = schema
    .refine(
      ({ SHOPIFY_APP_URL, WEBHOOK_SANDBOX_URL }) =>
        WEBHOOK_SANDBOX_URL === undefined || LOCAL_HOSTS.includes(new URL(SHOPIFY_APP_URL).hostname),
      {
        path: ["WEBHOOK_SANDBOX_URL"],
        message: "is for the demo and the tests, and SHOPIFY_APP_URL is not on this machine",
      },
    )
    .safeParse(given);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
  throw new Error(
    `Muster cannot start, these settings are missing or wrong:\n${lines.join("\n")}\nREADME.md lists them.`,
  );
}
