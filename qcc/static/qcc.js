// Small help for pages that work without it: the folding menu, confirmations, autosave.
(() => {
  "use strict";

  document.addEventListener("click", (event) => {
    const toggle = event.target.closest(".nav-toggle");
    if (toggle) {
      const open = document.getElementById("navigation").classList.toggle("open");
      toggle.setAttribute("aria-expanded", String(open));
    }
    if (event.target.closest("[data-print]")) window.print();
  });

  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRFToken"] = document.body.dataset.csrf;
  });

  // A form is sent once: the button rests until the answer comes.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    setTimeout(() => { delete form.dataset.sent; }, 8000);
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
  });

  const summary = document.querySelector(".error-summary");
  if (summary) summary.focus();

  // Autosave: what is typed goes to the server a moment later. If it cannot (no network, signed
  // out), it stays in this tab until it is saved, and is offered again.
  const autosaved = (form) => {
    const shown = form.querySelector(".save-state");
    const store = "qcc:" + form.action;
    let timer = null, busy = false, again = false;

    const values = () => {
      const data = new FormData(form);
      ["csrf_token", "key"].forEach((name) => data.delete(name));
      for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
      return data;
    };
    const plain = () => {
      const kept = [...values()].filter(([name]) => name !== "version");
      return JSON.stringify(kept);
    };
    let saved = plain();

    const say = (text, failed) => {
      shown.textContent = text;
      shown.classList.toggle("failed", Boolean(failed));
    };
    const keep = () => { try { sessionStorage.setItem(store, plain()); } catch (_) { /* full */ } };
    const drop = () => { try { sessionStorage.removeItem(store); } catch (_) { /* none */ } };

    const save = async () => {
      if (busy) { again = true; return; }
      const sending = plain();
      if (sending === saved) return;
      busy = true;
      keep();
      try {
        const answer = await fetch(form.action, {
          method: "POST",
          body: values(),
          headers: { "X-CSRFToken": document.body.dataset.csrf, "X-Autosave": "1", "HX-Request": "true" },
          redirect: "error",
        });
        if (answer.status === 409) {
          say(form.dataset.conflict, true);
        } else if (!answer.ok) {
          say(form.dataset.failed, true);
        } else {
          const result = await answer.json();
          if (form.elements.version && result.version) form.elements.version.value = result.version;
          saved = sending;
          if (plain() === saved) drop();
          say(result.text, false);
        }
      } catch (_) {
        say(form.dataset.failed, true);
        timer = setTimeout(save, 10000);
      }
      busy = false;
      if (again) { again = false; save(); }
    };

    form.addEventListener("input", () => { clearTimeout(timer); keep(); timer = setTimeout(save, 1500); });
    form.addEventListener("change", () => { clearTimeout(timer); timer = setTimeout(save, 200); });
    form.addEventListener("submit", drop);
    document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
    window.addEventListener("beforeunload", (event) => {
      if (plain() !== saved && !form.dataset.sent) event.preventDefault();
    });

    let left = null;
    try { left = sessionStorage.getItem(store); } catch (_) { /* none */ }
    if (left && left !== saved) {
      const offer = form.querySelector(".restore-offer");
      if (offer) {
        offer.hidden = false;
        offer.querySelector("[data-restore]").addEventListener("click", () => {
          form.querySelectorAll("input[type=checkbox]").forEach((box) => { box.checked = false; });
          JSON.parse(left).forEach(([name, value]) => {
            form.querySelectorAll(`[name="${CSS.escape(name)}"]`).forEach((field) => {
              if (field.type === "checkbox" || field.type === "radio") {
                if (field.value === value) field.checked = true;
              } else field.value = value;
            });
          });
          offer.hidden = true;
          save();
        });
        offer.querySelector("[data-forget]").addEventListener("click", () => { drop(); offer.hidden = true; });
      }
    }
  };
  document.querySelectorAll("form[data-autosave]").forEach(autosaved);
})();
