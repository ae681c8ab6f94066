import type { Rate } from "../limiter.ts";

const SMALL: Rate = { perSecond: 1, perMinute: 15 };
const MEDIUM: Rate = { perSecond: 10, perMinute: 150 };
// The page of tiers says 700 a minute; the operations' own text and their OpenAPI file say 750, and the answers' headers have the last word.
const LARGE: Rate = { perSecond: 75, perMinute: 750 };

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
} as const satisfies Record<string, Rate>;

export type Operation = keyof typeof OPERATIONS;
