import type { ConnectionForm } from "../destination.ts";

export const connectionForm: ConnectionForm = {
  kind: "webhook",
  keyLabel: "address",
  keyHelp: "Of your own system, beginning with https://. You are shown the secret that every message is signed with.",
  isAddress: true,
  hearsEvents: false,
  place: null,
};
