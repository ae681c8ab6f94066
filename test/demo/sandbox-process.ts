import { fork } from "node:child_process";
import { once } from "node:events";
import type { FaultSettings } from "../sandbox/faults.ts";
import type { FromSandbox, SandboxOptions, ToSandbox } from "../sandbox/messages.ts";

type Ready = Extract<FromSandbox, { type: "ready" }>;
export type Delivered = Extract<FromSandbox, { type: "delivered" }>;

export interface Sandbox extends Omit<Ready, "type"> {
  /** Sends the whole history, and with a key what the web pixel saw of its last day; `onClock` and `onProgress` hear how far it is. */
  deliver(
    pixelKey: string | null,
    onClock: (at: Date) => void,
    onProgress: (acked: number, total: number | null) => void,
  ): Promise<Delivered>;
  goLive(ratePerMinute: number): void;
  /** From now on the vendors answer many calls with 429s, 500s, half of the work, half of an answer or none at all; now and then nearly all with 429s. */
  misbehave(): Promise<void>;
  /** Resolves when the process has ended. */
  ended: Promise<unknown>;
  close(): Promise<void>;
}

const TROUBLE: FaultSettings = {
  rate429: 0.06,
  wrongRetryAfter: 0.03,
  rate500: 0.05,
  timeoutAfterApply: 0.05,
  badBody: 0.03,
  truncated: 0.03,
  partial: 0.25,
};
/** Trouble, a storm of 429s and a fair spell by turns, since whoever backs off twice as long each time would sit out a lasting storm. */
const WEATHER: readonly FaultSettings[] = [TROUBLE, { ...TROUBLE, rate429: 0.5 }, {}];
const SPELL_MS = 2_000;

/** Starts the sandbox store, Klaviyo and Mailchimp in a process of their own. @throws when it ends before it is ready. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const child = fork(new URL("../sandbox/main.ts", import.meta.url), [JSON.stringify(options)], {
    // A Ctrl-C in the terminal reaches the whole group; the sandbox ends when the demo tells it to.
    detached: true,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const ended = once(child, "exit");
  const listeners = new Set<(message: FromSandbox) => void>();
  child.on("message", (message: FromSandbox) => listeners.forEach((listener) => listener(message)));
  const send = (message: ToSandbox): boolean => child.connected && child.send(message);
  const next = <Type extends FromSandbox["type"]>(type: Type): Promise<Extract<FromSandbox, { type: Type }>> =>
    new Promise((resolve, reject) => {
      const stop = (): boolean => listeners.delete(listen);
      const listen = (message: FromSandbox): void => {
        if (message.type === "refused") reject(new Error(message.sentence));
        else if (message.type === type) resolve(message as Extract<FromSandbox, { type: Type }>);
        else return;
        stop();
      };
      listeners.add(listen);
      void ended.then(() => reject(new Error("The sandbox ended; what it printed above says why.")));
    });
  const ready = await next("ready");
  let seed = 0;
  let weather: NodeJS.Timeout | undefined;
  const setWeather = async (faults: FaultSettings): Promise<void> => {
    for (const url of [ready.urls.klaviyo, ready.urls.mailchimp])
      await fetch(`${url}/__sandbox/faults`, {
        method: "POST",
        body: JSON.stringify({ ...faults, seed: (seed += 1) }),
      });
  };
  return {
    urls: ready.urls,
    keys: ready.keys,
    mailchimpAudience: ready.mailchimpAudience,
    async deliver(pixelKey, onClock, onProgress) {
      const listen = (message: FromSandbox): void => {
        if (message.type === "clock") onClock(new Date(message.at));
        if (message.type === "progress") onProgress(message.acked, message.total);
      };
      listeners.add(listen);
      send({ type: "deliver", pixelKey });
      return next("delivered");
    },
    async misbehave() {
      let spell = 0;
      const change = (): Promise<void> => setWeather(WEATHER[spell++ % WEATHER.length] ?? {});
      await change();
      weather = setInterval(() => void change(), SPELL_MS);
    },
    goLive: (ratePerMinute) => void send({ type: "live", ratePerMinute }),
    ended,
    async close() {
      clearInterval(weather);
      send({ type: "stop" });
      const killer = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await ended;
      clearTimeout(killer);
    },
  };
}
