// What is typed: saving, previewing and submitting without leaving the page, so that nothing is lost where the
// server cannot be reached; who leaves is warned. Pages work without it: the form of an exercise holds all its
// questions, and the server saves of the others what was typed since.

const forms = () => [...document.querySelectorAll("form[method=post]")];
const isUnseen = (name) => ["press", "who"].includes(name) || name.startsWith("seen/");
const fieldsOf = (form) => [...new FormData(form)].filter(([, value]) => typeof value === "string");
const content = (form) => new URLSearchParams(fieldsOf(form).filter(([name]) => !isUnseen(name))).toString();
const before = new Map(forms().map((form) => [form, content(form)]));
const isChanged = (form) => before.has(form) && content(form) !== before.get(form);

addEventListener("beforeunload", (event) => { if (forms().some(isChanged)) event.preventDefault(); });
// What another script put into the page.
document.addEventListener("shown", () => {
  for (const form of forms()) if (!before.has(form)) before.set(form, content(form));
});

// Of the question or file at which was pressed, or of the page as a whole: what is told stands beside the buttons.
const noteOf = (form, button) => (button?.closest("section") || form).querySelector(".note");

function send(form, path, action) {
  const fields = new URLSearchParams(fieldsOf(form));
  fields.set("action", action);
  if (action !== "submit") fields.set("part", "1");
  return fetch(path, { method: "POST", body: fields }).catch(() => ({ status: 0 }));
}

const pathOf = (form, button) => button?.getAttribute("formaction") || form.getAttribute("action");

// Saves or previews; true if the server has what was typed.
async function keep(form, button, action = button?.value || "save") {
  const typed = content(form);
  const path = button?.name === "action" ? pathOf(form, button) : form.getAttribute("action");
  const answer = await send(form, path, action);
  if (!answer.ok) {
    await refused(form, button, answer, "saved");
    return false;
  }
  const part = new DOMParser().parseFromString(await answer.text(), "text/html");
  const notes = [...part.querySelectorAll(".note")];
  notes.forEach((note) => show(form, note, part));
  if (!button?.closest("[data-question]")) noteOf(form, button).textContent = notes.length ? "Saved." : "There was nothing new.";
  before.set(form, typed);
  return true;
}

function show(form, note, part) {
  const { question, seen } = note.dataset;
  const section = form.querySelector(`[data-question="${CSS.escape(question)}"]`);
  section.querySelector("[name^='seen/']").value = seen;
  section.querySelector(".note").replaceChildren(...note.childNodes);
  const reading = part.querySelector(`.reading[data-question="${CSS.escape(question)}"]`);
  if (reading) section.querySelector(".reading").replaceChildren(...reading.childNodes);
}

async function submit(form, button) {
  const answer = await send(form, pathOf(form, button), "submit");
  if (!answer.redirected) { await refused(form, button, answer, "submitted"); return; }
  before.set(form, content(form));
  location.assign(answer.url);
}

// Why it was not taken, beside what was typed; where the server has a page of its own for it, that page.
async function refused(form, button, answer, done) {
  const note = noteOf(form, button);
  if (answer.status === 401) {
    const way = Object.assign(document.createElement("a"), { href: "/in", target: "_blank", textContent: "sign in in another tab" });
    note.replaceChildren(`Not ${done}: you are not signed in any more. What you typed is still here: `, way, ", then press again.");
  } else if (!answer.status) {
    note.replaceChildren(`Not ${done}: the server cannot be reached. What you typed is still here; press again in a moment.`);
  } else if (answer.status === 429 || answer.status >= 500) {
    const reason = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main p");
    note.replaceChildren(`Not ${done}: ${reason ? reason.textContent : "the server failed"} What you typed is still here.`);
  } else leave(form, button);
}

let isBusy = false;
let isLeft = false;

// As the browser does it without this script.
function leave(form, button) {
  before.set(form, content(form));
  isLeft = true;
  form.requestSubmit(button);
  isLeft = false;
}

document.addEventListener("submit", async (event) => {
  if (isLeft) return;
  const form = event.target;
  const button = event.submitter;
  const isKept = "kept" in form.dataset;
  const others = forms().filter((one) => one !== form && "kept" in one.dataset && isChanged(one));
  const isOfQuestion = isKept && button?.name === "action";
  if (!isOfQuestion && !others.length && !(isKept && isChanged(form))) { before.set(form, content(form)); return; }
  event.preventDefault();
  if (isBusy) return;
  isBusy = true;
  try {
    // What was typed elsewhere is saved before this page is left.
    for (const other of others) if (!await keep(other)) return;
    if (!isOfQuestion) {
      // A hint, a file: the page is left for them, where what was typed is safe.
      if (!isKept || await keep(form, button, "save")) leave(form, button);
    } else if (button.value === "submit") await submit(form, button);
    else await keep(form, button);
  } finally {
    isBusy = false;
  }
});
