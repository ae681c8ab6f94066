import { type Dispatcher, getGlobalDispatcher, setGlobalDispatcher } from "undici";

const SHOP = /^https:\/\/[a-z0-9][a-z0-9-]*\.myshopify\.com$/;

/**
 * From now on, `fetch` in this process sends what is meant for any `https://….myshopify.com` to `url` instead. The shop stays
 * readable in the Host header.
 * @returns a function that undoes it.
 */
export function redirectShopify(url: string): () => void {
  const before = getGlobalDispatcher();
  const target = new URL(url).origin;
  setGlobalDispatcher(
    before.compose((dispatch) => (options, handler) => dispatch(redirected(options, target), handler)),
  );
  return () => setGlobalDispatcher(before);
}

function redirected(options: Dispatcher.DispatchOptions, target: string): Dispatcher.DispatchOptions {
  const origin = String(options.origin);
  if (!SHOP.test(origin)) return options;
  return { ...options, origin: target, headers: withHost(options.headers, new URL(origin).host) };
}

/** Native fetch hands its headers over as a flat list of names and values. */
function withHost(headers: Dispatcher.DispatchOptions["headers"], host: string): string[] | Record<string, string> {
  if (Array.isArray(headers)) return [...headers.map(String), "host", host];
  return { ...(headers as Record<string, string> | null | undefined), host };
}
