/** Loose on purpose: one @, no spaces, a dotted domain. Both vendors refuse at least what this refuses. */
export function isEmailAddress(text: string): boolean {
  return text.length <= 254 && /^[^\s@,;<>()"]{1,64}@[^\s@,;<>()".]+(\.[^\s@,;<>()".]+)+$/.test(text);
}
