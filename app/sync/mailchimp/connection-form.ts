import type { ConnectionForm } from "../destination.ts";

export const connectionForm: ConnectionForm = {
  kind: "mailchimp",
  keyLabel: "Mailchimp API key",
  keyHelp: "At Mailchimp: Account & billing, Extras, API keys, Create a key.",
  isAddress: false,
  hearsEvents: false,
  place: { label: "Mailchimp audience", help: "Segments become tags in this audience." },
};
