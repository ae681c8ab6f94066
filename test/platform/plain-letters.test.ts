import { expect, it } from "vitest";
import { plainLetters } from "../../app/platform/plain-letters.ts";

it.each([
  ["Begrüßung für Größe 5!", "-", "begrussung-fur-grosse-5"],
  ["Çağla Yıldız", "_", "cagla_yildiz"],
  ["Smørrebrød – Łódź", "-", "smorrebrod-lodz"],
  ["日本", "-", ""],
] as const)("writes %s in plain letters", (name, joint, plain) => {
  expect(plainLetters(name, joint)).toBe(plain);
});
