/** Recommendations, with their reasons. */
export const recommendations = {} as const;
