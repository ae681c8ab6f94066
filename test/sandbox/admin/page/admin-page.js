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
    /** Another document is in the frame; what the one before had put into a dialog is gone. */
    begin() {
      for (const dialog of document.querySelectorAll("dialog")) dialog.remove();
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
      drawButtons(document.querySelector(".actions"), buttons);
    },
    modal({ key, variant, title, buttons }) {
      const dialog = document.getElementById(key) ?? openDialog(key);
      dialog.className = variant;
      dialog.querySelector("h2").textContent = title;
      // The primary one stands last.
      drawButtons(
        dialog.querySelector(".foot"),
        buttons.toSorted((a, b) => a.isPrimary - b.isPrimary),
        key,
      );
    },
    "modal-height"({ key, height }) {
      const dialog = document.getElementById(key);
      if (dialog) dialog.querySelector("iframe").style.height = `${height}px`;
    },
    "modal-hide"({ key }) {
      const dialog = document.getElementById(key);
      dialog?.close();
      dialog?.remove();
      frame.focus();
      tell({ type: "modal-hidden", key });
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

  /** What there is already stays, and with it the focus. */
  function drawButtons(place, buttons, key) {
    while (place.childElementCount > buttons.length) place.lastChild.remove();
    for (const [position, { index, label, kind, disabled, loading }] of buttons.entries()) {
      const button = place.children[position] ?? place.appendChild(newButton(key));
      button.dataset.index = index;
      button.textContent = label;
      button.className = kind;
      button.disabled = disabled || loading;
      button.setAttribute("aria-busy", String(loading));
    }
  }

  function newButton(key) {
    const button = document.createElement("button");
    button.type = "button";
    button.addEventListener("click", () => tell({ type: "press", index: Number(button.dataset.index), key }));
    return button;
  }

  /** A dialog with an empty page of the app's origin in its frame, which the app is told of. */
  function openDialog(key) {
    const dialog = document.createElement("dialog");
    dialog.id = key;
    dialog.setAttribute("aria-labelledby", `${key}-title`);
    dialog.tabIndex = -1;
    dialog.innerHTML = `
      <div class="head"><h2 id="${key}-title"></h2><button type="button" class="close" aria-label="Close">
        <svg viewBox="0 0 20 20" aria-hidden="true"><path d="M5 5l10 10M15 5L5 15"/></svg>
      </button></div>
      <iframe name="${key}" title="App"></iframe>
      <div class="foot"></div>`;
    const inner = dialog.querySelector("iframe");
    inner.addEventListener("load", () => tell({ type: "modal-framed", key }), { once: true });
    inner.src = `${appOrigin}/app-bridge/modal`;
    // The app is asked, for it takes back what stands in the frame.
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      tell({ type: "modal-close", key });
    });
    dialog.querySelector(".close").addEventListener("click", () => tell({ type: "modal-close", key }));
    document.body.append(dialog);
    dialog.showModal();
    // Not its cross, which is the first that could have it.
    dialog.focus();
    return dialog;
  }

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
