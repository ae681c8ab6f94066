/** Platforms, audiences and their log. */
export const destinations = {} as const;
