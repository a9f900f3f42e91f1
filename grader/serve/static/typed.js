// What is typed: saving, previewing and submitting without leaving the page, so that nothing is lost where the
// server cannot be reached; other questions are saved when one is sent, and who leaves is warned. All pages work
// without it.

const forms = [...document.querySelectorAll("form[method=post]")];
const unseen = ["press", "who", "draft"];
const content = (form) => new URLSearchParams([...new FormData(form)].filter(([name]) => !unseen.includes(name))).toString();
const before = new Map(forms.map((form) => [form, content(form)]));
const isChanged = (form) => content(form) !== before.get(form);

addEventListener("beforeunload", (event) => { if (forms.some(isChanged)) event.preventDefault(); });

function say(form, ...parts) { form.querySelector(".note").replaceChildren(...parts); }

function send(form, action) {
  const fields = new URLSearchParams(new FormData(form));
  fields.set("action", action);
  if (action !== "submit") fields.set("part", "1");
  return fetch(form.getAttribute("action"), { method: "POST", body: fields }).catch(() => ({ status: 0 }));
}

// Saves or previews; true if the server has what was typed.
async function keep(form, button) {
  const typed = content(form);
  const answer = await send(form, button?.value || "save");
  if (!answer.ok) {
    await refused(form, button, answer, "saved");
    return false;
  }
  const part = new DOMParser().parseFromString(await answer.text(), "text/html");
  const note = part.querySelector(".note");
  if (note) {
    draftOf(form).value = note.dataset.draft;
    say(form, ...note.childNodes);
    form.querySelector(".reading").replaceChildren(...part.querySelector(".reading").childNodes);
  }
  before.set(form, typed);
  return true;
}

function draftOf(form) {
  const held = form.querySelector("[name=draft]");
  if (held) return held;
  const made = Object.assign(document.createElement("input"), { type: "hidden", name: "draft" });
  form.append(made);
  return made;
}

async function submit(form, button) {
  const answer = await send(form, "submit");
  if (!answer.redirected) { await refused(form, button, answer, "submitted"); return; }
  before.set(form, content(form));
  location.assign(answer.url);
}

// Why it was not taken, beside what was typed; where the server has a page of its own for it, that page.
async function refused(form, button, answer, done) {
  if (answer.status === 401) {
    const way = Object.assign(document.createElement("a"), { href: "/in", target: "_blank", textContent: "sign in in another tab" });
    say(form, `Not ${done}: you are not signed in any more. What you typed is still here: `, way, ", then press again.");
  } else if (!answer.status) say(form, `Not ${done}: the server cannot be reached. What you typed is still here; press again in a moment.`);
  else if (answer.status === 429 || answer.status >= 500) {
    const told = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main p");
    say(form, `Not ${done}: ${told ? told.textContent : "the server failed"} What you typed is still here.`);
  } else leave(form, button);
}

function leave(form, button) {
  before.set(form, content(form));
  const chosen = document.createElement("input");
  if (button && button.name) {
    Object.assign(chosen, { type: "hidden", name: button.name, value: button.value });
    form.append(chosen);
  }
  form.submit();
}

let isBusy = false;
document.addEventListener("submit", async (event) => {
  const form = event.target;
  const button = event.submitter;
  const isKept = "kept" in form.dataset;
  const others = forms.filter((one) => one !== form && "kept" in one.dataset && isChanged(one));
  if (!isKept && !others.length) { before.set(form, content(form)); return; }
  event.preventDefault();
  if (isBusy) return;
  isBusy = true;
  try {
    if (isKept && button?.value !== "submit") { await keep(form, button); return; }
    // What was typed for other questions is saved before this page is left.
    for (const other of others) if (!await keep(other)) return;
    await (isKept ? submit(form, button) : leave(form, button));
  } finally {
    isBusy = false;
  }
});
