import fc from "fast-check";
import { expect, it } from "vitest";
import { DueHeap, type Due } from "../../app/jobs/due-heap.ts";

const steps = fc.array(
  fc.oneof(
    fc.record({ step: fc.constant("push" as const), due: fc.nat(20) }),
    fc.record({ step: fc.constant("hurry" as const), which: fc.nat(), by: fc.nat(20) }),
    fc.record({ step: fc.constant("pop" as const) }),
  ),
  { maxLength: 60 },
);

it("always pops the item that is due first, and of equals the one that came first", () => {
  fc.assert(
    fc.property(steps, (script) => {
      const heap = new DueHeap<Due>();
      const sorted: Due[] = [];
      for (const [turn, step] of script.entries()) {
        const hurried = step.step === "hurry" ? sorted[step.which % sorted.length] : undefined;
        if (step.step === "push") {
          const item = { due: step.due, turn, place: -1 };
          heap.push(item);
          sorted.push(item);
        } else if (step.step === "pop") {
          expect(heap.pop()).toBe(sorted.shift());
        } else if (hurried !== undefined) {
          heap.hurry(hurried, hurried.due - step.by);
        }
        sorted.sort((a, b) => a.due - b.due || a.turn - b.turn);
        expect(heap.first()).toBe(sorted[0]);
      }
    }),
    { numRuns: 500 },
  );
});
