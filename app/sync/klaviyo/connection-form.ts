import type { ConnectionForm } from "../destination.ts";

export const connectionForm: ConnectionForm = {
  kind: "klaviyo",
  keyLabel: "Klaviyo Private API key",
  keyHelp:
    "At Klaviyo: Settings, API keys, Create private key, with full access to accounts, lists and profiles, and to events where they are sent.",
  isAddress: false,
  hearsEvents: true,
  place: null,
};
