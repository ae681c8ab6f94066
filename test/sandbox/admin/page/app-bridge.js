/**
 * App Bridge as far as an app sees it: https://shopify.dev/docs/api/app-home. Runs inside the framed app and talks to
 * page/admin-page.js. It never touches the light DOM of the page while that is being hydrated.
 */
(() => {
  const script = document.currentScript;
  const adminOrigin = new URL(script.src).origin;
  const parameters = new URLSearchParams(location.search);
  const ADDED_BY_SHOPIFY = [
    "embedded",
    "hmac",
    "host",
    "id_token",
    "locale",
    "session",
    "shop",
    "timestamp",
    "appLoadId",
  ];
  const TITLE_BAR = "ui-title-bar:not(ui-modal ui-title-bar)";

  const sheet = new CSSStyleSheet();
  sheet.replaceSync("s-app-nav, ui-nav-menu, ui-title-bar, ui-save-bar, ui-modal { display: none !important; }");
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];

  const tell = (message) => parent.postMessage({ appBridge: message }, adminOrigin);

  // Session tokens

  const waiting = new Map();

  const idToken = () => ask("id-token");

  function ask(type) {
    return new Promise((resolve) => {
      const id = crypto.randomUUID();
      waiting.set(id, resolve);
      tell({ type, id });
    });
  }

  function answered(id, answer) {
    waiting.get(id)?.(answer);
    waiting.delete(id);
  }

  const plainFetch = window.fetch;

  window.fetch = async function fetch(input, init) {
    const request = new Request(input, init);
    if (new URL(request.url).origin !== location.origin) return plainFetch(request);
    const first = await attempt(request);
    if (first.status !== 401 || !first.headers.has("X-Shopify-Retry-Invalid-Session-Request")) return obey(first);
    return obey(await attempt(request));
  };

  async function attempt(request) {
    const copy = request.clone();
    if (!copy.headers.has("Authorization")) copy.headers.set("Authorization", `Bearer ${await idToken()}`);
    copy.headers.set("X-Requested-With", "XMLHttpRequest");
    return plainFetch(copy);
  }

  function obey(answer) {
    const elsewhere = answer.headers.get("X-Shopify-API-Request-Failure-Reauthorize-Url");
    if (elsewhere) tell({ type: "open", href: elsewhere });
    return answer;
  }

  const reload = parameters.get("shopify-reload");
  if (reload) {
    const target = new URL(reload, location.href);
    if (target.origin === location.origin) {
      idToken().then((token) => {
        target.searchParams.set("id_token", token);
        location.replace(target);
      });
    }
  }

  // Navigation

  const plainOpen = window.open;

  window.open = function open(href, target, ...rest) {
    if (target !== "_top" && target !== "_parent") return plainOpen.call(window, href, target, ...rest);
    tell({ type: "open", href: new URL(href, location.href).href });
    return null;
  };

  // Links out of the frame: the shop's own address is the admin's on this machine.
  addEventListener("click", (event) => {
    const link = event.target.closest?.("a[target=_top], a[target=_parent]");
    if (!link || event.defaultPrevented || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    tell({ type: "open", href: link.href });
  });

  for (const method of ["pushState", "replaceState"]) {
    const plain = history[method];
    history[method] = function (...rest) {
      plain.apply(history, rest);
      reportPath();
    };
  }
  addEventListener("popstate", reportPath);

  function reportPath() {
    if (reload) return;
    const query = new URLSearchParams(location.search);
    for (const name of ADDED_BY_SHOPIFY) query.delete(name);
    tell({ type: "path", path: location.pathname + (query.size > 0 ? `?${query}` : "") });
  }

  function navigate(href) {
    const links = [...document.querySelectorAll("s-app-nav [href], ui-nav-menu [href]")];
    const link = links.find((candidate) => candidate.getAttribute("href") === href);
    (link ?? document.body).dispatchEvent(new CustomEvent("shopify:navigate", { bubbles: true }));
  }

  // What the page's elements say about the admin around it

  const said = new Map();
  /** By the key under which the admin knows each. */
  const shownModals = new Map();

  function tellOnce(message, about = message.type) {
    const text = JSON.stringify(message);
    if (said.get(about) === text) return;
    said.set(about, text);
    tell(message);
  }

  function describePage() {
    const links = [...document.querySelectorAll("s-app-nav [href], ui-nav-menu [href]")];
    const described = links.map((link) => ({ label: link.textContent.trim(), href: link.getAttribute("href") }));
    const home = links.find((link) => link.getAttribute("rel") === "home");
    if (links.length > 0) {
      tellOnce({ type: "navigation", links: described.filter((_, index) => links[index] !== home) });
      if (home) tellOnce({ type: "home", href: home.getAttribute("href") });
    }
    tellOnce({ type: "title-bar", ...describeBar(document.querySelector(TITLE_BAR)) });
    for (const modal of shownModals.values()) modal.describe();
  }

  function describeBar(bar) {
    return {
      title: bar?.getAttribute("title") ?? "",
      buttons: buttonsOf(bar).map((button, index) => ({
        index,
        label: button.textContent.trim(),
        kind: button.getAttribute("tone") === "critical" ? "critical" : (button.getAttribute("variant") ?? ""),
        isPrimary: button.getAttribute("variant") === "primary",
        disabled: button.hasAttribute("disabled"),
        loading: isLoading(button),
      })),
    };
  }

  /** As Shopify's: https://github.com/Shopify/shopify-app-bridge/issues/281 */
  function isLoading(button) {
    const value = button.getAttribute("loading");
    if (value) throw new Error('Unexpected value for attribute "loading" on <button>');
    return value === "";
  }

  function buttonsOf(bar) {
    return bar ? [...bar.querySelectorAll("button, a")] : [];
  }

  new MutationObserver(describePage).observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    characterData: true,
  });

  // Save bar: an element opened by name, or a form that declares itself with data-save-bar

  const openBars = new Set();
  let changedForm;

  function showBar(element) {
    openBars.add(element);
    element.dispatchEvent(new Event("show"));
    tell({ type: "save-bar", shown: true });
  }

  function hideBar(element) {
    if (!openBars.delete(element)) return;
    element.dispatchEvent(new Event("hide"));
    tell({ type: "save-bar", shown: openBars.size > 0 });
  }

  function answerBar(choice) {
    const [element] = openBars;
    if (!element) return;
    if (element === changedForm) {
      if (choice === "save") element.requestSubmit();
      else element.reset();
      return;
    }
    const wanted = choice === "save" ? "button[variant=primary]" : "button:not([variant=primary])";
    element.querySelector(wanted)?.click();
  }

  addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-save-bar]");
    if (!form || openBars.has(form)) return;
    changedForm = form;
    showBar(form);
  });
  for (const end of ["submit", "reset"]) addEventListener(end, (event) => hideBar(event.target));

  // Modal: a dialog of the admin's with a frame of the app's origin in it. What the element holds is moved into that frame, with the
  // page's style sheets, so that React goes on with it through a portal alone and a media query asks how wide the dialog is. See
  // https://github.com/Shopify/shopify-app-bridge/issues/329, …/403 and https://github.com/Shopify/polaris/pull/12445.

  class Modal extends HTMLElement {
    #content;
    #key;
    #entered;
    #leaving = Promise.resolve();
    #left;
    #sizes = new ResizeObserver(() => {
      tell({ type: "modal-height", key: this.#key, height: Math.ceil(this.content.getBoundingClientRect().height) });
    });

    /** The one element in it beside its bars: https://github.com/Shopify/shopify-app-bridge/issues/272 */
    get content() {
      if (this.#content) return this.#content;
      const held = [...this.childNodes].filter((node) => !["UI-TITLE-BAR", "UI-SAVE-BAR"].includes(node.nodeName));
      const strange = held.find((node, index) => index > 0 || node.nodeType !== Node.ELEMENT_NODE);
      if (strange) throw new Error(`unexpected tag <${strange.tagName}> in <ui-modal>`);
      return (this.#content = held[0]);
    }
    set content(element) {
      this.#content?.replaceWith(element);
      this.#content = element;
    }

    show() {
      if (this.#key) return Promise.resolve();
      this.#key = crypto.randomUUID();
      shownModals.set(this.#key, this);
      return new Promise((entered) => {
        this.#entered = entered;
        this.describe();
      });
    }
    describe() {
      if (this.#left) return;
      const bar = this.querySelector("ui-title-bar");
      const variant = this.getAttribute("variant") ?? "base";
      tellOnce({ type: "modal", key: this.#key, variant, ...describeBar(bar) }, this.#key);
    }
    /** The admin has made the frame. */
    async enter() {
      const { document: inside } = parent[this.#key];
      inside.documentElement.lang = document.documentElement.lang;
      const sheets = [...document.querySelectorAll("link[rel=stylesheet], style")].map((sheet) =>
        inside.importNode(sheet, true),
      );
      const loaded = sheets
        .filter(({ tagName }) => tagName === "LINK")
        .map((sheet) => new Promise((done) => ["load", "error"].forEach((end) => sheet.addEventListener(end, done))));
      inside.head.append(...sheets);
      await Promise.all(loaded);
      if (!this.#key || this.#left) return;
      inside.body.append(this.content);
      inside.addEventListener("keydown", ({ key }) => key === "Escape" && this.hide());
      this.#sizes.observe(this.content);
      this.#entered();
      this.dispatchEvent(new Event("show"));
    }
    hide() {
      if (!this.#key || this.#left) return this.#leaving;
      this.#sizes.disconnect();
      this.append(this.content);
      return (this.#leaving = new Promise((left) => {
        this.#left = left;
        tell({ type: "modal-hide", key: this.#key });
      }));
    }
    /** The admin has closed it. */
    leave() {
      shownModals.delete(this.#key);
      this.#key = undefined;
      this.#left();
      this.#left = undefined;
      this.dispatchEvent(new Event("hide"));
    }
    toggle() {
      return this.#key ? this.hide() : this.show();
    }
    press(index) {
      buttonsOf(this.querySelector("ui-title-bar"))[index]?.click();
    }
  }
  customElements.define("ui-modal", Modal);

  customElements.define(
    "ui-save-bar",
    class extends HTMLElement {
      async show() {
        showBar(this);
      }
      async hide() {
        hideBar(this);
      }
      disconnectedCallback() {
        hideBar(this);
      }
    },
  );

  const byId = (id) => {
    const element = document.getElementById(id);
    if (!element) throw new Error(`There is no element with the id ${id}.`);
    return element;
  };

  window.shopify = {
    config: {
      apiKey: script.dataset.apiKey,
      shop: parameters.get("shop"),
      host: parameters.get("host"),
      locale: parameters.get("locale") ?? "en",
    },
    environment: { embedded: parent !== window, mobile: false, pos: false },
    ready: Promise.resolve(),
    idToken,
    app: { extensions: () => ask("extensions") },
    loading: (active = true) => tell({ type: "loading", active: Boolean(active) }),
    toast: {
      show(message, { duration = 5000, isError = false } = {}) {
        const id = crypto.randomUUID();
        tell({ type: "toast", id, message, duration, isError });
        return id;
      },
      hide: (id) => tell({ type: "toast-hide", id }),
    },
    saveBar: {
      show: async (id) => byId(id).show(),
      hide: async (id) => byId(id).hide(),
      async leaveConfirmation() {
        if (openBars.size > 0 && !confirm("Leave page with unsaved changes?")) return new Promise(() => {});
      },
    },
    scopes: { request: async () => ({ result: "granted-all" }) },
    modal: {
      show: async (id) => byId(id).show(),
      hide: async (id) => byId(id).hide(),
      toggle: async (id) => byId(id).toggle(),
    },
  };

  const heard = {
    "id-token": ({ id, token }) => answered(id, token),
    extensions: ({ id, extensions }) => answered(id, extensions),
    navigate: ({ href }) => navigate(href),
    press: ({ index, key }) =>
      key ? shownModals.get(key)?.press(index) : buttonsOf(document.querySelector(TITLE_BAR))[index]?.click(),
    "modal-framed": ({ key }) => shownModals.get(key)?.enter(),
    "modal-hidden": ({ key }) => shownModals.get(key)?.leave(),
    "modal-close": ({ key }) => shownModals.get(key)?.hide(),
    save: () => answerBar("save"),
    discard: () => answerBar("discard"),
  };

  addEventListener("message", (event) => {
    if (event.source !== parent || event.origin !== adminOrigin) return;
    const message = event.data?.appBridge;
    if (Object.hasOwn(heard, message?.type)) heard[message.type](message);
  });

  tell({ type: "begin" });
  tell({ type: "save-bar", shown: false });
  tell({ type: "loading", active: false });
  reportPath();
  describePage();
})();
