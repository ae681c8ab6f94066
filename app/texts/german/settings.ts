/** Settings and what staff changed. */
export const settings = {} as const;
