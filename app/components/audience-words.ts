/** The merchant's words for the names under which the stages keep reasons. An unknown name is shown as it is. */
export function exceptionWords(name: string): string {
  return EXCEPTIONS[name] ?? name.replaceAll("_", " ");
}

const EXCEPTIONS: Record<string, string> = {
  no_consent: "without consent",
  no_email: "without e\u2011mail address",
  rejected: "refused by the destination",
  pending: "pending",
  same_address: "sharing an address",
};

export function destinationName(kind: string): string {
  return kind.charAt(0).toUpperCase() + kind.slice(1);
}
