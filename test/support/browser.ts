import { existsSync } from "node:fs";
import { type Browser, chromium, type Frame, type Page } from "playwright-core";

const PLACES = [
  process.env["CHROMIUM_PATH"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** The machine's Chromium (`CHROMIUM_PATH` overrides the usual places); undefined where there is none. */
export const chromiumPath = PLACES.find((place): place is string => place !== undefined && existsSync(place));

export interface View {
  page: Page;
  /** Everything the page and its frames complained about: console errors and warnings, uncaught errors, failed requests. */
  complaints: string[];
}

export const DESK = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

/** @param more switches of Chromium */
export async function launchBrowser(more: readonly string[] = []): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error("There is no Chromium on this machine; set CHROMIUM_PATH.");
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...more,
    ],
  });
}

/** A page of its own context, for somebody who reads in `locale`. Its user agent is an ordinary one: a headless one counts as a bot and gets 410 from the app. */
export async function openView(browser: Browser, viewport = DESK, locale = "en-US"): Promise<View> {
  const context = await browser.newContext({
    viewport,
    locale,
    userAgent: `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${browser.version()} Safari/537.36`,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    // A message on its way while its window is left for another page is no fault either.
    const isLate =
      message.text().includes("does not match the recipient window's origin ('null')") ||
      message.text().startsWith("AbortError: signal is aborted");
    if (!isLate && (message.type() === "error" || message.type() === "warning")) complaints.push(message.text());
  });
  // What a navigation leaves behind is aborted, and that is no fault, be it told by the router or by the network.
  page.on("pageerror", (error) => {
    if (error.name !== "AbortError" && !String(error).startsWith("AbortError")) complaints.push(String(error));
  });
  page.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText;
    if (reason !== "net::ERR_ABORTED") complaints.push(`${request.url()}: ${reason}`);
  });
  return { page, complaints };
}

/** Opens a page of the stand-in admin and waits until the app in its frame has hydrated. */
export async function openAdmin(page: Page, url: string): Promise<Frame> {
  await page.goto(url);
  const element = await page.waitForSelector("iframe[name=app-iframe]");
  const frame = await element.contentFrame();
  if (!frame) throw new Error("The admin page has no frame.");
  await frame.waitForFunction(() => {
    const hydrated = Object.keys(document).some((key) => key.startsWith("__reactContainer"));
    return hydrated && document.readyState === "complete";
  });
  return frame;
}

interface Router {
  state: { navigation: { state: string }; revalidation: string; location: { pathname: string; search: string } };
  navigate(to: string): Promise<void>;
}

/**
 * Goes to a path inside the app that is shown, as its own links do, which takes a tenth of loading the document.
 * @throws when another navigation comes in between again and again.
 */
export async function navigate(frame: Frame, path: string): Promise<void> {
  const shown = await frame.evaluate(async (to) => {
    const { __remixRouter: router } = window as unknown as { __remixRouter: Router };
    const isThere = (): boolean => {
      const { navigation, location } = router.state;
      return navigation.state === "idle" && location.pathname + location.search === to;
    };
    const isBusy = (): boolean => router.state.navigation.state !== "idle" || router.state.revalidation !== "idle";
    for (let attempt = 0; attempt < 3 && (attempt === 0 || !isThere()); attempt += 1) {
      // A page that looks for news of its own accord is let finish its look, for a second.
      for (let look = 0; look < 20 && isBusy(); look += 1) await new Promise((later) => setTimeout(later, 50));
      await router.navigate(to);
      // React draws a navigation when nothing more urgent is to be done.
      await new Promise((drawn) => requestIdleCallback(() => requestIdleCallback(drawn)));
    }
    return isThere() ? to : JSON.stringify(router.state.location);
  }, path);
  if (shown !== path) throw new Error(`${path} was asked for, and ${shown} is shown`);
}

/** Lets a page that looks for news every few seconds do so now, until it has drawn what it found. */
export async function lookAgain(frame: Frame): Promise<void> {
  await frame.evaluate(async () => {
    const { __remixRouter: router } = window as unknown as { __remixRouter: Router };
    document.dispatchEvent(new Event("visibilitychange"));
    // It asks first whether the app can be reached.
    for (let look = 0; look < 100 && router.state.revalidation === "idle"; look++) {
      await new Promise((later) => setTimeout(later, 10));
    }
    while (router.state.revalidation !== "idle") await new Promise((later) => setTimeout(later, 20));
    await new Promise((drawn) => requestIdleCallback(() => requestIdleCallback(drawn)));
  });
}
