// Tells the app which recommended products were shown, clicked, added and not wanted. Nothing leaves the browser, and nothing is kept in
// it, before the visitor has allowed analytics.

const SEEN_MS = 1_000;
const SEND_AFTER_MS = 2_000;
const AT_ONCE = 50;
const MOST_WAITING = 200;

const endpoint = document.querySelector("script[data-muster-endpoint]")?.dataset.musterEndpoint ?? "/apps/muster";
const told = new Set();
const waiting = [];
let sending = 0;

const isAllowed = () => window.Shopify?.customerPrivacy?.analyticsProcessingAllowed?.() === true;

/** The cart's token, by which an order tells that it was this browser's. */
const cart = () => decodeURIComponent(document.cookie.match(/(?:^|; )cart=([^;]+)/)?.[1] ?? "") || null;

/** Once a page for each product, list and kind. */
function note(kind, card) {
  const { placement, list, arm = null } = card.closest(".muster-list").dataset;
  const { product, explored } = card.dataset;
  const key = [kind, placement, list, product].join(" ");
  if (card.inert || told.has(key) || waiting.length >= MOST_WAITING) return;
  told.add(key);
  waiting.push({
    id: crypto.randomUUID(),
    kind,
    placement,
    list,
    product,
    arm,
    explored: explored !== undefined,
    at: new Date().toISOString(),
  });
  sending ||= setTimeout(send, SEND_AFTER_MS);
}

function send() {
  clearTimeout(sending);
  sending = 0;
  if (!isAllowed()) return;
  while (waiting.length > 0) {
    const body = JSON.stringify({
      client: window.musterClient?.() ?? null,
      cart: cart(),
      events: waiting.splice(0, AT_ONCE),
    });
    fetch(`${endpoint}/feedback`, {
      method: "POST",
      keepalive: true,
      headers: { "content-type": "application/json" },
      body,
    }).catch(() => {});
  }
}

const timers = new WeakMap();
const observer = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      clearTimeout(timers.get(target));
      if (isIntersecting)
        timers.set(
          target,
          setTimeout(() => note("shown", target), SEEN_MS),
        );
    }
  },
  { threshold: 0.5 },
);

function watch() {
  for (const card of document.querySelectorAll(".muster-card")) {
    observer.observe(card);
    const dismiss = card.querySelector(".muster-card__dismiss");
    if (dismiss) dismiss.hidden = false;
  }
}

function hear(event) {
  const card = event.target.closest?.(".muster-card");
  if (!card) return;
  if (event.target.closest(".muster-card__link, .muster-card__add a")) note("clicked", card);
  if (event.target.closest(".muster-card__dismiss")) {
    note("not_for_me", card);
    (card.nextElementSibling ?? card.previousElementSibling)?.querySelector("a")?.focus();
    card.hidden = true;
  }
  // The page may be gone before the time has come.
  if (event.type === "click") send();
}

document.addEventListener("click", hear);
document.addEventListener("submit", (event) => {
  const card = event.target.closest?.(".muster-card__add")?.closest(".muster-card");
  if (card) note("added", card);
});
document.addEventListener("muster:filled", watch);
document.addEventListener("visitorConsentCollected", send);
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && send());
watch();
window.Shopify?.loadFeatures?.([{ name: "consent-tracking-api", version: "0.1" }], (error) => error || send());
