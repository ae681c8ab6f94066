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
  sheet.replaceSync("s-app-nav, ui-nav-menu, ui-title-bar, ui-save-bar { display: none !important; }");
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

  function tellOnce(message) {
    const text = JSON.stringify(message);
    if (said.get(message.type) === text) return;
    said.set(message.type, text);
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
    const title = document.querySelector(TITLE_BAR);
    tellOnce({
      type: "title-bar",
      title: title?.getAttribute("title") ?? "",
      buttons: titleButtons().map((button, index) => ({
        index,
        label: button.textContent.trim(),
        kind: button.getAttribute("tone") === "critical" ? "critical" : (button.getAttribute("variant") ?? ""),
        disabled: button.hasAttribute("disabled"),
      })),
    });
  }

  function titleButtons() {
    const title = document.querySelector(TITLE_BAR);
    return title ? [...title.querySelectorAll("button, a")] : [];
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

  // Modal: the element's children in a dialog; a ui-title-bar among them gives title and buttons

  class Modal extends HTMLElement {
    constructor() {
      super();
      this.attachShadow({ mode: "open" }).innerHTML = `
        <style>
          dialog { width: min(38rem, 90vw); padding: 0; border: 0; border-radius: 16px; box-shadow: 0 8px 32px #0004; }
          dialog::backdrop { background: #0008; }
          header, footer { display: flex; gap: 8px; padding: 12px 16px; background: #f3f3f3; font: 600 14px/20px system-ui; }
          header button { margin-left: auto; border: 0; background: none; font-size: 16px; cursor: pointer; }
          footer { justify-content: flex-end; }
          footer button { padding: 6px 12px; border: 1px solid #d4d4d4; border-radius: 8px; background: #fff; font: inherit; }
          footer button.primary { border-color: #303030; background: #303030; color: #fff; }
          footer button.critical { border-color: #c70a24; background: #c70a24; color: #fff; }
          footer:empty { display: none; }
        </style>
        <dialog><header><span></span><button aria-label="Close">×</button></header><slot></slot><footer></footer></dialog>`;
      this.dialog.addEventListener("close", () => this.dispatchEvent(new Event("hide")));
      this.shadowRoot.querySelector("header button").addEventListener("click", () => this.hide());
    }
    get dialog() {
      return this.shadowRoot.querySelector("dialog");
    }
    async show() {
      const bar = this.querySelector("ui-title-bar");
      this.shadowRoot.querySelector("header span").textContent = bar?.getAttribute("title") ?? "";
      this.shadowRoot.querySelector("footer").replaceChildren(
        ...[...(bar?.querySelectorAll("button") ?? [])].reverse().map((original) => {
          const button = document.createElement("button");
          button.textContent = original.textContent;
          button.className =
            original.getAttribute("tone") === "critical" ? "critical" : (original.getAttribute("variant") ?? "");
          button.addEventListener("click", () => original.click());
          return button;
        }),
      );
      if (!this.dialog.open) this.dialog.showModal();
      this.dispatchEvent(new Event("show"));
    }
    async hide() {
      this.dialog.close();
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
    },
  };

  const heard = {
    "id-token": ({ id, token }) => answered(id, token),
    extensions: ({ id, extensions }) => answered(id, extensions),
    navigate: ({ href }) => navigate(href),
    press: ({ index }) => titleButtons()[index]?.click(),
    save: () => answerBar("save"),
    discard: () => answerBar("discard"),
  };

  addEventListener("message", (event) => {
    if (event.source !== parent || event.origin !== adminOrigin) return;
    const message = event.data?.appBridge;
    if (Object.hasOwn(heard, message?.type)) heard[message.type](message);
  });

  tell({ type: "save-bar", shown: false });
  tell({ type: "loading", active: false });
  reportPath();
  describePage();
})();
