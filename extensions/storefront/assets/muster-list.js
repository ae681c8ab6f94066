// Lists in the theme work without this. With it, somebody who is known sees what is for them, and adding to the cart stays on the page.

const VIEWED = "muster-viewed";
const MOST_VIEWED = 10;
const CLIENT = "muster-client";
const ARM = "muster-arm";

/** Resolves once it can be known what the visitor allows. */
const consentKnown = () =>
  new Promise((resolve) => {
    if (window.Shopify?.customerPrivacy || !window.Shopify?.loadFeatures) return resolve();
    window.Shopify.loadFeatures([{ name: "consent-tracking-api", version: "0.1" }], () => resolve());
  });

/** The browser's own id, made when it is first needed; null for visitors who do not allow analytics. */
function client() {
  if (window.Shopify?.customerPrivacy?.analyticsProcessingAllowed?.() !== true) return null;
  try {
    const known = localStorage.getItem(CLIENT) ?? crypto.randomUUID();
    localStorage.setItem(CLIENT, known);
    return known;
  } catch {
    return null;
  }
}
window.musterClient = client;

/** Who is compared: only where feedback is on, or nothing could be learned from it. */
const comparedAs = () => (document.querySelector("script[data-muster-endpoint]") ? client() : null);

/** The arm the app told last, as a visitor or as a customer: signing in may change it. */
function knownArm({ customer }) {
  const [who, arm] = (localStorage.getItem(ARM) ?? "").split(":");
  return who === (customer === undefined ? "visitor" : "customer") ? arm : undefined;
}

function rememberArm({ dataset }, arm) {
  if (!arm) return;
  dataset.arm = arm;
  localStorage.setItem(ARM, `${dataset.customer === undefined ? "visitor" : "customer"}:${arm}`);
}

/** What was looked at in this tab, the newest last; remembered only of visitors who allow preferences. */
function viewedHere() {
  try {
    return (sessionStorage.getItem(VIEWED) ?? "").split(",").filter(Boolean);
  } catch {
    return [];
  }
}

function remember(product) {
  if (!window.Shopify?.customerPrivacy?.preferencesProcessingAllowed?.()) return;
  const others = viewedHere().filter((id) => id !== product);
  try {
    sessionStorage.setItem(VIEWED, [...others, product].slice(-MOST_VIEWED).join(","));
  } catch {
    // A browser that keeps nothing is shown what is popular.
  }
}

/** The list for this browser, with prices and stock as Shopify knows them at this moment; null where the theme's own stands. */
async function fetchList(section, compared) {
  const { dataset } = section;
  const viewed = viewedHere();
  const arm = compared && knownArm(dataset);
  if (arm) dataset.arm = arm;
  const isPersonal = dataset.placement === "home" || dataset.placement === "collection";
  // Whoever is signed in sees nowhere what they had already or do not want, which the theme cannot know.
  const isCustomer = dataset.customer !== undefined;
  const isKnown = isCustomer || (isPersonal && viewed.length > 0);
  // Without anything known the popular list stands on the home page, which is what those who are held out see.
  const isDifferent = compared && arm !== "treated" && dataset.placement !== "home";
  if (!isKnown && !isDifferent) return null;
  const query = new URLSearchParams({ placement: dataset.placement, format: "liquid", locale: dataset.locale || "en" });
  // Of what the door names some may be gone, or sent away here, by now.
  query.set("limit", Math.min(24, section.querySelectorAll(".muster-card").length + 4));
  if (compared) query.set("client", compared);
  if (dataset.placement === "product") query.set("product", dataset.context);
  if (dataset.placement === "collection") query.set("collection", dataset.context);
  if (dataset.beside) query.set("beside", dataset.beside.replace(/,$/, ""));
  if (dataset.cart) query.set("cart", dataset.cart.split(",").slice(0, 50).join(","));
  if (viewed.length > 0) query.set("viewed", viewed.join(","));
  // A visitor's answer may be kept; a customer's has an address of its own, and so have the prices of each market.
  if (isCustomer) query.set("for", "customer");
  const { country, currency } = window.Shopify ?? {};
  if (country || currency) query.set("market", `${country} ${currency?.active}`);
  const response = await fetch(`${dataset.endpoint}/recommendations?${query}`);
  if (!response.ok) return null;
  const { about, items } = await response.json();
  if (compared) rememberArm(section, about.arm);
  if (!isPersonal && !isCustomer && about.arm !== "held_out") return null;
  return { ...about, items: items.filter((item) => item !== null) };
}

/** Puts products into the places that are there, which stay as large as they are. */
function fill(section, { list, personal, items }) {
  const all = [...section.querySelectorAll(".muster-card")];
  const cards = all.filter(({ hidden }) => !hidden);
  // What was sent away while the answer was on its way does not come back with it.
  const dismissed = all.flatMap(({ hidden, dataset }) => (hidden ? dataset.product : []));
  const own = new Set([...dataList(section.dataset.beside), ...dataList(section.dataset.cart), ...dismissed]);
  const chosen = items.filter(({ about }) => !own.has(about.id)).slice(0, cards.length);
  const ids = new Set(chosen.map(({ about }) => about.id));
  const kept = cards.filter(({ dataset }) => !ids.has(dataset.product));
  const filled = chosen.map((item) => cardOf(cards[0], item, section.dataset));
  section.querySelector(".muster-list__cards").replaceChildren(...[...filled, ...kept].slice(0, cards.length));
  // What the theme knows nothing of may be in there: their place stays, and nothing is in it.
  if (section.dataset.customer !== undefined)
    for (const card of kept) Object.assign(card, { inert: true }).style.visibility = "hidden";
  section.dataset.list = list;
  if (personal && section.dataset.heading) section.querySelector("h2").textContent = section.dataset.heading;
  section.dispatchEvent(new CustomEvent("muster:filled", { bubbles: true }));
}

const dataList = (text) => (text ?? "").split(",").filter(Boolean);

function cardOf(pattern, { about, url, title, price, image, variant }, labels) {
  const card = pattern.cloneNode(true);
  const find = (name) => card.querySelector(`.muster-card__${name}`);
  card.dataset.product = about.id;
  // What the theme counted its own cards by.
  delete card.dataset.vendor;
  delete card.dataset.type;
  card.toggleAttribute("data-explored", about.explored === true);
  card.hidden = false;
  find("link").href = url;
  find("title").textContent = title;
  if (find("price")) find("price").innerHTML = price;
  if (find("why")) find("why").textContent = about.reason;
  fillImage(find("media"), image);
  if (find("add")) fillAdd(find("add"), { url, title, variant }, labels);
  const dismiss = find("dismiss");
  if (dismiss) dismiss.ariaLabel = dismiss.ariaLabel.replace(/:.*/s, `: ${title}`);
  return card;
}

function fillImage(media, image) {
  const picture = media.querySelector("img") ?? document.querySelector(".muster-card img")?.cloneNode(true);
  if (!image || !picture) return media.replaceChildren();
  const sized = (width) => image.replace(/([?&]width=)\d+/, `$1${width}`);
  picture.removeAttribute("src");
  picture.srcset = [180, 360, 600].map((width) => `${sized(width)} ${width}w`).join(", ");
  picture.src = image;
  media.replaceChildren(picture);
}

/** Only a product without a choice can be added from a list. */
function fillAdd(place, { url, title, variant }, { add, choose, cartAdd }) {
  const make = (tag, properties, ...inner) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...inner);
    return made;
  };
  const link = () => make("a", { href: url, ariaLabel: `${choose}: ${title}` }, choose);
  const button = () => make("button", { type: "submit", ariaLabel: `${add}: ${title}` }, add);
  const input = () => make("input", { type: "hidden", name: "id", value: String(variant) });
  place.replaceChildren(variant ? make("form", { method: "post", action: cartAdd }, input(), button()) : link());
}

/** On the cart's own page the form does what it does without this. */
async function add(event) {
  const form = event.target.closest?.(".muster-card__add form");
  const section = form?.closest(".muster-list");
  if (!section || section.dataset.placement === "cart") return;
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    const response = await fetch(`${form.action}.js`, { method: "POST", body: new FormData(form) });
    if (!response.ok) return form.submit();
    section.querySelector(".muster-list__status").textContent =
      section.querySelector(".muster-list__status").dataset.added;
    document.dispatchEvent(new CustomEvent("cart:refresh", { bubbles: true }));
  } catch {
    form.submit();
  } finally {
    button.disabled = false;
  }
}

async function begin() {
  await consentKnown();
  const compared = comparedAs();
  const sections = [...document.querySelectorAll(".muster-list")];
  for (const { dataset } of sections) if (dataset.placement === "product") remember(dataset.context);
  for (const section of sections) {
    fetchList(section, compared)
      .then((answer) => answer && answer.items.length > 0 && fill(section, answer))
      .catch(() => {});
  }
}
void begin();
document.addEventListener("submit", (event) => void add(event));
