/** The language of rules, its builder, its errors and its reference. */
export const rules = {} as const;
