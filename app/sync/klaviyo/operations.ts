import type { Allowance } from "../limits/limiter.ts";

const SMALL: Allowance = { perSecond: 1, perMinute: 15 };
const MEDIUM: Allowance = { perSecond: 10, perMinute: 150 };
// The page of tiers says 700 a minute; the operations' own text and their OpenAPI file say 750, and the answers' headers have the last word.
const LARGE: Allowance = { perSecond: 75, perMinute: 750 };

/**
 * The operations used, each with the rate of its tier (`x-klaviyo-ratelimit` in Klaviyo's OpenAPI file). Every operation is
 * counted by itself, per account.
 */
export const OPERATIONS = {
  getAccounts: SMALL,
  createList: { ...MEDIUM, perDay: 150 },
  getLists: MEDIUM,
  getList: MEDIUM,
  getListProfiles: LARGE,
  addToList: MEDIUM,
  removeFromList: MEDIUM,
  getProfiles: LARGE,
  importProfile: LARGE,
  createImport: MEDIUM,
  getImport: MEDIUM,
  getImportErrors: MEDIUM,
} as const satisfies Record<string, Allowance>;

export type Operation = keyof typeof OPERATIONS;
