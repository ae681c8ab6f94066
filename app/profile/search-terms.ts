/** What one line of text in the search field may mean; a profile is found by any of it. */
export interface SearchTerms {
  /** Every one of them has to occur in the name or the e-mail address. */
  words: string[];
  /** Digits of a telephone number, without what is written before it at home ("0") or abroad ("00"). */
  phoneDigits: string | null;
  /** Names an order may have. */
  orderNames: string[];
  /** A Shopify id, of a customer or of an order. */
  id: string | null;
}

const MAX_LENGTH = 100;
const MAX_WORDS = 5;
/** Shorter pieces of a number are in nearly every number. */
const MIN_PHONE_DIGITS = 4;
const GREATEST_ID = 2n ** 63n - 1n;

/** @returns null when nothing is asked for. */
export function readSearchTerms(text: string): SearchTerms | null {
  // PostgreSQL refuses U+0000 in text.
  const query = text
    .replace(/\u0000/g, "")
    .normalize("NFC")
    .trim()
    .slice(0, MAX_LENGTH)
    .toLowerCase();
  if (query === "") return null;
  return {
    words: query.split(/\s+/).slice(0, MAX_WORDS),
    phoneDigits: phoneDigits(query),
    orderNames: orderNames(query),
    id: readShopifyId(query),
  };
}

function phoneDigits(query: string): string | null {
  if (!/^[+\d\s()./-]+$/.test(query)) return null;
  const digits = query.replace(/\D/g, "").replace(/^0+/, "");
  return digits.length >= MIN_PHONE_DIGITS ? digits : null;
}

/** Orders are called "#1001", or by whatever the shop put around the number; people often leave the # out. */
function orderNames(query: string): string[] {
  if (!/\d/.test(query) || query.length > 40) return [];
  const name = query.toUpperCase();
  return query.startsWith("#") ? [...new Set([query, name])] : [...new Set([query, name, `#${query}`, `#${name}`])];
}

/** @returns null for anything that is no id. */
export function readShopifyId(text: string): string | null {
  if (!/^[1-9]\d{0,18}$/.test(text)) return null;
  return BigInt(text) <= GREATEST_ID ? text : null;
}
