import { domainToASCII, domainToUnicode } from "node:url";

/**
 * An address as it is compared and kept: trimmed, in lower case, letters composed (NFC), the domain as DNS has it (UTS 46, so that
 * "müller@Bücher.example" and "müller@xn--bcher-kva.example" are one). Mail to it arrives where mail to the given one does: no
 * provider tells local parts apart by case, though RFC 5321 allows it.
 * @returns null for what cannot be an address: no or no single @ outside quotes, nothing before it, a domain that is none.
 */
export function normaliseEmail(text: string): string | null {
  const trimmed = text.trim().normalize("NFC");
  const at = trimmed.lastIndexOf("@");
  const local = trimmed.slice(0, at).toLowerCase();
  if (at < 1 || /[\s@<>(),;:\\"]/.test(local)) return null;
  const domain = domainToASCII(trimmed.slice(at + 1).replace(/\.$/, ""));
  return DOMAIN.test(domain) ? `${local}@${domain}` : null;
}

const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

/** How a normalised address may stand in Shopify's records: an international domain stays as the customer typed it. */
export function emailSpellings(email: string): string[] {
  const at = email.lastIndexOf("@");
  return [...new Set([email, `${email.slice(0, at)}@${domainToUnicode(email.slice(at + 1))}`])];
}

interface Provider {
  domains: readonly string[];
  /** What its local parts may hold without meaning anything. */
  ignored: RegExp | null;
}

/**
 * What providers write about their own addresses; everybody else's are left as they are.
 * Gmail: dots do not matter, https://support.google.com/mail/answer/7436150, and a tag after + neither,
 * https://support.google.com/mail/answer/22370; googlemail.com is the same, https://support.google.com/mail/answer/10313.
 * Outlook: https://learn.microsoft.com/exchange/recipients-in-exchange-online/plus-addressing-in-exchange-online.
 * Fastmail: https://www.fastmail.help/hc/en-us/articles/360060591053. Proton: https://proton.me/support/addresses-and-aliases.
 */
const PROVIDERS: readonly Provider[] = [
  { domains: ["gmail.com", "googlemail.com"], ignored: /\./g },
  { domains: ["outlook.com", "hotmail.com", "live.com"], ignored: null },
  { domains: ["fastmail.com", "fastmail.fm"], ignored: null },
  { domains: ["proton.me", "protonmail.com", "pm.me"], ignored: null },
];
const PROVIDER_OF = new Map(PROVIDERS.flatMap((provider) => provider.domains.map((domain) => [domain, provider])));
/** Of one provider, names for the same mailboxes. */
const SAME_MAILBOX = new Map([["googlemail.com", "gmail.com"]]);

/**
 * Two addresses with the same key are one mailbox. For comparison only: mail goes to the address that was given, never to this.
 * @returns null for what cannot be an address.
 */
export function mailboxKey(text: string): string | null {
  const email = normaliseEmail(text);
  if (email === null) return null;
  const at = email.lastIndexOf("@");
  const domain = email.slice(at + 1);
  const provider = PROVIDER_OF.get(domain);
  if (!provider) return email;
  const untagged = email.slice(0, at).replace(/(?<=.)\+.*$/, "");
  const plain = provider.ignored ? untagged.replace(provider.ignored, "") : untagged;
  return `${plain || untagged}@${SAME_MAILBOX.get(domain) ?? domain}`;
}
