/** Segments, from the list to the explanation. */
export const segments = {} as const;
