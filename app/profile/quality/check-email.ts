import { editDistance } from "./edit-distance.ts";

export type EmailProblem =
  | { code: "malformed_email" }
  | { code: "disposable_email" }
  /** `suggestion`: the whole address as it was probably meant. */
  | { code: "mistyped_email"; suggestion: string };

/**
 * What is doubtful about an address. Syntax as mail servers take it (RFC 5321 sizes, dot-atoms, letters of any script): quoted
 * local parts and address literals are legal and in a shop always a mistake.
 */
export function checkEmail(address: string): EmailProblem | null {
  const email = address.trim();
  const at = email.lastIndexOf("@");
  const [local, domain] = [email.slice(0, at), email.slice(at + 1).toLowerCase()];
  if (at < 1 || email.length > 254 || local.length > 64 || !LOCAL.test(local) || !DOMAIN.test(domain)) {
    return { code: "malformed_email" };
  }
  if (DISPOSABLE.some((known) => domain === known || domain.endsWith(`.${known}`))) return { code: "disposable_email" };
  const meant = meantDomain(domain);
  return meant === null ? null : { code: "mistyped_email", suggestion: `${local}@${meant}` };
}

const LOCAL = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const DOMAIN =
  /^([\p{L}\p{N}]([\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?\.)+(xn--[a-z0-9-]{2,59}|[\p{L}\p{M}]{2,63})$/u;

/** Services that give an address for some minutes to whoever asks. */
const DISPOSABLE = [
  "10minutemail.com",
  "burnermail.io",
  "byom.de",
  "discard.email",
  "dispostable.com",
  "emailondeck.com",
  "fakeinbox.com",
  "getnada.com",
  "guerrillamail.biz",
  "guerrillamail.com",
  "guerrillamail.de",
  "guerrillamail.info",
  "guerrillamail.net",
  "guerrillamail.org",
  "mailcatch.com",
  "maildrop.cc",
  "mailinator.com",
  "mailnesia.com",
  "mintemail.com",
  "moakt.com",
  "mohmal.com",
  "sharklasers.com",
  "spambog.com",
  "spamgourmet.com",
  "temp-mail.org",
  "tempail.com",
  "tempmail.com",
  "throwawaymail.com",
  "trashmail.com",
  "trashmail.de",
  "wegwerfmail.de",
  "yopmail.com",
  "yopmail.fr",
  "yopmail.net",
];

/** Large providers by name, with what may follow it; the first is the usual one. */
const PROVIDERS: Readonly<Record<string, readonly string[]>> = {
  gmail: ["com"],
  googlemail: ["com"],
  hotmail: ["com", "co.uk", "fr", "de", "it", "es", "be", "nl"],
  icloud: ["com"],
  outlook: ["com", "de", "fr", "es", "it"],
  protonmail: ["com", "ch"],
  "t-online": ["de"],
  yahoo: ["com", "co.uk", "fr", "de", "it", "es", "ca", "co.in", "co.jp", "com.br", "com.au"],
};
/** Providers whose names are one letter away from another's. */
const NEIGHBOURS = new Set(["mail", "email", "ymail", "fmail", "zmail", "rmail", "tmail", "cloud"]);
/** What people type for "com"; "co" and "cm" are countries, in which these providers give no addresses. */
const NOT_COM = new Set([
  "c",
  "ccom",
  "cim",
  "cm",
  "cmo",
  "co",
  "col",
  "comm",
  "con",
  "coom",
  "cpm",
  "ocm",
  "om",
  "vom",
  "xom",
]);
/** From this length on, two slips in a name are still recognisable. */
const LONG_NAME = 9;

function meantDomain(domain: string): string | null {
  const dot = domain.indexOf(".");
  const [name, ending] = [domain.slice(0, dot), domain.slice(dot + 1)];
  const own = PROVIDERS[name];
  if (own) {
    const isWrong = own.includes("com") && (NOT_COM.has(ending) || own.length === 1) && !own.includes(ending);
    return isWrong ? `${name}.${own[0]}` : null;
  }
  if (NEIGHBOURS.has(name)) return null;
  for (const [provider, endings] of Object.entries(PROVIDERS)) {
    const slips = editDistance(name, provider);
    if (slips > (provider.length >= LONG_NAME ? 2 : 1)) continue;
    if (endings.includes(ending)) return `${provider}.${ending}`;
    if (NOT_COM.has(ending) && endings.includes("com")) return `${provider}.com`;
  }
  return null;
}
