import { isAddress } from "./answers.ts";
import type { Destination, Person } from "./destination.ts";
import { CannotRead, RetryLater } from "./retry-classes.ts";

/** What became of each step of a sample, in order; after one that failed only cleaning up is tried. */
export interface SampleReport {
  /** The made-up address. */
  email: string;
  steps: { step: SampleStep; ok: boolean; words: string }[];
}

export type SampleStep = "make a list" | "add the person" | "read the list" | "remove the person" | "delete everything";

const READS = 4;

/**
 * Takes one made-up person the whole way: into a list of its own, read back, and out again. Nothing of it is left at the vendor.
 * @param address of the merchant's own; a part of it is replaced, so that no customer is meant.
 * @throws the retry classes, when not even a list could be made.
 */
export async function sendSample(
  destination: Destination,
  address: string,
  tag = String(Date.now()),
): Promise<SampleReport> {
  const email = address
    .trim()
    .toLowerCase()
    .replace(/(\+[^@]*)?@/, `+muster-sample-${tag}@`);
  const report: SampleReport = { email, steps: [] };
  if (!isAddress(email)) {
    return { email: address, steps: [{ step: "make a list", ok: false, words: "This is no e-mail address." }] };
  }
  const listId = await destination.createAudience(`Muster: sample ${tag}`, `sample_${tag}`);
  report.steps.push({ step: "make a list", ok: true, words: "" });
  const person: Person = {
    customerId: "0",
    email,
    remoteId: null,
    firstName: "Muster",
    lastName: "Sample",
    consent: "not_subscribed",
    consentedAt: null,
    traits: null,
  };
  const urgency = { removals: "removal", additions: "addition" } as const;
  const step = async (name: SampleStep, work: () => Promise<string | null>): Promise<boolean> => {
    const words = await work().catch((error: unknown) => {
      if (error instanceof Error) return error.message;
      throw error;
    });
    report.steps.push({ step: name, ok: words === null, words: words ?? "" });
    return words === null;
  };
  const apply = async (change: { removals: Person[]; additions: Person[] }): Promise<string | null> => {
    const [answer] = await destination.apply(listId, { ...change, urgency });
    if (answer?.outcome === "done") person.remoteId = answer.remoteId ?? null;
    if (answer?.outcome === "rejected") return answer.words || answer.code;
    return answer?.outcome === "done" ? null : `It answered: ${answer?.outcome ?? "nothing"}`;
  };
  const read = async (): Promise<string | null> => {
    for (let left = READS; left > 0; left -= 1) {
      const found = await readBack(destination, listId);
      if (found === null) return null;
      if (found.some((member) => member.email.toLowerCase() === email)) return null;
      if (left > 1) await new Promise((resolve) => setTimeout(resolve, 500));
    }
    return "The list does not show the person";
  };
  const steps: [SampleStep, () => Promise<string | null>][] = [
    ["add the person", () => apply({ removals: [], additions: [person] })],
    ["read the list", read],
    ["remove the person", () => apply({ removals: [person], additions: [] })],
  ];
  for (const [name, work] of steps) if (!(await step(name, work))) break;
  await step("delete everything", async () => {
    await destination.forgetPerson(email);
    await retried(() => destination.deleteAudience(listId));
    return null;
  });
  return report;
}

/** Null: the receiver does not tell. */
async function readBack(destination: Destination, listId: string): Promise<{ email: string }[] | null> {
  try {
    return await Array.fromAsync(destination.readAudience(listId));
  } catch (error) {
    if (error instanceof CannotRead) return null;
    throw error;
  }
}

async function retried(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof RetryLater)) throw error;
    await work();
  }
}
