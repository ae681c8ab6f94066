import type { ConnectionForm } from "../destination.ts";

export const connectionForm: ConnectionForm = {
  kind: "webhook",
  keyLabel: "Webhook address",
  keyHelp:
    "Of a system of your own, beginning with https://. You are then shown the secret that every message is signed with.",
  isAddress: true,
  hearsEvents: false,
  place: null,
};
