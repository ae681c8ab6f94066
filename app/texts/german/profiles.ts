/** The list of profiles, and one profile. */
export const profiles = {} as const;
