import { afterEach, describe, expect, it } from "vitest";
import { createRenderer, type Renderer } from "../../app/content/renderer.server.ts";
import { speaking } from "../../app/texts/speech.server.ts";
import { ANNA, ENDLESS, NOW, SHOP } from "./someone.ts";

const task = (source: string) => ({ source, fallbacks: {}, place: "storefront" as const, data: ANNA, now: NOW });
/** Every output costs the library some objects. */
const GREEDY = "{{a}}".repeat(13_000);

let renderer: Renderer | undefined;
afterEach(() => renderer?.close());

describe("the threads in which blocks run", () => {
  it("kill a block that does not end, and go on with the next one", async () => {
    renderer = createRenderer({ threads: 1 });
    expect((await renderer.render(task("{{ first_name }}"))).outcome).toBe("rendered");
    const begun = performance.now();
    const both = [renderer.render(task(ENDLESS)), renderer.render(task("{{ first_name }}"))] as const;
    expect(await both[0]).toEqual({ outcome: "stopped", reason: "time" });
    expect(performance.now() - begun).toBeLessThan(2_000);
    expect(await both[1]).toEqual({ outcome: "rendered", html: "Anna" });
  });

  it("do not hold up the process that waits for them", async () => {
    renderer = createRenderer({ threads: 1, deadlineMs: 400 });
    await renderer.render(task(""));
    let turns = 0;
    const turning = setInterval(() => (turns += 1), 10);
    await renderer.render(task(ENDLESS));
    clearInterval(turning);
    expect(turns).toBeGreaterThan(8);
  });

  it("end a block that takes more memory than a thread has", async () => {
    renderer = createRenderer({
      threads: 1,
      deadlineMs: 60_000,
      memory: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 1 },
    });
    expect(await renderer.render(task(GREEDY))).toEqual({ outcome: "stopped", reason: "memory" });
    expect(await renderer.render(task("{{ first_name }}"))).toEqual({ outcome: "rendered", html: "Anna" });
  });

  it("answer many at once, each its own", async () => {
    const threads = (renderer = createRenderer({ threads: 2, deadlineMs: 5_000 }));
    const asked = Array.from({ length: 60 }, (_, n) => threads.render(task(`${n} {{ first_name }}`)));
    expect(await Promise.all(asked)).toEqual(asked.map((_, n) => ({ outcome: "rendered", html: `${n} Anna` })));
  });

  it("refuse at once what would wait behind too many", async () => {
    const threads = (renderer = createRenderer({ threads: 1, deadlineMs: 5_000 }));
    const asked = Array.from({ length: 250 }, () => threads.render(task("x")));
    const answers = await Promise.all(asked);
    expect(answers.filter(({ outcome }) => outcome === "stopped").length).toBe(50);
    expect(answers.at(-1)).toEqual({ outcome: "stopped", reason: "busy" });
  });

  it("say so where no thread can start", async () => {
    renderer = createRenderer({ threads: 1, memory: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 } });
    expect(await renderer.render(task("x"))).toEqual({ outcome: "stopped", reason: "busy" });
  });

  it("check blocks as well, and say what is wrong in the language of whoever asks", async () => {
    const { check } = (renderer = createRenderer({ threads: 1, deadlineMs: 5_000 }));
    const faulty = () => check({ source: "{{ x | y }}", place: "email", shop: SHOP, segmentNames: [], traitNames: [] });
    const asked = [faulty(), speaking("de", faulty), faulty()];
    const said = (await Promise.all(asked)).map((one) => one.outcome === "checked" && one.problems[0]?.message);
    expect(said).toEqual(["There is no filter y.", "Es gibt keinen Filter y.", "There is no filter y."]);
  });

  it("stop what waits when they are closed", async () => {
    renderer = createRenderer({ threads: 1 });
    const asked = renderer.render(task("x"));
    const later = renderer.render(task("x"));
    renderer.close();
    expect([await asked, await later].map(({ outcome }) => outcome)).toEqual(["stopped", "stopped"]);
    expect(await renderer.render(task("x"))).toEqual({ outcome: "stopped", reason: "closed" });
  });
});
