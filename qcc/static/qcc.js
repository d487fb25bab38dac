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

  // A form is sent once: the button rests until the answer comes. What other forms of the page have
  // not saved yet is saved before, and a save of its own that is under way comes to its end.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    const open = savers.filter((saver) => (saver.form === form ? saver.isBusy() : saver.isDirty()));
    if (open.length && !form.dataset.flushed) {
      event.preventDefault();
      form.dataset.flushed = "yes";
      const { submitter } = event;
      settle(open).then(() => form.requestSubmit(submitter));
      return;
    }
    delete form.dataset.flushed;
    form.dataset.sent = "yes";
    setTimeout(() => { delete form.dataset.sent; }, 8000);
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
  });

  // A link waits until what was typed has been saved.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey) return;
    if (event.shiftKey || link.target || link.origin !== location.origin || link.hash) return;
    const open = savers.filter((saver) => saver.isDirty());
    if (!open.length) return;
    event.preventDefault();
    settle(open).then(() => location.assign(link.href));
  });

  const summary = document.querySelector(".error-summary");
  if (summary) summary.focus();

  // What a form could not save stays in this tab (sessionStorage), with the version it was typed on.
  const tab = {
    read: (name) => { try { return sessionStorage.getItem(name); } catch (_) { return null; } },
    write: (name, text) => { try { sessionStorage.setItem(name, text); } catch (_) { /* full */ } },
    drop: (name) => { try { sessionStorage.removeItem(name); } catch (_) { /* none */ } },
  };

  // A form that was sent by hand is saved if the server led on from it to another page, other than
  // the door or an error. Any other page may have been opened after the sending failed.
  const sent = tab.read("qcc-sent");
  if (sent) {
    tab.drop("qcc-sent");
    const [arrival] = performance.getEntriesByType("navigation");
    const isRefused = document.querySelector(".is-public, [data-error]");
    if (arrival && arrival.redirectCount && !isRefused) tab.drop(sent);
  }

  const savers = [];
  const settle = (open) => Promise.race([
    Promise.all(open.map((saver) => saver.save())),
    new Promise((resolve) => { setTimeout(resolve, 3000); }),
  ]);

  // Autosave: what is typed goes to the server a moment later. If it cannot (no network, signed
  // out, somebody else's change), it stays in this tab until it is saved, and is offered again.
  const autosaved = (form) => {
    const shown = form.querySelector(".save-state");
    const words = form.dataset;
    const store = "qcc:" + form.action;
    const version = form.elements.version;
    // Refused by the server or overtaken by somebody else: only the person's own Save goes on.
    let byHand = form.hasAttribute("data-unsaved");
    let timer = null, work = Promise.resolve(), busy = false, leaving = false;

    const values = () => {
      const data = new FormData(form);
      ["csrf_token", "key"].forEach((name) => data.delete(name));
      for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
      return data;
    };
    const plain = () => JSON.stringify([...values()].filter(([name]) => name !== "version"));
    let saved = byHand ? null : plain();

    const isDirty = () => plain() !== saved;
    const say = (text, failed) => {
      shown.textContent = text;
      shown.classList.toggle("failed", Boolean(failed));
    };
    const keep = () => tab.write(store, JSON.stringify({ version: version.value, text: plain() }));
    const later = (wait) => { clearTimeout(timer); timer = setTimeout(save, wait); };
    const leadToSignIn = () => {
      const link = document.createElement("a");
      link.href = words.signIn;
      link.textContent = words.signInAgain;
      link.addEventListener("click", () => { leaving = true; });
      shown.append(" ", link);
    };

    const take = async (answer, text) => {
      if (answer.ok) {
        const result = await answer.json();
        version.value = result.version;
        saved = text;
        if (isDirty()) keep(); else { tab.drop(store); say(result.text); }
      } else if (answer.status === 401) {
        // A second answer does not take the link away from under the pointer.
        if (!shown.querySelector("a")) { say(words.signedOut, true); leadToSignIn(); }
      } else if (answer.status >= 500) {
        say(words.failed, true);
        later(10000);
      } else {
        byHand = answer.status === 409 || answer.status === 422;
        say({ 409: words.conflict, 422: words.refused }[answer.status] || words.stale, true);
      }
    };

    const send = async () => {
      const text = plain();
      if (byHand || text === saved) return;
      clearTimeout(timer);
      keep();
      busy = true;
      try {
        const answer = await fetch(form.action, {
          method: "POST",
          body: values(),
          headers: { "X-CSRFToken": document.body.dataset.csrf, "X-Autosave": "1", "HX-Request": "true" },
          redirect: "error",
          keepalive: text.length < 15000,
        });
        await take(answer, text);
      } catch (_) {
        say(words.failed, true);
        later(10000);
      }
      busy = false;
    };
    // One after the other, so that each goes on from the version of the one before.
    const save = () => { work = work.then(send); return work; };

    form.addEventListener("input", () => {
      keep();
      if (byHand) return;
      if (!shown.classList.contains("failed")) say(words.saving);
      later(1500);
    });
    form.addEventListener("change", () => { if (!byHand) save(); });
    form.addEventListener("submit", () => {
      clearTimeout(timer);
      keep();
      tab.write("qcc-sent", store);
    });
    document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
    window.addEventListener("beforeunload", (event) => {
      if (isDirty() && !words.sent && !leaving) event.preventDefault();
    });

    const restore = (left) => {
      form.querySelectorAll("input[type=checkbox]").forEach((box) => { box.checked = false; });
      JSON.parse(left.text).forEach(([name, value]) => {
        form.querySelectorAll(`[name="${CSS.escape(name)}"]`).forEach((field) => {
          if (field.type === "checkbox" || field.type === "radio") {
            if (field.value === value) field.checked = true;
          } else field.value = value;
        });
      });
      // The version it was typed on: if somebody saved since, the server shows both.
      version.value = left.version;
      save();
    };

    const left = JSON.parse(tab.read(store) || "null");
    const offer = form.querySelector(".restore-offer");
    if (byHand) keep();
    else if (left && left.text === saved) tab.drop(store);
    else if (left && offer) {
      offer.hidden = false;
      offer.addEventListener("click", (event) => {
        if (event.target.closest("[data-restore]")) restore(left);
        else if (event.target.closest("[data-forget]")) tab.drop(store);
        else return;
        offer.hidden = true;
      });
    }
    savers.push({ form, isDirty: () => isDirty() && !byHand, isBusy: () => busy, save });
  };
  document.querySelectorAll("form[data-autosave]").forEach(autosaved);

  // Entries of an agenda are dragged to another place; their buttons do the same by keyboard.
  let dragged = null;
  document.addEventListener("dragstart", (event) => {
    dragged = event.target.closest && event.target.closest("[data-agenda] > li");
    if (dragged) dragged.classList.add("dragged");
  });
  document.addEventListener("dragover", (event) => {
    if (dragged && event.target.closest("[data-agenda]") === dragged.parentElement) event.preventDefault();
  });
  document.addEventListener("dragend", () => {
    if (dragged) dragged.classList.remove("dragged");
    dragged = null;
  });
  document.addEventListener("drop", (event) => {
    const onto = dragged && event.target.closest("[data-agenda] > li");
    if (!onto || onto === dragged || onto.parentElement !== dragged.parentElement) return;
    event.preventDefault();
    const list = dragged.parentElement;
    const to = [...list.children].indexOf(onto);
    const address = list.dataset.agenda + "/" + dragged.dataset.entry + "/move";
    htmx.ajax("POST", address, { target: "#agenda", swap: "outerHTML", values: { to } });
  });
})();
