import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

/** One app as one shop knows it. */
export interface InstalledApp {
  /** `….myshopify.com` */
  shop: string;
  apiKey: string;
  apiSecret: string;
}

/** Ways in which a test wants a token to be wrong. */
export interface IdTokenFlaws {
  audience?: string;
  issuerShop?: string;
  /** Tokens live for 60 seconds from their issue. */
  issuedSecondsAgo?: number;
}

const LIFETIME_SECONDS = 60;

/** A session token as the Shopify admin makes it: https://shopify.dev/docs/apps/build/authentication-authorization/session-tokens */
export function signIdToken(app: InstalledApp, flaws: IdTokenFlaws = {}): string {
  const issued = Math.floor(Date.now() / 1000) - (flaws.issuedSecondsAgo ?? 0);
  const claims = {
    iss: `https://${flaws.issuerShop ?? app.shop}/admin`,
    dest: `https://${app.shop}`,
    aud: flaws.audience ?? app.apiKey,
    sub: "42",
    exp: issued + LIFETIME_SECONDS,
    nbf: issued,
    iat: issued,
    jti: randomUUID(),
    sid: randomUUID(),
    sig: randomUUID(),
  };
  const content = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
  return `${content}.${signatureOf(content, app.apiSecret).toString("base64url")}`;
}

/** Whether this token was signed for this app and shop and is within its lifetime. */
export function idTokenIsValid(token: string, app: InstalledApp): boolean {
  const [header = "", payload = "", signature = ""] = token.split(".");
  const expected = signatureOf(`${header}.${payload}`, app.apiSecret);
  const given = Buffer.from(signature, "base64url");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false;
  const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
  if (typeof claims !== "object" || claims === null) return false;
  const { aud, dest, exp } = { aud: undefined, dest: undefined, exp: undefined, ...claims } as Record<string, unknown>;
  return aud === app.apiKey && dest === `https://${app.shop}` && typeof exp === "number" && exp * 1000 > Date.now();
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function signatureOf(content: string, secret: string): Buffer {
  return createHmac("sha256", secret).update(content).digest();
}
