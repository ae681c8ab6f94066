export interface ConsentInput {
  marketingState: string;
  marketingOptInLevel?: string | null;
  consentUpdatedAt?: string | Date | null;
}

/** What an app wrote of customers' consent. */
export interface ConsentBook {
  /** "written", or why not. */
  write(customerId: string, channel: "email" | "sms", input: ConsentInput): string;
  stateOf(customerId: string, channel: "email" | "sms"): string | undefined;
  /** How often something was written, and how often it raised a consent. */
  written(): number;
  raised(): number;
}

/** @param states what customers have said so far, by global id; whoever is not in it does not exist */
export function createConsentBook(states: ReadonlyMap<string, string>): ConsentBook {
  const held = new Map<string, string>(
    [...states].flatMap(
      ([id, state]) =>
        [
          [`${id} email`, state],
          [`${id} sms`, state],
        ] as const,
    ),
  );
  let written = 0;
  let raised = 0;
  return {
    write(customerId, channel, { marketingState, consentUpdatedAt }) {
      const key = `${customerId} ${channel}`;
      const before = held.get(key);
      if (before === undefined) return "Customer not found";
      if (consentUpdatedAt && new Date(consentUpdatedAt).getTime() > Date.now())
        return "Consent cannot be in the future";
      written += 1;
      if (marketingState === "SUBSCRIBED" && before !== "SUBSCRIBED") raised += 1;
      held.set(key, marketingState);
      return "written";
    },
    stateOf: (customerId, channel) => held.get(`${customerId} ${channel}`),
    written: () => written,
    raised: () => raised,
  };
}
