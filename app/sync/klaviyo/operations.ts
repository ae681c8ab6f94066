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
  deleteList: MEDIUM,
  forgetProfile: { perSecond: 3, perMinute: 60 },
  getListProfiles: LARGE,
  addToList: MEDIUM,
  removeFromList: MEDIUM,
  getProfiles: LARGE,
  unsubscribe: LARGE,
  subscribe: LARGE,
  getMetrics: MEDIUM,
  createEvent: { perSecond: 350, perMinute: 3_500 },
  getEvents: { perSecond: 350, perMinute: 3_500 },
  getWebhooks: SMALL,
  getWebhookTopics: SMALL,
  createWebhook: SMALL,
  deleteWebhook: SMALL,
  importProfile: LARGE,
  createImport: MEDIUM,
  getImport: MEDIUM,
  getImportErrors: MEDIUM,
} as const satisfies Record<string, Allowance>;

export type Operation = keyof typeof OPERATIONS;

/** The permission each operation asks for (`x-klaviyo-scopes` in Klaviyo's OpenAPI file). */
export const SCOPES: Record<Operation, string> = {
  getAccounts: "accounts:read",
  createList: "lists:write",
  getLists: "lists:read",
  getList: "lists:read",
  deleteList: "lists:write",
  forgetProfile: "data-privacy:write",
  getListProfiles: "lists:read or profiles:read",
  addToList: "lists:write or profiles:write",
  removeFromList: "lists:write or profiles:write",
  getProfiles: "profiles:read",
  unsubscribe: "subscriptions:write",
  subscribe: "subscriptions:write",
  getMetrics: "metrics:read",
  createEvent: "events:write",
  getEvents: "events:read",
  getWebhooks: "webhooks:read",
  getWebhookTopics: "webhooks:read",
  createWebhook: "webhooks:write",
  deleteWebhook: "webhooks:write",
  importProfile: "profiles:write",
  createImport: "lists:write or profiles:write",
  getImport: "lists:read or profiles:read",
  getImportErrors: "profiles:read",
};
