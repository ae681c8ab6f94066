/** The admin's half of the conversation with the framed app; page/app-bridge.js is the other half. */
(() => {
  const { base, appOrigin, shop, themeEditor } = document.body.dataset;
  const frame = document.querySelector("iframe");
  const bar = document.querySelector(".save-bar");
  const pages = document.querySelector(".pages");
  const menu = document.querySelector(".menu");

  const tell = (message) => frame.contentWindow.postMessage({ appBridge: message }, appOrigin);

  const heard = {
    async "id-token"({ id }) {
      const answer = await fetch("/sandbox/id-token", { method: "POST" });
      const { token } = await answer.json();
      tell({ type: "id-token", id, token });
    },
    async extensions({ id }) {
      const answer = await fetch("/sandbox/extensions");
      tell({ type: "extensions", id, extensions: await answer.json() });
    },
    path({ path }) {
      history.replaceState(null, "", path === "/" ? base : base + path);
      markCurrentPage();
    },
    navigation({ links }) {
      pages.replaceChildren(
        ...links.map(({ label, href }) => {
          const link = document.createElement("a");
          link.textContent = label;
          link.href = base + href;
          link.dataset.path = href;
          const item = document.createElement("li");
          item.append(link);
          return item;
        }),
      );
      markCurrentPage();
    },
    home({ href }) {
      document.querySelector("[data-home]").dataset.path = href;
    },
    "title-bar"({ title, buttons }) {
      document.querySelector(".title-bar h1").textContent = title;
      document.querySelector(".actions").replaceChildren(
        ...buttons.map(({ index, label, kind, disabled }) => {
          const button = document.createElement("button");
          button.type = "button";
          button.textContent = label;
          button.className = kind;
          button.disabled = disabled;
          button.addEventListener("click", () => tell({ type: "press", index }));
          return button;
        }),
      );
    },
    "save-bar"({ shown }) {
      bar.hidden = !shown;
    },
    loading({ active }) {
      document.querySelector(".loading").hidden = !active;
    },
    toast({ id, message, duration, isError }) {
      const toast = document.createElement("p");
      toast.id = id;
      toast.textContent = message;
      toast.className = isError ? "error" : "";
      document.querySelector(".toasts").append(toast);
      setTimeout(() => toast.remove(), duration);
    },
    "toast-hide"({ id }) {
      document.getElementById(id)?.remove();
    },
    open({ href }) {
      const url = new URL(href, location.href);
      const place = url.origin === "https://admin.shopify.com" ? url.pathname + url.search : href;
      const isShop = url.origin === `https://${shop}`;
      if (/\/store\/[^/]+\/apps\//.test(place)) location.assign(place);
      else if (isShop && url.pathname === "/admin/themes/current/editor" && themeEditor !== "") {
        location.assign(themeEditor + url.search);
      } else if (isShop || url.origin === "https://admin.shopify.com" || url.protocol === "shopify:") {
        heard.toast({ id: "elsewhere", message: "That page is not part of the sandbox", duration: 4000 });
      } else location.assign(url.href);
    },
  };

  addEventListener("message", (event) => {
    if (event.source !== frame.contentWindow || event.origin !== appOrigin) return;
    const message = event.data?.appBridge;
    if (Object.hasOwn(heard, message?.type)) heard[message.type](message);
  });

  bar.addEventListener("click", (event) => {
    const choice = event.target.dataset.saveBar;
    if (choice) tell({ type: choice });
  });

  document.querySelector("nav").addEventListener("click", (event) => {
    const path = event.target.closest("a")?.dataset.path;
    if (path === undefined) return;
    event.preventDefault();
    closeMenu();
    if (bar.hidden) tell({ type: "navigate", href: path });
    else refuseToLeave();
  });

  menu.addEventListener("click", () => {
    const open = document.body.classList.toggle("menu-open");
    menu.setAttribute("aria-expanded", String(open));
  });
  addEventListener("keydown", (event) => event.key === "Escape" && closeMenu());
  document.body.addEventListener("click", (event) => event.target.closest("nav, .menu") ?? closeMenu());

  function closeMenu() {
    document.body.classList.remove("menu-open");
    menu.setAttribute("aria-expanded", "false");
  }

  function refuseToLeave() {
    bar.classList.remove("refusing");
    requestAnimationFrame(() => bar.classList.add("refusing"));
  }

  /** The longest link that is a whole-segment prefix of the current path. */
  function markCurrentPage() {
    const path = location.pathname.slice(base.length) || "/";
    const links = [...document.querySelectorAll(".pages a")];
    const fitting = links.filter(({ dataset }) => path === dataset.path || path.startsWith(`${dataset.path}/`));
    const current = fitting.sort((a, b) => b.dataset.path.length - a.dataset.path.length)[0];
    for (const link of links) {
      if (link === current) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }
})();
