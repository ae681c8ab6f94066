/** What follows when somebody enters or leaves. */
export const automations = {} as const;
