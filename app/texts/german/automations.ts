/** What follows when somebody enters or leaves. */
export const automations = {
  "This automation is not there any more": "Diese Automatisierung gibt es nicht mehr",
  "Automations of the segment": "Automatisierungen des Segments",
} as const;
