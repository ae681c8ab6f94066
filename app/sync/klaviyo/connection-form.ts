import type { ConnectionForm } from "../destination.ts";

export const connectionForm: ConnectionForm = {
  kind: "klaviyo",
  keyLabel: "Klaviyo Private API key",
  keyHelp:
    "At Klaviyo: Settings, API keys, Create private key, with full access to accounts, data privacy, events, lists, metrics, profiles, subscriptions and webhooks.",
  isAddress: false,
  hearsEvents: true,
  place: null,
};
