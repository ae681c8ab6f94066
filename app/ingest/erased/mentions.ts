import { parseJson } from "../../platform/json.ts";

/**
 * `number`: a long number in no place that says whose it is, which may be a customer's or an order's; `token`: of a cart or a
 * checkout; `external`: the merchant's own id of a person, which no delivery from Shopify has.
 */
export type MentionKind = "customer" | "order" | "number" | "email" | "phone" | "token" | "external";

/** Something in a delivery by which a person can be found. */
export interface Mention {
  kind: MentionKind;
  value: string;
}

export const mentionKey = ({ kind, value }: Mention): string => `${kind} ${value}`;

/** As addresses are compared: Shopify keeps them as they were typed. */
export const foldEmail = (email: string): string => email.trim().toLowerCase();
/** A number is its digits, however it is written; the country's code is part of it. */
export const foldPhone = (phone: string): string => phone.replace(/\D/g, "").replace(/^00/, "");

/** Every person, order, cart and checkout a delivery mentions, as far as its bytes can be read. Nothing makes it throw. */
export function mentionsOf({ topic, body }: { topic: string; body: Buffer }): Mention[] {
  const found = new Map<string, Mention>();
  const add = (kind: MentionKind, value: string): void => {
    if (value !== "") found.set(mentionKey({ kind, value }), { kind, value });
  };
  const text = body.toString("utf8");
  let payload: unknown;
  try {
    payload = parseJson(text);
  } catch {
    scan(text, add);
    return [...found.values()];
  }
  walk(payload, { key: ownKey(topic), parent: "" }, add);
  return [...found.values()];
}

type Add = (kind: MentionKind, value: string) => void;

const EMAIL = /[^\s"'<>(),;:\\[\]]+@[^\s"'<>(),;:\\[\]]+\.[^\s"'<>(),;:\\[\]]+/g;
const GID = /gid:\/\/shopify\/(Customer|Order)\/(\d+)/g;
/** Shorter numbers are quantities, prices and years as often as ids. */
const LONG_NUMBER = /^\d{10,19}$/;
const TOKEN = /^[\w-]{16,255}$/;

/** What the topic is about, as if the body stood under that name. */
function ownKey(topic: string): string {
  if (/^customers?[/._]/.test(topic)) return "customer";
  return topic.startsWith("orders/") ? "order" : topic.startsWith("carts/") ? "cart" : "";
}

function walk(value: unknown, at: { key: string; parent: string }, add: Add): void {
  if (Array.isArray(value)) return value.forEach((item) => walk(item, at, add));
  if (typeof value === "object" && value !== null) {
    for (const [key, inner] of Object.entries(value)) walk(inner, { key, parent: at.key }, add);
    return;
  }
  if (typeof value === "number" || typeof value === "string") read(String(value), at, add);
}

function read(text: string, { key, parent }: { key: string; parent: string }, add: Add): void {
  if (text.includes("@")) for (const [email] of text.matchAll(EMAIL)) add("email", foldEmail(email));
  for (const [, kind, id] of text.matchAll(GID)) add(kind === "Customer" ? "customer" : "order", id ?? "");
  const digits = /^\d+$/.test(text);
  if (digits && isNameOf("customer", key, parent)) add("customer", text);
  else if (digits && isNameOf("order", key, parent)) add("order", text);
  else if (LONG_NUMBER.test(text)) add("number", text);
  if (/phone|sms/i.test(key) || /^\+[\d\s()./-]{7,24}$/.test(text)) add("phone", foldPhone(text));
  if (/token$/i.test(key) || (parent === "cart" && key === "id") || TOKEN.test(text)) add("token", text);
}

function isNameOf(kind: "customer" | "order", key: string, parent: string): boolean {
  if (key === `${kind}_id` || key === `${kind}Id` || (key === "id" && parent === kind)) return true;
  return kind === "order" && /^orders_(requested|to_redact)$/.test(key);
}

/** Of bytes that are no JSON, everything that looks like one of these. */
function scan(text: string, add: Add): void {
  const plain = text.replace(/\\u([0-9a-f]{4})/gi, (_all, code: string) => String.fromCharCode(parseInt(code, 16)));
  for (const [email] of plain.matchAll(EMAIL)) add("email", foldEmail(email));
  for (const [number] of plain.matchAll(/\d{4,19}/g)) add("number", number);
  for (const [phone] of plain.matchAll(/\+\d[\d\s()./-]{6,22}\d/g)) add("phone", foldPhone(phone));
  for (const [token] of plain.matchAll(/[\w-]{16,255}/g)) add("token", token);
}
